"""Why, and what instead: every alternative that is offered is permitted when it is decided anew."""

from amanat.policy.decision import Outcome
from amanat.policy.explain import Considered, Explanation, Way, explain
from amanat.policy.interpreter import Policy, decide
from stage.draws import draw_requests
from stage.rules import request_of

TO_EMPLOYER = {
    "actor": "billing_clerk", "action": "disclose", "data": ["fitness_flag"], "recipient": "employer",
    "purpose": "billing", "subject.choices": ["medical_service"],
}  # fmt: skip


def lacking(one: Considered) -> list[str]:
    return [str(literal) for literal in one.lacking]


def ways(told: Explanation, way: Way) -> list[tuple[str, ...]]:
    return [one.change for one in told.alternatives if one.way is way]


def test_whatever_is_offered_succeeds(ama: Policy) -> None:
    offered = 0
    for request in draw_requests(ama, seed=21, number=1500):
        told = explain(ama, request)
        assert told.decision == decide(ama, request)
        for one in told.alternatives:
            offered += 1
            assert decide(ama, one.request).outcome is Outcome.PERMIT
            assert one.decision == decide(ama, one.request)
    assert offered > 100


def test_what_is_permitted_needs_no_alternative(ama: Policy) -> None:
    assert explain(ama, request_of()).alternatives == ()
    assert explain(ama, request_of({"host": "foreign"})).alternatives == ()


def test_the_nearest_permit_tells_what_it_lacked(ama: Policy) -> None:
    told = explain(ama, request_of(TO_EMPLOYER))
    nearest = told.permits[0]
    assert (nearest.rule.section, nearest.missed, nearest.distance) == ("6.10", (), 1)
    assert lacking(nearest) == ["consent payer_disclosure per recipient"]
    assert {one.missed for one in told.permits[1:]} == {("to",)}


def test_the_person_can_be_asked(ama: Policy) -> None:
    told = explain(ama, request_of(TO_EMPLOYER))
    assert ways(told, Way.CONSENT) == [("payer_disclosure:employer",)]
    assert told.alternatives[0].asks == ("payer_disclosure:employer",)


def test_somebody_else_can_be_told_for_the_same_aim(ama: Policy) -> None:
    told = explain(ama, request_of(TO_EMPLOYER))
    others = [one.request for one in told.alternatives if one.way is Way.RECIPIENT]
    assert "assistance_centre" in [one.recipient for one in others]
    assert {one.purpose for one in others} == {"billing"}


def test_another_recipient_brings_no_agreement_and_no_tool_of_the_first(ama: Policy) -> None:
    told = explain(ama, request_of({"data": ["report"], "subject.choices": ["medical_service"]}))
    others = [one.request for one in told.alternatives if one.way is Way.RECIPIENT]
    assert others
    assert {(one.facts.agreement, one.facts.tool, one.recipient_country) for one in others} == {("none", "none", "CH")}
    assert not [one for one in others if one.recipient_kind == "provider"]


def test_less_can_be_asked_for(ama: Policy) -> None:
    told = explain(ama, request_of({"data": ["name", "report", "itinerary"]}))
    assert ways(told, Way.SUBSET) == [("name", "itinerary")]


def test_less_may_still_need_a_consent(ama: Policy) -> None:
    told = explain(ama, request_of({"data": ["name", "mobility_need", "report"]}))
    more = told.alternatives[1]
    assert (more.way, more.change, more.asks) == (Way.SUBSET, ("name", "mobility_need"), ("medical_service",))


def test_prohibitions_and_requirements_that_stopped_it_are_named(ama: Policy) -> None:
    young = {"action": "collect", "data": ["allergies"], "purpose": "emergency_record", "subject.age": 9}
    stops = explain(ama, request_of(young | {"actor": "clinician"})).stops
    assert [(one.rule.section, lacking(one)) for one in stops if one.rule.section == "7.1"] == [("7.1", [])]
    assert ("M.1", ["guardian_for"]) in [(one.rule.section, lacking(one)) for one in stops]


def test_reach_is_told_as_a_limit_on_who_may_ask(ama: Policy) -> None:
    view = {"actor": "billing_clerk", "action": "view", "data": ["report"], "purpose": "billing"}
    stops = explain(ama, request_of(view)).stops
    assert ("who",) in [one.missed for one in stops]


def test_a_choice_of_the_person_is_told_and_not_argued_with(ama: Policy) -> None:
    blocked = request_of({"subject.choices": ["block_purpose:service"]})
    told = explain(ama, blocked)
    assert [one.rule.section for one in told.stops] == ["8.12b"]
    assert told.alternatives == ()
