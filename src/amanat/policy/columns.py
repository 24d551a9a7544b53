"""Requests as columns of small numbers: what the batch decider reads.

A row is one datum of one request: the class of its move (action, parties, purpose, channel), of its people (actor and
relation) and of its datum, and one integer of the signals that some rule looks at and words do not settle. Words that
no rule tells apart share a class, and each class keeps one of its words, so a row can be asked in full when it is met
for the first time.
"""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from amanat.errors import AmanatError, Kind
from amanat.policy.cells import TAKING, Datum, looked_at_by
from amanat.policy.decider import Decider, Seen
from amanat.policy.request import Request
from amanat.policy.signals import BIT, BY_WORDS, CONTEXTS, UNGIVEABLE

Ints = NDArray[np.int32]
Words = NDArray[np.uint64]
_MOST_SIGNALS: Final = 64


class TooManySignalsError(AmanatError):
    """The rules of this policy look at more facts than a row can hold."""

    kind = Kind.MALFORMED


class Columns(NamedTuple):
    """Rows, a column each. `requests` numbers the request that a row belongs to, in ascending order."""

    moves: Ints
    people: Ints
    data: Ints
    signals: Words
    requests: Ints


class Classes:
    """Words that neither rules nor signals tell apart, numbered; of each, its rules, its signals and one example."""

    def __init__(self) -> None:
        self.rules: list[int] = []
        self.signals: list[int] = []
        self.examples: list[Any] = []
        self._number: dict[tuple[int, int], int] = {}

    def number(self, rules: int, signals: int, example: object) -> int:
        known = self._number.get((rules, signals))
        if known is None:
            known = self._number[rules, signals] = len(self.rules)
            self.rules.append(rules)
            self.signals.append(signals)
            self.examples.append(example)
        return known

    def __len__(self) -> int:
        return len(self.rules)


class Encoder:
    """Turns requests into columns under one policy."""

    def __init__(self, decider: Decider) -> None:
        self.decider = decider
        self.moves, self.people, self.data = Classes(), Classes(), Classes()
        used = (looked_at_by(decider.policy.rules) | UNGIVEABLE | CONTEXTS) & ~BY_WORDS
        self._bits = [1 << place for place in range(used.bit_length()) if used >> place & 1]
        if len(self._bits) > _MOST_SIGNALS:
            raise TooManySignalsError(f"the rules look at {len(self._bits)} facts; a row holds {_MOST_SIGNALS}")

    def columns(self, requests: Iterable[Request]) -> Columns:
        """The rows of some requests. A request without actor, action, purpose, data or other side has none."""
        rows = [(*row, number) for number, request in enumerate(requests) for row in self._rows(request)]
        moves, people, data, signals, numbers = zip(*rows, strict=True) if rows else ((),) * 5
        small = [np.array(one, dtype=np.int32) for one in (moves, people, data, numbers)]
        return Columns(small[0], small[1], small[2], np.array(signals, dtype=np.uint64), small[3])

    def _rows(self, request: Request) -> Iterable[tuple[int, int, int, int]]:
        seen = self.decider.see(request)
        if seen is None or seen.known & BIT["unaddressed"]:
            return
        cells = self.decider.cells
        key = (request.action, request.recipient, request.purpose)
        rules, signals = cells.moves[key]
        if request.action in TAKING:
            rules &= cells.takes[request.action, request.source, request.channel]
        move = self.moves.number(rules, signals | seen.known & BY_WORDS, {
            "action": request.action, "recipient": request.recipient, "purpose": request.purpose,
            "source": request.source, "channel": request.channel,
        })  # fmt: skip
        who = (request.actor, request.relation)
        people = self.people.number(cells.people[who], 0, {"actor": request.actor, "relation": request.relation})
        for item in request.items:
            datum = cells.data[item.word]
            others = request.leaves & ~datum.bit & cells.told_apart
            near = datum.rules & cells.beside[others] if others else datum.alone
            yield move, people, self.data.number(near, datum.signals, datum), self.packed(seen, datum)

    def packed(self, seen: Seen, datum: Datum) -> int:
        """The signals that some rule looks at, close together; contexts come first."""
        known = seen.known | datum.signals | (BIT["withheld"] if seen.wishes & datum.withheld else 0)
        return sum(1 << place for place, bit in enumerate(self._bits) if known & bit)

    def unpacked(self, packed: int) -> int:
        return sum(bit for place, bit in enumerate(self._bits) if packed >> place & 1)

    def packed_mask(self, mask: int) -> int:
        """Which packed signals a mask of signals shows."""
        return sum(1 << place for place, bit in enumerate(self._bits) if mask & bit)
