"""The installed statement, for tests that need a whole one."""

import pytest

from amanat.policy.interpreter import Policy
from amanat.statement.compile import load_statement


@pytest.fixture(scope="session")
def ama() -> Policy:
    return load_statement("ama").policy
