"""Flat requests: words and resolved facts in one plain dict, for callers who hold the facts already.

`facts` is a frozenset: every signal of `policy.signals` that holds, contexts and whether a border is crossed among them
(`ctx:routine`, `ctx:same_country`, `consent:medical_service`, `agreement`, `k>=10`); what follows from recipient,
purpose and data need not be named. Whoever asks with a set that was asked with before is spared reading it. The other
keys are `actor`, `action`, `data` (a sequence of words), `purpose`,
`relation`, `recipient` (None for nobody), and for taking `source` and `channel`.
"""

from collections.abc import Mapping
from typing import Any, Final

from amanat.policy.cells import MOST_KEYS, Answer
from amanat.policy.decider import Decider, Named
from amanat.policy.places import Places
from amanat.policy.request import Request
from amanat.policy.signals import BIT, FIRST_K
from amanat.policy.witness import AIM, NoSuchRequestError, request_of
from amanat.vocabulary.terms import UnknownTermError

FlatRequest = Mapping[str, Any]

_KEYS: Final = ("actor", "action", "purpose", "relation", "recipient", "source", "channel")
_WITHHELD: Final = BIT["withheld"]


class FlatDecider:
    """Answers flat requests under one policy."""

    def __init__(self, decider: Decider) -> None:
        self.decider = decider
        self.bits = signals_by_name(decider)
        self._places = Places(decider.cells, self.bits).of

    def answer(self, asked: FlatRequest) -> Answer:
        """The answer. Raises `UnknownTermError` for an unknown word, `NoSuchRequestError` for facts that contradict."""
        try:
            place = self._places[asked["action"], asked["recipient"], asked["purpose"]]
            known = place.known[asked["facts"]]
            rules = place.people[asked["actor"], asked["relation"]]
            if place.situations is not None:
                rules &= place.situations[known & place.contexts]
            if place.takes is not None:
                rules &= place.takes[asked["action"], asked["source"], asked["channel"]]
            answers = []
            for speak, signals in place.groups[asked["data"]]:
                cell = place.near[rules & speak]
                answer = cell.answers[(known | signals) & cell.mask]
                answers.append(answer.filled[_named(asked)] if answer.open else answer)
            return answers[0] if len(answers) == 1 else self.decider.fold(tuple(answers))
        except KeyError:
            return self._learn(asked)

    def _learn(self, asked: FlatRequest) -> Answer:
        """Let the decider answer, and remember the answer of each datum where it will be looked for."""
        request = self._request(asked)
        place = self._places[request.action, request.recipient, request.purpose]
        known = place.known[asked["facts"]]
        rules = place.people[request.actor, request.relation]
        rules &= -1 if place.situations is None else place.situations[known & place.contexts]
        rules &= -1 if place.takes is None else place.takes[request.action, request.source, request.channel]
        parts = place.groups[tuple(asked["data"])]
        for (speak, signals), answer in zip(parts, self.decider.answers(request), strict=True):
            cell = place.near[rules & speak]
            if len(cell.answers) >= MOST_KEYS:
                cell.answers.clear()
            cell.answers[(known | signals) & cell.mask] = answer
        return self.decider.answer(request)

    def _request(self, asked: FlatRequest) -> Request:
        """The request in full. It must have these signals and no others, else the facts do not go together."""
        known = 0
        for fact in asked["facts"]:
            if fact not in self.bits:
                raise UnknownTermError(f"unknown fact `{fact[:60]}`")
            known |= self.bits[fact]
        words: dict[str, Any] = {key: asked.get(key) for key in _KEYS}
        request = request_of(**words, words=asked["data"], known=known)
        seen = self.decider.see(request)
        _, given = self.decider.cells.moves[request.action, request.recipient, request.purpose] if seen else (0, 0)
        if seen is None or seen.known != (known | given) & ~(_WITHHELD | BIT["unaddressed"]):
            raise NoSuchRequestError("these facts contradict each other, or the words beside them")
        return request


def _named(asked: FlatRequest) -> Named:
    return (asked["recipient"], asked.get("source"), AIM if asked["purpose"] == "other" else "")


def signals_by_name(decider: Decider) -> dict[str, int]:
    """Every signal that can make a difference under a policy, the sizes that its rules ask for among them."""
    sizes = decider.cells.sizes >> FIRST_K
    return {**BIT, **{f"k>={size}": 1 << FIRST_K + size for size in range(sizes.bit_length()) if sizes >> size & 1}}


def flatten(decider: Decider, request: Request) -> FlatRequest:
    """A request with its facts resolved. Wishes that withhold single data must not be in it."""
    seen = decider.see(request)
    if seen is None or seen.known & BIT["unaddressed"]:
        raise NoSuchRequestError("actor, action, purpose, data or the other side is missing")
    facts = frozenset(name for name, bit in signals_by_name(decider).items() if seen.known & bit)
    words = {key: getattr(request, key) for key in _KEYS}
    return {**words, "data": tuple(one.word for one in request.items), "facts": facts}
