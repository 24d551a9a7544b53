"""Which statements were ever in force for a company, from when, and the one that is in force now.

Their texts stand in the ledger for ever: replaying a decision needs the words it was decided under.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from amanat.custody.words import NoStatementError, statement_of
from amanat.database.queries import queries
from amanat.errors import NotFoundError
from amanat.statement.compile import Statement
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


def read(digest: str = "", company: str = "") -> tuple[Version, Statement]:
    """The version with this digest, or the one in force. What was never in force is not there."""
    listed = versions(company)
    if not listed:
        raise NoStatementError
    chosen = next((one for one in listed if one.digest == digest), None) if digest else listed[0]
    if chosen is None:
        raise NotFoundError
    return chosen, statement_of(chosen.digest)
