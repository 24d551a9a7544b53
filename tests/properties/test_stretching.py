"""Who is asked again: whoever made a choice that a newer statement stretches; what stays as it was asks nobody."""

from dataclasses import replace

import pytest

from amanat.policy.decider import Decider
from amanat.policy.difference import widened_clauses
from amanat.policy.interpreter import Policy
from amanat.policy.request import Request
from amanat.policy.rule import RuleKind
from amanat.policy.stretching import stretched_choices
from amanat.policy.widening import widened
from amanat.statement.compile import load_statement
from amanat.vocabulary.choices import OPT_OUTS, ChoiceKind
from stage.draws import draw_policy, draw_requests, draw_small_request, seeded

NOES = frozenset(kind.value for kind in OPT_OUTS)
PAIRS = [("ama", "ama-1.1"), ("ama-1.1", "ama"), ("ama-v0", "ama"), ("ama", "ama-v0")]


def kind_of(choice: str) -> str:
    return choice.partition(":")[0]


def stretched_in(old: Decider, new: Decider, request: Request) -> tuple[set[str], bool]:
    """The choices of one request that the new policy stretches, by trying each; and whether it opens by some choice."""

    def opens(choices: frozenset[str]) -> bool:
        return permits(new, choices) and not permits(old, choices)

    def permits(by: Decider, choices: frozenset[str]) -> bool:
        return bool(by.decide(replace(request, choices=choices)).permitted)

    found, by_choice = set(), False
    for kind in map(kind_of, request.choices):
        mine = frozenset(one for one in request.choices if kind_of(one) == kind or kind_of(one) not in NOES)
        rest = frozenset(one for one in mine if kind_of(one) != kind)
        if opens(mine) and (not permits(new, rest) or permits(old, rest)):
            found.add(kind)
        bare = frozenset(one for one in request.choices if kind_of(one) != kind)
        by_choice |= opens(request.choices) and not permits(new, bare)
    return found, by_choice


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_no_drawn_request_rests_on_a_choice_that_is_not_told(old: str, new: str) -> None:
    before, after = load_statement(old).policy, load_statement(new).policy
    told, deciders = stretched_choices(before, after), (Decider(before), Decider(after))
    for request in draw_requests(after, 51, 3_000):
        if len(request.items) == 1:
            stretched, by_choice = stretched_in(*deciders, request)
            assert told >= stretched, request
            assert not by_choice or told & {*map(kind_of, request.choices)}, request


@pytest.mark.parametrize("seed", range(30))
def test_drawn_policies_stretch_what_drawn_requests_rest_on(seed: int) -> None:
    draw = seeded(seed)
    old, other = draw_policy(draw), draw_policy(draw)
    new = Policy((*old.rules[:2], *other.rules[2:]), "drawn", "drawn")
    told, deciders = stretched_choices(old, new), (Decider(old), Decider(new))
    for request in (draw_small_request(draw) for _ in range(80)):
        if len(request.items) == 1:
            assert told >= stretched_in(*deciders, request)[0], request


def without(policy: Policy, *lost: str) -> Policy:
    return replace(policy, rules=tuple(rule for rule in policy.rules if rule.id not in lost), digest="without")


def test_a_stop_that_falls_stretches_the_no_that_it_kept_and_no_yes() -> None:
    """Each prohibition of a person's own choices, left out: only that kind of no means less."""
    ama = load_statement("ama").policy
    kinds = {"blocked_recipient": "block_recipient", "blocked_purpose": "block_purpose", "withheld": "withhold"}
    tried = set()
    for rule in (one for one in ama.rules if one.kind is RuleKind.CHOICE):
        named = {kinds[literal.atom] for way in rule.when for literal in way if literal.atom in kinds}
        if named:
            assert stretched_choices(ama, without(ama, rule.id)) == named, rule.id
            tried |= named
    assert tried == set(kinds.values())


def test_a_requirement_of_a_yes_that_falls_opens_without_any_yes() -> None:
    """Whoever did not say yes is held back, and whoever did said so to no less: nobody is asked again."""
    ama = load_statement("ama").policy
    (required,) = (rule.id for rule in ama.rules if rule.id == "8.3")
    assert widened_clauses(ama, without(ama, required)) == {"8.3"}
    assert not stretched_choices(ama, without(ama, required)) & {"medical_service", "emergency_record"}


def test_what_only_two_changes_together_open_is_found() -> None:
    """Each clause alone opens nothing, so the exact comparison of clauses cannot tell whom to hold back."""
    ama = load_statement("ama").policy
    opened, stopped = (next(one for one in ama.rules if one.id == rule) for rule in ("8.8", "8.8"))
    stop = replace(stopped, id="9.9", kind=RuleKind.FORBID, when=((),), then=())
    old = replace(ama, rules=(*(one for one in ama.rules if one is not opened), stop), digest="old")
    assert widened_clauses(old, ama) == frozenset()
    assert widened(old, ama) == {"8.8", "9.9"}
    assert "newsletter" in stretched_choices(old, ama)


def test_what_an_overlay_could_lift_is_held_back_though_no_answer_turns() -> None:
    """A prohibition that becomes a person's own no: the same answers, until a law compels and lifts the no."""
    ama = load_statement("ama").policy
    rules = tuple(replace(one, kind=RuleKind.FORBID) if one.id == "8.12a" else one for one in ama.rules)
    old = replace(ama, rules=rules, digest="old")
    assert (widened_clauses(old, ama), widened(old, ama)) == (frozenset(), {"8.12a"})


def test_each_kind_of_choice_can_be_told_and_the_same_policy_stretches_none() -> None:
    ama = load_statement("ama").policy
    assert stretched_choices(ama, ama) == frozenset()
    told = stretched_choices(Policy((), "0", "none"), ama)
    assert told <= {kind.value for kind in ChoiceKind}
    assert {"medical_service", "newsletter", "payer_disclosure", "third_party_source", "other_purpose"} <= told
