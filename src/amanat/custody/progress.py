"""How far a sweep is, for the page that waits for it."""

from dataclasses import dataclass
from uuid import UUID

from amanat.custody.models import Sweep


@dataclass(frozen=True, slots=True)
class SweepProgress:
    done: int
    total: int


def progress_of(act: UUID | None) -> SweepProgress | None:
    """People done and people in all, of a sweep of the acting company; None before it has begun. Call inside a unit."""
    row = Sweep.objects.filter(act=act).values_list("cursor", "total").first() if act else None
    return SweepProgress(*row) if row else None
