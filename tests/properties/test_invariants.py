"""The invariants of the statement language, over the installed statement and over small drawn ones.

Small statements draw their rules from few words, so that prohibitions, requirements, choices and permits meet often.
"""

import random
from collections.abc import Callable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.policy.decision import Decision, Outcome
from amanat.policy.interpreter import Policy, decide, fold, hours
from amanat.policy.literals import Question
from amanat.policy.near import misses
from amanat.policy.request import PERSONAL, SENSITIVE, Request
from amanat.policy.rule import RuleKind
from amanat.statement.compile import Statement
from amanat.vocabulary.choices import OPT_INS, OPT_OUTS, parse_choice
from amanat.vocabulary.clauses import section_of
from amanat.vocabulary.terms import CATEGORY, CHANNEL
from stage.draws import BLOCKS, CHOICES, draw_policy, draw_requests, draw_rule, draw_small_request, seeded
from stage.rules import reordered, with_rule

Answered = list[tuple[Request, Decision]]
drawn = settings(max_examples=300, deadline=None, derandomize=True, database=None)
seeds = st.integers(0, 2**32).map(seeded)

CONSENT_VERBS = {
    "collect", "receive", "store", "use", "view", "combine", "track", "disclose", "transfer",
}  # fmt: skip
CONSENT_EXEMPT = {
    "rights_fulfilment", "legal_order", "legal_claims", "audit",
    "access_control", "integrity", "continuity", "incident",
}  # fmt: skip
TERMS = {"secrecy", "purpose_bound", "our_directions"}


def no_wider(narrow: Decision, wide: Decision) -> bool:
    return all(
        one.outcome.rank <= other.outcome.rank for one, other in zip(narrow.verdicts, wide.verdicts, strict=True)
    )


def permitted(pool: Answered, wanted: Callable[[Request], bool]) -> list[Request]:
    """The permitted requests of a kind; a test that finds none would show nothing."""
    found = [request for request, decision in pool if decision.outcome is Outcome.PERMIT and wanted(request)]
    assert found
    return found


def moving_personal(request: Request) -> bool:
    return request.leaves_company and bool(request.leaves & PERSONAL)


def test_i1_an_empty_statement_permits_nothing(pool: Answered) -> None:
    outcomes = {decide(Policy((), "", ""), request).outcome for request, _ in pool}
    assert outcomes == {Outcome.DENY, Outcome.OUT_OF_SCOPE}
    assert all(request.host == "foreign" for request, one in pool if one.outcome is Outcome.OUT_OF_SCOPE)


@drawn
@given(seeds, st.sampled_from([RuleKind.FORBID, RuleKind.REQUIRE, RuleKind.CHOICE]))
def test_i2_adding_a_prohibition_or_requirement_never_widens(draw: random.Random, kind: RuleKind) -> None:
    policy = draw_policy(draw)
    stricter = with_rule(policy, draw_rule(draw, kind))
    for _ in range(20):
        request = draw_small_request(draw)
        assert no_wider(decide(stricter, request), decide(policy, request))


def test_i2_holds_for_the_installed_statement(ama: Statement, pool: Answered) -> None:
    draw = seeded(2)
    rules = [draw_rule(draw, kind) for kind in (RuleKind.FORBID, RuleKind.REQUIRE) for _ in range(5)]
    for rule in rules:
        stricter = with_rule(ama.policy, rule)
        assert all(no_wider(decide(stricter, request), decision) for request, decision in pool[:1000])


@drawn
@given(seeds)
def test_i3_withdrawing_never_widens_a_drawn_statement(draw: random.Random) -> None:
    policy = draw_policy(draw)
    for _ in range(20):
        assert_withdrawing_narrows(policy, draw_small_request(draw))


def test_i3_withdrawing_never_widens(ama: Statement, pool: Answered) -> None:
    for request, _ in pool[:3000]:
        assert_withdrawing_narrows(ama.policy, request)


def assert_withdrawing_narrows(policy: Policy, request: Request) -> None:
    before = decide(policy, request)
    for choice in request.choices:
        if parse_choice(choice).kind in OPT_INS:
            after = decide(policy, replace(request, choices=request.choices - {choice}))
            assert no_wider(after, before), choice


@drawn
@given(seeds, st.sampled_from(BLOCKS))
def test_i4_a_block_never_widens_a_drawn_statement(draw: random.Random, block: str) -> None:
    policy = draw_policy(draw)
    for _ in range(20):
        request = draw_small_request(draw)
        blocked = replace(request, choices=request.choices | {block})
        assert no_wider(decide(policy, blocked), decide(policy, request))


def test_i4_a_block_never_widens(ama: Statement, pool: Answered) -> None:
    for request, decision in pool[:2000]:
        for block in BLOCKS:
            assert parse_choice(block).kind in OPT_OUTS
            assert no_wider(decide(ama.policy, replace(request, choices=request.choices | {block})), decision)


def test_i5_sensitive_data_passes_by_opt_in_or_glass_alone(pool: Answered) -> None:
    """As ruled: within the verbs and purposes of clause 8.3."""
    scope = permitted(
        pool,
        lambda one: bool(one.leaves & SENSITIVE) and one.action in CONSENT_VERBS and one.purpose not in CONSENT_EXEMPT,
    )
    for request in scope:
        for one in request.items:
            if one.bit & SENSITIVE and not (request.facts.glass and request.facts.glass.valid):
                assert opt_in_of(request, one.leaf) in request.choices


def opt_in_of(request: Request, leaf: str) -> str:
    """Which consent answers clause 8.3, written out apart from the literals under test."""
    if request.purpose == "other":
        return f"other_purpose:{request.other}"
    return leaf if leaf in ("emergency_record", "live_location", "call_recording") else "medical_service"


def test_i6_nobody_under_eighteen_is_taken_in_online(ama: Statement, pool: Answered) -> None:
    online = {None, *CHANNEL.groups["online"]}
    for request, decision in pool:
        if request.under_age and request.action in ("collect", "receive") and request.leaves & PERSONAL:
            assert decision.outcome is not Outcome.PERMIT or request.channel not in online
    taken = permitted(pool, lambda one: one.action == "collect" and bool(one.leaves & PERSONAL) and not one.under_age)
    young = [decide(ama.policy, replace(one, minor=True, channel="app")) for one in taken]
    assert {(one.outcome, "7.1" in one.clauses) for one in young} == {(Outcome.DENY, True)}


def test_i7_a_payer_learns_by_consent_for_that_payer(pool: Answered) -> None:
    told = permitted(pool, lambda one: moving_personal(one) and one.recipient_kind == "payer")
    fresh = [one for one in told if one.source != one.recipient]
    assert fresh
    assert all(f"payer_disclosure:{one.recipient}" in one.choices for one in fresh)


def test_i8_a_provider_is_told_under_live_terms(pool: Answered) -> None:
    for one in permitted(pool, lambda one: moving_personal(one) and one.recipient_kind == "provider"):
        assert one.facts.agreement == "live"
        assert one.facts.agreement_terms >= TERMS


def test_i9_a_border_is_crossed_with_a_tool(pool: Answered) -> None:
    for one in permitted(pool, lambda one: moving_personal(one) and one.cross_border):
        serves = one.facts.tool not in ("none", "localisation_block")
        group_only = one.facts.tool != "bcr" or one.recipient_kind == "group"
        assert one.recipient_kind == "subject" or (serves and group_only)


@drawn
@given(seeds)
def test_i10_the_order_of_rules_changes_nothing_in_a_drawn_statement(draw: random.Random) -> None:
    policy = draw_policy(draw)
    turned = reordered(policy, draw.randrange(1000))
    for _ in range(20):
        request = draw_small_request(draw)
        assert decide(turned, request) == decide(policy, request)


def test_i10_the_order_of_rules_changes_nothing(ama: Statement, pool: Answered) -> None:
    for seed in range(3):
        turned = reordered(ama.policy, seed)
        assert all(decide(turned, request) == decision for request, decision in pool[:2000])


def test_i11_each_answer_cites_clauses_and_one_version(ama: Statement, pool: Answered) -> None:
    for _, decision in pool:
        assert decision.clauses
        assert all(section_of(clause) == clause for clause in decision.clauses)
        assert (decision.version, decision.digest) == (ama.version, ama.digest)


def test_i12_what_the_glass_opened_closes_with_it(ama: Statement, pool: Answered) -> None:
    opened = permitted(pool, lambda one: one.facts.glass is not None and one.facts.glass.valid)
    closed = [(one, decide(ama.policy, replace(one, facts=replace(one.facts, glass=None)))) for one in opened]
    relied = [one for one, decision in closed if decision.outcome is not Outcome.PERMIT]
    assert relied
    assert all(one.leaves & SENSITIVE or one.under_age for one in relied)


@drawn
@given(seeds)
def test_i14_asking_for_less_is_never_worse_in_a_drawn_statement(draw: random.Random) -> None:
    policy = draw_policy(draw)
    for _ in range(20):
        assert_less_is_no_worse(policy, draw_small_request(draw))


def test_i14_asking_for_less_is_never_worse(ama: Statement, pool: Answered) -> None:
    for request, _ in pool[:6000]:
        assert_less_is_no_worse(ama.policy, request)


def assert_less_is_no_worse(policy: Policy, request: Request) -> None:
    whole = decide(policy, request)
    for left_out in request.items if len(request.items) > 1 else ():
        rest = tuple(one for one in request.items if one != left_out)
        assert decide(policy, replace(request, items=rest)).outcome.rank >= whole.outcome.rank


def test_i15_a_permission_of_law_never_beats_a_block(ama: Statement, pool: Answered) -> None:
    allowed = permitted(pool, lambda one: one.purpose == "legal_permission")
    for one in allowed:
        block = f"block_recipient:{one.recipient}"
        assert "8.12" in decide(ama.policy, replace(one, choices=one.choices | {block})).clauses[0]
    for one in permitted(pool, lambda one: one.purpose == "legal_order"):
        blocked = replace(one, choices=one.choices | {f"block_recipient:{one.recipient}", "withhold:personal"})
        assert decide(ama.policy, blocked).outcome is Outcome.PERMIT


@drawn
@given(seeds)
def test_i16_another_permit_drops_no_obligation(draw: random.Random) -> None:
    policy = draw_policy(draw)
    richer = with_rule(policy, draw_rule(draw, RuleKind.PERMIT))
    for _ in range(20):
        request = draw_small_request(draw)
        before, after = decide(policy, request), decide(richer, request)
        if before.outcome is Outcome.PERMIT:
            kept = {duty.name: duty.parameter for duty in after.obligations}
            assert all(stricter_or_equal(kept.get(one.name), one.parameter) for one in before.obligations)


def stricter_or_equal(kept: str | None, asked: str) -> bool:
    return kept is not None and (kept == asked or not asked or hours(kept) <= hours(asked))


def test_i20_adverts_see_nothing_but_visits(pool: Answered) -> None:
    adverts = ("advertising_onsite", "advertising_offsite")
    for one in permitted(pool, lambda one: one.purpose in adverts):
        assert not one.leaves & ~CATEGORY.mask_of("ordinary.web")


def test_the_worst_datum_answers(ama: Statement, pool: Answered) -> None:
    for _, decision in pool:
        assert decision.outcome is min((one.outcome for one in decision.verdicts), key=lambda one: one.rank)
        assert decision == fold(ama.policy, decision.verdicts)


def test_ask_is_exact(ama: Statement, pool: Answered) -> None:
    """With the consents in `needs` the answer is a permit; where it is `deny`, no consent at all would do."""
    every = frozenset({*CHOICES, *(f"{kind.value}" for kind in OPT_INS)})
    for request, decision in pool:
        agreed = decide(ama.policy, replace(request, choices=request.choices | set(decision.needs)))
        if decision.outcome is Outcome.ASK:
            assert decision.needs
            assert all(parse_choice(need).kind in OPT_INS for need in decision.needs)
            assert agreed.outcome is Outcome.PERMIT
        elif decision.outcome is Outcome.DENY:
            generous = replace(request, choices=request.choices | every)
            assert decide(ama.policy, generous).outcome is not Outcome.PERMIT or not request.consent_giveable


def test_ask_names_no_consent_too_many(ama: Statement, pool: Answered) -> None:
    for request, decision in pool:
        if decision.outcome is Outcome.ASK and len(request.items) == 1:
            for need in decision.needs:
                others = request.choices | set(decision.needs) - {need}
                assert decide(ama.policy, replace(request, choices=others)).outcome is Outcome.ASK


def test_needs_are_empty_exactly_where_nothing_is_needed(pool: Answered) -> None:
    for request, decision in pool:
        if decision.outcome in (Outcome.PERMIT, Outcome.OUT_OF_SCOPE):
            assert not decision.needs
        if decision.outcome is Outcome.GLASS:
            assert decision.needs == ("glass",)
        if not request.consent_giveable:
            assert decision.outcome is not Outcome.ASK


@drawn
@given(seeds)
def test_the_index_finds_exactly_the_rules_whose_box_holds_a_datum(draw: random.Random) -> None:
    policy = draw_policy(draw)
    for _ in range(20):
        request = draw_small_request(draw)
        for one in request.items:
            assert_found_by_box(policy, Question(request, one))


def test_the_index_of_the_installed_statement_is_exact(ama: Statement) -> None:
    for request in draw_requests(ama.policy, seed=9, number=500):
        for one in request.items:
            assert_found_by_box(ama.policy, Question(request, one))


def assert_found_by_box(policy: Policy, question: Question) -> None:
    near = policy.near(question)
    found = {*near.forbids, *near.controls, *near.reaches, *near.permits, *near.requires, *near.choices}
    assert found == {rule for rule in policy.rules if not misses(rule, question)}
