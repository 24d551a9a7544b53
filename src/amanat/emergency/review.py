"""Looking again at each break-glass: the queue of a company's privacy officer, by the clock, and the verdict.

Everything is reviewed, not a sample. Who opened a glass does not review it; the person is told what came of it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from amanat.custody.actor import Actor
from amanat.custody.answers import Key
from amanat.custody.facts import Ask
from amanat.custody.reading import Line, history_of
from amanat.custody.unit import Unit, unit
from amanat.emergency.models import Glass, Verdict
from amanat.errors import AmanatError, Kind, NotFoundError

PURPOSE = "rights_fulfilment"
VERDICTS = Verdict.values
_MOST = 100
_LOOK = ("case_log",)


class OwnGlassError(AmanatError):
    """Who broke the glass does not review it."""

    kind = Kind.REFUSED


@dataclass(frozen=True, slots=True)
class Due:
    """One line of the queue."""

    id: UUID
    holder: UUID
    role: str
    reason: str
    impracticable: str
    opened_at: datetime
    ended_at: datetime
    closed_out: bool
    review_due: datetime
    overdue: bool


@dataclass(frozen=True, slots=True)
class Review:
    """All that a reviewer needs: the facts, what was said in the log, and every look while the glass was open."""

    due: Due
    told_at: datetime
    ended: str
    verdict: str
    words: tuple[dict[str, Any], ...]
    looks: tuple[Line, ...]


def to_review(actor: Actor) -> list[Due]:
    """The glasses of the company's people that nobody has judged yet, the most urgent first."""
    with unit(actor, PURPOSE) as one:
        waiting = Glass.objects.filter(company=actor.company, verdict="").order_by("review_due", "id")[:_MOST]
        return [_due(glass, one.now) for glass in waiting]


def _due(glass: Glass, now: datetime) -> Due:
    ended = min(glass.closed_at or glass.until, glass.until)
    return Due(
        glass.id, glass.holder, glass.role, glass.reason, glass.impracticable, glass.opened_at, ended,
        glass.closed_at is not None, glass.review_due, overdue=not glass.verdict and glass.review_due < now,
    )  # fmt: skip


def review_of(actor: Actor, glass: UUID) -> Review:
    """One glass with its log and its looks. The reviewer's own look into the log is recorded like any other."""
    with unit(actor, PURPOSE) as one:
        row = _row(one, glass)
        handle = one.ask(Ask("view", _LOOK, PURPOSE, record=row.case), [row.subject])
        looks = [line for line in history_of(one, row.subject) if _while_open(line, row)]
        due = _due(row, one.now)
    entries = handle.values(row.subject).get("case_log", [])
    said = tuple(entry for entry in entries if str(entry["about"]).startswith("glass"))
    return Review(due, row.told_at, row.ended, row.verdict, said, tuple(looks))


def _while_open(line: Line, glass: Glass) -> bool:
    return line.account == glass.holder and glass.opened_at <= line.at <= min(
        glass.closed_at or glass.until, glass.until
    )


def review_glass(actor: Actor, glass: UUID, verdict: str, key: Key) -> None:
    """Record the verdict and tell the person. Raises `OwnGlassError` for one's own glass.

    It is passed on what the log says, so the look into the log is decided and recorded once more.
    """
    with unit(actor, PURPOSE, key=key) as one:
        row = _row(one, glass)
        if row.holder == actor.account:
            raise OwnGlassError
        if not one.ask(Ask("view", _LOOK, PURPOSE, record=row.case), [row.subject]).permits(row.subject):
            raise NotFoundError
        unjudged = Glass.objects.filter(subject=row.subject, id=glass, verdict="")
        if unjudged.update(verdict=Verdict(verdict), reviewer=actor.account, reviewed_at=one.now):
            one.notify(row.subject, "glass_reviewed", {"glass": str(glass), "verdict": verdict}, ("8.3",))


def _row(one: Unit, glass: UUID) -> Glass:
    """A glass of the acting company's own people: others are not there."""
    row = Glass.objects.filter(id=glass, company=one.actor.company).first()
    if row is None:
        raise NotFoundError
    return row
