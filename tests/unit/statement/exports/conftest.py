"""The installed statement, compiled once."""

import pytest

from amanat.statement.compile import Statement, load_statement


@pytest.fixture(scope="session")
def ama() -> Statement:
    return load_statement("ama")
