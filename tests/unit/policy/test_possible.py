"""What could ever be permitted, exactly: yes only if some request is permitted, never no to what is permitted."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from amanat.policy.decision import Outcome
from amanat.policy.interpreter import Policy, decide
from amanat.policy.possible import could_permit, purposes_that_could
from amanat.policy.request import Request, item
from amanat.policy.rule import Box, Literal, Rule, RuleKind
from amanat.statement.compile import load_statement
from amanat.vocabulary.needs import Need
from amanat.vocabulary.terms import ACTION, CATEGORY, CONTEXT, PURPOSE, RECIPIENT, ROLE
from stage.draws import draw_policy, draw_requests, draw_small_request, seeded

USE = Need("use", "treatment", ("report",))


def _rule(kind: RuleKind, number: int, box: Box | None = None, **parts: object) -> Rule:
    return Rule(f"6.{number}", kind, box or Box(), **parts)  # type: ignore[arg-type]


def _policy(*rules: Rule) -> Policy:
    return Policy(rules, "test", "0" * 64)


def _clauses(policy: Policy, need: Need = USE) -> list[tuple[str, ...]]:
    return [chance.clauses for chance in could_permit(policy, need)]


PERMIT = _rule(RuleKind.PERMIT, 1)
_CARING = ROLE.mask["caring"]


def test_without_rules_nothing_could_be_permitted() -> None:
    assert _clauses(_policy()) == [()]


@pytest.mark.parametrize(
    "elsewhere",
    [
        Box(actions=ACTION.bit["view"]),
        Box(purposes=PURPOSE.bit["billing"]),
        Box(leaves=CATEGORY.bit["name"]),
        Box(fields=frozenset({"allergies"})),
        Box(contexts=CONTEXT.bit["cross_border"]),
        Box(beside=CATEGORY.bit["name"]),
    ],
)
def test_a_permit_whose_box_lies_elsewhere_is_no_way(elsewhere: Box) -> None:
    assert _clauses(_policy(_rule(RuleKind.PERMIT, 1, elsewhere))) == [()]


def test_each_datum_is_answered_for_itself_in_the_order_of_the_need() -> None:
    only_name = _rule(RuleKind.PERMIT, 2, Box(leaves=CATEGORY.bit["name"]))
    need = Need("use", "treatment", ("name", "report"))
    assert _clauses(_policy(only_name), need) == [("6.2",), ()]


def test_a_group_is_possible_if_any_of_it_is() -> None:
    only_name = _policy(_rule(RuleKind.PERMIT, 2, Box(leaves=CATEGORY.bit["name"])))
    assert _clauses(only_name, Need("use", "treatment", ("personal", "sensitive"))) == [("6.2",), ()]


@pytest.mark.parametrize("roles", [("clinician",), ("caring",), ()])
def test_whoever_acts_must_be_in_the_box(roles: tuple[str, ...]) -> None:
    policy = _policy(_rule(RuleKind.PERMIT, 1, Box(actors=ROLE.bit["clinician"])))
    assert _clauses(policy, Need("use", "treatment", ("report",), roles=roles)) == [("6.1",)]
    assert _clauses(policy, Need("use", "treatment", ("report",), roles=("member",))) == [()]


def test_who_is_told_counts_only_where_somebody_is_told() -> None:
    policy = _policy(_rule(RuleKind.PERMIT, 1, Box(recipients=RECIPIENT.bit["hospital"])))
    assert _clauses(policy) == [("6.1",)]
    told = Need("disclose", "treatment", ("report",), recipients=("hospital",))
    assert _clauses(policy, told) == [("6.1",)]
    assert _clauses(policy, Need("disclose", "treatment", ("report",), recipients=("employer",))) == [()]


def test_a_prohibition_for_good_leaves_what_it_does_not_cover() -> None:
    barred = _rule(RuleKind.FORBID, 2, Box(actors=_CARING))
    assert _clauses(_policy(PERMIT, barred)) == [("6.1",)]
    assert _clauses(_policy(PERMIT, barred), Need("use", "treatment", ("report",), roles=("clinician",))) == [()]
    rest = _rule(RuleKind.FORBID, 3, Box(actors=ROLE.everything & ~_CARING))
    assert _clauses(_policy(PERMIT, barred, rest)) == [()], "two that cover it together"


def test_a_prohibition_that_something_lifts_is_no_end() -> None:
    lifted = _rule(RuleKind.FORBID, 2, unless=((Literal("order"),),))
    sometimes = _rule(RuleKind.FORBID, 3, when=((Literal("order"),),))
    assert _clauses(_policy(PERMIT, lifted)) == [("6.1",)]
    assert _clauses(_policy(PERMIT, sometimes)) == [("6.1",)]
    assert _clauses(_policy(PERMIT, lifted, sometimes)) == [()], "each asks for what the other forbids"


def test_a_requirement_that_no_permit_can_meet_stops_everything() -> None:
    order, no_order = ((Literal("order"),),), ((Literal("order", wanted=False),),)
    assert _clauses(_policy(_rule(RuleKind.PERMIT, 1, when=no_order), _rule(RuleKind.REQUIRE, 2, need=order))) == [()]


def test_a_requirement_that_contradicts_itself_stops_everything() -> None:
    impossible = ((Literal("order"), Literal("order", wanted=False)),)
    assert _clauses(_policy(PERMIT, _rule(RuleKind.REQUIRE, 2, need=impossible))) == [()]
    assert _clauses(_policy(_rule(RuleKind.PERMIT, 1, when=impossible))) == [()]
    assert _clauses(_policy(PERMIT, _rule(RuleKind.REQUIRE, 2, need=((Literal("order"),),)))) == [("6.1",)]


def test_only_those_in_reach_could_be_permitted() -> None:
    reach = _rule(RuleKind.REACH, 2, Box(actors=ROLE.bit["clinician"], leaves=CATEGORY.mask["medical"]))
    assert _clauses(_policy(PERMIT, reach)) == [("6.1",)]
    assert _clauses(_policy(PERMIT, reach), Need("use", "treatment", ("report",), roles=("web_system",))) == [()]


@pytest.mark.parametrize(
    ("stopping", "permitting", "possible"),
    [
        (("minor",), CONTEXT.everything, True),
        (("minor",), CONTEXT.bit["minor"], False),
        (("same_country",), CONTEXT.everything, False),
        (("emergency_medical", "minor"), CONTEXT.bit["routine"], True),
    ],
)
def test_a_prohibition_in_a_context_counts_where_it_cannot_be_avoided(
    stopping: tuple[str, ...],
    permitting: int,
    possible: bool,  # noqa: FBT001  # one row of the table
) -> None:
    policy = _policy(
        _rule(RuleKind.PERMIT, 1, Box(contexts=permitting)),
        _rule(RuleKind.FORBID, 2, Box(contexts=CONTEXT.union(stopping))),
    )
    assert bool(_clauses(policy)[0]) is possible


def test_the_purposes_that_could_are_named() -> None:
    policy = _policy(_rule(RuleKind.PERMIT, 1, Box(purposes=PURPOSE.mask["advertising"])))
    assert purposes_that_could(policy, USE, "report") == ("advertising",)
    assert purposes_that_could(_policy(), USE, "report") == ()


def _need_of(request: Request, word: str) -> Need:
    """The narrowest need that this request is an instance of."""
    return Need(
        request.action or "", f"other.{request.other}" if request.other else request.purpose or "",
        tuple(dict.fromkeys([word, *(one.word for one in request.items)])), (request.actor or "",),
        *((one,) if one else () for one in (request.recipient, request.source, request.channel)),
    )  # fmt: skip


def _permitted(policy: Policy, requests: list[Request]) -> Iterator[tuple[Need, tuple[str, ...]]]:
    for request in requests:
        for one in decide(policy, request).verdicts:
            if one.outcome is Outcome.PERMIT:
                yield _need_of(request, one.word), one.clauses


def test_nothing_that_the_shipped_statement_permits_is_called_impossible() -> None:
    policy = load_statement("ama").policy
    seen = 0
    for need, clauses in _permitted(policy, draw_requests(policy, 35, 4_000)):
        assert set(could_permit(policy, need)[0].clauses) & set(clauses), need
        seen += 1
    assert seen > 200


def test_nothing_that_a_drawn_statement_permits_is_called_impossible() -> None:
    draw = seeded(1735)
    seen = 0
    for _ in range(300):
        policy = draw_policy(draw)
        for need, _clauses_of in _permitted(policy, [draw_small_request(draw) for _ in range(12)]):
            assert could_permit(policy, need)[0].clauses, (policy.rules, need)
            seen += 1
    assert seen > 200


def _asked_for(request: Request, need: Need) -> Request:
    return replace(request, action=need.action, purpose=need.purpose, items=(item(need.categories[0]),))


def test_what_is_possible_lies_in_the_box_of_a_permit_that_is_named_and_what_is_not_is_never_permitted() -> None:
    policy = load_statement("ama").policy
    draw = seeded(12)
    requests = draw_requests(policy, 99, 60)
    impossible = 0
    for _ in range(150):
        words = draw.choice(ACTION.leaves), draw.choice(PURPOSE.leaves[:-1]), (draw.choice(CATEGORY.leaves),)
        clauses = could_permit(policy, need := Need(*words))[0].clauses
        assert set(clauses) == set(_sections_that_hold(policy, need)) or not clauses
        if not clauses:
            impossible += 1
            for request in requests:
                assert decide(policy, _asked_for(request, need)).outcome is not Outcome.PERMIT, need
    assert 30 < impossible < 150


def _sections_that_hold(policy: Policy, need: Need) -> Iterator[str]:
    for rule in policy.rules:
        box = rule.box
        asked = (ACTION.bit[need.action], PURPOSE.bit[need.purpose], CATEGORY.bit[need.categories[0]])
        held = all(mask & bit for mask, bit in zip((box.actions, box.purposes, box.leaves), asked, strict=True))
        if rule.kind is RuleKind.PERMIT and held and box.fields is None:
            yield rule.section
