"""What was found wrong with the ledger, kept until somebody has looked into it: tampering that is undone stays known.

The watch writes here, the worker tells by mail, and the health pages are red while one is open. No row names a person.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from amanat.database.queries import queries
from amanat.errors import NotFoundError
from amanat.ledger.verify import Finding
from amanat.ledger.watching import LATEST
from amanat.vocabulary import clock

SQL = queries("amanat.ledger")


@dataclass(frozen=True, slots=True)
class Incident:
    """One thing that does not fit, where, and since when it is known."""

    id: UUID
    company: str
    kind: str
    row: str
    found_at: datetime


@dataclass(frozen=True, slots=True)
class Look:
    """The last time that the whole ledger was compared: when it began, how long it took, when the next is due."""

    began: datetime
    seconds: float
    findings: int
    next_due: datetime

    @property
    def is_late(self) -> bool:
        return clock.now() > self.next_due + LATEST


def note(findings: Iterable[Finding]) -> int:
    """Open an incident for each finding that has none open; give the number of new ones."""
    listed = list(findings)
    values = {"now": clock.now(), "companies": [one.company for one in listed], "kinds": [one.kind for one in listed],
              "rows": [one.row for one in listed]}  # fmt: skip
    return len(_rows("open_incidents", values)) if listed else 0


def note_look(look: Look) -> None:
    values: dict[str, Any] = {
        "began": look.began,
        "seconds": look.seconds,
        "findings": look.findings,
        "next_due": look.next_due,
    }
    with connection.cursor() as cursor:
        cursor.execute(SQL["note_look"], values)


def last_look() -> Look | None:
    """None if the watch has not come round yet."""
    rows = _rows("last_look", {})
    return Look(*rows[0]) if rows else None


def open_incidents() -> list[Incident]:
    """Those that nobody has closed, the first found first."""
    return [Incident(*row) for row in _rows("incidents", {"untold": False})]


def untold() -> list[Incident]:
    """Those that no mail has told of."""
    return [Incident(*row) for row in _rows("incidents", {"untold": True})]


def note_told(incidents: Sequence[Incident]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SQL["note_told"], {"ids": [one.id for one in incidents], "now": clock.now()})


def close(incident: UUID, reason: str) -> None:
    """Somebody has looked into it, and says what it was. If the next look finds the same, it opens anew."""
    if not _rows("close_incident", {"id": incident, "reason": reason, "now": clock.now()}):
        raise NotFoundError("there is no open incident of this id")


def _rows(name: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(SQL[name], values)
        return list(cursor.fetchall())
