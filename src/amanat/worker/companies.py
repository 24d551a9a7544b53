"""The worker serves every company, one at a time: row security lets it see no two of them at once."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import connection, transaction

from amanat.database.queries import queries

SQL = queries("amanat.worker")


def names_of_companies() -> Mapping[str, str]:
    """Each company's code and name."""
    with connection.cursor() as cursor:
        cursor.execute(SQL["companies"])
        return dict(cursor.fetchall())


@contextmanager
def within(company: str) -> Iterator[None]:
    """A transaction that sees the rows of one company. No personal value is read here: that is custody's alone."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute(SQL["within"], {"company": company})
        yield
