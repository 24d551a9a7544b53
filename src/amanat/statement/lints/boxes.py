"""Boxes against boxes, exactly: what of a permit is left when others are cut out of it.

An axis that an action does not ask for is no limit to it, so boxes are compared action by action. Contexts are the
exception: a request may be in several, so one box covers another there only if it names all its contexts.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from amanat.policy.rule import ALWAYS, Box, Condition, Conjunction, Literal, Rule, RuleKind
from amanat.vocabulary.terms import ACTION, CHANNEL, RECIPIENT, ROLE

# Axis → the actions that ask for it and its whole; all others ask for every axis.
_MOVING: Final = {
    "recipients": (ACTION.mask_of("telling"), RECIPIENT.everything),
    "sources": (ACTION.mask_of("receive"), RECIPIENT.everything),
    "channels": (ACTION.mask_of("taking"), CHANNEL.everything),
}
_AXES: Final = ("actors", "leaves", "purposes", "relations", "recipients", "sources", "channels")

_Region = tuple[int, ...]
Guard = Callable[[Literal], bool]


def left_of(box: Box, covers: Iterable[Box]) -> Box | None:
    """A part of `box` that lies in none of the others; None if they cover it."""
    others = list(covers)
    for action in ACTION.leaves_in(box.actions):
        bit = ACTION.bit[action]
        left = [_region(box, bit)]
        for cover in (one for one in others if one.actions & bit and _covers(one, box)):
            left = [piece for region in left for piece in _without(region, _region(cover, bit))]
        if left and all(left[0]):
            drawn: dict[str, Any] = dict(zip(_AXES, left[0], strict=True))
            return replace(box, actions=bit, **drawn)
    return None


def inside(box: Box, other: Box) -> bool:
    """Whether whatever lies in `box` lies in `other`."""
    return left_of(box, [other]) is None


def _region(box: Box, action: int) -> _Region:
    asked = {name: whole for name, (actions, whole) in _MOVING.items() if not actions & action}
    return tuple(asked.get(name) or getattr(box, name) for name in _AXES)


def _covers(cover: Box, box: Box) -> bool:
    """Whether the cover holds on what is no set of single values: fields, company, contexts."""
    named = cover.fields is None or (box.fields is not None and box.fields <= cover.fields)
    beside = not cover.beside or bool(box.beside and not box.beside & ~cover.beside)
    return named and beside and not box.contexts & ~cover.contexts


def _without(region: _Region, gone: _Region) -> Iterator[_Region]:
    """The boxes that are left of one after another is cut out of it."""
    if not all(mine & its for mine, its in zip(region, gone, strict=True)):
        yield region
        return
    for axis, (mine, its) in enumerate(zip(region, gone, strict=True)):
        if mine & ~its:
            shared = tuple(one & other for one, other in zip(region[:axis], gone[:axis], strict=True))
            yield (*shared, mine & ~its, *region[axis + 1 :])


def entails(narrow: Condition, wide: Condition) -> bool:
    """Whether all that meets `narrow` meets `wide` as well, told from how they are written."""
    return wide == ALWAYS or all(any(_facts(other) <= _facts(way) for other in wide) for way in narrow)


def _facts(way: Conjunction) -> frozenset[tuple[str, str, bool]]:
    return frozenset((one.atom, one.parameter, one.wanted) for one in way)


def guarded(condition: Condition, guard: Guard) -> bool:
    """Whether every way to meet the condition asks for such a fact."""
    return all(any(one.wanted and guard(one) for one in way) for way in condition)


def unguarded(permit: Rule, box: Box, rules: Iterable[Rule], guard: Guard) -> Box | None:
    """A part of `box` that the permit opens without any fact of that kind; None if there is none."""
    if guarded(permit.when, guard):
        return None
    stops = (stop for rule in rules if entails(permit.when, rule.when) for stop in _stops(rule, guard))
    return left_of(box, stops)


def _stops(rule: Rule, guard: Guard) -> Iterator[Box]:
    """What a rule stops unless such a fact is there; a reach stops everybody whom it does not name."""
    if rule.kind is RuleKind.REACH:
        yield replace(rule.box, actors=ROLE.everything & ~rule.box.actors)
    elif rule.kind is not RuleKind.PERMIT and guarded(_lifts(rule), guard):
        yield rule.box


def _lifts(rule: Rule) -> Condition:
    return rule.unless if rule.kind in (RuleKind.FORBID, RuleKind.CHOICE) else rule.need
