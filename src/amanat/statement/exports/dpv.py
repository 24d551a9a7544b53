"""A compiled statement in the W3C Data Privacy Vocabulary 2.3 as JSON-LD: a privacy notice with its rules.

DPV names purposes, processing, data, recipients, legal bases and measures; conditions are ours, a line per way.
"""

import re

from amanat.policy.interpreter import Policy
from amanat.policy.request import PERSONAL
from amanat.policy.rule import ALWAYS, NEVER, Box, Condition, Rule, RuleKind
from amanat.statement.compile import Statement
from amanat.statement.exports.concepts import (
    CONTEXT,
    REMARK,
    Node,
    linked,
    listed,
    matches,
    word_ids,
    words_in,
)
from amanat.statement.exports.form import Duty, Fact, FormError, RuleForm, fact_text, narrowed
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

# Key of a rule line → the property that holds its words. Some axes have a second one, for part of what they say.
_PROPERTIES = {
    "do": "dpv:hasProcessing", "data": "dpv:hasPersonalData", "who": "dpv:isImplementedByEntity",
    "to": "dpv:hasRecipient", "from": "dpv:hasDataSource", "for": "dpv:hasPurpose", "ctx": "dpv:hasContext",
    "of": "dpv:hasDataSubject", "ch": "amanat:channel", "beside": "amanat:beside",
}  # fmt: skip
_ALL_DATA = "dpv:hasData"  # where the rule speaks of other than personal data as well
_SAVE_FOR = "amanat:saveFor"  # whom a rule of reach does not stop
_LOCATION = "dpv:hasLocation"
_FIELDS = "amanat:fields"
_KEYS = {name: key for key, name in _PROPERTIES.items()} | {_ALL_DATA: "data", _SAVE_FOR: "who", _LOCATION: "ctx"}
_PLACES = frozenset({"same_country", "cross_border"})
_BASIS, _MEASURE = "dpv:hasLegalBasis", "dpv:hasTechnicalOrganisationalMeasure"
_PARTS = ("when", "need", "unless")
_CONTEXT = (
    CONTEXT
    | {name: linked(name) for name in (*_KEYS, _FIELDS, _BASIS, _MEASURE)}
    | {part: listed(f"amanat:{part}") for part in (*_PARTS, "then")}
)


def dpv(statement: Statement) -> str:
    """The statement as a `dpv:PrivacyNotice`, in JSON-LD."""
    notice = head_of(statement) | {
        "@type": "dpv:PrivacyNotice",
        "dct:description": {"@value": REMARK, "@language": "en"},
    }
    return write(_CONTEXT, notice | rules_of(statement, _FORM), [])


def read_dpv(data: bytes) -> Policy:
    """The policy that `dpv` wrote; raises `FormError` for anything else."""
    return read(data, _FORM)


def _rule(rule: Rule, base: str) -> Node:
    fields = rule.box.fields
    return without_nothing(
        head_of_rule(rule, base)
        | {"@type": "dpv:Permission" if rule.kind is RuleKind.PERMIT else "dpv:Prohibition"}
        | _axes(rule)
        | {
            _FIELDS: None if fields is None else word_ids("data", sorted(fields)),
            _BASIS: _names(rule, "basis"),
            _MEASURE: [*_names(rule, "measure"), *word_ids("then", dict.fromkeys(duty.name for duty in rule.then))],
            "then": [str(duty) for duty in rule.then],
        }
    ) | _conditions(rule)


def _conditions(rule: Rule) -> Node:
    """The conditions that say something. One without a way never holds, and must not be left out."""
    parts = (("when", rule.when, ALWAYS), ("need", rule.need, ALWAYS), ("unless", rule.unless, NEVER))
    return {part: _ways(condition) for part, condition, usual in parts if condition != usual}


def _axes(rule: Rule) -> Node:
    node: Node = {}
    for key, axis, mask in narrowed(rule.box):
        words = axis.cover(mask)
        if key == "ctx":
            node[_LOCATION] = word_ids(key, [word for word in words if word in _PLACES])
            words = [word for word in words if word not in _PLACES]
        node[_property(key, rule)] = word_ids(key, words)
    return node


def _property(key: str, rule: Rule) -> str:
    if key == "who" and rule.kind is RuleKind.REACH:
        return _SAVE_FOR
    return _ALL_DATA if key == "data" and _beyond_personal(rule.box) else _PROPERTIES[key]


def _beyond_personal(box: Box) -> bool:
    return bool(box.leaves & ~PERSONAL)


def _names(rule: Rule, room: str) -> list[str]:
    """The legal bases, or the measures, that a rule's conditions ask for."""
    asked = [one for condition in (rule.when, rule.need) for way in condition for one in way if one.wanted]
    known = matches()
    found = [known.get((room, fact_text(one)), known.get((room, one.atom), ())) for one in asked]
    return list(dict.fromkeys(name.rstrip("~") for names in found for name in names))


def _ways(condition: Condition) -> list[str]:
    return [" and ".join(_said(str(one), one.cites) for one in way) for way in condition]


def _said(text: str, cites: str) -> str:
    return f"{text} as {cites}" if cites else text


def _read_rule(node: Node) -> RuleForm:
    name, kind, line = identity(node)
    box: dict[str, tuple[str, ...]] = {}
    for one in _KEYS.keys() & node.keys():
        key = _KEYS[one]
        box[key] = (*box.get(key, ()), *words_in(key, texts(node[one])))
    fields = words_in("data", texts(node[_FIELDS])) if _FIELDS in node else None
    conditions = {part: tuple(_read_way(way) for way in texts(node[part])) for part in _PARTS if part in node}
    duties = tuple(_read_duty(one) for one in texts(node.get("then", [])))
    return RuleForm(name, kind, line, box, fields, then=duties, **conditions)


def _read_way(text: str) -> tuple[Fact, ...]:
    return tuple(_read_fact(one) for one in text.split(" and ")) if text else ()


def _read_fact(text: str) -> Fact:
    said, _, cites = text.partition(" as ")
    return fact_of(said.removeprefix("not "), wanted=not said.startswith("not "), cites=cites)


def _read_duty(text: str) -> Duty:
    found = re.fullmatch(r"([a-z_]+)(?:\(([^()]+)\))?", text)
    if found is None:
        raise FormError(f"`{text[:40]}` is no obligation")
    return Duty(found[1], found[2] or "")


_FORM = Form("dpv:hasPermission", "dpv:hasProhibition", _rule, _read_rule)
