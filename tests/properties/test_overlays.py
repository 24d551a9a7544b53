"""No overlay widens anything: over the installed statement with the shipped ones, and over drawn ones of both."""

import random
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.policy.decision import Decision, Outcome
from amanat.policy.interpreter import decide, hours
from amanat.policy.prove import Analysis
from amanat.policy.request import Request
from amanat.policy.rule import ALWAYS, Obligation, RuleKind
from amanat.policy.wire import read_request
from amanat.statement.compile import Statement
from amanat.statement.diagnostics import StatementError
from amanat.statement.overlay_compile import compile_overlay
from amanat.statement.overlays import Overlaid, Overlay, tightened
from stage.draws import draw_policy, draw_requests, draw_rule, draw_small_request, draw_wire, seeded
from stage.overlays import overlay_of, shipped, small, without_choices

Answered = list[tuple[Request, Decision]]
drawn = settings(max_examples=300, deadline=None, derandomize=True, database=None)
seeds = st.integers(0, 2**32).map(seeded)
STRICTER = (RuleKind.FORBID, RuleKind.REQUIRE)
CLIENTS = frozenset({"oryx-energy"})
PLACES = ("CH", "GB", "SG", "DE", "US", "AE", "CN")


def no_wider(narrow: Decision, wide: Decision) -> bool:
    return all(
        one.outcome.rank <= other.outcome.rank for one, other in zip(narrow.verdicts, wide.verdicts, strict=True)
    )


def as_strict(duty: Obligation, others: tuple[Obligation, ...]) -> bool:
    """Whether an obligation of that name is among the others, with a measure at least as strict."""
    found = next((one for one in others if one.name == duty.name), None)
    if found is None or not duty.parameter:
        return found is not None
    if duty.name == "aggregate_k":
        return int(found.parameter) >= int(duty.parameter)
    return hours(found.parameter) <= hours(duty.parameter)


@pytest.fixture(scope="module")
def asked(ama: Statement) -> Answered:
    """Requests from every land that an overlay speaks of, and the overlays' own cases; the answers without overlays."""
    draw = seeded(31)
    wires = [draw_wire(ama.policy, draw) for _ in range(6_000)]
    for wire in wires:
        wire |= {key: draw.choice(PLACES) for key in ("company", "recipient_country") if key in wire}
        wire.get("subject", {})["country"] = draw.choice(PLACES)
    requests = [*(read_request(wire) for wire in wires), *(case.request for one in shipped() for case in one.cases)]
    return [(one, decide(ama.policy, one)) for one in requests]


@pytest.mark.clause("1.3", "1.4")
def test_what_is_permitted_with_overlays_is_permitted_without(ama: Statement, asked: Answered) -> None:
    overlaid = Overlaid(ama.policy, shipped())
    narrowed: dict[str, None] = {}
    for request, without in asked:
        decision = overlaid.decide(request, CLIENTS)
        assert no_wider(decision, without), request
        if decision.outcome is not without.outcome:
            narrowed |= dict.fromkeys(clause.partition("/")[0] for clause in decision.clauses)
    assert set(narrowed) >= {"law:EU", "law:AE", "law:CN", "bcr:group", "contract:oryx-energy"}


def test_each_more_overlay_only_narrows(ama: Statement, asked: Answered) -> None:
    some = [Overlaid(ama.policy, chosen) for number in (0, 1, 3) for chosen in combinations(shipped(), number)]
    everything = Overlaid(ama.policy, shipped())
    for request, _ in asked[:300]:
        least = everything.decide(request, CLIENTS)
        assert all(no_wider(least, one.decide(request, CLIENTS)) for one in some)


def test_no_obligation_is_dropped_where_the_answer_stays(ama: Statement, asked: Answered) -> None:
    overlaid, stayed = Overlaid(ama.policy, shipped()), 0
    for request, without in asked:
        decision = overlaid.decide(request, CLIENTS)
        for one, other in zip(decision.verdicts, without.verdicts, strict=True):
            if one.outcome is other.outcome:
                assert all(as_strict(duty, one.obligations) for duty in other.obligations), request
                stayed += one.obligations != other.obligations
    assert stayed


def test_the_order_of_overlays_and_of_their_rules_changes_nothing(ama: Statement, asked: Answered) -> None:
    ways = [Overlaid(ama.policy, order) for order in (shipped(), tuple(reversed(shipped())))]
    turned = [replace(one, rules=tuple(reversed(one.rules))) for one in shipped()]
    ways.append(Overlaid(ama.policy, turned))
    for request, _ in asked[:1500]:
        first, *others = [one.decide(request, CLIENTS) for one in ways]
        assert all(one == first for one in others)


def test_naming_less_never_widens_under_overlays(ama: Statement, asked: Answered) -> None:
    """A place left out could be any, so every law has a say."""
    overlaid = Overlaid(ama.policy, shipped())
    for request, _ in asked[:1500]:
        full = overlaid.decide(request, CLIENTS)
        for place in ("company", "country", "recipient_country"):
            assert no_wider(overlaid.decide(replace(request, **{place: None}), CLIENTS), full), (request, place)  # type: ignore[arg-type]


def test_what_an_overlay_forbids_is_proven_never_permitted_and_would_be_without(ama: Statement) -> None:
    """Over the whole request space, as if every overlay had a say everywhere."""
    forbids = [rule for one in shipped() for rule in one.rules if rule.kind is RuleKind.FORBID]
    without, within = Analysis(ama.policy, forbids), Analysis(tightened(ama.policy, shipped()))
    assert forbids
    for rule in forbids:
        assert within.never(rule).holds, rule.id
        assert not without.never(rule).holds, rule.id
    assert within.permitted < without.permitted


def test_no_stop_of_an_installed_overlay_is_idle(ama: Statement) -> None:
    """Each alone around the statement stops something that would pass."""
    for overlay in shipped():
        stops = {rule.id for rule in overlay.rules if rule.kind is RuleKind.FORBID or rule.need != ALWAYS}
        idle = {one.rule.id for one in Analysis(tightened(ama.policy, [overlay])).idle()}
        assert not stops & idle


def test_a_damaged_overlay_is_refused_in_words_or_still_never_widens(ama: Statement, asked: Answered) -> None:
    draw, in_force = seeded(77), 0
    for _ in range(300):
        damaged = draw.choice(shipped()).text.splitlines()
        for _ in range(draw.choice((1, 1, 3))):
            damage(damaged, draw)
        try:
            overlay = compile_overlay("\n".join(damaged), ama)
        except StatementError:
            continue
        in_force += 1
        overlaid = Overlaid(ama.policy, [overlay])
        for request, without in draw.sample(asked, 20):
            assert no_wider(overlaid.decide(request, CLIENTS), without)
    assert 20 < in_force < 280


def damage(lines: list[str], draw: random.Random) -> None:
    """A line goes, stands twice, or gets a word of another line."""
    place, other = draw.randrange(len(lines)), draw.randrange(len(lines))
    words = [word for word in lines[other].split(" ") if word] or ["permit"]
    changed = [*lines[place].split(" ")]
    changed[draw.randrange(len(changed))] = draw.choice(words)
    lines[place : place + 1] = draw.choice(([], [lines[place]] * 2, [" ".join(changed)]))


def drawn_overlays(draw: random.Random) -> list[Overlay]:
    kinds = ("law:CH", "law:EU", "policy:a", "bcr:b")
    return [
        overlay_of(
            [
                replace(draw_rule(draw, draw.choice(STRICTER)), id=f"{kind}/6.{number}")
                for number in range(1, draw.randint(2, 4))
            ],
            kind,
            "everywhere" if kind == "policy:a" else draw.choice(("CH", "EU", "US")),
        )
        for kind in draw.sample(kinds, draw.randint(1, 4))
    ]


@drawn
@given(seeds)
def test_drawn_overlays_never_widen_drawn_statements_whatever_their_order(draw: random.Random) -> None:
    policy, overlays = draw_policy(draw), drawn_overlays(draw)
    overlaid, turned = Overlaid(policy, overlays), Overlaid(policy, overlays[::-1])
    for _ in range(20):
        request = draw_small_request(draw)
        decision, without = overlaid.decide(request), decide(policy, request)
        assert no_wider(decision, without)
        assert decision == turned.decide(request)
        for one, other in zip(decision.verdicts, without.verdicts, strict=True):
            if one.outcome is other.outcome is Outcome.PERMIT:
                assert all(as_strict(duty, one.obligations) for duty in other.obligations)


@drawn
@given(seeds)
def test_compel_lifts_nothing_but_the_choices_it_names_and_only_for_a_lawful_order(draw: random.Random) -> None:
    policy = draw_policy(draw)
    named = draw.sample([rule.section for rule in policy.rules], draw.randint(0, min(3, len(policy.rules))))
    overlaid = Overlaid(policy, [overlay_of([], "law:CH", "CH", *named)])
    bare = without_choices(policy)
    for _ in range(20):
        request = draw_small_request(draw)
        if draw.random() < 0.6:
            request = replace(request, company="CH", purpose="legal_order", other="")
        compelled, without = overlaid.decide(request), decide(policy, request)
        assert no_wider(compelled, decide(bare, request))
        if not no_wider(compelled, without):
            assert (request.purpose, request.facts.order, request.company) == ("legal_order", True, "CH")
            assert any(rule.kind is RuleKind.CHOICE and rule.section in named for rule in policy.rules)


def test_compel_over_the_installed_statement_leaves_its_measures(ama: Statement) -> None:
    """Every clause is named at once; part 9 and all that is no choice still stand."""
    everything = overlay_of([], "law:CH", "CH", *{rule.section for rule in ama.policy.rules})
    overlaid = Overlaid(ama.policy, [everything])
    for request in draw_requests(ama.policy, seed=9, number=3_000):
        compelled, without = overlaid.decide(request), decide(ama.policy, request)
        if compelled.clauses != without.clauses:
            assert request.purpose == "legal_order"
            assert not any(clause.startswith("9.") for clause in without.clauses)


def test_a_lifted_block_is_really_met() -> None:
    """The property above would hold of a `compel` that did nothing."""
    request = read_request(
        {"company": "CH", "actor": "privacy_officer", "action": "disclose", "data": ["name"],
         "purpose": "legal_order", "recipient": "police_or_court", "recipient_country": "CH",
         "subject": {"country": "CH", "choices": ["block_recipient:authority"]}, "facts": {"order": True}}
    )  # fmt: skip
    compelling = Overlaid(small().policy, [overlay_of([], "law:CH", "CH", "8.12a")])
    assert (decide(small().policy, request).outcome, compelling.decide(request).outcome) == (
        Outcome.DENY, Outcome.PERMIT,
    )  # fmt: skip
