"""A statement that went out as canonical JSON and came back decides as it did."""

from amanat.policy.interpreter import decide
from amanat.statement.compile import Statement
from amanat.statement.exports.canonical import canonical, read_canonical
from stage.draws import draw_requests


def test_ten_thousand_requests_are_decided_alike_after_a_round_trip(ama: Statement) -> None:
    back = read_canonical(canonical(ama)).policy
    for request in draw_requests(ama.policy, seed=31, number=10_000):
        assert decide(back, request) == decide(ama.policy, request)
