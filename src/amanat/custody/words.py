"""What a unit decides by, as this process has it compiled: the statement in force and the overlays around it.

Every unit learns from its own transaction which texts are in force; new ones are compiled before anything is decided
under them, and then take the place of the old ones in one assignment. A statement that this process cannot compile is
told loudly and leaves the one before it in force; without any, or without an overlay in force, nothing is decided.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from threading import Lock
from typing import Any

from django.db import connection

from amanat.database.queries import queries
from amanat.errors import UndecidableError
from amanat.policy.decider import Decider
from amanat.policy.decision import Decision
from amanat.policy.interpreter import Policy
from amanat.policy.request import Request
from amanat.policy.widening import widened
from amanat.statement.compile import Statement, compile_statement
from amanat.statement.diagnostics import StatementError
from amanat.statement.overlay_compile import compile_overlay
from amanat.statement.overlays import Decide, Overlaid, Overlay

log = logging.getLogger("amanat.custody")

_SQL = queries("amanat.ledger")


class NoStatementError(UndecidableError):
    """No statement is in force, so nothing can be decided; run `amanat database prepare`."""


class UnreadableError(UndecidableError):
    """A text that is in force or on record cannot be read by this process."""


@dataclass(frozen=True)
class Words:
    """The statements in force so far for a company (the one that is in force last), and the overlays around them.

    `judged` is for `judging`: what was judged under these words, by all that it stands on.
    """

    digests: tuple[str, ...]
    statement: Statement
    overlays: tuple[Overlay, ...] = ()
    judged: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def clients(self) -> frozenset[str]:
        """The clients whose contracts have a say."""
        contracts = (one.applies for one in self.overlays if one.kind == "contract")
        return frozenset(client for applies in contracts for client in applies)

    @cached_property
    def _overlaid(self) -> dict[str, Overlaid]:
        return {}

    def under(self, digest: str, requests: tuple[Request, ...], clients: frozenset[str]) -> Decision:
        """Decide under the statement with this digest, inside the overlays."""
        overlaid = self._overlaid.get(digest)
        if overlaid is None:
            overlaid = self._overlaid[digest] = _around(_this_or_other(self.statement, digest), self.overlays)
        return overlaid.decide_together(requests, clients)

    def widens(self, digest: str) -> bool:
        """Whether the statement in force may permit what the one with this digest did not."""
        return digest != self.statement.digest and bool(clauses_widened(digest, self.statement.digest))


def _this_or_other(statement: Statement, digest: str) -> Statement:
    return statement if digest == statement.digest else statement_of(digest)


def _around(statement: Statement, overlays: Sequence[Overlay]) -> Overlaid:
    """With no overlay consulted, the statement's own decider decides, with all that it remembers."""

    def reading(policy: Policy) -> Decide:
        return (statement.decider if policy.rules == statement.policy.rules else Decider(policy)).decide

    return Overlaid(statement.policy, overlays, reading)


@lru_cache(maxsize=256)
def clauses_widened(old: str, new: str) -> frozenset[str]:
    """The clauses under which the statement `new` may permit more than `old`, both by digest."""
    return widened(statement_of(old).policy, statement_of(new).policy)


_compiling = Lock()
_statements: dict[str, Statement] = {}
_overlays: dict[str, Overlay] = {}
_words: dict[tuple[tuple[str, ...], str], Words] = {}
_unusable: set[str] = set()


def words_of(digests: Sequence[str], mark: str, now: datetime) -> Words:
    """What is in force: `digests` as the query `in_force` gives them, `mark` the mark of the overlays in force."""
    key = (tuple(digests), mark)
    known = _words.get(key)
    if known is None:
        statement = newest(digests)
        overlays = _read_overlays("overlays_in_force", {"now": now}, statement) if mark else ()
        known = _words[key] = Words(tuple(digests), statement, overlays)
    return known


def recorded_words(digest: str, overlays: Sequence[str]) -> Words:
    """The statement and the overlays with these digests, whether they are still in force or not."""
    statement = statement_of(digest)
    if missing := [one for one in overlays if one not in _overlays]:
        _read_overlays("overlays_by_digest", {"digests": missing}, statement)
    if not set(overlays) <= _overlays.keys():
        raise UnreadableError("an overlay of this decision is not on record")
    return Words((digest,), statement, tuple(_overlays[one] for one in overlays))


def newest(digests: Sequence[str] | None) -> Statement:
    """The statement in force; if this process cannot compile it, the one before it."""
    for digest in (one for one in reversed(digests or ()) if one not in _unusable):
        try:
            return statement_of(digest)
        except UnreadableError:
            _unusable.add(digest)
            log.critical("statement %s is in force and cannot be used by this process", digest[:12])
    raise NoStatementError


def statement_of(digest: str) -> Statement:
    """The statement with this digest, read from the ledger and compiled when first met."""
    if digest not in _statements:
        with connection.cursor() as cursor:
            cursor.execute(_SQL["statement"], {"digest": digest})
            row = cursor.fetchone()
        if row is None:
            raise NoStatementError(f"statement {digest[:12]} is not on record")
        with _compiling:
            _statements.setdefault(digest, _compiled(row[2], digest))
    return _statements[digest]


def remember(statement: Statement) -> None:
    """Keep a statement that this process has compiled anyway."""
    _statements.setdefault(statement.digest, statement)


def _compiled(text: str, digest: str) -> Statement:
    if digest in _statements:
        return _statements[digest]
    try:
        statement = compile_statement(text, f"statement {digest[:12]}")
    except StatementError as error:
        raise UnreadableError(f"statement {digest[:12]} cannot be read: {error.diagnostics[0].message}") from error
    if statement.digest != digest:
        raise UnreadableError(f"statement {digest[:12]} is not the text that was published")
    return statement


def _read_overlays(query: str, values: Mapping[str, Any], base: Statement) -> tuple[Overlay, ...]:
    """Compile what is not known yet. INVARIANT: an overlay is never left out, for what it stops would then pass."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL[query], values)
        rows = cursor.fetchall()
    return tuple(overlay_of(text, digest, base) for digest, text in rows)


def overlay_of(text: str, digest: str, base: Statement) -> Overlay:
    """The overlay with this digest. What its rules say follows from its text alone; `base` is what it is checked by."""
    if digest not in _overlays:
        try:
            overlay = compile_overlay(text, base, f"overlay {digest[:12]}")
        except StatementError as error:
            raise UnreadableError(f"overlay {digest[:12]} cannot be used with {base.name} {base.version}") from error
        if overlay.digest != digest:
            raise UnreadableError(f"overlay {digest[:12]} is not the text that was published")
        _overlays[digest] = overlay
    return _overlays[digest]
