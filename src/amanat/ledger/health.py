"""Is the ledger folded and signed as it should be? For `amanat doctor`; whether it is true is `verify`'s question.

Entries not yet under a signed head are guarded by grants alone, so they may not wait long. What decides must be
readable by the program that is installed: else a process stays with an older statement.
"""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import psycopg

from amanat.database.check import Finding
from amanat.database.home import Home
from amanat.database.logins import connect
from amanat.database.queries import queries
from amanat.errors import IntegrityError
from amanat.ledger.signing import LogKeyError, kept_checkpoint, load_signer
from amanat.ledger.watching import LATEST
from amanat.statement.compile import Statement, compile_statement
from amanat.statement.diagnostics import StatementError
from amanat.statement.overlay_compile import compile_overlay
from amanat.vocabulary import clock

SQL = queries("amanat.ledger")
LONGEST_WAIT = timedelta(seconds=60)


def health(home: Home) -> list[Finding]:
    """What is wrong, company by company."""
    with connect("audit", home) as connection:
        found = (_incidents(connection), _looks(connection), _lag(connection), _keys(connection, home))
        return [*itertools.chain(*found), *_texts(connection)]


def _incidents(connection: psycopg.Connection) -> Iterator[Finding]:
    for _, company, kind, place, since in connection.execute(SQL["incidents"], {"untold": False}):
        says = f"{kind}: {place}, found {_at(since)}"
        yield Finding(f"incident in the log of {company}", says, "look into it, then `amanat ledger close`")


def _looks(connection: psycopg.Connection) -> Iterator[Finding]:
    for began, _, _, due in connection.execute(SQL["last_look"]):
        if clock.now() > due + LATEST:
            yield Finding(
                "watch over the ledger", f"nobody looked since {_at(began)}", "start the worker: amanat worker"
            )


def _lag(connection: psycopg.Connection) -> Iterator[Finding]:
    for company, number, since, signed in connection.execute(SQL["lag"]):
        if since is None or clock.now() - since > LONGEST_WAIT:
            says = f"{number} entries wait, the oldest since {_at(since)}; last signed {_at(signed)}"
            yield Finding(f"ledger of {company}", says, "start the worker: amanat worker")


def _keys(connection: psycopg.Connection, home: Home) -> Iterator[Finding]:
    """Every log that has begun needs its key, and may not end before what was signed."""
    for company, size in connection.execute(SQL["sizes"]):
        try:
            kept = kept_checkpoint(home, company, load_signer(home, company).verifier)
        except LogKeyError as error:
            yield Finding(f"key of {company}", error.detail, error.hint or "put the file back")
        except IntegrityError as error:
            yield Finding(f"last checkpoint of {company}", error.detail, f"put back {company}.checkpoint")
        else:
            if kept and kept.size > size:
                says = f"it has {size} entries, but {kept.size} were signed"
                yield Finding(f"ledger of {company}", says, "restore a newer backup of the database")


def _texts(connection: psycopg.Connection) -> Iterator[Finding]:
    """Each statement and overlay in force is the text that was published, and compiles."""
    base: Statement | None = None
    for overlay, digest, text in connection.execute(SQL["texts_in_force"], {"now": clock.now()}):
        name = overlay or f"statement {digest[:12]}"
        try:
            if digest and sha256(text.encode()).hexdigest() != digest:
                yield Finding(name, "its text is not the one that was published", "restore a backup of the database")
            elif not overlay:
                base = compile_statement(text, name)
            elif digest and base:
                compile_overlay(text, base, name)
        except StatementError as error:
            says = f"it is in force and cannot be read: {error.diagnostics[0].message}"
            yield Finding(name, says, "install the version of amanat that it was published with")


def _at(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if moment else "never"
