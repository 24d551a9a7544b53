"""Which rules are near a datum: those whose box holds it.

Each axis of a box is one small predicate on a rule and one key of the request. An axis asks its predicate of all rules
when it first meets a key and keeps the answer as one bit per rule, so the rules near a datum are an intersection.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from amanat.policy.literals import Question
from amanat.policy.request import Request
from amanat.policy.rule import Rule, RuleKind
from amanat.vocabulary.terms import ACTION, CATEGORY, CHANNEL, PURPOSE, RECIPIENT, RELATION, ROLE

Rules = tuple[Rule, ...]
_MOST_KEYS = 20_000


@dataclass(frozen=True, slots=True)
class Near:
    """The rules whose box holds a datum, by the part they take in its decision."""

    forbids: Rules
    controls: Rules
    reaches: Rules
    permits: Rules
    requires: Rules
    choices: Rules


def _by_part(rules: Iterable[Rule]) -> Near:
    parts: dict[RuleKind, list[Rule]] = {kind: [] for kind in RuleKind}
    for rule in rules:
        parts[rule.kind].append(rule)
    return Near(
        *(
            tuple(parts[kind])
            for kind in (
                RuleKind.FORBID, RuleKind.CONTROL, RuleKind.REACH, RuleKind.PERMIT, RuleKind.REQUIRE, RuleKind.CHOICE,
            )
        )
    )  # fmt: skip


def _actor(rule: Rule, actor: str | None) -> bool:
    """`REACH` lists who may touch a datum at all, so it concerns everybody."""
    return rule.kind is RuleKind.REACH or _within(rule.box.actors, actor, ROLE.bit, ROLE.everything)


def _action(rule: Rule, action: str | None) -> bool:
    return _within(rule.box.actions, action, ACTION.bit, ACTION.everything)


def _leaf(rule: Rule, leaf: str) -> bool:
    return bool(rule.box.leaves & CATEGORY.bit[leaf])


def _word(rule: Rule, word: str) -> bool:
    return rule.box.fields is None or word in rule.box.fields


def _purpose(rule: Rule, purpose: str | None) -> bool:
    return _within(rule.box.purposes, purpose, PURPOSE.bit, PURPOSE.everything)


def _relation(rule: Rule, relation: str) -> bool:
    return bool(rule.box.relations & RELATION.bit[relation])


def _contexts(rule: Rule, contexts: int) -> bool:
    return bool(rule.box.contexts & contexts)


def _beside(rule: Rule, others: int) -> bool:
    return rule.box.beside == 0 or bool(rule.box.beside & others)


def _movement(rule: Rule, movement: tuple[str, str | None, str]) -> bool:
    """Recipients count for telling, sources for receiving, channels for taking; elsewhere they are not asked."""
    action, other, channel = movement
    box = rule.box
    if action in ("disclose", "transfer"):
        return _within(box.recipients, other, RECIPIENT.bit, RECIPIENT.everything)
    if action == "receive" and not _within(box.sources, other, RECIPIENT.bit, RECIPIENT.everything):
        return False
    return not channel or bool(box.channels & CHANNEL.bit[channel])


def _movement_of(request: Request) -> tuple[str, str | None, str]:
    if request.leaves_company:
        return ("disclose", request.recipient, "")
    if request.action in ("collect", "receive"):
        return (request.action, request.source, request.channel or "web_public")
    return ("", None, "")


def _within(allowed: int, word: str | None, bits: dict[str, int], open_axis: int) -> bool:
    """An absent word lies only where the rule leaves the axis open."""
    return bool(allowed & bits[word]) if word is not None else allowed == open_axis


class _Axis(dict[Hashable, int]):
    """Key of a request → the bits of the rules that admit it. Bounded: it is emptied when it grows too large."""

    def __init__(self, rules: Rules, admits: Callable[..., bool]) -> None:
        super().__init__()
        self.rules = rules
        self.admits = admits

    def __missing__(self, key: Hashable) -> int:
        if len(self) >= _MOST_KEYS:
            self.clear()
        self[key] = bits = sum(1 << place for place, rule in enumerate(self.rules) if self.admits(rule, key))
        return bits


class Index:
    """The rules of one policy, found by box."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._known: dict[int, Near] = {}
        self._told_apart = reduce(or_, (rule.box.beside for rule in rules), 0)
        self._actor, self._action, self._leaf, self._word, self._purpose = (
            _Axis(rules, admits) for admits in (_actor, _action, _leaf, _word, _purpose)
        )
        self._relation, self._contexts, self._beside, self._movement = (
            _Axis(rules, admits) for admits in (_relation, _contexts, _beside, _movement)
        )

    def near(self, question: Question) -> Near:
        """The rules whose box holds this datum of this request."""
        request, item = question.request, question.item
        bits = (
            self._action[request.action]
            & self._leaf[item.leaf]
            & self._actor[request.actor]
            & self._purpose[request.purpose]
            & self._relation[request.relation]
            & self._contexts[request.context_mask]
            & self._movement[_movement_of(request)]
            & self._word[item.word]
            & self._beside[request.leaves & ~item.bit & self._told_apart]
        )
        return self._known.get(bits) or self._group(bits)

    def _group(self, bits: int) -> Near:
        if len(self._known) >= _MOST_KEYS:
            self._known.clear()
        self._known[bits] = near = _by_part(rule for place, rule in enumerate(self._rules) if bits >> place & 1)
        return near
