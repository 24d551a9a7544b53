"""The cases that stand in the statement: each row of the source that a decision can show is shown where it is restated.

The compiler runs the cases; this only asks that they are there, so that a reader of a clause sees it at work.
"""

from collections.abc import Callable

import pytest

from amanat.policy.decision import Decision
from amanat.policy.interpreter import decide
from amanat.statement.cases import Case, read_cases, read_world, run_case
from amanat.statement.compile import Statement
from amanat.statement.diagnostics import Diagnostic
from amanat.statement.document import Line, read_document
from amanat.vocabulary.terms import CATEGORY, PLATFORM_FACTS

Decided = Callable[..., Decision]

# Row of the source → outcome, and words of the case that shows it.
SHOWN = {
    "0.1": "deny provider.travel failing(graph)",
    "0.2a": "permit destinations local_advice no consent",
    "0.2b": "glass emergency_care glass(no case, no role, no reason)",
    "0.2c": "deny blood_type civil_unrest_response emergency_unrest glass",
    "0.4": "deny company(AQ)",
    "1.2": "deny clinic tool(bcr) failing(bound)",
    "2.1b": "deny report failing(training)",
    "2.2": "deny treatment_case provider.medical failing(comparable)",
    "2.3c": "deny member view dependant_of",
    "3.1b": "deny fitness_flag security_advice 6.12",
    "3.2a": "deny diagnosis employer 6.12",
    "3.2b": "ask report medical_insurer 8.10b",
    "3.2c": "ask treatment_case assistance_company 8.10b",
    "3.2d": "deny payment card_issuer 6.12",
    "3.2e": "ask report hospital 8.10b",
    "3.2f": "deny itinerary provider.travel relation(visitor)",
    "3.2g": "deny police_or_court 6.12",
    "3.3": "deny receive no attestation",
    "3.4b": "ask phone_home employer 6.10",
    "3.4e": "permit aggregate industry_sector statistics",
    "3.5": "deny aggregate k(9)",
    "3.5a": "deny client_admin aggregate k(3)",
    "3.5b": "deny aggregate k(9)",
    "3.6a": "ask call_recording no consent",
    "3.6b": "ask consultation clinic_visit no consent",
    "3.6c": "ask consultation employer 6.10",
    "3.6d": "deny assistance_coordinator consultation",
    "3.6e": "permit escort emergency_medical glass",
    "3.6f": "ask fitness_flag employer 6.10",
    "3.6g": "deny logistics_agent prescription",
    "3.6h": "deny diagnosis security_advice 6.12",
    "3.6i": "deny web_public age(17) 7.1",
    "4.4": "out_of_scope host(foreign)",
    "5.1a": "ask browse no consent",
    "5.1b": "deny name site_admin",
    "5.1c": "ask track no consent",
    "5.1d": "deny aggregate k(9)",
    "5.6": "deny combine device, policy_number",
    "5.7": "ask analytics_event no consent",
    "5.8": "deny use browse given 5.8",
    "5.9": "deny analytics_event, email",
    "5.14": "ask provider.survey no consent",
    "6.1a": "deny direct no entitlement",
    "6.1b": "deny no entitlement 6.1b",
    "6.1c": "deny member_of no entitlement",
    "6.1d": "deny beneficiary_under no entitlement",
    "6.3a": "ask collect treatment_case no consent",
    "6.3b": "ask report health_assessment no consent",
    "6.3c": "ask emergency_record no consent",
    "6.4a": "deny marketing_editor itinerary travel_tracking",
    "6.5": "deny report billing",
    "6.6": "deny security_centre 6.6",
    "6.7": "deny agreement(expired)",
    "6.8": "deny recipient_country(AU) no tool",
    "6.9a": "deny without(secrecy)",
    "6.9b": "deny without(purpose_bound)",
    "6.9c": "deny without(our_directions)",
    "6.10": "deny newsletter payer_disclosure",
    "6.10a": "ask to employer for billing given consent(payer_disclosure, insurer)",
    "6.10b": "permit employer_of_relative dependant_of",
    "6.10c": "permit insurer claims",
    "6.10d": "permit medical_insurer claims",
    "6.10e": "permit card_issuer claims",
    "6.10f": "permit membership_body billing",
    "6.11": "deny legal_order no order",
    "6.12": "deny itinerary advertising_offsite 6.12",
    "7.1": "deny minor online_form 7.1",
    "8.1a": "ask provider.ads advertising_onsite no consent",
    "8.1b": "deny destinations advertising_offsite",
    "8.2": "ask ad_interest no consent",
    "8.3": "ask report no consent",
    "8.4": "ask online_form no consent",
    "8.5a": "ask report clinic no consent",
    "8.5b": "deny provider.medical no agreement",
    "8.5c": "deny diagnosis provider.travel",
    "8.5d": "ask clinic_or_doctor no consent",
    "8.5e": "ask hospital health_assessment no consent",
    "8.6": "deny emergency_local routine 6.12",
    "8.7": "deny opt_out_service 8.7",
    "8.8": "ask newsletter no consent",
    "8.10a": "ask treatment_case no consent 8.3",
    "8.10b": "ask report health third_party_source, hospital",
    "8.11": "deny report provider.security",
    "8.12a": "deny block_recipient, payer",
    "8.12b": "deny block_purpose, web",
    "8.13a": "deny withhold, phone_home",
    "8.13b": "deny erase identity(claimed)",
    "8.14": "deny failing(instruction)",
    "8.17": "deny failing(registered)",
    "8.18": "deny hospital 8.18",
    "9.2": "deny report failing(case)",
    "9.3a": "deny web_system report 6.12",
}


def shown_in(statement: Statement, row: str) -> list[Case]:
    """The cases of the clauses that restate a row of the source."""
    homes = {
        section.id
        for section in statement.sections
        for kind, text in section.notes
        if kind == "source" and row in text.split(", ")
    }
    return [case for case in statement.cases if case.clause in homes]


@pytest.mark.parametrize(("row", "said"), SHOWN.items(), ids=SHOWN)
def test_a_row_that_a_decision_can_show_is_shown_where_it_is_restated(ama: Statement, row: str, said: str) -> None:
    outcome, *words = said.split()
    cases = [" ".join(case.text.split()) for case in shown_in(ama, row)]
    assert [one for one in cases if one.startswith(f"{outcome} ") and all(word in one for word in words)]


def test_every_platform_fact_is_seen_to_fail(ama: Statement) -> None:
    assert {fact for case in ama.cases for fact in case.failing} == set(PLATFORM_FACTS)


def test_each_control_is_felt_by_a_case_of_its_clause(ama: Statement) -> None:
    controlled = {rule.section.rstrip("abcdefg") for rule in ama.policy.rules if rule.kind.value == "control"}
    felt = {case.clause for case in ama.cases if case.failing and case.outcome == "deny"}
    assert controlled <= felt


def test_a_case_may_say_that_a_check_of_the_platform_fails(ama: Statement) -> None:
    findings: list[Diagnostic] = []
    told = Line(1, "deny clinician use name for consultation given failing(graph, case)")
    (case,) = read_cases([told], "0.1", {"subject": {}, "facts": {}}, findings)
    assert not findings
    assert (set(case.failing), case.wire["facts"]) == ({"graph", "case"}, {})
    assert run_case(ama.policy, case) is None


@pytest.mark.parametrize("fact", ["failing(weather)", "failing"])
def test_an_unknown_check_is_a_fault(fact: str) -> None:
    findings: list[Diagnostic] = []
    told = Line(1, f"deny clinician use name for consultation given {fact}")
    assert read_cases([told], "0.1", {"subject": {}, "facts": {}}, findings) == []
    assert [one.code for one in findings] == ["K002"]


@pytest.mark.parametrize("wrong", ["no case", "no role", "no reason", "reachable", "too much", "refused"])
def test_a_glass_that_is_broken_wrongly_opens_nothing(ama: Statement, wrong: str) -> None:
    """Broken rightly it would have opened; against a recorded no it never does (A-10)."""
    world = read_world(read_document(ama.text).world, [])
    asked = "permit assistance_coordinator use blood_type for emergency_care in emergency_medical given glass({})"
    cases = read_cases([Line(1, asked.format(one)) for one in ("", wrong)], "8.3", world, [])
    outcomes = [decide(ama.policy, case.request).outcome.value for case in cases]
    assert outcomes == ["permit", "deny" if wrong == "refused" else "glass"]


def test_a_glass_can_only_lack_what_it_asks_for() -> None:
    findings: list[Diagnostic] = []
    told = Line(1, "deny clinician use name for consultation given glass(no hammer)")
    assert read_cases([told], "8.3", {"subject": {}, "facts": {}}, findings) == []
    assert [one.code for one in findings] == ["K002"]


# Rows whose tests are decisions, and stand in no other file.


@pytest.mark.clause("0.2a")
def test_advice_on_a_country_is_served_without_any_medical_consent(decided: Decided) -> None:
    for relation in ("direct", "employee_of", "dependant_of", "beneficiary_under", "member_of"):
        served = decided(f"assistance_coordinator use destinations for local_advice of {relation} given no consent")
        assert served.outcome.value == "permit"


@pytest.mark.clause("3.1b")
def test_a_field_that_a_service_did_not_declare_is_rejected(decided: Decided) -> None:
    yes = "given consent(medical_service), consent(live_location), consent(call_recording)"
    for leaf in CATEGORY.leaves_in(CATEGORY.mask_of("medical") | CATEGORY.mask_of("medical_derived")):
        refused = decided(f"security_specialist collect {leaf} for security_advice via phone {yes}")
        assert (refused.outcome.value, refused.clauses) == ("deny", ("6.12",)), leaf


@pytest.mark.clause("3.6f")
def test_a_client_hears_the_verdict_on_fitness_only_with_consent(decided: Decided) -> None:
    told = "clinician disclose fitness_flag to employer for health_assessment given consent(medical_service)"
    assert decided(told).needs == ("payer_disclosure:employer",)
    assert decided(f"{told}, consent(payer_disclosure, employer)").outcome.value == "permit"


@pytest.mark.clause("5.9")
def test_a_counted_event_that_names_somebody_is_rejected(decided: Decided) -> None:
    for leaf in CATEGORY.leaves_in(CATEGORY.mask_of("personal")):
        refused = decided(f"web_system use analytics_event, {leaf} for site_analytics given consent(cookies_analytics)")
        assert refused.outcome.value == "deny", leaf
        assert "5.9" in refused.clauses


@pytest.mark.clause("8.1b")
def test_data_of_members_cannot_enter_an_audience(decided: Decided) -> None:
    yes = "given consent(cookies_ads), consent(medical_service), consent(emergency_record), consent(live_location)"
    for leaf in CATEGORY.leaves_in(CATEGORY.mask_of("personal") & ~CATEGORY.mask_of("web")):
        asked = f"web_system disclose {leaf} to provider.ads for advertising_offsite {yes}"
        assert decided(asked).outcome.value == "deny", leaf
