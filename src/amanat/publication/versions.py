"""Which statements were ever in force for a company, and from when.

Their texts stand in the ledger for ever: replaying a decision needs the words it was decided under.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from amanat.database.queries import queries
from amanat.vocabulary import clock

_SQL = queries("amanat.ledger")


@dataclass(frozen=True, slots=True)
class Version:
    """One statement as it is or will be put in force. `until` is when the next one followed it."""

    digest: str
    name: str
    number: str
    effective: date
    since: datetime
    until: datetime | None

    @property
    def in_force(self) -> bool:
        return self.until is None and not self.to_come

    @property
    def to_come(self) -> bool:
        return self.since > clock.now()

    @property
    def ahead(self) -> bool:
        """Whether it is kept to here before the first day that its text names."""
        return self.since.date() < self.effective


def versions(company: str = "") -> list[Version]:
    """Every statement that was in force for a company, newest first; without one, for all companies."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL["in_force_for"], {"company": company, "now": clock.now()})
        rows = cursor.fetchall()
    ends = [None, *(since for *_, since in rows)]
    return [
        Version(digest, name, number, effective, since, until)
        for (digest, name, number, effective, since), until in zip(rows, ends, strict=False)
    ]
