"""What is not said takes its protective value: each row of the contract's tables."""

from copy import deepcopy
from typing import Any

import pytest

from amanat.policy.decision import Outcome
from amanat.policy.interpreter import Policy, decide
from amanat.policy.wire import read_request
from stage.draws import GLASS, draw_wire, seeded
from stage.rules import Wire, request_of

# Key → the value that says the same as leaving it out.
SPOKEN: dict[str, Any] = {
    "contexts": ["routine"],
    "host": "own",
    "subject.choices": [],
    "subject.minor": False,
    "facts": {},
    "facts.agreement": "none",
    "facts.agreement_terms": [],
    "facts.tool": "none",
    "facts.attested_source": False,
    "facts.order": False,
    "facts.entitlement": False,
    "facts.guardian_for": False,
    "facts.k": 0,
    "facts.identity": "none",
    "facts.glass.case_open": False,
    "facts.glass.role_ok": False,
    "facts.glass.impracticable": False,
    "facts.glass.minimum_only": False,
    "facts.glass.reason": "",
    "facts.glass.refusal_on_record": True,
}

# Leaving one of these out may close something, never open it.
NEVER_WIDER = (
    "actor", "company", "action", "data", "recipient", "recipient_country", "source", "purpose", "subject.relation",
    "subject.country", "facts.agreement", "facts.agreement_terms", "facts.tool", "facts.attested_source", "facts.order",
    "facts.entitlement", "facts.guardian_for", "facts.k", "facts.identity", "facts",
)  # fmt: skip


def without(wire: Wire, path: str) -> Wire:
    changed = deepcopy(wire)
    *rooms, key = path.split(".")
    room = changed
    for name in rooms:
        room = room.get(name, {})
    room.pop(key, None)
    return changed


def placed(wire: Wire, path: str, value: Any) -> Wire:
    changed = deepcopy(wire)
    *rooms, key = path.split(".")
    room = changed
    for name in rooms:
        room = room.setdefault(name, {})
    room[key] = value
    return changed


def drawn_wires(policy: Policy, seed: int, number: int) -> list[Wire]:
    draw = seeded(seed)
    return [draw_wire(policy, draw) for _ in range(number)]


@pytest.mark.parametrize("path", SPOKEN)
def test_an_absent_key_says_its_protective_value(ama: Policy, path: str) -> None:
    for wire in drawn_wires(ama, seed=5, number=400):
        room = wire if path == "facts" else wire | {"facts": wire.get("facts", {}) | {"glass": deepcopy(GLASS)}}
        spoken = placed(room, path, SPOKEN[path])
        assert decide(ama, read_request(without(spoken, path))) == decide(ama, read_request(spoken))


@pytest.mark.parametrize("path", NEVER_WIDER)
def test_leaving_a_key_out_never_widens(ama: Policy, path: str) -> None:
    for wire in drawn_wires(ama, seed=7, number=1500):
        said, unsaid = decide(ama, read_request(wire)), decide(ama, read_request(without(wire, path)))
        if said.outcome is not Outcome.OUT_OF_SCOPE and not (path == "facts" and "glass" in wire.get("facts", {})):
            assert unsaid.outcome.rank <= said.outcome.rank, wire


@pytest.mark.parametrize("action", ["collect", "receive"])
def test_taking_through_no_channel_is_taking_online(ama: Policy, action: str) -> None:
    for wire in drawn_wires(ama, seed=11, number=1500):
        unsaid = without(wire | {"action": action}, "channel")
        assert decide(ama, read_request(unsaid)) == decide(ama, read_request(unsaid | {"channel": "web_public"}))


@pytest.mark.parametrize("action", ["store", "view", "use", "disclose", "transfer", "correct", "erase"])
def test_elsewhere_a_channel_plays_no_part(ama: Policy, action: str) -> None:
    for wire in drawn_wires(ama, seed=12, number=300):
        unsaid = without(wire | {"action": action}, "channel")
        assert decide(ama, read_request(unsaid)) == decide(ama, read_request(unsaid | {"channel": "phone"}))


def test_recipients_are_asked_for_telling_alone_and_sources_for_receiving_alone(ama: Policy) -> None:
    for wire in drawn_wires(ama, seed=13, number=1500):
        request = read_request(wire)
        if not request.leaves_company:
            elsewhere = without(without(wire, "recipient"), "recipient_country")
            assert decide(ama, read_request(elsewhere)) == decide(ama, request)


def test_an_unknown_age_is_neither_young_nor_grown() -> None:
    unknown, young, grown = request_of(None, "subject.age"), request_of({"subject.age": 17}), request_of()
    assert [(one.under_age, one.adult) for one in (unknown, young, grown)] == [
        (False, False), (True, False), (False, True),
    ]  # fmt: skip


@pytest.mark.parametrize("said", [{"subject.minor": True}, {"contexts": ["minor"]}, {"subject.age": 17}])
def test_the_younger_reading_wins(said: Wire) -> None:
    request = request_of({"subject.age": 41} | said)
    assert request.under_age
    assert not request.adult


@pytest.mark.parametrize(
    ("changes", "crosses"),
    [
        ({}, False),
        ({"recipient_country": "DE"}, True),
        ({"subject.country": "DE"}, True),
        ({"company": "DE"}, True),
        ({"action": "use", "recipient_country": "DE"}, False),
        ({"data": ["aggregate"], "recipient_country": "DE"}, False),
        ({"data": ["aggregate", "name"], "recipient_country": "DE"}, True),
    ],
)
def test_a_border_is_crossed_when_either_country_differs(changes: Wire, crosses: bool) -> None:  # noqa: FBT001  # a row
    assert request_of(changes).cross_border is crosses


@pytest.mark.parametrize("path", ["recipient_country", "subject.country", "company"])
def test_an_unknown_country_is_another_country(path: str) -> None:
    assert request_of(None, path).cross_border


def test_a_derived_context_is_computed_and_never_believed(ama: Policy) -> None:
    claimed = request_of({"contexts": ["same_country"], "recipient_country": "DE", "facts.tool": "none"})
    assert decide(ama, claimed).clauses == ("6.8",)
