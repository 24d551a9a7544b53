"""Proofs speak of all requests: every one of them must stand up to the interpreter and to drawn requests."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.policy.decision import Outcome
from amanat.policy.expressions import negated
from amanat.policy.interpreter import Policy, decide
from amanat.policy.prove import Analysis, witness
from amanat.policy.request import Request
from amanat.policy.rule import RuleKind
from amanat.policy.solving import Solution
from amanat.policy.wire import read_request
from amanat.policy.wire_request import write_request
from amanat.statement.compile import Statement
from amanat.statement.properties import Property, check_properties, properties_of, read_properties
from stage.draws import draw_policy, draw_requests, draw_rule, draw_small_request, seeded
from stage.rules import with_rule

ANYTHING = True  # as an expression


@pytest.fixture(scope="module")
def analysis(ama: Statement) -> Analysis:
    return Analysis(ama.policy)


def permits(policy: Policy, request: Request) -> bool:
    return decide(policy, request).outcome is Outcome.PERMIT


def test_every_region_has_what_was_solved_for_it(ama: Statement, analysis: Analysis) -> None:
    seen = {True: 0, False: 0}
    for region in analysis.space.regions:
        permitted = analysis.space.permitted(-1, region)
        for wanted, expression in ((True, permitted), (False, negated(permitted))):
            found = analysis.solve(region, expression)
            if found.ways:
                assert permits(ama.policy, witness(region, found)) is wanted
                seen[wanted] += 1
    assert min(seen.values()) > 1_000


def test_the_ways_that_are_permitted_and_those_that_are_not_are_all(analysis: Analysis) -> None:
    for region in analysis.space.regions[::7]:
        permitted = analysis.space.permitted(-1, region)
        whole = analysis.solve(region, ANYTHING).ways
        assert analysis.solve(region, permitted).ways + analysis.solve(region, negated(permitted)).ways == whole


def test_what_is_shipped_is_proved(analysis: Analysis) -> None:
    checked = check_properties(analysis, properties_of("ama"))
    assert len(checked) >= 10
    assert [one.asked.title for one in checked if not one.holds] == []


def by_title(words: str) -> Property:
    (found,) = (one for one in properties_of("ama") if words in one.title)
    return found


PLANTED = {
    "8.3": "sensitive data moves without a yes", "6.9": "without a live agreement on all its terms",
    "6.8": "without a transfer tool", "7.1": "of a minor is taken online", "0.4": "a law that we do not know",
}  # fmt: skip


@pytest.mark.parametrize(("clause", "title"), PLANTED.items())
def test_a_clause_that_is_lost_is_found_with_a_request_that_slips_through(
    ama: Statement, clause: str, title: str
) -> None:
    kept = tuple(
        rule for rule in ama.policy.rules if rule.kind is RuleKind.PERMIT or not rule.section.startswith(clause)
    )
    weaker = replace(ama.policy, rules=kept)
    (found,) = check_properties(Analysis(weaker), (by_title(title),))
    assert not found.holds
    assert found.proof.ways > 0
    request = found.proof.counterexample
    assert request is not None
    assert permits(weaker, request)
    assert not permits(ama.policy, request)
    assert permits(weaker, read_request(write_request(request)))


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(st.integers(0, 2**32).map(seeded))
def test_drawn_properties_of_drawn_statements_hold_exactly_if_nothing_stands_against_them(draw: random.Random) -> None:
    policy, forbidden = draw_policy(draw), draw_rule(draw, RuleKind.FORBID)
    proof = Analysis(policy).never(forbidden)
    stopped = with_rule(policy, forbidden)
    if proof.counterexample is not None:
        assert permits(policy, proof.counterexample)
        assert not permits(stopped, proof.counterexample)
    else:
        assert proof.ways == 0
        for request in (draw_small_request(draw) for _ in range(40)):
            assert permits(policy, request) == permits(stopped, request)


def test_the_share_that_is_permitted_is_the_share_of_drawn_requests(analysis: Analysis) -> None:
    """A second way of counting: regions drawn by their number of words, the rest of each by its ways."""
    draw = seeded(8)
    regions = analysis.space.regions
    drawn = draw.choices(regions, [one.words for one in regions], k=4_000)
    met = 0
    for region in drawn:
        known = region.settled
        for variable in analysis.space.variables(region):
            values = [value for value, _ in variable.values]
            known |= draw.choices(values, [ways for _, ways in variable.values])[0]
        met += permits(analysis.policy, witness(region, Solution(1, known)))
    size = sum(region.words * analysis.solve(region, ANYTHING).ways for region in regions)
    expected = analysis.permitted / size
    spread = (expected * (1 - expected) / len(drawn)) ** 0.5
    assert abs(met / len(drawn) - expected) < 5 * spread


def test_a_rule_that_does_nothing_is_named_and_its_loss_changes_no_outcome(ama: Statement, analysis: Analysis) -> None:
    idle = [one.rule for one in analysis.idle()]
    assert 5 < len(idle) < 40
    requests = draw_requests(ama.policy, seed=5, number=1_500)
    before = [permits(ama.policy, one) for one in requests]
    for rule in idle[::4]:
        without = replace(ama.policy, rules=tuple(one for one in ama.policy.rules if one is not rule))
        assert [permits(without, one) for one in requests] == before


def test_a_permit_said_twice_is_named_and_one_that_is_forbidden_is_dead(ama: Statement) -> None:
    permit = next(rule for rule in ama.policy.rules if rule.id == "6.7")
    twice = with_rule(ama.policy, replace(permit, id="6.7z"))
    found = {one.rule.id: one.dead for one in Analysis(twice).idle()}
    assert (found["6.7"], found["6.7z"]) == (False, False)
    barred = with_rule(ama.policy, replace(permit, id="6.7z", kind=RuleKind.FORBID, when=((),), then=()))
    assert {one.rule.id: one.dead for one in Analysis(barred).idle()}["6.7"] is True


def test_faults_of_a_property_file_are_told_by_line() -> None:
    with pytest.raises(Exception, match="reprot") as refused:
        read_properties("never: nothing\n  data  reprot\nmaybe: this\n")
    assert "line 3" in str(refused.value) or ":3" in str(refused.value)
