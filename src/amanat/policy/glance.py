"""Reading a request at a glance: wire object → answer, in one pass of look-ups.

`Glance` reads what is plainly well formed and known to the tables. Anything else (an unknown word, a wrong type, an aim
of its own name, a first meeting) it hands on to `policy.wire` and the decider, which answer it or name the fault.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, NamedTuple, TypeAlias

from msgspec import UNSET, DecodeError, Meta, Struct, UnsetType, convert
from msgspec.json import Decoder, Encoder
from msgspec.structs import asdict

from amanat.errors import MalformedError
from amanat.policy.cells import MOST_KEYS, TAKING, TELLING, Answer, Table
from amanat.policy.decider import COMPANY, FEED, HOME, SAID, SOURCE, TERM, YES, Decider, glass_signals
from amanat.policy.request import Glass
from amanat.policy.signals import BIT, CONTEXTS, sizes
from amanat.policy.wire import country_code, loads, read_request
from amanat.policy.wishes import FIRST_PLAIN, PLAIN, WISH, signals_of, spoken_of
from amanat.vocabulary.terms import CHANNEL, CONTEXT, RECIPIENT, RELATION

Wire = Mapping[str, Any]
# A null that is there is not absent: it is of no type, so the request is not plain.
_Word: TypeAlias = str | UnsetType
_Flag: TypeAlias = bool | UnsetType
_Number: TypeAlias = Annotated[int, Meta(ge=0)] | UnsetType
# What is remembered is short.
_Text: TypeAlias = Annotated[str, Meta(max_length=200)] | UnsetType
_Words: TypeAlias = Annotated[tuple[str, ...], Meta(max_length=16)]


class _Glass(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    case_open: _Flag = UNSET
    role_ok: _Flag = UNSET
    impracticable: _Flag = UNSET
    minimum_only: _Flag = UNSET
    refusal_on_record: _Flag = UNSET
    reason: _Text = UNSET


class _Facts(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    agreement: _Word = UNSET
    agreement_terms: _Words | UnsetType = UNSET
    tool: _Word = UNSET
    identity: _Word = UNSET
    attested_source: _Flag = UNSET
    order: _Flag = UNSET
    entitlement: _Flag = UNSET
    guardian_for: _Flag = UNSET
    k: _Number = UNSET
    glass: _Glass | UnsetType = UNSET


class _Person(Struct, forbid_unknown_fields=True, gc=False):
    relation: _Word = UNSET
    country: _Word = UNSET
    choices: _Words | UnsetType = UNSET
    age: _Number = UNSET
    minor: _Flag = UNSET


class _Request(Struct, forbid_unknown_fields=True, gc=False):
    """A wire object all of whose keys and types are those of the contract."""

    actor: str
    action: str
    purpose: str
    data: _Words
    id: _Word = UNSET
    host: Literal["own"] | UnsetType = UNSET
    company: _Word = UNSET
    recipient: _Word = UNSET
    recipient_country: _Word = UNSET
    source: _Word = UNSET
    channel: _Word = UNSET
    subject: _Person | UnsetType = UNSET
    contexts: _Words | UnsetType = UNSET
    facts: _Facts | UnsetType = UNSET


class NotPlainError(Exception):
    """The request is not one to be read at a glance."""


_READ: Final = Decoder(_Request).decode
_WRITE: Final = Encoder().encode
_NOT_PLAIN: Final = (KeyError, DecodeError, UnicodeError, RecursionError, MalformedError, NotPlainError)


class _Countries(dict[Any, int]):
    """Country → a signal; one whose law is not known has none, and neither has one that is not named."""

    def __init__(self, known: Mapping[Any, int]) -> None:
        super().__init__({**known, UNSET: 0})

    def __missing__(self, code: Any) -> int:
        country_code("country", code)
        return 0


_MINOR, _ROUTINE = CONTEXT.bit["minor"], CONTEXT.bit["routine"]
_ABROAD, _AT_HOME = CONTEXT.bit["cross_border"], CONTEXT.bit["same_country"]
_ADULT, _ECHO, _WITHHELD = BIT["adult"], BIT["echo"], BIT["withheld"]
# Whether a border is crossed is worked out, never taken from a request.
_CONTEXT: Final = CONTEXT.bit | {"same_country": 0, "cross_border": 0}
_COMPANY: Final = _Countries(COMPANY)
_HOME: Final = _Countries(HOME)
_PARTY: Final = {UNSET: None} | {leaf: leaf for leaf in RECIPIENT.leaves} | dict(RECIPIENT.aliases)
_CHANNEL: Final = {UNSET: None} | {leaf: leaf for leaf in CHANNEL.leaves}
_RELATION: Final = {UNSET: "unknown"} | {leaf: leaf for leaf in RELATION.leaves if leaf != "unknown"}
_SAID_MINOR: Final = {UNSET: 0, False: 0, True: _MINOR}
_SAID: Final[Mapping[str, Mapping[Any, int]]] = {name: {**words, UNSET: 0} for name, words in SAID.items()}


class _Move(NamedTuple):
    """What action, recipient and purpose settle together; `named` are the wishes that speak of such a move."""

    rules: int
    signals: int
    recipient: str | None
    telling: bool
    taking: bool
    named: int


class _Taken(NamedTuple):
    """What action, source and channel settle together."""

    rules: int
    signals: int
    source: str | None


class _Wishes(dict[tuple[str, ...], int]):
    """Choices → their bits. A choice about an aim of its own name is read each time: there is no end to such names."""

    def __missing__(self, choices: tuple[str, ...]) -> int:
        wishes = _union(WISH, choices)
        if all(one in WISH for one in choices):
            if len(self) >= MOST_KEYS:
                self.clear()
            self[choices] = wishes
        return wishes


class Glance:
    """Answers wire objects under one policy."""

    def __init__(self, decider: Decider) -> None:
        self.decider = decider
        self._cells = decider.cells
        self._moves, self._taken = Table(self._move), Table(self._take)
        self._facts, self._wishes, self._contexts = Table(self._signals), _Wishes(), Table(_contexts)

    def answer(self, wire: Wire) -> Answer:
        """The answer; raises `MalformedError` for what the contract calls an error."""
        try:
            return self._answer(convert(wire, _Request))
        except _NOT_PLAIN:
            return self.decider.answer(read_request(wire))

    def answer_line(self, line: bytes) -> tuple[str | None, Answer]:
        """The id that a JSON object names, if any, and the answer to it; errors as in `answer`.

        What is written back has as many colons as what was read, unless a key was repeated, or written with escapes.
        """
        try:
            asked = _READ(line)
            if b"\\" in line or line.count(b":") != _WRITE(asked).count(b":"):
                raise NotPlainError
            return (None if asked.id is UNSET else asked.id), self._answer(asked)
        except _NOT_PLAIN:
            wire = loads(line)
            return wire.get("id"), self.decider.answer(read_request(wire))

    def _answer(self, asked: _Request) -> Answer:  # in one pass: each call costs as much as three look-ups
        """One pass over the request; a look-up that fails means that it is not plain."""
        cells, action, company, subject = self._cells, asked.action, asked.company, asked.subject
        rules, known, recipient, telling, taking, named = self._moves[action, asked.recipient, asked.purpose]
        known |= _COMPANY[company] | self._contexts[asked.contexts]
        source, relation, wishes = None, "unknown", 0
        home: _Word = UNSET
        if taking or asked.source is not UNSET or asked.channel is not UNSET:
            admitted, signals, source = self._taken[action, asked.source, asked.channel]
            rules &= admitted
            known |= signals
            if source is not None:
                known |= _ECHO if source == recipient else 0
                named = -1
        if subject is not UNSET:
            home, relation, age = subject.country, _RELATION[subject.relation], subject.age
            known |= _HOME[home] | _SAID_MINOR[subject.minor]
            if age is not UNSET:
                known |= _ADULT if age >= 18 else _MINOR
            if subject.choices is not UNSET:
                wishes = self._wishes[subject.choices]
                known |= (wishes & PLAIN) << FIRST_PLAIN
                if wishes & named:
                    known |= signals_of(wishes, recipient, source, asked.purpose)
        if asked.facts is not UNSET:
            known |= self._facts[asked.facts]
        if known & _MINOR:
            known &= ~_ADULT
        there = asked.recipient_country
        _COMPANY[there]
        parts, personal = cells.groups[asked.data]
        abroad = telling and personal and (there is UNSET or there != company or there != home)
        known |= _ABROAD if abroad else _AT_HOME
        rules &= cells.people[asked.actor, relation] & cells.contexts[known & CONTEXTS]
        near, answers = cells.near, []
        for speak, signals, withheld in parts:
            cell = near[rules & speak]
            seen = known | signals | _WITHHELD if wishes & withheld else known | signals
            answer = cell.answers[seen & cell.mask]
            answers.append(answer.filled[recipient, source, ""] if answer.open else answer)
        return answers[0] if len(answers) == 1 else self.decider.fold(tuple(answers))

    def _signals(self, facts: _Facts) -> int:
        known = sum(words[getattr(facts, name)] for name, words in _SAID.items())
        known |= sum(bit for name, bit in YES.items() if getattr(facts, name) is True)
        if facts.agreement_terms is not UNSET:
            known |= _union(TERM, facts.agreement_terms)
        if facts.k is not UNSET:
            known |= sizes(facts.k, self._cells.sizes)
        if facts.glass is not UNSET:
            said = {name: value for name, value in asdict(facts.glass).items() if value is not UNSET}
            known |= glass_signals(Glass(**said))
        return known

    def _move(self, key: tuple[str, _Word, str]) -> _Move:
        """Nothing is remembered of what is unknown."""
        action, named, purpose = key
        if purpose == "other":
            raise NotPlainError
        recipient = _PARTY[named]
        rules, signals = self._cells.moves[action, recipient, purpose]
        wishes = spoken_of(recipient, purpose)
        return _Move(rules, signals, recipient, action in TELLING, action in TAKING, wishes)

    def _take(self, key: tuple[str, _Word, _Word]) -> _Taken:
        action, source, channel = key[0], _PARTY[key[1]], _CHANNEL[key[2]]
        if action == "receive" and source is None:
            raise NotPlainError
        rules = self._cells.takes[action, source, channel] if action in TAKING else -1
        return _Taken(rules, SOURCE[source] | FEED[channel], source)


def _contexts(words: tuple[str, ...] | UnsetType) -> int:
    return _ROUTINE if words is UNSET else _union(_CONTEXT, words) or _ROUTINE


def _union(bits: Mapping[str, int], words: tuple[str, ...]) -> int:
    whole = 0
    for word in words:
        whole |= bits[word]
    return whole
