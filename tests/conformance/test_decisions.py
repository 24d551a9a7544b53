"""The installed statement answers as the contract and the clauses say: hand-written cases, one line each."""

import json
from pathlib import Path
from typing import Any

import pytest

from amanat.policy.interpreter import decide
from amanat.policy.wire import read_request, write_decision
from amanat.statement.compile import Statement, load_statement

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = [json.loads(line) for line in (HERE / "decide.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def ama() -> Statement:
    return load_statement("ama")


@pytest.mark.parametrize("case", CASES, ids=[case["says"] for case in CASES])
def test_the_statement_decides_as_written(ama: Statement, case: dict[str, Any]) -> None:
    answer = write_decision(decide(ama.policy, read_request(case["request"])))
    assert {key: answer[key] for key in ("outcome", "clauses", "obligations", "needs")} == case["decision"]


def test_no_two_cases_ask_the_same() -> None:
    asked = [json.dumps(case["request"], sort_keys=True) for case in CASES]
    assert len(set(asked)) == len(asked)


def test_every_outcome_and_every_part_of_the_statement_is_asked() -> None:
    cited = {clause.partition(".")[0] for case in CASES for clause in case["decision"]["clauses"]}
    assert cited >= {"0", "2", "3", "4", "5", "6", "7", "8", "M"}
    assert {case["decision"]["outcome"] for case in CASES} == {"permit", "ask", "glass", "deny", "out_of_scope"}
