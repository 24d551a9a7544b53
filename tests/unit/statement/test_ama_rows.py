"""Rows of the source at the level of a decision: what the installed statement answers, and which clause it cites.

Requests are written in the statement's own case language; each starts from its declared world.
"""

from collections.abc import Callable

import pytest

from amanat.policy.decision import Decision
from amanat.vocabulary import law
from amanat.vocabulary.terms import CATEGORY, RECIPIENT, ROLE

Decided = Callable[..., Decision]

TO_TRAVEL = "assistance_coordinator transfer itinerary to provider.travel for logistics"
TO_RESCUE = "assistance_coordinator disclose {} to emergency_local for emergency_care in {}"
CARE = "clinician use report for treatment given consent(medical_service)"


def outcome(decision: Decision) -> str:
    return decision.outcome.value


def refused_by(decision: Decision) -> tuple[str, ...]:
    assert outcome(decision) == "deny"
    return decision.clauses


def duties(decision: Decision) -> set[str]:
    return {str(duty) for duty in decision.obligations}


# What the platform checks itself.


@pytest.mark.clause("0.1")
def test_a_node_that_is_not_in_the_graph_is_denied(decided: Decided) -> None:
    assert outcome(decided(TO_TRAVEL)) == "permit"
    assert refused_by(decided(TO_TRAVEL, failing=("graph",))) == ("0.1",)


@pytest.mark.clause("2.1b")
def test_untrained_staff_are_denied_medical_data(decided: Decided) -> None:
    assert refused_by(decided(CARE, failing=("training",))) == ("2.1b",)
    assert outcome(decided("clinician use name for treatment", failing=("training",))) == "permit"


@pytest.mark.clause("1.2")
def test_data_of_the_area_does_not_move_under_the_groups_rules_to_an_unbound_company(decided: Decided) -> None:
    places = "company(DE), country(DE), recipient_country(TH), tool(bcr)"
    sent = f"clinician transfer name to clinic for treatment given {places}"
    assert outcome(decided(sent)) == "permit"
    assert refused_by(decided(sent, failing=("bound",))) == ("1.2",)


@pytest.mark.clause("8.14")
def test_an_act_outside_the_clients_instruction_is_denied(decided: Decided) -> None:
    assert refused_by(decided("billing_clerk use policy_number for billing", failing=("instruction",))) == ("8.14",)


@pytest.mark.clause("8.17")
def test_an_unregistered_sub_processor_is_denied(decided: Decided) -> None:
    sent = "web_system transfer case_log to provider.tech for case_coordination"
    assert outcome(decided(sent)) == "permit"
    assert refused_by(decided(sent, failing=("registered",))) == ("8.17",)


@pytest.mark.clause("9.2")
def test_access_out_of_ones_case_is_denied(decided: Decided) -> None:
    assert refused_by(decided(CARE, failing=("case",))) == ("9.2",)
    assert refused_by(decided("clinician view name for treatment", failing=("case",))) == ("9.2",)


def test_a_provider_below_the_bar_is_denied(decided: Decided) -> None:
    assert refused_by(decided(TO_TRAVEL, failing=("comparable",))) == ("2.2",)


# Who acts, for whom, under which law.


@pytest.mark.clause("0.4")
def test_a_company_without_its_law_pack_can_do_nothing(decided: Decided, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [CARE, TO_TRAVEL, "member view name for rights_fulfilment", "web_system use aggregate for statistics"]
    assert {outcome(decided(one)) for one in asked} == {"permit"}
    monkeypatch.setattr(law, "COUNTRIES_WITH_PACK", law.COUNTRIES_WITH_PACK - {"CH"})
    assert {refused_by(decided(one)) for one in asked} == {("0.4",)}


@pytest.mark.clause("2.3c")
def test_the_record_of_an_adult_dependant_is_invisible_to_the_employee(decided: Decided) -> None:
    for leaf in CATEGORY.leaves_in(CATEGORY.mask_of("personal")):
        seen = decided(f"member view {leaf} of dependant_of for rights_fulfilment given guardian_for")
        assert refused_by(seen) == ("2.3c",), leaf
    assert outcome(decided("dependant view name of dependant_of for rights_fulfilment")) == "permit"


@pytest.mark.clause("4.4")
def test_a_foreign_host_is_out_of_scope_and_never_a_permit(decided: Decided) -> None:
    for asked in (CARE.replace(" given ", " given host(foreign), "), f"{TO_TRAVEL} given host(foreign)"):
        assert outcome(decided(asked)) == "out_of_scope"


@pytest.mark.clause("6.1a")
def test_use_without_live_entitlement_is_denied(decided: Decided) -> None:
    asked = "logistics_agent use itinerary for logistics of direct"
    assert outcome(decided(asked)) == "permit"
    assert refused_by(decided(f"{asked} given no entitlement")) == ("6.1a",)


# What comes in.


@pytest.mark.clause("3.3")
def test_a_feed_with_a_lapsed_attestation_is_denied(decided: Decided) -> None:
    fed = "client_admin receive name from employer for eligibility via client_feed"
    assert outcome(decided(fed)) == "permit"
    assert refused_by(decided(f"{fed} given no attestation")) == ("3.3",)


@pytest.mark.clause("3.2d")
def test_spending_data_of_a_card_issuer_is_rejected(decided: Decided) -> None:
    for leaf in ("order", "payment"):
        asked = f"web_system receive {leaf} from card_issuer for eligibility via partner_api"
        assert refused_by(decided(asked)) == ("6.12",)


@pytest.mark.clause("3.2g")
def test_a_kind_of_source_that_is_not_mapped_is_denied(decided: Decided) -> None:
    mapped = RECIPIENT.mask_of("payer") | RECIPIENT.mask_of("peer") | RECIPIENT.mask_of("provider.travel")
    for source in RECIPIENT.leaves_in(RECIPIENT.everything & ~mapped):
        asked = f"web_system receive member_id, email from {source} for eligibility via partner_api"
        assert refused_by(decided(asked)) == ("6.12",), source


@pytest.mark.clause("3.6a")
def test_a_call_is_not_recorded_unless_chosen(decided: Decided) -> None:
    taken = "assistance_coordinator collect call_recording for patient_support via phone"
    assert outcome(decided(f"{taken} given consent(medical_service)")) == "ask"
    assert decided(taken).needs == ("call_recording",)
    assert outcome(decided(f"{taken} given consent(call_recording)")) == "permit"


@pytest.mark.clause("3.6b", "6.3a")
def test_nothing_medical_is_written_without_an_opt_in_or_an_exception(decided: Decided) -> None:
    taken = "clinician collect treatment_case, report for consultation via clinic_visit"
    assert outcome(decided(taken)) == "ask"
    assert decided(taken).needs == ("medical_service",)
    broken = "clinician store blood_type for emergency_care in emergency_medical given glass"
    assert outcome(decided(broken)) == "permit"


@pytest.mark.clause("3.6h")
def test_a_medical_field_in_a_security_case_is_rejected(decided: Decided) -> None:
    for leaf in CATEGORY.leaves_in(CATEGORY.mask_of("medical")):
        asked = f"security_specialist collect {leaf} for security_advice via phone given consent(medical_service)"
        assert refused_by(decided(asked)) == ("6.12",)


def test_a_minor_online_is_refused_and_sent_to_people(decided: Decided) -> None:
    for channel in ("web_public", "web_account", "app", "online_form"):
        asked = f"guardian collect allergies of minor for emergency_record via {channel} given guardian_for"
        refusal = decided(f"{asked}, consent(emergency_record)")
        assert refused_by(refusal) == ("7.1",)
        assert {"refuse_and_forget", "assisted_entry"} <= duties(refusal)


# What goes out.


@pytest.mark.clause("6.6")
def test_a_transfer_in_the_group_without_a_purpose_is_denied(decided: Decided) -> None:
    assert refused_by(decided("assistance_coordinator transfer itinerary to security_centre")) == ("6.6",)


@pytest.mark.clause("6.7", "6.9a")
def test_an_expired_agreement_or_a_missing_term_is_denied(decided: Decided) -> None:
    assert refused_by(decided(f"{TO_TRAVEL} given agreement(expired)")) == ("6.7",)
    assert refused_by(decided(f"{TO_TRAVEL} given without(secrecy)")) == ("6.9a",)


def test_each_missing_term_names_its_own_clause(decided: Decided) -> None:
    missing = {"secrecy": "6.9a", "purpose_bound": "6.9b", "our_directions": "6.9c"}
    for term, clause in missing.items():
        assert refused_by(decided(f"{TO_TRAVEL} given without({term})")) == (clause,)
        assert decided(f"{TO_TRAVEL} given without({term})").needs == (f"agreement_terms:{term}",)


@pytest.mark.clause("6.10")
def test_telling_a_payer_falls_with_any_one_of_its_three_parts(decided: Decided) -> None:
    told = "billing_clerk disclose case_log to employer for {} given {}"
    whole = decided(told.format("billing", "consent(payer_disclosure, employer)"))
    assert (outcome(whole), whole.clauses) == ("permit", ("6.10",))
    assert outcome(decided(told.format("billing", "no consent"))) != "permit"
    assert refused_by(decided(told.format("billing", "consent(payer_disclosure, employer), country(AQ), tool(scc)")))
    assert refused_by(decided(told.format("newsletter", "consent(payer_disclosure, employer)")))


@pytest.mark.parametrize("payer", RECIPIENT.groups["payer"])
def test_consent_for_another_payer_does_not_unlock_this_one(decided: Decided, payer: str) -> None:
    others = ", ".join(f"consent(payer_disclosure, {one})" for one in RECIPIENT.groups["payer"] if one != payer)
    answer = decided(f"billing_clerk disclose case_log to {payer} for billing given {others}")
    assert (outcome(answer), answer.needs) == ("ask", (f"payer_disclosure:{payer}",))


@pytest.mark.clause("6.10a")
def test_consent_for_the_insurer_does_not_unlock_the_employer(decided: Decided) -> None:
    told = "billing_clerk disclose case_log to {} for billing given consent(payer_disclosure, insurer)"
    assert outcome(decided(told.format("insurer"))) == "permit"
    assert outcome(decided(told.format("employer"))) == "ask"


def test_handing_back_what_a_payer_sent_is_no_new_disclosure(decided: Decided) -> None:
    back = decided("billing_clerk disclose policy_number to employer from employer for billing")
    assert (outcome(back), back.clauses) == ("permit", ("6.10",))


@pytest.mark.clause("8.6")
def test_nothing_is_released_to_rescue_services_without_an_emergency(decided: Decided) -> None:
    for context in ("routine", "urgent", "emergency_unrest"):
        for leaf in ("name", "event_location", "allergies"):
            assert refused_by(decided(TO_RESCUE.format(leaf, context) + " given glass"))
    released = decided(TO_RESCUE.format("name, event_location", "emergency_medical"))
    assert outcome(released) == "permit"
    assert {"record_reason", "notify_subject(72h)"} <= duties(released)


def test_rescue_services_hear_of_health_only_behind_broken_glass(decided: Decided) -> None:
    asked = TO_RESCUE.format("name, blood_type", "emergency_medical")
    assert outcome(decided(asked)) == "glass"
    broken = decided(f"{asked} given glass")
    assert outcome(broken) == "permit"
    assert {"record_reason", "review(72h)", "notify_subject(72h)"} <= duties(broken)


@pytest.mark.clause("0.2c")
def test_unrest_never_opens_medical_data_by_itself(decided: Decided) -> None:
    for leaf in (*CATEGORY.leaves_in(CATEGORY.mask_of("medical")), "blood_type"):
        for purpose in ("civil_unrest_response", "emergency_care", "security_evacuation"):
            asked = f"assistance_coordinator use {leaf} for {purpose} in emergency_unrest given glass"
            assert outcome(decided(asked)) == "deny"


@pytest.mark.clause("8.11")
def test_a_security_firm_sees_flags_only(decided: Decided) -> None:
    yes = "given consent(medical_service), consent(emergency_record), consent(live_location), consent(call_recording)"
    flags = CATEGORY.groups["medical_derived"]
    for leaf in CATEGORY.leaves_in(CATEGORY.mask_of("sensitive")):
        for role in ROLE.leaves_in(ROLE.mask_of("staff")):
            told = decided(f"{role} disclose {leaf} to provider.security for security_evacuation {yes}")
            assert outcome(told) == "deny" or leaf in flags
    assert outcome(decided(f"clinician disclose mobility_need to provider.security for security_evacuation {yes}")) == (
        "permit"
    )


@pytest.mark.clause("8.18")
def test_a_hop_that_the_contract_does_not_name_is_denied(decided: Decided) -> None:
    hop = "provider_user disclose name to hospital for treatment given terms(secrecy, purpose_bound, our_directions{})"
    assert outcome(decided(hop.format(", onward"))) == "permit"
    assert refused_by(decided(hop.format(""))) == ("8.18",)
