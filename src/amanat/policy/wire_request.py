"""A request as a wire object: the way back from `policy.wire.read_request`.

What takes its default is left out. Platform facts have no word on the wire, where they count as satisfied.
"""

from dataclasses import asdict
from typing import Any

from amanat.policy.request import Facts, Request

_PLAIN = ("actor", "company", "action", "recipient", "recipient_country", "source", "channel")
_FACTS = ("agreement", "tool", "attested_source", "order", "entitlement", "guardian_for", "k", "identity")


def write_request(request: Request) -> dict[str, Any]:
    """The wire object that reads back as `request`."""
    wire: dict[str, Any] = {key: getattr(request, key) for key in _PLAIN}
    wire["data"] = [one.word for one in request.items]
    wire["purpose"] = f"other.{request.other}" if request.other else request.purpose
    wire["host"] = "" if request.host == "own" else request.host
    wire["contexts"] = sorted(request.contexts)
    wire |= {"subject": _subject(request), "facts": _facts(request.facts)}
    return _said(wire)


def _subject(request: Request) -> dict[str, Any]:
    relation = "" if request.relation == "unknown" else request.relation
    found = {"relation": relation, "minor": request.minor, "country": request.country}
    age = {} if request.age is None else {"age": request.age}
    return {**_said(found), **age, **_said({"choices": sorted(request.choices)})}


def _facts(facts: Facts) -> dict[str, Any]:
    default = Facts()
    found = {name: getattr(facts, name) for name in _FACTS if getattr(facts, name) != getattr(default, name)}
    glass = {} if facts.glass is None else {"glass": asdict(facts.glass)}
    return {**found, **_said({"agreement_terms": sorted(facts.agreement_terms)}), **glass}


def _said(wire: dict[str, Any]) -> dict[str, Any]:
    """What is neither absent nor empty."""
    return {key: value for key, value in wire.items() if value not in (None, "", [], {}, False)}
