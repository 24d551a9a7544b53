"""Requests for the benches: two of three start from a permit's own values, and people hold few choices, as they do."""

import sys
from pathlib import Path
from typing import Any

from amanat.policy.interpreter import Policy
from amanat.policy.wire import read_request

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from stage.draws import draw_wire, seeded  # the draws of the property tests, thinned out below

Wire = dict[str, Any]
_NEEDED = ("actor", "action", "purpose", "data", "recipient", "source", "company")
_TELLING = ("disclose", "transfer")


def wires(policy: Policy, number: int, seed: int = 20261123) -> list[Wire]:
    """`number` complete requests of the contract, each with one to three data, as a caller would send them."""
    draw, found = seeded(seed), []
    while len(found) < number:
        wire = draw_wire(policy, draw)
        if all(key in wire for key in _NEEDED) and wire.get("host", "own") == "own" and wire["purpose"] != "other.film":
            found.append(_thinned(wire, draw))
    return found


def _thinned(wire: Wire, draw: Any) -> Wire:
    """What does not belong to this kind of act is left out; of the choices few stay."""
    telling = wire["action"] in _TELLING
    facts = wire.get("facts", {})
    for name in () if telling else ("agreement", "agreement_terms", "tool"):
        facts.pop(name, None)
    for name in ("order", "guardian_for", "k"):
        if draw.random() < 0.7:
            facts.pop(name, None)
    if not telling:
        wire.pop("recipient"), wire.pop("recipient_country", None)
    if wire["action"] != "receive":
        wire.pop("source")
    subject = wire.get("subject", {})
    choices = [one for one in subject.get("choices", []) if one != "other_purpose:film" and "film" not in one]
    subject["choices"] = draw.sample(choices, min(len(choices), draw.choice((0, 1, 1, 2, 3))))
    if not wire.get("contexts"):
        wire.pop("contexts", None)
    read_request(wire)
    return wire
