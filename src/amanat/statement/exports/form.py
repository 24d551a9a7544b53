"""A rule in plain words: the one form between compiled rules (bits) and what is written out or read back.

Reading trusts nothing: every word is looked up in the closed vocabulary, so a damaged or invented rule is an error and
never a permit.
"""

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct

from amanat.errors import MalformedError
from amanat.policy.literals import ATOMS, PARAMETERS
from amanat.policy.rule import ALWAYS, NEVER, Box, Condition, Literal, Obligation, Rule, RuleKind
from amanat.statement.keys import AXES
from amanat.vocabulary.clauses import section_of
from amanat.vocabulary.terms import CATEGORY, FIELD_LEAF, OBLIGATION_PARAMETER, OBLIGATIONS


class FormError(MalformedError):
    """What was exported does not have the agreed form."""


class Fact(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A literal: `fact` must hold, or must not where `wanted` is false; `cites` is the clause to blame for a miss."""

    fact: str
    parameter: str = ""
    wanted: bool = True
    cites: str = ""


class Duty(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An obligation with its measure, if it has one."""

    name: str
    parameter: str = ""


Ways = tuple[tuple[Fact, ...], ...]


class RuleForm(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A rule. An axis that `box` does not name is open; `when` and `need` hold if absent, `unless` does not."""

    id: str
    kind: str
    line: int = 0
    box: dict[str, tuple[str, ...]] = {}
    fields: tuple[str, ...] | None = None
    when: Ways | None = None
    need: Ways | None = None
    unless: Ways | None = None
    then: tuple[Duty, ...] = ()


def form_of(rule: Rule) -> RuleForm:
    """A rule as words. The words of an axis stand in the order of the vocabulary."""
    return RuleForm(
        rule.id, rule.kind.value, rule.line,
        {key: tuple(axis.leaves_in(mask)) for key, axis, mask in narrowed(rule.box)},
        None if rule.box.fields is None else tuple(sorted(rule.box.fields)),
        ways_of(rule.when, ALWAYS), ways_of(rule.need, ALWAYS), ways_of(rule.unless, NEVER),
        tuple(Duty(duty.name, duty.parameter) for duty in rule.then),
    )  # fmt: skip


def rules_digest(rules: Iterable[Rule]) -> str:
    """SHA-256 over the forms of some rules in their order: whether anything in them was lost or changed."""
    return sha256(msgspec.json.encode([form_of(rule) for rule in rules], order="sorted")).hexdigest()


def narrowed(box: Box) -> Iterable[tuple[str, Any, int]]:
    """The axes that a box narrows: key, axis and the bits that are left."""
    for key, (name, axis) in AXES.items():
        mask = getattr(box, name)
        if mask == (0 if key == "beside" else axis.everything):
            continue
        if not mask:
            raise FormError(f"axis `{key}` without words would match nothing")
        yield key, axis, mask


def ways_of(condition: Condition, usual: Condition) -> Ways | None:
    """A condition as facts by way; None for the one that goes without saying."""
    if condition == usual:
        return None
    return tuple(tuple(Fact(one.atom, one.parameter, one.wanted, one.cites) for one in way) for way in condition)


def fact_text(literal: Literal) -> str:
    """The name of a fact, whether the literal wants it or not."""
    return f"{literal.atom} {literal.parameter}".strip()


def rule_of(form: RuleForm) -> Rule:
    """The rule that a form stands for; raises `FormError` or names the unknown word."""
    if section_of(form.id) is None:
        raise FormError(f"`{form.id[:20]}` is no rule of any clause")
    if form.kind not in _KINDS:
        raise FormError(f"rule `{form.id}` is of no known kind: `{form.kind[:20]}`")
    return Rule(
        form.id, RuleKind(form.kind), _box(form),
        when=_condition(form.when, ALWAYS), need=_condition(form.need, ALWAYS),
        unless=_condition(form.unless, NEVER), then=tuple(_obligation(duty) for duty in form.then), line=form.line,
    )  # fmt: skip


_KINDS = frozenset(kind.value for kind in RuleKind)


def _box(form: RuleForm) -> Box:
    drawn: dict[str, Any] = {AXES[key][0]: mask_of(key, words) for key, words in _known(form.box)}
    if form.fields is not None:
        drawn["fields"] = frozenset(_field(word) for word in form.fields)
    return Box(**drawn)


def _known(box: Mapping[str, tuple[str, ...]]) -> Iterable[tuple[str, tuple[str, ...]]]:
    for key, words in box.items():
        if key not in AXES:
            raise FormError(f"a box has no axis `{key[:20]}`; known are {', '.join(AXES)}")
        if not words:
            raise FormError(f"axis `{key}` without words would match nothing")
        yield key, words


def mask_of(key: str, words: Iterable[str]) -> int:
    """The bits of some words of an axis, leaves or groups."""
    mask = 0
    for word in words:
        mask |= AXES[key][1].mask_of(word)
    return mask


def _field(word: str) -> str:
    if word not in CATEGORY.bit and word not in FIELD_LEAF:
        raise CATEGORY.unknown(word, [*CATEGORY.bit, *FIELD_LEAF])
    return word


def _condition(ways: Ways | None, usual: Condition) -> Condition:
    return usual if ways is None else tuple(tuple(_literal(one) for one in way) for way in ways)


def _literal(fact: Fact) -> Literal:
    if fact.fact not in ATOMS or fact.parameter not in (PARAMETERS[fact.fact] or {""}):
        raise FormError(f"no fact is called `{fact.fact[:40]} {fact.parameter[:40]}`")
    if fact.cites and section_of(fact.cites) != fact.cites:
        raise FormError(f"`{fact.cites[:20]}` is no clause")
    return Literal(fact.fact, fact.parameter, fact.wanted, fact.cites)


def _obligation(duty: Duty) -> Obligation:
    allowed = OBLIGATION_PARAMETER.get(duty.name, "")
    if duty.name not in OBLIGATIONS or (duty.parameter and not re.fullmatch(allowed, duty.parameter)):
        raise FormError(f"no obligation is called `{duty.name[:40]}({duty.parameter[:40]})`")
    return Obligation(duty.name, duty.parameter)
