"""Fixtures of the database. Nothing reaches one without asking: a test that does not name a fixture gets an error.

Tests commit for real, as the application's log-in, in a database of their own; nothing is wrapped or truncated.
"""

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections

from amanat.database.home import Home
from stage.server import Clone, Server, shared_server

NOWHERE = {"HOST": "/nonexistent", "NAME": "a_test_must_ask_for_the_fixture_database", "PASSWORD": ""}
AsLogin = Callable[[str], AbstractContextManager[None]]


def pytest_configure() -> None:
    """Point Django at nothing until a fixture opens a database."""
    connections.settings["default"].update(NOWHERE)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The run's PostgreSQL, with a migrated template."""
    with shared_server() as running:
        yield running


@pytest.fixture
def database(server: Server) -> Iterator[Clone]:
    """A fresh database with Django connected to it as `web`, and a state folder (keys, ledger) of its own."""
    clone = server.clone()
    try:
        with installed(clone):
            yield clone
    finally:
        server.drop(clone)


@contextlib.contextmanager
def installed(clone: Clone) -> Iterator[None]:
    """Make this process an installation on `clone`: its state folder, and Django connected as `web`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "HOME", clone.home)
        patch.setenv("AMANAT_HOME", str(clone.home.folder))
        patch.setenv("DATABASE_URL", clone.url)
        with _pointed_at(clone.settings("web")):
            yield


@pytest.fixture
def as_login(database: Clone) -> AsLogin:
    """Connect Django for a block as another log-in: `worker`, `migrate`, `audit` or `owner`."""
    return lambda kind: acting_as(database, kind)


@pytest.fixture
def owner_connection(database: Clone) -> Iterator[psycopg.Connection]:
    """A connection beside Django's, as the owner, each statement committed."""
    with contextlib.closing(database.connect("owner")) as owner:
        yield owner


@pytest.fixture
def home(database: Clone) -> Home:
    """The state folder of the test's installation."""
    return database.home


def acting_as(clone: Clone, kind: str) -> AbstractContextManager[None]:
    """Connect Django for a block to `clone` as another log-in."""
    return _pointed_at(clone.settings(kind))


@contextlib.contextmanager
def _pointed_at(wanted: dict[str, Any]) -> Iterator[None]:
    own = connections.settings["default"]
    before = dict(own)
    connection.close()
    own.update(wanted)
    try:
        yield
    finally:
        connections.close_all()
        own.update(before)
