"""What a new version changes is told exactly: a door that opens, one that closes, a clock, a duty, mere words."""

from dataclasses import replace
from itertools import permutations

import pytest

from amanat.policy.decision import Outcome
from amanat.policy.difference import compare, widened_clauses
from amanat.policy.interpreter import Policy, decide
from amanat.policy.prove import Analysis
from amanat.policy.rule import Box, Literal, Rule, RuleKind
from amanat.statement.compile import Statement, load_statement
from amanat.statement.diff import ClauseDiff, Moved, diff
from amanat.vocabulary.terms import ACTION, CATEGORY, PURPOSE, RECIPIENT
from stage.draws import draw_policy, draw_small_request, seeded


@pytest.fixture(scope="module")
def ama() -> Statement:
    return load_statement("ama")


@pytest.fixture(scope="module")
def successor(ama: Statement) -> dict[str, ClauseDiff]:
    return {one.clause: one for one in diff(ama, load_statement("ama-1.1"))}


def test_the_successor_changes_the_five_clauses_that_its_notes_name(successor: dict[str, ClauseDiff]) -> None:
    assert list(successor) == ["5.6", "6.6", "8.5d", "8.6", "T.1"]
    assert successor["5.6"].kinds == ("reworded",)
    assert [str(duty) for duty in successor["6.6"].duties_added] == ["minimise"]
    assert successor["T.1"].moved == (Moved("trip_ended", "90d", "30d"),)


def test_each_shift_comes_with_a_request_whose_answer_turns(ama: Statement, successor: dict[str, ClauseDiff]) -> None:
    new = load_statement("ama-1.1")
    widened, narrowed = successor["8.5d"].widened, successor["8.6"].narrowed
    assert widened is not None
    assert narrowed is not None
    for shift, before, after in ((widened, ama, new), (narrowed, new, ama)):
        assert shift.ways > 0
        assert decide(before.policy, shift.example).outcome is not Outcome.PERMIT
        assert decide(after.policy, shift.example).outcome is Outcome.PERMIT
    assert successor["8.6"].widened is None


def test_nothing_differs_from_itself(ama: Statement) -> None:
    assert diff(ama, ama) == []


def test_a_rule_written_otherwise_that_says_the_same_is_told_apart(ama: Statement) -> None:
    permit = next(rule for rule in ama.policy.rules if rule.id == "6.7")
    longer = replace(permit, when=(*permit.when, *((*way, Literal("entitlement")) for way in permit.when)))
    rules = tuple(longer if rule is permit else rule for rule in ama.policy.rules)
    (only,) = compare(ama.policy, replace(ama.policy, rules=rules))
    assert (only.clause, only.is_silent) == ("6.7", True)


def test_a_lost_requirement_is_a_widening(ama: Statement) -> None:
    kept = tuple(rule for rule in ama.policy.rules if rule.section != "8.3" or rule.kind is RuleKind.PERMIT)
    changes = {one.clause: one for one in compare(ama.policy, replace(ama.policy, rules=kept))}
    assert changes["8.3"].widened is not None
    assert widened_clauses(ama.policy, replace(ama.policy, rules=kept)) == {"8.3"}
    assert widened_clauses(replace(ama.policy, rules=kept), ama.policy) == frozenset()


@pytest.mark.parametrize("lost", ["9.3a", "9.3ax", "9.3ay", "9.3az"])
def test_a_lost_reach_widens_for_those_whom_it_did_not_name(ama: Statement, lost: str) -> None:
    """Its actors are those whom it lets through, so whoever it keeps out stands outside its own box."""
    rules = tuple(rule for rule in ama.policy.rules if rule.id != lost)
    (gone,), (new,) = (compare(*pair) for pair in permutations((ama.policy, replace(ama.policy, rules=rules))))
    assert gone.widened is not None
    assert decide(ama.policy, gone.widened.example).outcome is not Outcome.PERMIT
    assert (new.narrowed, new.widened, gone.narrowed) == (gone.widened, None, None)


@pytest.mark.parametrize("seed", range(40))
def test_drawn_requests_turn_only_where_a_clause_is_told_to_shift(seed: int) -> None:
    draw = seeded(seed)
    old, new = draw_policy(draw), draw_policy(draw)
    new = Policy((*old.rules[:2], *new.rules[2:3]), "drawn", old.digest)
    changes = compare(old, new)
    one_only = len(changes) == 1
    for _ in range(60):
        request = draw_small_request(draw)
        before, after = (decide(policy, request).outcome is Outcome.PERMIT for policy in (old, new))
        if before != after:
            assert changes
        if one_only and after and not before:
            assert changes[0].widened is not None
        if one_only and before and not after:
            assert changes[0].narrowed is not None


@pytest.mark.parametrize("clause", ["5.6", "5.9"])
def test_a_rule_about_data_side_by_side_is_told_by_its_direction_though_no_single_datum_turns(
    ama: Statement, clause: str
) -> None:
    without = replace(ama.policy, rules=tuple(rule for rule in ama.policy.rules if rule.section != clause))
    (gone,), (new,) = compare(ama.policy, without), compare(without, ama.policy)
    assert (gone.widened, gone.looser, gone.stricter, gone.is_silent) == (None, True, False, False)
    assert (new.narrowed, new.looser, new.stricter, new.is_silent) == (None, False, True, False)
    assert widened_clauses(ama.policy, without) == {clause}


def test_as_many_requests_turn_as_a_proof_of_each_version_by_itself_counts(ama: Statement) -> None:
    """Nothing was permitted in the widened place before, so the shift is what the newer version permits there."""
    new = load_statement("ama-1.1").policy
    box = Box(
        actions=ACTION.mask_of("telling"), leaves=CATEGORY.mask_of("medical"),
        recipients=RECIPIENT.mask_of("assistance_company"), purposes=PURPOSE.mask_of("treatment"),
    )  # fmt: skip
    before, after = (
        Analysis(one, other.rules).never(Rule("0.0", RuleKind.FORBID, box))
        for one, other in permutations((ama.policy, new))
    )
    (shift,) = (one.widened for one in compare(ama.policy, new) if one.widened)
    assert (before.ways, after.ways) == (0, shift.ways)
