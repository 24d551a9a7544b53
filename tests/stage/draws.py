"""Drawn requests and drawn statements: what property tests of the decider range over. Always seeded.

A request's words come, two times out of three, from a permit's own box; else nearly all would be refused.
"""

import random
from typing import Any

from amanat.policy.interpreter import Policy
from amanat.policy.request import Request
from amanat.policy.rule import ALWAYS, NEVER, Box, Condition, Literal, Obligation, Rule, RuleKind
from amanat.policy.wire import read_request
from amanat.vocabulary.terms import (
    ACTION,
    AGREEMENT_TERMS,
    CATEGORY,
    CHANNEL,
    CONTEXT,
    FIELD_LEAF,
    PURPOSE,
    RECIPIENT,
    RELATION,
    ROLE,
    TOOLS,
    Axis,
)  # fmt: skip

Wire = dict[str, Any]

COUNTRIES = ("CH", "CH", "GB", "SG", "DE", "US", "XX")
CHOICES = (
    "medical_service", "emergency_record", "payer_disclosure:employer", "payer_disclosure:insurer",
    "third_party_source:provider.medical", "third_party_source:hospital", "cookies_analytics", "cookies_ads",
    "cookies_survey", "newsletter", "live_location", "call_recording", "other_purpose:film", "nominee",
)  # fmt: skip
BLOCKS = (
    "opt_out_service", "block_recipient:provider", "block_recipient:employer", "block_purpose:outreach",
    "block_purpose:service", "block_purpose:other.film", "withhold:name", "withhold:sensitive", "withhold:allergies",
)  # fmt: skip
GLASS: Wire = {
    "case_open": True, "role_ok": True, "impracticable": True, "minimum_only": True, "reason": "unconscious",
    "refusal_on_record": False,
}  # fmt: skip


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  # test data, not secrets


def draw_requests(policy: Policy, seed: int, number: int) -> list[Request]:
    draw = seeded(seed)
    return [read_request(draw_wire(policy, draw)) for _ in range(number)]


def draw_wire(policy: Policy, draw: random.Random) -> Wire:
    """One request over the whole vocabulary; keys are left out now and then."""
    permits = [rule for rule in policy.rules if rule.kind is RuleKind.PERMIT]
    box = draw.choice(permits).box if permits and draw.random() < 0.67 else Box()
    wire = _spoken(box, draw)
    wire |= {"subject": _subject(box, draw), "facts": _facts(draw)}
    wire["contexts"] = [draw.choice(CONTEXT.leaves_in(box.contexts))] if draw.random() < 0.5 else []
    if draw.random() < 0.02:
        wire["host"] = "foreign"
    for key in list(wire):
        if draw.random() < 0.02:
            del wire[key]
    return wire


def _spoken(box: Box, draw: random.Random) -> Wire:
    purpose = _one(PURPOSE, box.purposes, draw)
    wire: Wire = {
        "actor": _one(ROLE, box.actors, draw),
        "company": draw.choice(COUNTRIES),
        "action": _one(ACTION, box.actions, draw),
        "data": [_word(box, draw) for _ in range(draw.choice((1, 1, 2, 3)))],
        "purpose": "other.film" if purpose == "other" else purpose,
        "recipient": _one(RECIPIENT, box.recipients, draw),
        "recipient_country": draw.choice(COUNTRIES),
        "source": _one(RECIPIENT, box.sources, draw),
    }
    if draw.random() < 0.7:
        wire["channel"] = _one(CHANNEL, box.channels, draw)
    return wire


def _word(box: Box, draw: random.Random) -> str:
    leaf = _one(CATEGORY, box.leaves, draw)
    return draw.choice([leaf, *(name for name, of in FIELD_LEAF.items() if of == leaf)])


def _one(axis: Axis, mask: int, draw: random.Random) -> str:
    return draw.choice(axis.leaves_in(mask))


def _subject(box: Box, draw: random.Random) -> Wire:
    subject: Wire = {
        "country": draw.choice(COUNTRIES),
        "choices": [one for one in CHOICES if draw.random() < 0.5] + [one for one in BLOCKS if draw.random() < 0.04],
    }
    if draw.random() < 0.9:
        subject["age"] = draw.choice((5, 17, 18, 41, 41, 70))
    if (relation := _one(RELATION, box.relations, draw)) != "unknown":
        subject["relation"] = relation
    return subject


def _facts(draw: random.Random) -> Wire:
    facts: Wire = {
        key: True for key in ("attested_source", "order", "entitlement", "guardian_for") if draw.random() < 0.7
    }
    facts["agreement"] = draw.choice(("live", "live", "live", "expired", "none"))
    facts["agreement_terms"] = [term for term in AGREEMENT_TERMS if draw.random() < 0.9]
    facts["tool"] = draw.choice(("scc", "adequacy", "bcr", *TOOLS))
    facts["identity"] = draw.choice(("proven", "proven", "claimed", "none"))
    facts["k"] = draw.choice((0, 9, 10, 40))
    if draw.random() < 0.1:
        facts["glass"] = GLASS | {"refusal_on_record": draw.random() < 0.3}
    return facts


# Few words, so that the rules of a small statement meet often.
_FEW = {
    "actors": ROLE.union(("clinician", "member", "billing_clerk")),
    "actions": ACTION.union(("collect", "use", "disclose")),
    "leaves": CATEGORY.union(("name", "report", "browse", "emergency_record")),
    "recipients": RECIPIENT.union(("employer", "provider.travel", "clinic")),
    "purposes": PURPOSE.union(("billing", "treatment", "newsletter")),
    "relations": RELATION.union(("direct", "visitor")),
    "contexts": CONTEXT.union(("routine", "emergency_medical", "cross_border")),
}
_FACTS_ASKED = (
    Literal("agreement"), Literal("tool"), Literal("order"), Literal("entitlement"), Literal("identity", "proven"),
    Literal("adult"), Literal("agreement", wanted=False), Literal("order", wanted=False),
)  # fmt: skip
_YESES = (
    Literal("consent", "opt_in"), Literal("consent", "medical_service"), Literal("consent", "newsletter"),
    Literal("consent", "payer_disclosure per recipient"), Literal("glass"),
)  # fmt: skip
_NOES = (
    Literal("blocked_recipient"), Literal("blocked_purpose"), Literal("withheld"),
    Literal("chosen", "opt_out_service"),
)  # fmt: skip
_DUTIES = (
    Obligation("minimise"), Obligation("review", "72h"), Obligation("review", "24h"), Obligation("aggregate_k", "10"),
)  # fmt: skip


def draw_policy(draw: random.Random) -> Policy:
    """Up to eight rules of all kinds over few words; no condition lets a person's no widen anything."""
    kinds = [RuleKind.PERMIT] * 4 + [RuleKind.REQUIRE, RuleKind.REQUIRE, RuleKind.FORBID, RuleKind.CHOICE]
    rules = tuple(draw_rule(draw, draw.choice(kinds), number) for number in range(draw.randint(1, 8)))
    return Policy(rules, "drawn", "0" * 64)


def draw_rule(draw: random.Random, kind: RuleKind, number: int = 90) -> Rule:
    box = Box(**{name: _some(draw, mask) for name, mask in _FEW.items() if draw.random() < 0.6})
    duties = tuple(draw.sample(_DUTIES, draw.choice((0, 0, 1, 2))))
    asked = _condition(draw, (*_FACTS_ASKED, *_YESES))
    barred = _condition(draw, (*_FACTS_ASKED, *_NOES))
    rule = {
        RuleKind.PERMIT: {"when": draw.choice((ALWAYS, asked))},
        RuleKind.REQUIRE: {"when": draw.choice((ALWAYS, barred)), "need": asked},
        RuleKind.FORBID: {"when": draw.choice((ALWAYS, barred)), "unless": draw.choice((NEVER, asked))},
        RuleKind.CHOICE: {"when": barred},
    }[kind]
    return Rule(f"{number + 1}.1", kind, box, then=duties, **rule)


def _some(draw: random.Random, mask: int) -> int:
    bits = [1 << place for place in range(mask.bit_length()) if mask >> place & 1]
    return sum(draw.sample(bits, draw.randint(1, len(bits))))


def _condition(draw: random.Random, literals: tuple[Literal, ...]) -> Condition:
    return tuple(tuple(draw.sample(literals, draw.choice((1, 1, 2)))) for _ in range(draw.choice((1, 1, 2))))


def draw_small_request(draw: random.Random) -> Request:
    """A request in the same few words as `draw_policy`."""
    wire = draw_wire(Policy((Rule("1.1", RuleKind.PERMIT, Box(**_FEW)),), "", ""), draw)
    for name, key, axis in (("actors", "actor", ROLE), ("actions", "action", ACTION), ("purposes", "purpose", PURPOSE)):
        wire[key] = _one(axis, _FEW[name], draw)
    wire["data"] = [_word(Box(leaves=_FEW["leaves"]), draw) for _ in range(draw.choice((1, 2, 3)))]
    wire["recipient"] = _one(RECIPIENT, _FEW["recipients"], draw)
    return read_request(wire)
