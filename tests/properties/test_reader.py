"""The quick reader answers as the interpreter does, for whatever statement and request."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.policy import reader as quick
from amanat.policy.decision import Outcome
from amanat.policy.interpreter import decide
from amanat.policy.reader import Reader
from amanat.statement.compile import Statement
from stage.draws import draw_policy, draw_requests, draw_small_request, seeded


def test_a_hundred_thousand_requests_are_answered_alike(ama: Statement) -> None:
    reader = Reader(ama.policy)
    met = dict.fromkeys(Outcome, 0)
    for seed in range(20):
        for request in draw_requests(ama.policy, seed=seed, number=5_000):
            decision = reader.decide(request)
            assert decision == decide(ama.policy, request)
            met[decision.outcome] += 1
    assert all(met[outcome] for outcome in Outcome)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.integers(0, 2**32).map(seeded))
def test_drawn_statements_are_read_alike(draw: random.Random) -> None:
    policy = draw_policy(draw)
    reader = Reader(policy)
    for _ in range(40):
        request = draw_small_request(draw)
        assert reader.decide(request) == decide(policy, request)


def test_a_full_memory_is_emptied_and_nothing_changes(ama: Statement, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick, "_MOST_CELLS", 3)
    monkeypatch.setattr(quick, "_MOST_ANSWERS", 2)
    reader = Reader(ama.policy)
    for request in draw_requests(ama.policy, seed=99, number=1_000):
        assert reader.decide(request) == decide(ama.policy, request)
        assert len(reader._cells) <= 3
