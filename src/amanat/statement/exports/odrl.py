"""A compiled statement in ODRL 2.2 as JSON-LD: one permission or prohibition per rule, under a profile of ours.

A condition that must hold for a stop to be lifted stands negated in the prohibition, so that ODRL's own logic alone
gives our meaning. What was checked outside the request is a fact by name (`amanat:fact`).
"""

from collections.abc import Iterable
from typing import Any

from amanat.policy.interpreter import Policy
from amanat.policy.rule import ALWAYS, NEVER, Condition, Literal, Obligation, Rule, RuleKind
from amanat.statement.compile import Statement
from amanat.statement.exports.concepts import (
    CONTEXT,
    PROFILE,
    REMARK,
    Node,
    address,
    linked,
    listed,
    word_ids,
    words_in,
)
from amanat.statement.exports.form import Duty, Fact, FormError, RuleForm, Ways, fact_text, narrowed
from amanat.statement.exports.linked import (
    Form,
    fact_of,
    head_of,
    head_of_rule,
    identity,
    read,
    rules_of,
    texts,
    without_nothing,
    write,
)

# Key of a rule line → the left operand that its words are compared with.
_OPERANDS = {
    "who": "amanat:actor", "data": "amanat:datum", "beside": "amanat:beside", "to": "amanat:party",
    "from": "amanat:supplier", "for": "odrl:purpose", "ch": "odrl:deliveryChannel", "ctx": "amanat:context",
    "of": "amanat:relation",
}  # fmt: skip
_KEYS = {operand: key for key, operand in _OPERANDS.items()}
_FIELD, _FACT, _NUMBER, _MEASURE = "amanat:word", "amanat:fact", "amanat:k", "amanat:measure"
_CONTEXT = CONTEXT | {
    "uid": linked("odrl:uid"),
    "profile": linked("odrl:profile"),
    "conflict": linked("odrl:conflict"),
    "assigner": linked("odrl:assigner"),
    "source": linked("odrl:source"),
    "action": linked("odrl:action"),
    "leftOperand": linked("odrl:leftOperand"),
    "operator": linked("odrl:operator"),
    "rightOperand": linked("odrl:rightOperand"),
    "permission": "odrl:permission",
    "prohibition": "odrl:prohibition",
    "target": "odrl:target",
    "assignee": "odrl:assignee",
    "refinement": "odrl:refinement",
    "constraint": "odrl:constraint",
    "duty": "odrl:duty",
    "then": listed("amanat:then"),
    "and": listed("odrl:and"),
    "or": listed("odrl:or"),
    "part": "amanat:part",
    "cites": "amanat:cites",
}


def odrl(statement: Statement) -> str:
    """The statement as an `odrl:Set`, in JSON-LD."""
    policy = head_of(statement) | {
        "@type": "odrl:Set",
        "uid": address(statement),
        "profile": PROFILE,
        "conflict": "odrl:prohibit",
    }
    return write(_CONTEXT, policy | rules_of(statement, _FORM), [_profile(), *_left_operands()])


def read_odrl(data: bytes) -> Policy:
    """The policy that `odrl` wrote; raises `FormError` for anything else."""
    return read(data, _FORM)


def _profile() -> Node:
    return {"@id": PROFILE, "@type": "dct:Standard", "dct:description": {"@value": REMARK, "@language": "en"}}


def _left_operands() -> list[Node]:
    meanings = {
        "amanat:actor": "the role of whoever acts",
        "amanat:datum": "the datum asked for",
        "amanat:beside": "another datum of the same request",
        "amanat:party": "who is told; asked of telling alone",
        "amanat:supplier": "who supplied the data; asked of receiving alone",
        "amanat:context": "the circumstances, as derived from the request",
        "amanat:relation": "what the person is to the group",
        _FIELD: "the datum as it was named, which may be a field of a larger one",
        _FACT: "a fact that was checked beforehand and holds",
        _NUMBER: "the size of the smallest group that is counted",
        _MEASURE: "the measure of a duty",
    }
    return [
        {"@id": operand, "@type": "odrl:LeftOperand", "skos:definition": {"@value": meaning, "@language": "en"}}
        for operand, meaning in meanings.items()
    ]


def _rule(rule: Rule, base: str) -> Node:
    permits = rule.kind is RuleKind.PERMIT
    named = {key: axis.cover(mask) for key, axis, mask in narrowed(rule.box)}
    duties = [_duty(one) for one in rule.then]
    return without_nothing(
        head_of_rule(rule, base)
        | {
            "@type": "odrl:Permission" if permits else "odrl:Prohibition",
            "assigner": "amanat:company",
            "action": word_ids("do", named.get("do", ["any"])),
            "target": _collection("Asset", "amanat:data", "data", named),
            "assignee": _collection("Party", "amanat:recipients", "to", named) if "to" in named else None,
            "constraint": [*_box_constraints(rule, named), *_conditions(rule)],
            "duty" if permits else "then": duties,
        }
    )


def _collection(kind: str, source: str, key: str, named: dict[str, list[str]]) -> Node:
    refinement = [_constraint(_OPERANDS[key], "isAnyOf", word_ids(key, named[key]))] if key in named else []
    return without_nothing({"@type": f"odrl:{kind}Collection", "source": source, "refinement": refinement})


def _constraint(operand: str, operator: str, right: Any) -> Node:
    return {
        "@type": "odrl:Constraint",
        "leftOperand": operand,
        "operator": f"odrl:{operator}",
        "rightOperand": right,
    }


def _box_constraints(rule: Rule, named: dict[str, list[str]]) -> Iterable[Node]:
    for key, words in named.items():
        if key not in ("do", "data", "to"):
            stops_others = key == "who" and rule.kind is RuleKind.REACH
            yield _constraint(_OPERANDS[key], "isNoneOf" if stops_others else "isAnyOf", word_ids(key, words))
    if rule.box.fields is not None:
        yield _constraint(_FIELD, "isAnyOf", word_ids("data", sorted(rule.box.fields)))


def _conditions(rule: Rule) -> Iterable[Node]:
    for part, usual, stands in (("when", ALWAYS, True), ("need", ALWAYS, False), ("unless", NEVER, False)):
        condition: Condition = getattr(rule, part)
        if condition != usual:
            yield {"part": part} | _logic(condition, stands=stands)


def _logic(condition: Condition, *, stands: bool) -> Node:
    """A condition, or its opposite (by De Morgan) where what it says lifts a stop."""
    outer, inner = ("or", "and") if stands else ("and", "or")
    ways = [
        {"@type": "odrl:LogicalConstraint", inner: [_fact(literal, stands=stands) for literal in way]}
        for way in condition
    ]
    return {"@type": "odrl:LogicalConstraint", outer: ways}


def _fact(literal: Literal, *, stands: bool) -> Node:
    holds = literal.wanted is stands
    cites = {"cites": literal.cites} if literal.cites else {}
    if literal.atom == "k":
        return _constraint(_NUMBER, "gteq" if holds else "lt", int(literal.parameter)) | cites
    return _constraint(_FACT, "isAnyOf" if holds else "isNoneOf", {"@value": fact_text(literal)}) | cites


def _duty(duty: Obligation) -> Node:
    node = {"@type": "odrl:Duty", "action": f"amanat:obligation/{duty.name}"}
    if not duty.parameter:
        return node
    number, unit = duty.parameter[:-1], duty.parameter[-1]
    if number.isdecimal() and unit in _SPAN:
        span = {"@value": _SPAN[unit].format(number), "@type": "xsd:duration"}
        return node | {"constraint": _constraint("odrl:elapsedTime", "lteq", span)}
    return node | {"constraint": _constraint(_MEASURE, "eq", {"@value": duty.parameter})}


_SPAN = {"h": "PT{}H", "d": "P{}D"}


def _read_rule(node: Node) -> RuleForm:
    name, kind, line = identity(node)
    box = {"do": words_in("do", texts(node["action"]))}
    fields: tuple[str, ...] | None = None
    conditions: dict[str, Ways] = {}
    for one in _constraints_of(node):
        if "part" in one:
            conditions[one["part"]] = _read_logic(one)
        elif one["leftOperand"] == _FIELD:
            fields = words_in("data", texts(one["rightOperand"]))
        else:
            key = _KEYS[one["leftOperand"]]
            box[key] = words_in(key, texts(one["rightOperand"]))
    duties = tuple(_read_duty(one) for one in (*node.get("duty", ()), *node.get("then", ())))
    return RuleForm(name, kind, line, box, fields, then=duties, **conditions)


def _constraints_of(node: Node) -> list[Node]:
    collections = (node["target"], node.get("assignee", {}))
    return [*(one for part in collections for one in part.get("refinement", [])), *node.get("constraint", [])]


def _read_logic(node: Node) -> Ways:
    part = node["part"]
    if part not in ("when", "need", "unless"):
        raise FormError(f"a rule has no part `{str(part)[:20]}`")
    stands = part == "when"
    outer, inner = ("or", "and") if stands else ("and", "or")
    return tuple(tuple(_read_fact(one, stands=stands) for one in way[inner]) for way in node[outer])


def _read_fact(node: Node, *, stands: bool) -> Fact:
    holds = node["operator"] in ("odrl:isAnyOf", "odrl:gteq")
    right = node["rightOperand"]
    text = f"k {right}" if node["leftOperand"] == _NUMBER else right["@value"]
    return fact_of(text, wanted=holds is stands, cites=node.get("cites", ""))


def _read_duty(node: Node) -> Duty:
    (name,) = words_in("then", [node["action"]])
    if "constraint" not in node:
        return Duty(name)
    text = node["constraint"]["rightOperand"]["@value"]
    if node["constraint"]["leftOperand"] == _MEASURE:
        return Duty(name, text)
    return Duty(name, text.removeprefix("P").removeprefix("T").lower())


_FORM = Form("permission", "prohibition", _rule, _read_rule)
