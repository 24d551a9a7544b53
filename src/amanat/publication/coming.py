"""Versions before their day: published for a day to come, or installed here and not published yet.

Readers may look at either beforehand, and compare it with what is in force. Nothing is decided by it before its day.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import files

from amanat.custody.publishing import EVERY_COMPANY, published
from amanat.custody.words import NoStatementError, UnreadableError, newest, statement_of
from amanat.errors import NotFoundError
from amanat.publication.versions import Version, versions
from amanat.statement.compile import Statement, load_statement
from amanat.statement.document import read_document
from amanat.vocabulary import clock


@dataclass(frozen=True, slots=True)
class Coming:
    """A version before its day. `published` is whether that day is fixed; else it is the day that the text names."""

    version: Version
    statement: Statement
    published: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """Every version that readers of a company's statement may open: what follows, the nearest first, and what was."""

    coming: list[Coming]
    listed: list[Version]

    @property
    def known(self) -> list[Version]:
        """All of them, newest first."""
        return [*(one.version for one in reversed(self.coming)), *self.listed]

    def before(self, digest: str) -> str:
        """The digest of the version before; empty if there is none."""
        digests = [one.digest for one in self.known]
        return next(iter(digests[digests.index(digest) + 1 :]), "")

    def read(self, digest: str = "") -> tuple[Version, Statement]:
        """The version with this digest, or the one by which this process decides."""
        digest = digest or newest([one.digest for one in reversed(self.listed)]).digest
        follows = next((one for one in self.coming if one.version.digest == digest), None)
        if follows:
            return follows.version, follows.statement
        found = next((one for one in self.listed if one.digest == digest), None)
        if found is None:
            raise NotFoundError
        return found, statement_of(found.digest)


def shelf_of(company: str) -> Shelf:
    """What can be read of a company's statement (empty: of all companies)."""
    listed = versions(company)
    if not listed:
        raise NoStatementError
    return Shelf(coming(company, listed[0]), listed)


def coming(company: str, in_force: Version) -> list[Coming]:
    """What follows the version in force for a company (empty: for all), the nearest first."""
    follow = [(one.digest, one.since) for one in published() if _concerns(one.company, company, one.since)]
    listed = [one for digest, since in follow if (one := _published(digest, since))]
    last = listed[-1].version if listed else in_force
    installed = [_installed(one) for one in _successors(last.name, last.number)]
    return [*listed, *(one for one in installed if one.version.to_come)]


def _concerns(of: str, company: str, since: datetime) -> bool:
    return of in (EVERY_COMPANY, company) and since > clock.now()


def _published(digest: str, since: datetime) -> Coming | None:
    """None if this process cannot read it: then it is no reason to hide the one in force."""
    try:
        statement = statement_of(digest)
    except UnreadableError:
        return None
    return Coming(_version(statement, since), statement, published=True)


def _installed(name: str) -> Coming:
    statement = _loaded(name)
    first_day = datetime.combine(date.fromisoformat(statement.effective), time(), UTC)
    return Coming(_version(statement, first_day), statement, published=False)


def _version(statement: Statement, since: datetime) -> Version:
    day = date.fromisoformat(statement.effective)
    return Version(statement.digest, statement.name, statement.version, day, since, None)


@cache
def _loaded(name: str) -> Statement:
    return load_statement(name)


@cache
def _successors(name: str, number: str) -> tuple[str, ...]:
    """The installed texts that say of themselves that they replace this version; a translation is no version."""
    found = []
    for file in (files("amanat") / "statements").iterdir():
        if file.name.endswith(".md"):
            header = read_document(file.read_text(encoding="utf-8")).header
            if (header.get("statement"), header.get("replaces")) == (name, number) and "translates" not in header:
                found.append(file.name.removesuffix(".md"))
    return tuple(sorted(found))
