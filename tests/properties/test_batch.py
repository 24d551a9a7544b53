"""Columns and populations are decided as the interpreter decides each request."""

import numpy as np
import pytest

from amanat.policy.batch import BatchDecider
from amanat.policy.columns import Columns, Encoder
from amanat.policy.decider import Decider
from amanat.policy.decision import Outcome
from amanat.policy.interpreter import Policy, decide
from amanat.policy.population import permitted_people
from amanat.policy.request import Request
from amanat.statement.compile import Statement
from stage.draws import draw_policy, draw_requests, draw_small_request, seeded


def assert_alike(policy: Policy, batch: BatchDecider, columns: Columns, requests: list[Request]) -> None:
    answers = batch.decide(columns)
    numbers = columns.requests.tolist()
    decided = {number: iter(decide(policy, requests[number]).verdicts) for number in set(numbers)}
    for number, answer in zip(numbers, answers.tolist(), strict=True):
        verdict, found = next(decided[number]), batch.answers[answer]
        assert (found.outcome, found.clauses, found.obligations) == (
            verdict.outcome, verdict.clauses, verdict.obligations,
        )  # fmt: skip
    assert all(next(rest, None) is None for rest in decided.values())


def test_rows_are_answered_as_the_interpreter_answers(ama: Statement) -> None:
    encoder = Encoder(Decider(ama.policy))
    batch = BatchDecider(encoder)
    for seed in (1, 2):
        requests = draw_requests(ama.policy, seed=seed, number=10_000)
        columns = encoder.columns(requests)
        assert_alike(ama.policy, batch, columns, requests)
        numbers, ranks = batch.outcomes(columns)
        expected = [decide(ama.policy, requests[number]).outcome.rank for number in numbers.tolist()]
        assert ranks.tolist() == expected
        assert len(numbers) > 8_000


@pytest.mark.parametrize("seed", range(60))
def test_rows_of_drawn_statements_are_answered_alike(seed: int) -> None:
    draw = seeded(seed)
    policy = draw_policy(draw)
    encoder = Encoder(Decider(policy))
    requests = [draw_small_request(draw) for _ in range(60)]
    assert_alike(policy, BatchDecider(encoder), encoder.columns(requests), requests)


def test_no_rows_have_no_answers(ama: Statement) -> None:
    encoder = Encoder(Decider(ama.policy))
    columns = encoder.columns([Request(), Request(actor="member", action="view", purpose="treatment")])
    numbers, ranks = BatchDecider(encoder).outcomes(columns)
    assert (numbers.size, ranks.size) == (0, 0)


def test_people_share_the_answer_of_their_facts(ama: Statement) -> None:
    asked = draw_requests(ama.policy, seed=6, number=500)
    fact_sets = np.random.default_rng(4).integers(0, len(asked), 20_000, dtype=np.int32)
    permitted = permitted_people(Decider(ama.policy), asked, fact_sets)
    alone = [decide(ama.policy, one).outcome is Outcome.PERMIT for one in asked]
    assert 0 < permitted.sum() < len(fact_sets)
    assert permitted.tolist() == [alone[number] for number in fact_sets.tolist()]
