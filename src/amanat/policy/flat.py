"""Flat requests: words and resolved facts in one plain dict, for callers who hold the facts already.

`facts` names every signal of `policy.signals` that holds, contexts and whether a border is crossed among them
(`ctx:routine`, `ctx:same_country`, `consent:medical_service`, `agreement`, `k>=10`); what follows from recipient,
purpose and data need not be named. The other keys are `actor`, `action`, `data` (a sequence of words), `purpose`,
`relation`, `recipient` (None for nobody), and for taking `source` and `channel`.
"""

from collections.abc import Mapping
from typing import Any, Final

from amanat.policy.cells import TAKING, Answer
from amanat.policy.decider import Decider, Named
from amanat.policy.request import Request
from amanat.policy.signals import BIT, CONTEXTS, FIRST_K
from amanat.policy.witness import AIM, NoSuchRequestError, request_of
from amanat.vocabulary.terms import UnknownTermError

FlatRequest = Mapping[str, Any]

_KEYS: Final = ("actor", "action", "purpose", "relation", "recipient", "source", "channel")
_WITHHELD: Final = BIT["withheld"]


class FlatDecider:
    """Answers flat requests under one policy."""

    def __init__(self, decider: Decider) -> None:
        self.decider = decider
        self._cells = decider.cells
        self.bits = signals_by_name(decider)

    def answer(self, asked: FlatRequest) -> Answer:
        """The answer. Raises `UnknownTermError` for an unknown word, `NoSuchRequestError` for facts that contradict."""
        try:
            return self._answer(asked)
        except KeyError:
            return self.decider.answer(self._request(asked))

    def _answer(self, asked: FlatRequest) -> Answer:
        cells, bits = self._cells, self.bits
        action, recipient, data = asked["action"], asked["recipient"], asked["data"]
        rules, known = cells.moves[action, recipient, asked["purpose"]]
        for fact in asked["facts"]:
            known |= bits[fact]
        rules &= cells.people[asked["actor"], asked["relation"]] & cells.contexts[known & CONTEXTS]
        if action in TAKING:
            rules &= cells.takes[action, asked["source"], asked["channel"]]
        if len(data) != 1:
            return self.decider.recall([cells.data[word] for word in data], rules, known, 0, _named(asked))
        datum = cells.data[data[0]]
        cell = cells.near[rules & datum.alone]
        answer = cell.answers[(known | datum.signals) & cell.mask]
        return answer.filled[_named(asked)] if answer.open else answer

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
        _, given = self._cells.moves[request.action, request.recipient, request.purpose] if seen else (0, 0)
        if seen is None or seen.known != (known | given) & ~_WITHHELD:
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
    if seen is None:
        raise NoSuchRequestError("actor, action, purpose, data or the other side is missing")
    facts = tuple(name for name, bit in signals_by_name(decider).items() if seen.known & bit)
    words = {key: getattr(request, key) for key in _KEYS}
    return {**words, "data": tuple(one.word for one in request.items), "facts": facts}
