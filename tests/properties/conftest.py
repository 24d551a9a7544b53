"""The installed statement, small drawn ones, and requests over both."""

import pytest

from amanat.policy.decision import Decision
from amanat.policy.interpreter import decide
from amanat.policy.request import Request
from amanat.statement.compile import Statement, load_statement
from stage.draws import draw_requests

Answered = list[tuple[Request, Decision]]


@pytest.fixture(scope="session")
def ama() -> Statement:
    return load_statement("ama")


@pytest.fixture(scope="session")
def pool(ama: Statement) -> Answered:
    """Requests over the whole vocabulary, each with its answer under the installed statement."""
    return [(one, decide(ama.policy, one)) for one in draw_requests(ama.policy, seed=20261123, number=12_000)]
