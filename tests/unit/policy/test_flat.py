"""Flat requests: facts are a set, however they are written."""

import pytest

from amanat.policy.decider import Decider
from amanat.policy.flat import FlatDecider, FlatRequest, flatten
from amanat.policy.interpreter import Policy
from amanat.policy.witness import NoSuchRequestError
from amanat.vocabulary.terms import UnknownTermError
from stage.draws import draw_requests


@pytest.fixture
def some(ama: Policy) -> list[FlatRequest]:
    requests = (one for one in draw_requests(ama, seed=5, number=400) if one.host == "own" and one.items)
    found = []
    for request in requests:
        try:
            found.append(flatten(Decider(ama), request))
        except NoSuchRequestError:
            continue
    assert len(found) > 100
    return found


def test_a_fact_named_twice_counts_once(ama: Policy, some: list[FlatRequest]) -> None:
    flat = FlatDecider(Decider(ama))
    for asked in some:
        said = flat.answer(asked)
        for facts in (tuple(asked["facts"]) * 2, tuple(sorted(asked["facts"]))):
            again = flat.answer({**asked, "facts": facts})
            assert (again.outcome, again.clauses) == (said.outcome, said.clauses)


def test_what_the_move_settles_may_be_named_and_left_out(ama: Policy, some: list[FlatRequest]) -> None:
    flat = FlatDecider(Decider(ama))
    settled = {"for_something", "to_somebody"}
    for asked in some:
        bare = flat.answer({**asked, "facts": asked["facts"] - settled})
        assert bare.outcome is flat.answer(asked).outcome


def test_an_unknown_fact_is_told_each_time(ama: Policy, some: list[FlatRequest]) -> None:
    flat = FlatDecider(Decider(ama))
    for _ in range(2):
        with pytest.raises(UnknownTermError, match="consent:everything"):
            flat.answer({**some[0], "facts": some[0]["facts"] | {"consent:everything"}})
