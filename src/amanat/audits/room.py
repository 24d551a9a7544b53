"""What an auditor reads, read as the auditor's own log-in: it writes nothing, holds no keys, and sees one company.

The web's log-in can add to the ledger; who judges the ledger must not be able to. All that a page shows is of one
moment, and row security narrows the log-in to the company of the room for as long as that transaction lasts.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings

from amanat.database.logins import connect
from amanat.database.queries import queries

SQL = queries("amanat.audits")


class Room:
    """One transaction that reads about one company. Made by `room`; not for keeping."""

    def __init__(self, connection: psycopg.Connection, company: str) -> None:
        self._connection, self.company = connection, company

    def rows(self, name: str, values: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        return self._connection.execute(SQL[name], {"company": self.company, **(values or {})}).fetchall()


@contextmanager
def room(company: str) -> Iterator[Room]:
    with connect("audit", settings.HOME) as connection:
        connection.isolation_level, connection.read_only = psycopg.IsolationLevel.REPEATABLE_READ, True
        connection.execute(SQL["enter"], {"company": company})
        yield Room(connection, company)
