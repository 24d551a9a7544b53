"""Cells: a policy cut along its axes into tables, and the places where the same rules are near.

A word of a request is looked up as an integer with one bit per rule that admits it; the bits left after all words are
joined name the cell. What is said in a cell follows from the signals that its rules look at, so an answer is worked
out once, by the interpreter, and found again. Tables fill as they are used; full ones are emptied.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, NamedTuple, TypeVar

from amanat.policy.decision import Outcome, Verdict
from amanat.policy.interpreter import Judgement, Policy
from amanat.policy.literals import Question
from amanat.policy.near import AXES, Near, Rules, by_part, in_contexts, is_beside
from amanat.policy.request import PERSONAL, item
from amanat.policy.rule import Literal, Obligation, Rule, RuleKind
from amanat.policy.signals import BIT, FIRST_K, OPT_IN_OF_LEAF, UNGIVEABLE, looked_at
from amanat.policy.wishes import WITHHOLDING
from amanat.vocabulary.terms import (
    ACTION,
    CATEGORY,
    CHANNEL,
    CONTEXT,
    FIELD_LEAF,
    PROFILE,
    PURPOSE,
    RECIPIENT_KIND,
    RELATION,
    ROLE,
)

MOST_KEYS: Final = 50_000
TELLING: Final = frozenset(ACTION.groups["telling"])
TAKING: Final = frozenset(ACTION.groups["taking"])
_AXIS: Final = {axis.name: axis for axis in AXES}
_LEAVES: Final[Mapping[str, Mapping[str, Any]]] = {
    "do": ACTION.bit, "data": CATEGORY.bit, "field": dict.fromkeys([*CATEGORY.bit, *FIELD_LEAF]), "who": ROLE.bit,
    "for": PURPOSE.bit, "to": RECIPIENT_KIND, "from": RECIPIENT_KIND, "ch": CHANNEL.bit, "of": RELATION.bit,
}  # fmt: skip
_ROSTER: Final = CATEGORY.mask_of("identity") | CATEGORY.mask_of("cover")
_PURPOSE: Final[Mapping[str, int]] = {
    "emergency_care": BIT["for_emergency_care"], "legal_order": BIT["for_legal_order"], "other": BIT["for_other"],
}  # fmt: skip

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Table(dict[Key, Value], Generic[Key, Value]):
    """Makes what it lacks, and is emptied when it grows too large. An unknown word is a `KeyError`."""

    def __init__(self, make: Callable[[Key], Value], most: int | None = None) -> None:
        super().__init__()
        self._make, self._most = make, most

    def __missing__(self, key: Key) -> Value:
        if len(self) >= (self._most or MOST_KEYS):
            self.clear()
        self[key] = made = self._make(key)
        return made


@dataclass(slots=True, eq=False)
class Answer:
    """What is said of one datum, or of a whole request. `open` are needs that only the request can put in words."""

    outcome: Outcome
    clauses: tuple[str, ...]
    obligations: tuple[Obligation, ...]
    needs: tuple[str, ...]
    open: tuple[Literal, ...] = ()
    filled: dict[tuple[str | None, str | None, str], "Answer"] = field(default_factory=dict)
    line: bytes = b""

    def of(self, word: str) -> Verdict:
        return Verdict(word, self.outcome, self.clauses, self.obligations, self.needs)


@dataclass(slots=True, eq=False)
class Cell:
    """The rules near some data, and the answers known there by the signals of `mask`."""

    near: Near
    mask: int
    answers: dict[int, Answer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Datum:
    """A leaf or field: the rules that speak of it, those that do when it stands alone, and its signals.

    `apart` is its bit if some rule asks whether it stands beside other data, `withheld` the wishes that withhold it.
    """

    word: str
    bit: int
    apart: int
    rules: int
    alone: int
    signals: int
    personal: bool
    withheld: int


class Group(NamedTuple):
    """Some data that are asked for together: of each the rules that speak of it there, its signals and withholdings."""

    parts: tuple[tuple[int, int, int], ...]
    personal: bool


class Cells:
    """The tables of one policy. Rules are bits in its order; above them stands a bit for each reach that is missed."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._rules: Rules = policy.rules
        self._reaches = [place for place, rule in enumerate(policy.rules) if rule.kind is RuleKind.REACH]
        self.missed = {reach: place for place, reach in enumerate(self._reaches, len(policy.rules))}
        self._permits = self._of_kinds(RuleKind.PERMIT)
        self._final = self._of_kinds(RuleKind.FORBID, RuleKind.CONTROL)
        self.told_apart = _union(rule.box.beside for rule in policy.rules)
        self.sizes = _union(1 << FIRST_K + int(one.parameter) for one in _literals(policy.rules) if one.atom == "k")
        self._admitted: Table[tuple[str, str | None], int] = Table(lambda key: self._bits(_AXIS[key[0]].admits, key[1]))
        self.moves = Table(self._move)
        self.takes = Table(self._take)
        self.people = Table(self._person)
        self.contexts: Table[int, int] = Table(lambda mask: self._bits(in_contexts, mask))
        self.beside: Table[int, int] = Table(lambda mask: self._bits(is_beside, mask))
        self.data = Table(self._datum)
        self.groups = Table(self._group)
        self.near = Table(self._cell)
        self._shared: dict[int, Cell] = {}

    def rules_in(self, bits: int) -> Rules:
        return tuple(rule for place, rule in enumerate(self._rules) if bits >> place & 1)

    def ask_for_contexts(self, bits: int) -> bool:
        """Whether a context can make a difference to which of these rules are near."""
        return any(rule.box.contexts != CONTEXT.everything for rule in self.rules_in(bits))

    def _of_kinds(self, *kinds: RuleKind) -> int:
        return sum(1 << place for place, rule in enumerate(self._rules) if rule.kind in kinds)

    def _bits(self, admits: Callable[[Rule, Any], bool], word: object) -> int:
        """The rules that admit a word, and with each of their reaches the bit that says it is missed."""
        found = sum(1 << place for place, rule in enumerate(self._rules) if admits(rule, word))
        missed = (place for place, reach in enumerate(self._reaches, len(self._rules)) if found >> reach & 1)
        return found | sum(1 << place for place in missed)

    def admitted(self, axis: str, word: str | None) -> int:
        """The rules that admit a leaf of an axis, or no word at all; a word that is no leaf is a `KeyError`."""
        if word is not None and word not in _LEAVES[axis]:
            raise KeyError(word)
        return self._admitted[axis, word]

    def _move(self, key: tuple[str | None, str | None, str | None]) -> tuple[int, int]:
        """Action, recipient, purpose → the rules that admit them, and their signals. Nothing moves to nobody."""
        action, recipient, purpose = key
        telling = action in TELLING
        rules = self.admitted("do", action) & self.admitted("for", purpose)
        if telling:
            rules &= self.admitted("to", recipient)
        missing = action is None or purpose is None or (telling and recipient is None)
        signals = purpose_signals(purpose) | recipient_signals(recipient)
        return rules, signals | BIT["unaddressed"] if missing else signals

    def _take(self, key: tuple[str | None, str | None, str | None]) -> int:
        """Action of taking, source, channel → the rules that admit them."""
        action, source, channel = key
        received = action == "receive"
        rules = self.admitted("ch", channel or "web_public")
        return rules & self.admitted("from", source) if received else rules

    def _person(self, key: tuple[str | None, str]) -> int:
        """Actor and relation of the person → the rules that admit them; of reaches, whether the actor is in them."""
        actor, relation = key
        rules = self.admitted("who", actor) & self.admitted("of", relation)
        for place, reach in enumerate(self._reaches, len(self._rules)):
            if actor is not None and self._rules[reach].box.actors & ROLE.bit[actor]:
                rules &= ~(1 << place)
        return rules

    def _datum(self, word: str) -> Datum:
        one = item(word)
        rules = self.admitted("data", one.leaf) & self.admitted("field", word)
        signals = BIT["in_minimum"] if word in PROFILE["emergency_minimum"] else 0
        signals |= BIT["on_roster"] if one.bit & _ROSTER else 0
        signals |= BIT[f"of:{one.leaf}"] if one.leaf in OPT_IN_OF_LEAF else 0
        personal, alone = bool(one.bit & PERSONAL), rules & self.beside[0]
        return Datum(word, one.bit, one.bit & self.told_apart, rules, alone, signals, personal, WITHHOLDING[word])

    def _group(self, words: tuple[str, ...]) -> Group:
        """Data by their words; a word that stands twice counts once. No data at all is a `KeyError`."""
        if not words:
            raise KeyError(words)
        data = [self.data[word] for word in dict.fromkeys(words)]
        apart = _union(one.apart for one in data)
        parts = ((one.rules & self.beside[apart & ~one.bit], one.signals, one.withheld) for one in data)
        return Group(tuple(parts), any(one.personal for one in data))

    def _cell(self, bits: int) -> Cell:
        """The cell of these rules. Where nothing permits, only what refuses by itself plays a part."""
        if not bits & self._permits:
            bits &= self._final
        found = self._shared.get(bits)
        if found is None:
            near = by_part(self.rules_in(bits))
            found = self._shared[bits] = Cell(near, _mask(near))
        return found


def _mask(near: Near) -> int:
    rules = (*near.forbids, *near.controls, *near.permits, *near.requires, *near.choices)
    return looked_at_by(rules) | (UNGIVEABLE | BIT["unaddressed"] if near.permits else 0)


def looked_at_by(rules: Iterable[Rule]) -> int:
    """The signals that the conditions of some rules look at."""
    return _union(map(looked_at, _literals(rules)))


def _literals(rules: Iterable[Rule]) -> set[Literal]:
    return {
        literal for rule in rules for condition in (rule.when, rule.need, rule.unless) for way in condition
        for literal in way
    }  # fmt: skip


def _union(masks: Iterable[int]) -> int:
    whole = 0
    for mask in masks:
        whole |= mask
    return whole


def purpose_signals(purpose: str | None) -> int:
    return 0 if purpose is None else BIT["for_something"] | _PURPOSE.get(purpose, 0)


def recipient_signals(recipient: str | None) -> int:
    if recipient is None:
        return 0
    return BIT["to_somebody"] | (BIT["to_group"] if RECIPIENT_KIND[recipient] == "group" else 0)


def source_signals(source: str | None) -> int:
    if source is None:
        return 0
    return BIT["from_somebody"] | (BIT["from_others"] if RECIPIENT_KIND[source] != "subject" else 0)


def answer_of(said: Judgement, question: Question) -> Answer:
    """A judgement as an answer; needs that name a recipient, a source or an aim are left for the request to fill."""
    per = any(_is_open(literal, question) for literal in said.missing)
    needs = () if per else said.of(question).needs
    return Answer(said.outcome, said.clauses, said.obligations, needs, said.missing if per else ())


def _is_open(literal: Literal, question: Question) -> bool:
    named_in_request = " per " in literal.parameter
    return literal.atom == "consent" and (named_in_request or question.request.purpose == "other")
