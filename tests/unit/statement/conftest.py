"""The installed statement, and its own case language as a way to ask it.

`decided("clinician use name for consultation given company(AQ)")` starts from the statement's declared world.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from amanat.policy.decision import Decision
from amanat.policy.interpreter import decide
from amanat.policy.request import Request
from amanat.policy.wire import read_request
from amanat.statement.cases import read_cases, read_world
from amanat.statement.compile import Statement, load_statement
from amanat.statement.document import Line, read_document

Decided = Callable[..., Decision]


@pytest.fixture(scope="session")
def ama() -> Statement:
    return load_statement("ama")


@pytest.fixture(scope="session")
def decided(ama: Statement) -> Decided:
    """Decide a case text; `failing` names platform facts that do not hold."""
    world = read_world(read_document(ama.text).world, [])

    def ask(text: str, failing: tuple[str, ...] = ()) -> Decision:
        findings: list[object] = []
        cases = read_cases([Line(1, f"permit {text}")], "", world, findings)  # type: ignore[arg-type]
        assert not findings, findings
        return decide(ama.policy, _with_failing(read_request(cases[0].wire), failing))

    return ask


def _with_failing(request: Request, failing: tuple[str, ...]) -> Request:
    return replace(request, facts=replace(request.facts, platform_failures=frozenset(failing)))
