"""Where a new policy may permit what an old one did not: the clauses whose permits grew or whose stops shrank.

The answer may name too much and never too little: a policy in which nothing is widened permits nothing that the old
one would not have permitted.
"""

from collections.abc import Iterable
from dataclasses import fields

from amanat.policy.interpreter import Policy
from amanat.policy.rule import Box, Condition, Conjunction, Rule, RuleKind

_MASKS = tuple(one.name for one in fields(Box) if one.name not in ("fields", "beside"))


def widened(old: Policy, new: Policy) -> frozenset[str]:
    """The clauses under which `new` may permit more than `old`: none if everything only got stricter or moved."""
    grown = (rule for rule in _permits(new) if not any(_no_wider(rule, one) for one in _permits(old)))
    shrunk = (rule for rule in _stops(old) if not any(_no_laxer(one, rule) for one in _stops(new)))
    return frozenset(rule.section for rule in (*grown, *shrunk))


def _permits(policy: Policy) -> Iterable[Rule]:
    return [rule for rule in policy.rules if rule.kind is RuleKind.PERMIT]


def _stops(policy: Policy) -> Iterable[Rule]:
    return [rule for rule in policy.rules if rule.kind is not RuleKind.PERMIT]


def _no_wider(new: Rule, old: Rule) -> bool:
    """Whether all that the new permit lets through, the old one let through as well."""
    return _inside(new.box, old.box) and _implies(new.when, old.when)


def _no_laxer(new: Rule, old: Rule) -> bool:
    """Whether all that the old stop stopped, the new one stops as well."""
    if new.kind is not old.kind:
        return False
    box = _inside(old.box, new.box)
    if old.kind is RuleKind.REACH:  # its actors are those whom it lets through, not those whom it is about
        box = old.box == new.box
    need = _implies(new.need, old.need)
    return box and need and _implies(old.when, new.when) and _implies(new.unless, old.unless)


def _inside(inner: Box, outer: Box) -> bool:
    masks = all(getattr(inner, name) & ~getattr(outer, name) == 0 for name in _MASKS)
    named = outer.fields is None or (inner.fields is not None and inner.fields <= outer.fields)
    beside = outer.beside == 0 or (inner.beside != 0 and inner.beside & ~outer.beside == 0)
    return masks and named and beside


def _implies(stronger: Condition, weaker: Condition) -> bool:
    """Whether each way to meet the one meets a way of the other."""
    facts = [_facts(way) for way in weaker]
    return all(any(fewer <= _facts(way) for fewer in facts) for way in stronger)


def _facts(way: Conjunction) -> frozenset[tuple[str, str, bool]]:
    return frozenset((one.atom, one.parameter, one.wanted) for one in way)
