"""The statement in force, as this process has it compiled.

Every unit learns the digest in force from its own transaction; a new one is compiled before anything is decided under
it. A process that never met a statement in force decides nothing.
"""

from typing import Any

from django.db import connection

from amanat.database.queries import queries
from amanat.errors import UndecidableError
from amanat.statement.compile import Statement, compile_statement
from amanat.vocabulary import clock

_SQL = queries("amanat.ledger")


class NoStatementError(UndecidableError):
    """No statement is in force, so nothing can be decided; run `amanat database prepare`."""


_known: dict[str, Statement] = {}


def statement_of(digest: str | None) -> Statement:
    """The statement with this digest, read from the ledger and compiled when first met."""
    if digest is None:
        raise NoStatementError
    if digest not in _known:
        with connection.cursor() as cursor:
            cursor.execute(_SQL["statement"], {"digest": digest})
            row = cursor.fetchone()
        if row is None:
            raise NoStatementError(f"statement {digest[:12]} is not on record")
        _known[digest] = compile_statement(row[2], f"statement {digest[:12]}")
    return _known[digest]


def put_in_force(statement: Statement) -> None:
    """Record a compiled statement and let every process decide by it from now on. Run by the worker's log-in."""
    values: dict[str, Any] = {
        "digest": statement.digest,
        "name": statement.name,
        "version": statement.version,
        "effective": statement.effective,
        "text": statement.text,
        "now": clock.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL["put_in_force"], values)
    _known[statement.digest] = statement
