"""Deciding many rows at once, in columns: previews, replays, questions about a whole population.

The cell of a row is found by look-ups in whole columns, its answer by one more in a table of answers given before; only
a combination that was never met goes to the decider. An answer carries its clauses, as everywhere. Needs NumPy (`pip
install "amanat[batch]"`).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from amanat.policy.cells import Answer
from amanat.policy.columns import Classes, Columns, Encoder, Ints, Words
from amanat.policy.decision import Outcome
from amanat.policy.literals import Question
from amanat.policy.request import item
from amanat.policy.signals import CONTEXTS
from amanat.policy.witness import request_of

_UNKNOWN: Final = -1
_FEWEST_SLOTS: Final = 1 << 14
_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX: Final = np.uint64(0xC2B2AE3D27D4EB4F)
_OUTCOMES: Final = tuple(sorted(Outcome, key=lambda outcome: outcome.rank))


class BatchDecider:
    """Decides columns under one policy."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._cells = encoder.decider.cells
        self._persons, self._near, self._within = _Pairs(), _Pairs(), _Pairs()
        self._situations = Classes()
        self._situation: Ints = np.array(
            [self._situations.number(self._cells.contexts[mask], 0, mask) for mask in range(CONTEXTS + 1)], np.int32
        )
        self._masks: Words = np.zeros(0, np.uint64)
        self._known = _Slots(_FEWEST_SLOTS)
        self.answers: list[Answer] = []
        self._ranks: NDArray[np.uint8] = np.zeros(0, np.uint8)

    def decide(self, columns: Columns) -> Ints:
        """The number of each row's answer in `answers`."""
        encoder = self._encoder
        persons = self._persons.of(columns.moves, columns.people, encoder.moves, encoder.people)
        near = self._near.of(persons, columns.data, self._persons.joint, encoder.data)
        situation = self._situation.take((columns.signals & np.uint64(CONTEXTS)).astype(np.int32))
        cells = self._within.of(near, situation, self._near.joint, self._situations)
        self._learn_masks()
        keys = columns.signals & self._masks[cells]
        found = self._known.find(cells, keys)
        missing = np.flatnonzero(found == _UNKNOWN)
        if missing.size:
            self._learn(columns, cells, keys, missing)
            found = self._known.find(cells, keys)
        return found

    def outcomes(self, columns: Columns) -> tuple[Ints, NDArray[np.uint8]]:
        """The requests that have rows, and the rank of each one's worst answer (`Outcome.rank`)."""
        answers = self.decide(columns)
        if not answers.size:
            return columns.requests, np.zeros(0, np.uint8)
        starts = np.flatnonzero(np.r_[True, columns.requests[1:] != columns.requests[:-1]])
        return columns.requests[starts], np.minimum.reduceat(self._ranks[answers], starts)

    def _learn_masks(self) -> None:
        """The signals that each cell looks at, for cells that are new."""
        cells = self._within.joint.rules
        if len(cells) > self._masks.size:
            new = [self._encoder.packed_mask(self._cells.near[one].mask) for one in cells[self._masks.size :]]
            self._masks = np.concatenate([self._masks, np.array(new, dtype=np.uint64)])

    def _learn(self, columns: Columns, cells: Ints, keys: Words, missing: NDArray[np.intp]) -> None:
        """Ask the decider once for each combination that is new."""
        _, first = np.unique(np.stack([cells[missing].astype(np.uint64), keys[missing]]), axis=1, return_index=True)
        for row in missing[first].tolist():
            self._known.put(int(cells[row]), int(keys[row]), len(self.answers))
            self.answers.append(self._ask(columns, row, int(cells[row])))
        self._ranks = np.array([_OUTCOMES.index(one.outcome) for one in self.answers], np.uint8)

    def _ask(self, columns: Columns, row: int, place: int) -> Answer:
        encoder, joint = self._encoder, self._within.joint
        known = encoder.unpacked(int(columns.signals[row])) | joint.signals[place]
        move, people = encoder.moves.examples[columns.moves[row]], encoder.people.examples[columns.people[row]]
        word = encoder.data.examples[columns.data[row]].word
        request = request_of(**move, **people, words=(word,), known=known)
        cell = self._cells.near[joint.rules[place]]
        answer = cell.answers.get(known & cell.mask)
        return answer or encoder.decider.learn(cell, known & cell.mask, Question(request, item(word)))


class _Pairs:
    """Two numbers → the number of their joint rules, in a table that is filled where it is asked."""

    def __init__(self) -> None:
        self.joint = Classes()
        self._table: Ints = np.full((16, 16), _UNKNOWN, dtype=np.int32)

    def of(self, first: Ints, second: Ints, of_first: Classes, of_second: Classes) -> Ints:
        self._grow(len(of_first), len(of_second))
        found = self._look_up(first, second)
        missing = np.flatnonzero(found == _UNKNOWN)
        if missing.size:
            for one, other in {*zip(first[missing].tolist(), second[missing].tolist(), strict=True)}:
                self._table[one, other] = self.joint.number(
                    of_first.rules[one] & of_second.rules[other], of_first.signals[one] | of_second.signals[other], None
                )  # fmt: skip
            found = self._look_up(first, second)
        return found

    def _look_up(self, first: Ints, second: Ints) -> Ints:
        return self._table.ravel().take(first * np.int32(self._table.shape[1]) + second)

    def _grow(self, rows: int, columns: int) -> None:
        old = self._table
        if rows > old.shape[0] or columns > old.shape[1]:
            shape = (max(2 * rows, old.shape[0]), max(columns, old.shape[1]))
            self._table = np.full(shape, _UNKNOWN, np.int32)
            self._table[: old.shape[0], : old.shape[1]] = old


class _Slots:
    """Cell and signals → the number of an answer: open addressing, so that a whole column is looked up at once."""

    def __init__(self, size: int) -> None:
        self._size, self._used, self._longest = size, 0, 1
        self._shift = np.uint64(64 - (size.bit_length() - 1))
        self._cells: Ints = np.full(size, _UNKNOWN, np.int32)
        self._keys: Words = np.zeros(size, np.uint64)
        self._values: Ints = np.full(size, _UNKNOWN, np.int32)

    def find(self, cells: Ints, keys: Words) -> Ints:
        """The values, where they are known."""
        slots = self._first(cells, keys)
        fits = (self._keys.take(slots) == keys) & (self._cells.take(slots) == cells)
        found: Ints = np.where(fits, self._values.take(slots), np.int32(_UNKNOWN))
        rest = np.flatnonzero(~fits)
        for _ in range(1, self._longest):
            if not rest.size:
                break
            slots[rest] = (slots[rest] + 1) & (self._size - 1)
            here = slots[rest]
            fits = (self._keys[here] == keys[rest]) & (self._cells[here] == cells[rest])
            found[rest[fits]] = self._values[here[fits]]
            rest = rest[~fits]
        return found

    def _first(self, cells: Ints, keys: Words) -> NDArray[np.int64]:
        return (((keys ^ cells.astype(np.uint64) * _MIX) * _SPREAD) >> self._shift).astype(np.int64)

    def put(self, cell: int, key: int, value: int) -> None:
        if 4 * self._used >= self._size:
            self._double()
        slot = int(self._first(np.array([cell], np.int32), np.array([key], np.uint64))[0])
        steps = 1
        while self._cells[slot] != _UNKNOWN:
            slot, steps = (slot + 1) & (self._size - 1), steps + 1
        self._cells[slot], self._keys[slot], self._values[slot] = cell, key, value
        self._used, self._longest = self._used + 1, max(self._longest, steps)

    def _double(self) -> None:
        larger = _Slots(2 * self._size)
        for slot in np.flatnonzero(self._cells != _UNKNOWN).tolist():
            larger.put(int(self._cells[slot]), int(self._keys[slot]), int(self._values[slot]))
        self.__dict__.update(larger.__dict__)
