"""Reading a request at a glance: wire object → answer, in one pass of look-ups.

`Glance` reads what is plainly well formed and known to the tables. Anything else (an unknown word, a wrong type, an aim
of its own name, a first meeting) it hands on to `policy.wire` and the decider, which answer it or name the fault.
"""

from collections.abc import Mapping
from typing import Any, Final

from amanat.errors import MalformedError
from amanat.policy.cells import TAKING, TELLING, Answer
from amanat.policy.decider import COMPANY, FEED, HOME, SAID, SOURCE, TERM, YES, Decider, glass_signals
from amanat.policy.request import Glass
from amanat.policy.signals import BIT, CONTEXTS, sizes
from amanat.policy.wire import country_code, read_request
from amanat.policy.wishes import WISH, signals_of
from amanat.vocabulary.terms import CHANNEL, CONTEXT, RECIPIENT, RELATION

Wire = Mapping[str, Any]

_MINOR, _ROUTINE = CONTEXT.bit["minor"], CONTEXT.bit["routine"]
_ABROAD, _AT_HOME = CONTEXT.bit["cross_border"], CONTEXT.bit["same_country"]
_ADULT, _ECHO = BIT["adult"], BIT["echo"]
# Whether a border is crossed is worked out, never taken from a request.
_CONTEXT: Final = CONTEXT.bit | {"same_country": 0, "cross_border": 0}


# Stands for a key that is not there: a null that is there is looked up, and not found.
_ABSENT: Final = object()


class _Places(dict[Any, int]):
    """Country → a signal; one whose law is not known has none."""

    def __missing__(self, code: Any) -> int:
        country_code("country", code)
        return 0


_COMPANY: Final = _Places(COMPANY)
_COMPANY[_ABSENT] = 0
_HOME: Final = _Places(HOME)
_PARTY: Final = {_ABSENT: None} | {leaf: leaf for leaf in RECIPIENT.leaves} | dict(RECIPIENT.aliases)
_CHANNEL: Final = {_ABSENT: None} | {leaf: leaf for leaf in CHANNEL.leaves}
_RELATION: Final = {leaf: leaf for leaf in RELATION.leaves if leaf != "unknown"}
_KEYS: Final = frozenset({
    "id", "actor", "company", "action", "data", "subject", "recipient", "recipient_country", "source", "purpose",
    "channel", "host", "contexts", "facts",
})  # fmt: skip
_GLASS: Final = ("case_open", "role_ok", "impracticable", "minimum_only", "refusal_on_record")
_MOST_SHAPES: Final = 5_000
_MOST_DATA: Final = 16  # groups of data are remembered, and a longer one would be a burden


class NotPlainError(Exception):
    """The request is not one to be read at a glance."""


class Glance:
    """Answers wire objects under one policy."""

    def __init__(self, decider: Decider) -> None:
        self.decider = decider
        self._cells = decider.cells
        self._shapes: set[tuple[str, ...]] = set()

    def answer(self, wire: Wire) -> Answer:
        """The answer; raises `MalformedError` for what the contract calls an error."""
        try:
            return self._answer(wire)
        except (KeyError, TypeError, AttributeError, MalformedError, NotPlainError):
            return self.decider.answer(read_request(wire))

    def _answer(self, wire: Wire) -> Answer:  # in one pass: each call costs as much as three look-ups
        """One pass over the object; a look-up that fails means that it is not plain."""
        shape = tuple(wire)
        if shape not in self._shapes or type(wire.get("id", "")) is not str:
            self._learn_shape(wire, shape)
        get, cells = wire.get, self._cells
        actor, action, purpose, data = wire["actor"], wire["action"], wire["purpose"], wire["data"]
        company = get("company", _ABSENT)
        recipient, source = _PARTY[get("recipient", _ABSENT)], _PARTY[get("source", _ABSENT)]
        channel = _CHANNEL[get("channel", _ABSENT)]
        null = None in (actor, action, purpose)  # the tables know what is absent, and a null is not
        if (
            null
            or type(data) is not list
            or len(data) > _MOST_DATA
            or purpose == "other"
            or get("host", "own") != "own"
        ):
            raise NotPlainError
        rules, known = cells.moves[action, recipient, purpose]
        if action == "receive" and source is None:
            raise NotPlainError
        known |= _COMPANY[company] | FEED[channel] | SOURCE[source]
        known |= _contexts(wire["contexts"]) if "contexts" in wire else _ROUTINE
        relation, home, wishes = "unknown", None, 0
        if "subject" in wire:
            relation, home, wishes, of_person = _subject(wire["subject"])
            known |= of_person
        if "facts" in wire:
            known |= self._facts(wire["facts"])
        if known & _MINOR:
            known &= ~_ADULT
        if source is not None and source == recipient:
            known |= _ECHO
        if wishes:
            known |= signals_of(wishes, recipient, source, purpose)
        rules &= cells.people[actor, relation]
        if action in TAKING:
            rules &= cells.takes[action, source, channel]
        there = get("recipient_country", company)
        _COMPANY[there]
        abroad = action in TELLING and ("recipient_country" not in wire or there != company or there != home)
        group = cells.groups[tuple(data)]
        known |= _ABROAD if abroad and group.personal else _AT_HOME
        rules &= cells.contexts[known & CONTEXTS]
        return self.decider.recall(group, rules, known, wishes, (recipient, source, ""))

    def _facts(self, facts: Wire) -> int:
        known = 0
        for key, value in facts.items():
            if type(value) is str:
                known |= SAID[key][value]
            elif value is True:
                known |= YES[key]
            elif key == "agreement_terms":
                known |= _union(TERM, value)
            elif value is False:
                YES[key]
            elif key == "k":
                known |= sizes(_whole(value), self._cells.sizes)
            elif key == "glass":
                known |= glass_signals(_glass(value))
            else:
                raise NotPlainError
        return known

    def _learn_shape(self, wire: Wire, shape: tuple[str, ...]) -> None:
        """Remember an order of keys that has nothing unknown in it."""
        if not _KEYS.issuperset(shape) or type(wire.get("id", "")) is not str:
            raise NotPlainError
        if len(self._shapes) >= _MOST_SHAPES:
            self._shapes.clear()
        self._shapes.add(shape)


def _subject(subject: Wire) -> tuple[str, str | None, int, int]:
    """Relation, country, wishes and signals of the person."""
    relation, home, wishes, known = "unknown", None, 0, 0
    for key, value in subject.items():
        if key == "relation":
            relation = _RELATION[value]
        elif key == "country":
            known |= _HOME[value]
            home = value
        elif key == "choices":
            wishes = _union(WISH, value)
        elif key == "age":
            known |= _ADULT if _whole(value) >= 18 else _MINOR
        elif key == "minor" and type(value) is bool:
            known |= _MINOR if value else 0
        else:
            raise NotPlainError
    return relation, home, wishes, known


def _contexts(words: list[str]) -> int:
    return _union(_CONTEXT, words) or _ROUTINE


def _union(bits: Mapping[str, int], words: list[str]) -> int:
    if type(words) is not list:
        raise NotPlainError
    whole = 0
    for word in words:
        whole |= bits[word]
    return whole


def _whole(value: int) -> int:
    if type(value) is not int or value < 0:
        raise NotPlainError
    return value


def _glass(wire: Wire) -> Glass:
    if type(wire) is not dict:  # a list of pairs would pass for one
        raise NotPlainError
    said = wire.copy()
    reason = said.pop("reason", "")
    if type(reason) is not str or any(key not in _GLASS or type(value) is not bool for key, value in said.items()):
        raise NotPlainError
    return Glass(**said, reason=reason)
