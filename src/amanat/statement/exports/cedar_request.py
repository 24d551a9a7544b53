"""One datum of a request as Cedar is asked for it, with the entities and the schema that its words live in.

The facts are resolved here, by the interpreter's own reading of each literal, and handed over by name.
"""

import json
from collections.abc import Iterable
from typing import Any

from amanat.policy.interpreter import Policy
from amanat.policy.literals import ATOMS, PARAMETERS, Question, holds
from amanat.policy.rule import Literal
from amanat.statement.exports.form import fact_text
from amanat.vocabulary.terms import ACTION, CATEGORY, CHANNEL, CONTEXT, FIELD_LEAF, PURPOSE, RECIPIENT, RELATION, ROLE

# Entity type → the axis whose words are its ids. Recipients and sources are the same parties.
TYPES = {
    "Role": ROLE, "Datum": CATEGORY, "Purpose": PURPOSE, "Party": RECIPIENT, "Channel": CHANNEL, "Relation": RELATION,
}  # fmt: skip
ACTION_TYPE = "Action"
NOTHING = "unnamed"  # no word of the vocabulary: what the request left out

Wire = dict[str, Any]


# Every fact that a literal can name; `k` goes as a number.
EVERY_FACT = tuple(
    Literal(atom, parameter)
    for atom in ATOMS
    if atom != "k"
    for parameter in sorted(PARAMETERS[atom] or {""})
)  # fmt: skip


def facts_named(policy: Policy) -> tuple[Literal, ...]:
    """The facts that the rules of `policy` ask for: enough for `cedar_request`, and less to send."""
    named = {
        (literal.atom, literal.parameter)
        for rule in policy.rules
        for condition in (rule.when, rule.need, rule.unless)
        for way in condition
        for literal in way
    }
    return tuple(one for one in EVERY_FACT if (one.atom, one.parameter) in named)


def cedar_request(question: Question, facts: Iterable[Literal] = EVERY_FACT) -> Wire:
    """What Cedar is asked about one datum; not defined for a request that names no data at all."""
    request, datum = question.request, question.item
    context: Wire = {
        "holds": [fact_text(one) for one in facts if holds(one, question)],
        "contexts": CONTEXT.leaves_in(request.context_mask),
        "beside": CATEGORY.leaves_in(request.leaves & ~datum.bit),
        "k": request.facts.k,
        "relation": _entity("Relation", request.relation),
        "foreign": request.host == "foreign",
    }
    channel = (request.channel or "web_public") if request.action in ("collect", "receive") else None
    for name, kind, word in (
        ("purpose", "Purpose", request.purpose),
        ("recipient", "Party", request.recipient),
        ("source", "Party", request.source),
        ("channel", "Channel", channel),
    ):
        if word is not None:
            context[name] = _entity(kind, word)
    return {
        "principal": _uid("Role", request.actor or NOTHING),
        "action": _uid(ACTION_TYPE, request.action or NOTHING),
        "resource": _uid("Datum", datum.word),
        "context": context,
    }


def cedar_entities() -> list[Wire]:
    """The words of the vocabulary and the groups above them; the same for every request."""
    return [
        *(one for kind in TYPES for one in _tree(kind)),
        *({"uid": _uid("Datum", name), "attrs": {}, "parents": [_uid("Datum", leaf)]} for name, leaf in _FIELDS),
    ]


_FIELDS = tuple(FIELD_LEAF.items())


def _tree(kind: str) -> Iterable[Wire]:
    axis = TYPES[kind]
    groups = [name for name in axis.mask if name not in axis.bit]
    for name in (*groups, *axis.leaves):
        above = [group for group in groups if name in axis.leaves and axis.mask[group] & axis.bit[name]]
        yield {"uid": _uid(kind, name), "attrs": {}, "parents": [_uid(kind, group) for group in above]}


def cedar_schema() -> str:
    """The schema that policies and requests are checked against, in Cedar's own form."""
    entities = "\n".join(f"entity {kind} in [{kind}];" for kind in TYPES)
    actions = ", ".join(json.dumps(name) for name in (*ACTION.leaves, NOTHING))
    return f"{entities}\n\naction {actions} appliesTo {{\n{_APPLIES}}};\n"


_APPLIES = """  principal: Role,
  resource: Datum,
  context: {
    holds: Set<String>,
    contexts: Set<String>,
    beside: Set<String>,
    k: Long,
    relation: Relation,
    foreign: Bool,
    purpose?: Purpose,
    recipient?: Party,
    source?: Party,
    channel?: Channel,
  },
"""


def uid_text(kind: str, name: str) -> str:
    return f"{kind}::{json.dumps(name)}"


def _uid(kind: str, name: str) -> Wire:
    return {"type": kind, "id": name}


def _entity(kind: str, name: str) -> Wire:
    return {"__entity": _uid(kind, name)}
