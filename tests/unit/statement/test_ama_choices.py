"""What the person chose, at the level of a decision: opt-ins, blocks, and those who act for somebody else."""

from collections.abc import Callable

import pytest

from amanat.policy.decision import Decision

Decided = Callable[..., Decision]

TO_TRAVEL = "assistance_coordinator transfer itinerary to provider.travel for logistics"
CARE = "clinician use report for treatment given consent(medical_service)"


def outcome(decision: Decision) -> str:
    return decision.outcome.value


def refused_by(decision: Decision) -> tuple[str, ...]:
    assert outcome(decision) == "deny"
    return decision.clauses


@pytest.mark.clause("6.3c")
def test_an_emergency_record_cannot_be_saved_before_the_opt_in(decided: Decided) -> None:
    for action in ("collect", "store"):
        asked = f"member {action} emergency_record for emergency_record via online_form"
        assert (outcome(decided(asked)), decided(asked).needs) == ("ask", ("emergency_record",))
        assert outcome(decided(f"{asked} given consent(emergency_record)")) == "permit"


def test_one_yes_does_not_stand_for_another(decided: Decided) -> None:
    """The emergency record, position and calls each need their own; the general yes covers the rest."""
    shared = "clinician disclose allergies to hospital for emergency_care"
    assert decided(f"{shared} given consent(medical_service)").needs == ("emergency_record",)
    tracked = "security_specialist track live_location for travel_tracking"
    assert decided(f"{tracked} given consent(medical_service)").needs == ("live_location",)
    assert decided("clinician use report for treatment given consent(emergency_record)").needs == ("medical_service",)


@pytest.mark.clause("8.7")
def test_after_an_opt_out_a_service_call_is_denied(decided: Decided) -> None:
    for asked in (f"{CARE}, choice(opt_out_service)", f"{TO_TRAVEL} given choice(opt_out_service)"):
        assert refused_by(decided(asked)) == ("8.7",)


@pytest.mark.clause("8.12a")
def test_a_blocked_recipient_is_told_nothing_unless_the_law_compels_it(decided: Decided) -> None:
    blocked = "choice(block_recipient, authority)"
    lawful = f"privacy_officer disclose name to police_or_court for legal_order given {blocked}, order"
    allowed = f"privacy_officer disclose name to consular for legal_permission given {blocked}, order"
    told = "assistance_coordinator disclose name to emergency_local for emergency_care in emergency_medical"
    assert outcome(decided(lawful)) == "permit"
    assert refused_by(decided(allowed)) == refused_by(decided(f"{told} given {blocked}")) == ("8.12a",)


@pytest.mark.clause("8.12b")
def test_a_blocked_purpose_stops_counting_adverts_surveys_and_news(decided: Decided) -> None:
    asked = {
        "web_system use browse for site_analytics given consent(cookies_analytics)": "web",
        "web_system disclose device to provider.ads for advertising_onsite given consent(cookies_ads)": "outreach",
        "web_system disclose device to provider.survey for survey given consent(cookies_survey)": "web",
        "web_system contact email for newsletter given consent(newsletter)": "outreach",
    }
    for text, purpose in asked.items():
        assert outcome(decided(text)) == "permit"
        assert refused_by(decided(f"{text}, choice(block_purpose, {purpose})")) == ("8.12b",)


@pytest.mark.clause("5.8")
def test_a_query_of_visits_without_its_purpose_is_denied(decided: Decided) -> None:
    for leaf in ("browse", "analytics_event"):
        assert refused_by(decided(f"web_system use {leaf} given consent(cookies_analytics)")) == ("5.8",)


def test_a_guardian_needs_proof_and_never_stands_for_an_adult(decided: Decided) -> None:
    copy = "privacy_officer disclose report {} to guardian for rights_fulfilment given {}"
    assert outcome(decided(copy.format("of minor", "guardian_for"))) == "permit"
    assert refused_by(decided(copy.format("of minor", "no guardian"))) == ("M.1",)
    assert refused_by(decided(copy.format("of direct", "guardian_for"))) == ("M.1",)


def test_the_person_named_for_an_emergency_must_have_been_named(decided: Decided) -> None:
    told = "assistance_coordinator disclose event_location to nominee for emergency_care in emergency_medical"
    assert (outcome(decided(told)), decided(told).needs) == ("ask", ("nominee",))
    assert outcome(decided(f"{told} given consent(nominee)")) == "permit"


def test_an_order_online_needs_a_known_adult(decided: Decided) -> None:
    order = "web_system collect name, order for order_fulfilment via web_public"
    assert outcome(decided(order)) == "permit"
    assert refused_by(decided(f"{order} given no age")) == ("3.6i",)
    assert refused_by(decided(f"{order} given age(17)")) == ("7.1",)
