"""Overlays: which of them have a say, what a decision tells of them, and what a law may compel."""

from dataclasses import replace
from pathlib import Path

import pytest

from amanat.policy.decider import Decider
from amanat.policy.decision import Outcome
from amanat.policy.interpreter import Policy, decide
from amanat.policy.request import Request
from amanat.policy.rule import Box, Obligation, Rule, RuleKind
from amanat.policy.wire import write_decision
from amanat.statement.compile import Statement
from amanat.statement.declarations import Duty
from amanat.statement.diagnostics import StatementError
from amanat.statement.overlay_compile import compile_overlay, installed_overlays, load_overlay, load_overlays
from amanat.statement.overlays import Decide, Overlaid, Overlay, tightened, time_allowed
from amanat.statement.readability import MAX_GRADE, MAX_SENTENCES, MAX_WORDS, reading_of
from amanat.statement.words import sentence
from amanat.vocabulary.clauses import clause_of, clause_order, section_of
from stage.overlays import overlay_of, shipped, small
from stage.rules import request_of

STOP = Rule("law:CH/6.7", RuleKind.FORBID, Box())
ORDERED = {
    "actor": "privacy_officer", "purpose": "legal_order", "recipient": "police_or_court", "facts.order": True,
    "subject.choices": ["block_recipient:authority"],
}  # fmt: skip


def told(overlays: Overlaid, request: Request, *clients: str) -> list[str]:
    return [one for one, _ in overlays.decide(request, frozenset(clients)).overlays]


@pytest.mark.parametrize(
    ("applies", "where", "concerned"),
    [
        ("CH", {}, True),
        ("CH", {"company": "SG", "subject.country": "SG"}, True),
        ("CH", {"company": "SG", "subject.country": "SG", "recipient_country": "SG"}, False),
        ("CH", {"company": "SG", "recipient_country": "SG"}, True),
        ("EU", {"company": "DE"}, True),
        ("DE", {"company": "DE"}, True),
        ("FR", {"company": "DE"}, False),
        ("AE-DIFC", {"subject.country": "AE"}, True),
        ("EU", {}, False),
    ],
)
def test_law_has_a_say_where_we_act_where_the_person_lives_and_where_data_goes(
    applies: str, where: dict[str, str], *, concerned: bool
) -> None:
    assert overlay_of([STOP], "law:X", applies).concerns(request_of(where)) is concerned


def test_where_data_goes_matters_only_if_it_goes() -> None:
    at_home = {"company": "SG", "subject.country": "SG", "recipient_country": "CH"}
    overlay = overlay_of([STOP])
    assert overlay.concerns(request_of(at_home))
    assert not overlay.concerns(request_of(at_home | {"action": "use"}))
    assert not overlay.concerns(request_of(at_home, "recipient"))


@pytest.mark.parametrize("unknown", ["subject.country", "company", "recipient_country"])
def test_a_place_that_nobody_named_could_be_any(unknown: str) -> None:
    assert overlay_of([STOP], "law:X", "KE").concerns(request_of({}, unknown))
    assert not overlay_of([STOP], "law:X", "KE").concerns(request_of())


def test_what_is_out_of_scope_consults_nobody() -> None:
    assert not overlay_of([STOP], "policy:X", "everywhere").concerns(request_of({"host": "foreign"}))


def test_binding_rules_follow_the_origin_and_contracts_the_client() -> None:
    there = request_of({"recipient_country": "DE"})
    assert overlay_of([STOP], "law:X", "EU").concerns(there)
    assert not overlay_of([STOP], "bcr:X", "EU").concerns(there)
    assert overlay_of([STOP], "policy:X", "everywhere").concerns(there)
    contract = overlay_of([STOP], "contract:X", "oryx-energy")
    assert contract.concerns(there, frozenset({"oryx-energy", "another"}))
    assert not contract.concerns(there, frozenset({"another"}))
    assert not contract.concerns(there)


@pytest.mark.clause("1.0", "1.1a")
def test_a_decision_tells_which_overlays_were_consulted_with_their_digests(ama: Statement) -> None:
    overlaid = Overlaid(ama.policy, shipped())
    at_home = request_of({"company": "DE", "subject.country": "DE", "recipient_country": "DE"})
    decision = overlaid.decide(at_home, frozenset({"oryx-energy"}))
    assert [one for one, _ in decision.overlays] == [
        "law:EU", "bcr:group", "policy:data-protection", "contract:oryx-energy",
    ]  # fmt: skip
    digests = {one.id: one.digest for one in shipped()}
    assert write_decision(decision)["overlays"] == {one: digests[one] for one, _ in decision.overlays}
    assert len(set(digests.values())) == len(digests) == len(installed_overlays())


def test_without_overlays_nothing_is_told_and_nothing_changes(ama: Statement) -> None:
    base, request = ama.policy, request_of()
    assert Overlaid(base, ()).decide(request) == decide(base, request)
    assert "overlays" not in write_decision(Overlaid(base, ()).decide(request))
    elsewhere = overlay_of([STOP], "law:KE", "KE")
    assert Overlaid(base, [elsewhere]).decide(request) == decide(base, request)


def test_a_stop_cites_the_overlay_and_the_clause_and_names_the_statement_still(ama: Statement) -> None:
    base = ama
    decision = Overlaid(base.policy, [overlay_of([STOP])]).decide(request_of())
    assert (decision.outcome, decision.clauses) == (Outcome.DENY, ("law:CH/6.7",))
    assert (decision.version, decision.digest) == (base.version, base.digest)
    assert base.section(clause_of("law:CH/6.7")) is base.section("6.7")


def test_ids_of_overlays_are_shown_without_suffix_and_come_last() -> None:
    assert section_of("law:CH/6.7x") == "law:CH/6.7"
    assert section_of("law:CH/99.1") is None
    ordered = [
        "6.9",
        "M.1",
        "law:CH/6.9",
        "law:CH/6.10",
        "law:EU/0.4",
        "bcr:group/1.2",
        "policy:a/8.6",
        "contract:a/6.5",
    ]
    assert sorted(set(ordered), key=clause_order) == ordered


def test_a_duty_alone_is_added_and_of_two_times_the_shorter_stays() -> None:
    duties = tuple(Obligation("review", span) for span in ("96h", "24h"))
    rules = [
        Rule(f"law:CH/6.7{name}", RuleKind.REQUIRE, Box(), then=(duty,))
        for name, duty in zip("xy", duties, strict=True)
    ]
    decision = Overlaid(small().policy, [overlay_of(rules)]).decide(request_of())
    assert decision.outcome is Outcome.PERMIT
    assert decision.clauses == ("6.7", "law:CH/6.7")
    assert "review(24h)" in map(str, decision.obligations)
    assert sentence(rules[0]).startswith("Anyone who may ")
    assert "must add what follows; then " in sentence(rules[0])


def test_one_policy_is_made_for_each_set_of_overlays() -> None:
    made: list[str] = []

    def reading(policy: Policy) -> Decide:
        made.append(policy.version)
        return Decider(policy).decide

    overlaid = Overlaid(small().policy, [overlay_of([STOP]), overlay_of([], "law:KE", "KE")], reading)
    for country in ("CH", "CH", "KE", "CH", "KE", "SG"):
        overlaid.decide(request_of({"company": country, "subject.country": country, "recipient_country": country}))
    assert len(made) == 3
    assert overlaid.around(request_of()) is overlaid.around(request_of())


def test_an_act_that_is_two_requests_needs_the_yes_of_both_under_their_own_overlays() -> None:
    here, there = request_of(), request_of({"company": "SG", "subject.country": "SG", "recipient_country": "SG"})
    overlaid = Overlaid(small().policy, [overlay_of([STOP], "law:SG", "SG"), overlay_of([], "law:CH", "CH")])
    assert overlaid.decide_together((here,)) == overlaid.decide(here)
    both = overlaid.decide_together((here, there))
    assert both.outcome is Outcome.DENY
    assert [one for one, _ in both.overlays] == ["law:CH", "law:SG"]


def test_compel_lets_a_lawful_order_pass_a_choice() -> None:
    base, request = small().policy, request_of(ORDERED)
    compelling = overlay_of([], "law:CH", "CH", "8.12")
    assert decide(base, request).clauses == ("8.12a",)
    assert Overlaid(base, [compelling]).decide(request).outcome is Outcome.PERMIT
    for change in ({"facts.order": False}, {"purpose": "rights_fulfilment"}, {"purpose": "legal_permission"}):
        other = request_of(ORDERED | change)
        assert Overlaid(base, [compelling]).decide(other).outcome is decide(base, other).outcome is Outcome.DENY


def test_a_law_compels_the_companies_of_its_own_land_alone() -> None:
    base, compelling = small().policy, overlay_of([], "law:CH", "CH", "8.12")
    for place in ("company", "subject.country"):
        request = request_of(ORDERED | {"company": "SG", "subject.country": "SG"} | {place: "CH"})
        assert compelling.concerns(request)
        assert (Overlaid(base, [compelling]).decide(request).outcome is Outcome.PERMIT) is (place == "company")


def test_compel_never_lifts_another_clause_nor_a_stop() -> None:
    base = small().policy
    compelling = overlay_of([], "law:CH", "CH", "8.12")
    held = request_of(ORDERED | {"subject.choices": ["withhold:name"]})
    assert Overlaid(base, [compelling]).decide(held).clauses == ("9.2",)
    stopping = overlay_of([Rule("law:EU/6.11", RuleKind.FORBID, Box())], "law:EU", "CH")
    assert Overlaid(base, [compelling, stopping]).decide(request_of(ORDERED)).clauses == ("law:EU/6.11",)
    measured = tightened(base, [], frozenset({"6.7", "7.1", "8.12"}))
    changed = [one.id for one, other in zip(measured.rules, base.rules, strict=True) if one != other]
    assert changed == ["8.12a"]


def test_a_law_that_compels_is_read_from_a_file() -> None:
    text = Path(__file__).with_name("compelling.md").read_text(encoding="utf-8")
    overlay = compile_overlay(text, small())
    assert (overlay.compels, overlay.rules) == (frozenset({"8.12"}), ())


@pytest.mark.parametrize("overlay", installed_overlays())
def test_each_installed_overlay_is_in_force_around_the_statement(ama: Statement, overlay: str) -> None:
    loaded = load_overlay(overlay, ama)
    assert loaded.id == overlay
    assert loaded.rules or loaded.compels
    assert all(one.id.startswith(f"{overlay}/") for one in loaded.rules)
    assert all(ama.section(clause_of(one.section)) for one in loaded.rules)
    for reading in (reading_of(section.text) for section in loaded.sections):
        assert reading.grade <= MAX_GRADE
        assert reading.sentences <= MAX_SENTENCES
        assert reading.longest <= MAX_WORDS


def test_an_overlay_that_is_not_there_is_told(tmp_path: Path) -> None:
    for name in ("law:XX", str(tmp_path / "none.md")):
        with pytest.raises(StatementError, match="O000"):
            load_overlay(name, small())


@pytest.mark.clause("1.2")
def test_data_of_europe_moves_inside_the_group_between_bound_companies_or_under_another_tool(ama: Statement) -> None:
    wire = {"recipient": "assistance_centre", "recipient_country": "SG", "purpose": "case_coordination"}
    overlaid = Overlaid(ama.policy, shipped())
    outcomes = {}
    for tool in ("bcr", "scc"):
        request = request_of(wire | {"facts.tool": tool})
        unbound = replace(request, facts=replace(request.facts, platform_failures=frozenset({"bound"})))
        outcomes[tool] = overlaid.decide(unbound)
        assert overlaid.decide(request).outcome is Outcome.PERMIT
    assert (outcomes["bcr"].outcome, outcomes["bcr"].clauses) == (Outcome.DENY, ("1.2",))
    assert outcomes["scc"].outcome is Outcome.PERMIT


@pytest.mark.clause("1.4")
def test_a_contract_narrows_for_its_own_client_alone(ama: Statement) -> None:
    overlaid = Overlaid(ama.policy, shipped())
    request = request_of(
        {"action": "disclose", "data": ["entitlement"], "actor": "billing_clerk", "purpose": "billing",
         "recipient": "employer", "subject.choices": ["payer_disclosure:employer"]}
    )  # fmt: skip
    assert overlaid.decide(request).outcome is Outcome.PERMIT
    assert overlaid.decide(request, frozenset({"another"})).outcome is Outcome.PERMIT
    assert overlaid.decide(request, frozenset({"oryx-energy"})).clauses == ("contract:oryx-energy/6.5",)


@pytest.mark.clause("1.4")
def test_the_shortest_time_of_a_duty_counts_and_is_told_with_its_source(ama: Statement) -> None:
    oryx = load_overlay("contract:oryx-energy", ama)
    (trips,) = [one for one in ama.declarations if isinstance(one, Duty) and one.event == "trip_ended"]
    assert time_allowed(trips, []) == (trips.within, "T.1")
    assert time_allowed(trips, [oryx]) == ("30d", "contract:oryx-energy/T.1")
    others = [one for one in ama.declarations if isinstance(one, Duty) and one is not trips]
    assert others
    assert all(time_allowed(one, shipped()) == (one.within, one.section) for one in others)


def test_two_overlays_of_one_id_are_refused(ama: Statement, tmp_path: Path) -> None:
    own = tmp_path / "own.md"
    own.write_text(load_overlay("law:EU", ama).text.replace("1.0.0", "1.0.1"), encoding="utf-8")
    assert [one.version for one in load_overlays(["law:EU", "law:EU"], ama)] == ["1.0.0"]
    assert [one.version for one in load_overlays([str(own)], ama)] == ["1.0.1"]
    with pytest.raises(StatementError, match="O013"):
        load_overlays(["law:EU", str(own)], ama)


def test_overlays_are_told_in_one_order_however_they_are_given() -> None:
    given: list[Overlay] = list(shipped())
    assert Overlaid(small().policy, given).overlays == Overlaid(small().policy, reversed(given)).overlays
