"""Which rules are near a datum: those whose box holds it.

Each axis of a box is one small predicate on a rule and one key of the request. An axis asks its predicate of all rules
when it first meets a key and keeps the answer as one bit per rule, so the rules near a datum are an intersection.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from amanat.policy.literals import Question
from amanat.policy.rule import Rule, RuleKind
from amanat.vocabulary.terms import ACTION, CATEGORY, CHANNEL, PURPOSE, RECIPIENT, RELATION, ROLE

Rules = tuple[Rule, ...]
_MOST_KEYS = 20_000
NOT_ASKED = "*"  # no word of the vocabulary: this axis plays no part in this request


@dataclass(frozen=True, slots=True)
class Near:
    """The rules whose box holds a datum, by the part they take in its decision."""

    forbids: Rules
    controls: Rules
    reaches: Rules
    permits: Rules
    requires: Rules
    choices: Rules


_PARTS = (
    RuleKind.FORBID, RuleKind.CONTROL, RuleKind.REACH, RuleKind.PERMIT, RuleKind.REQUIRE, RuleKind.CHOICE,
)  # fmt: skip


def by_part(rules: Iterable[Rule]) -> Near:
    parts: dict[RuleKind, list[Rule]] = {kind: [] for kind in _PARTS}
    for rule in rules:
        parts[rule.kind].append(rule)
    return Near(*(tuple(parts[kind]) for kind in _PARTS))


@dataclass(frozen=True, slots=True)
class Axis:
    """One dimension of a box: the key that a statement writes it under, and when a rule admits a request's word."""

    name: str
    admits: Callable[[Rule, str | None], bool]
    word: Callable[[Question], str | None]


def _within(allowed: int, word: str | None, bits: dict[str, int], open_axis: int) -> bool:
    """An absent word lies only where the rule leaves the axis open."""
    if word == NOT_ASKED:
        return True
    return bool(allowed & bits[word]) if word is not None else allowed == open_axis


def _actor(rule: Rule, word: str | None) -> bool:
    """`REACH` lists who may touch a datum at all, so it concerns everybody."""
    return rule.kind is RuleKind.REACH or _within(rule.box.actors, word, ROLE.bit, ROLE.everything)


def _field(rule: Rule, word: str | None) -> bool:
    return rule.box.fields is None or word in rule.box.fields


def _recipient(question: Question) -> str | None:
    return question.request.recipient if question.request.leaves_company else NOT_ASKED


def _source(question: Question) -> str | None:
    return question.request.source if question.request.action == "receive" else NOT_ASKED


def _channel(question: Question) -> str:
    """Data that is taken through no known channel counts as taken online."""
    taken = question.request.action in ("collect", "receive")
    return question.request.channel or "web_public" if taken else NOT_ASKED


AXES = (
    Axis("do", lambda rule, word: _within(rule.box.actions, word, ACTION.bit, ACTION.everything),
         lambda question: question.request.action),
    Axis("data", lambda rule, word: _within(rule.box.leaves, word, CATEGORY.bit, CATEGORY.everything),
         lambda question: question.item.leaf),
    Axis("field", _field, lambda question: question.item.word),
    Axis("who", _actor, lambda question: question.request.actor),
    Axis("for", lambda rule, word: _within(rule.box.purposes, word, PURPOSE.bit, PURPOSE.everything),
         lambda question: question.request.purpose),
    Axis("to", lambda rule, word: _within(rule.box.recipients, word, RECIPIENT.bit, RECIPIENT.everything), _recipient),
    Axis("from", lambda rule, word: _within(rule.box.sources, word, RECIPIENT.bit, RECIPIENT.everything), _source),
    Axis("ch", lambda rule, word: _within(rule.box.channels, word, CHANNEL.bit, CHANNEL.everything), _channel),
    Axis("of", lambda rule, word: _within(rule.box.relations, word, RELATION.bit, RELATION.everything),
         lambda question: question.request.relation),
)  # fmt: skip


def in_contexts(rule: Rule, contexts: int) -> bool:
    return bool(rule.box.contexts & contexts)


def is_beside(rule: Rule, others: int) -> bool:
    return rule.box.beside == 0 or bool(rule.box.beside & others)


def misses(rule: Rule, question: Question) -> tuple[str, ...]:
    """The axes on which a rule's box does not hold a datum; none for a rule that is near it."""
    request = question.request
    missed = [axis.name for axis in AXES if not axis.admits(rule, axis.word(question))]
    if not in_contexts(rule, request.context_mask):
        missed.append("ctx")
    if not is_beside(rule, request.leaves & ~question.item.bit):
        missed.append("beside")
    return tuple(missed)


class _Table(dict[Hashable, int]):
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
        self._axes = tuple((axis.word, _Table(rules, axis.admits)) for axis in AXES)
        self._contexts, self._beside = _Table(rules, in_contexts), _Table(rules, is_beside)
        self._told_apart = reduce(or_, (rule.box.beside for rule in rules), 0)

    def near(self, question: Question) -> Near:
        """The rules whose box holds this datum of this request."""
        bits = self.bits(question)
        return self._known.get(bits) or self._group(bits)

    def bits(self, question: Question) -> int:
        """The same rules as one number: a bit per rule, in the policy's order."""
        request = question.request
        bits = self._contexts[request.context_mask]
        for word, table in self._axes:
            bits &= table[word(question)]
        return bits & self._beside[request.leaves & ~question.item.bit & self._told_apart]

    def _group(self, bits: int) -> Near:
        if len(self._known) >= _MOST_KEYS:
            self._known.clear()
        self._known[bits] = near = by_part(rule for place, rule in enumerate(self._rules) if bits >> place & 1)
        return near
