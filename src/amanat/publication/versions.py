"""Which statements were ever in force, from when, and the one that is in force now.

Their texts stand in the ledger for ever: replaying a decision needs the words it was decided under.
"""

from dataclasses import dataclass
from datetime import date, datetime

from amanat.custody.words import NoStatementError, statement_of
from amanat.errors import NotFoundError
from amanat.ledger.models import StatementVersion
from amanat.statement.compile import Statement
from amanat.vocabulary import clock


@dataclass(frozen=True, slots=True)
class Version:
    """One statement as it was put in force. `until` is when the next one followed it."""

    digest: str
    name: str
    number: str
    effective: date
    since: datetime
    until: datetime | None

    @property
    def in_force(self) -> bool:
        return self.until is None


def versions() -> list[Version]:
    """Every statement that was in force, newest first."""
    rows = StatementVersion.objects.filter(in_force_since__lte=clock.now()).order_by("-in_force_since")
    found: list[Version] = []
    for row in rows.only("digest", "name", "version", "effective", "in_force_since"):
        since = row.in_force_since
        if since is not None:
            until = found[-1].since if found else None
            found.append(Version(row.digest, row.name, row.version, row.effective, since, until))
    return found


def read(digest: str = "") -> tuple[Version, Statement]:
    """The version with this digest, or the one in force. What was never in force is not there."""
    listed = versions()
    if not listed:
        raise NoStatementError
    chosen = next((one for one in listed if one.digest == digest), None) if digest else listed[0]
    if chosen is None:
        raise NotFoundError
    return chosen, statement_of(chosen.digest)
