"""The clauses that the old text lacks: what they let through and stop, and the clocks that they start."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from amanat.policy.decision import Decision
from amanat.statement.compile import Statement
from amanat.statement.declarations import Duty, Right
from amanat.vocabulary.deadlines import deadline, end_of
from amanat.vocabulary.lawpacks import PACKS, Clock
from amanat.vocabulary.terms import CATEGORY, CHANNEL, ROLE

Decided = Callable[..., Decision]

MONDAY = datetime(2027, 6, 7, 9, tzinfo=UTC)
YES = "consent(cookies_ads), consent(medical_service), consent(emergency_record), consent(live_location)"


def outcome(decision: Decision) -> str:
    return decision.outcome.value


def duties_of(statement: Statement, clause: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """Event and span → evidence, of the duties of a clause."""
    duties = (one for one in statement.declarations if isinstance(one, Duty) and one.section == clause)
    return {(one.event, one.within): one.evidence for one in duties if one.owner}


@pytest.mark.clause("A.1")
@pytest.mark.parametrize("purpose", ["advertising_onsite", "advertising_offsite"])
def test_no_advert_sees_anything_of_a_service_and_nothing_at_all_before_the_yes(decided: Decided, purpose: str) -> None:
    for leaf in CATEGORY.leaves_in(CATEGORY.mask_of("personal")):
        shown = f"web_system disclose {leaf} to provider.ads for {purpose} given {{}}"
        assert outcome(decided(shown.format("no consent"))) != "permit"
        assert outcome(decided(shown.format(YES))) == ("permit" if leaf in CATEGORY.groups["web"] else "deny"), leaf


@pytest.mark.clause("E.1")
def test_who_was_named_hears_who_and_where_in_an_emergency_and_nobody_else_does(decided: Decided) -> None:
    told = "clinician disclose {} to nominee for emergency_care in {} given {}"
    assert outcome(decided(told.format("name, event_location", "emergency_medical", "consent(nominee)"))) == "permit"
    assert decided(told.format("name", "emergency_medical", "no consent")).needs == ("nominee",)
    for context in ("routine", "urgent", "emergency_unrest"):
        assert outcome(decided(told.format("name", context, "consent(nominee)"))) == "deny"
    health = told.format("{}", "emergency_medical", f"consent(nominee), {YES}")
    for leaf in (*CATEGORY.groups["medical"], "allergies"):
        assert outcome(decided(health.format(leaf))) == "deny", leaf


@pytest.mark.clause("M.1")
@pytest.mark.parametrize("channel", [*CHANNEL.groups["assisted"], "post"])
def test_data_of_a_child_come_from_a_proven_guardian_alone(decided: Decided, channel: str) -> None:
    taken = f"assistance_coordinator collect {{}} of minor for patient_support via {channel} given {{}}"
    for leaf in ("phone_home", "email", "prescription"):
        assert outcome(decided(taken.format(leaf, f"guardian_for, {YES}"))) == "permit", leaf
        refused = decided(taken.format(leaf, f"no guardian, {YES}"))
        assert (outcome(refused), refused.clauses, refused.needs) == ("deny", ("M.1",), ("guardian_for",)), leaf


@pytest.mark.clause("M.1")
def test_nobody_stands_in_for_an_adult_who_can_answer(decided: Decided) -> None:
    for leaf in CATEGORY.leaves_in(CATEGORY.mask_of("personal")):
        seen = decided(f"guardian view {leaf} for rights_fulfilment given guardian_for, {YES}")
        assert (outcome(seen), seen.clauses) == ("deny", ("M.1",)), leaf
    assert outcome(decided(f"guardian view report for rights_fulfilment in incapacity given guardian_for, {YES}")) == (
        "permit"
    )


@pytest.mark.clause("M.3")
def test_on_the_day_of_majority_the_guardians_access_ends(ama: Statement, decided: Decided) -> None:
    assert duties_of(ama, "M.3") == {("majority", "1d"): ("age_record",)}
    seen = "guardian view report for rights_fulfilment given guardian_for, age({})"
    assert [outcome(decided(seen.format(age))) for age in (17, 18)] == ["permit", "deny"]


@pytest.mark.clause("N.1", "3.1c")
def test_who_first_hears_of_us_from_others_is_told_within_thirty_days(ama: Statement, decided: Decided) -> None:
    assert duties_of(ama, "N.1") == {("data_from_others", "30d"): ("first_notice",)}
    for purpose in ("eligibility", "rights_fulfilment"):
        for leaf in CATEGORY.groups["contact"]:
            assert outcome(decided(f"web_system contact {leaf} for {purpose} given no consent")) == "permit", leaf


@pytest.mark.clause("R.7")
@pytest.mark.parametrize("event", ["access", "correct", "erase"])
def test_a_request_is_confirmed_in_ten_working_days_and_answered_in_thirty_or_as_soon_as_the_law_says(
    ama: Statement, event: str
) -> None:
    assert duties_of(ama, "R.7") == {("request", "30d"): ("request_answer",), ("request", "10wd"): ("request_receipt",)}
    assert deadline("acknowledge", PACKS, MONDAY).due <= end_of(Clock(10, "bd"), MONDAY)
    for pack in PACKS:
        assert deadline(event, [pack], MONDAY).due <= MONDAY + timedelta(days=30), pack


@pytest.mark.clause("R.6")
def test_a_yes_is_taken_back_within_a_day_everywhere(ama: Statement) -> None:
    assert duties_of(ama, "R.6") == {("withdrawal", "1d"): ("choice_record",)}
    assert all(deadline("withdraw", [pack], MONDAY).due <= MONDAY + timedelta(days=1) for pack in PACKS)


@pytest.mark.clause("B.1")
@pytest.mark.parametrize("told", ["authority", "people"])
def test_a_leak_is_told_within_seventy_two_hours_and_sooner_where_a_law_is_quicker(ama: Statement, told: str) -> None:
    assert ("breach", "72h") in duties_of(ama, "B.1")
    assert {deadline(told, [pack], MONDAY).due <= MONDAY + timedelta(hours=72) for pack in PACKS} == {True}
    assert any(deadline(told, [pack], MONDAY).at_once for pack in PACKS)


@pytest.mark.clause("T.1")
def test_what_is_kept_has_an_end_and_trips_have_a_near_one(ama: Statement) -> None:
    assert duties_of(ama, "T.1") == {
        ("aim_ended", "always"): ("erasure_record",),
        ("trip_ended", "90d"): ("erasure_record",),
        ("withdrawal", "always"): ("choice_record",),
    }


@pytest.mark.parametrize(
    ("clause", "verbs"),
    [
        pytest.param("R.1", {"view"}, marks=pytest.mark.clause("R.1")),
        pytest.param("R.2", {"correct"}, marks=pytest.mark.clause("R.2")),
        pytest.param("R.3", {"erase", "restrict"}, marks=pytest.mark.clause("R.3")),
        pytest.param("R.4", {"restrict"}, marks=pytest.mark.clause("R.4")),
    ],
)
def test_what_is_declared_a_right_is_permitted_to_the_person_once_identity_is_proven(
    ama: Statement, decided: Decided, clause: str, verbs: set[str]
) -> None:
    declared = [one for one in ama.declarations if isinstance(one, Right) and one.section == clause]
    assert {verb for one in declared for verb in one.do} == verbs
    for verb in verbs:
        for leaf in CATEGORY.leaves_in(CATEGORY.mask_of("personal")):
            asked = f"{{}} {verb} {leaf} for rights_fulfilment given no consent{{}}"
            assert outcome(decided(asked.format("member", ""))) == "permit", (verb, leaf)
            assert decided(asked.format("member", ", identity(claimed)")).needs == ("identity:proven",)
            for role in set(ROLE.leaves) - {"member", "dependant", "guardian", "privacy_officer"}:
                assert outcome(decided(asked.format(role, ""))) == "deny", role
