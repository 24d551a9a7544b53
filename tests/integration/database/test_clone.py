"""Each test has a database of its own, reached as the application's log-in."""

import psycopg
import pytest
from django.db import connection

from stage.databases import AsLogin
from stage.server import Clone, Server


def _asked(statement: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    return row[0] if row else None


def test_a_test_is_connected_to_its_own_database_as_web(database: Clone, server: Server) -> None:
    assert _asked("SELECT current_database()") == database.name
    assert _asked("SELECT current_user") == f"{server.template}_web"


def test_another_log_in_lasts_as_long_as_its_block(database: Clone, as_login: AsLogin) -> None:
    with as_login("worker"):
        assert str(_asked("SELECT current_user")).endswith("_worker")
    assert str(_asked("SELECT current_user")).endswith("_web")


def test_the_owner_connection_owns_the_same_database(database: Clone, owner_connection: psycopg.Connection) -> None:
    owner = "SELECT current_database(), pg_get_userbyid(datdba) = current_user FROM pg_database WHERE datname = %s"
    assert owner_connection.execute(owner, (database.name,)).fetchone() == (database.name, True)


def test_without_the_fixture_no_database_is_reached() -> None:
    from django.db import OperationalError  # noqa: PLC0415

    with pytest.raises(OperationalError):
        _asked("SELECT 1")
