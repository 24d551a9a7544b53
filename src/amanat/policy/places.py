"""Places: what can be near one kind of move, with its rules and facts numbered anew so that every integer is small.

Of all rules few speak of one action, recipient and purpose, and these look at few facts. Joining small integers costs
half of joining large ones, however many rules a statement has.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from amanat.policy.cells import TAKING, Answer, Cells, Table, looked_at_by
from amanat.policy.signals import CONTEXTS, UNGIVEABLE

_MOST_SETS: Final = 5_000  # a set of facts takes about a kilobyte


class Renumbered:
    """Some bits of large integers, close together."""

    __slots__ = ("_bits",)

    def __init__(self, mask: int) -> None:
        self._bits = tuple(1 << place for place in range(mask.bit_length()) if mask >> place & 1)

    def small(self, large: int) -> int:
        return sum(1 << place for place, bit in enumerate(self._bits) if large & bit)

    def large(self, small: int) -> int:
        return sum(bit for place, bit in enumerate(self._bits) if small >> place & 1)


class LocalCell:
    """The answers known where these rules are near, by the facts that decide them."""

    __slots__ = ("answers", "mask")

    def __init__(self, mask: int) -> None:
        self.mask = mask
        self.answers: dict[int, Answer] = {}


class Place:
    """The tables of one kind of move.

    `known` turns the names of facts into their bits here, with those that the move settles. `situations` is None where
    no rule asks for a context, `takes` where nothing is taken.
    """

    __slots__ = ("_bit", "_cells", "_facts", "_rules", "_settled", "contexts", "groups", "known", "near", "people",
                 "situations", "takes")  # fmt: skip

    def __init__(self, cells: Cells, move: tuple[int, int], facts: "Facts", *, taking: bool) -> None:
        rules, signals = move
        self._cells, self._rules, self._facts = cells, Renumbered(rules), facts.numbers
        self._settled, self.contexts = self._facts.small(signals), self._facts.small(CONTEXTS)
        self._bit = {name: bit & ~self._settled for name, bit in facts.bits.items()}.__getitem__
        self.known: Table[frozenset[str], int] = Table(self._known, most=_MOST_SETS)
        self.people: Table[tuple[str | None, str], int] = Table(lambda key: self._rules.small(cells.people[key]))
        self.situations: Table[int, int] | None = Table(self._situation) if cells.ask_for_contexts(rules) else None
        self.takes: Table[tuple[str | None, str | None, str | None], int] | None = (
            Table(lambda key: self._rules.small(cells.takes[key])) if taking else None
        )
        self.groups = Table(self._group)
        self.near = Table(self._cell)

    def _known(self, facts: frozenset[str]) -> int:
        """Each fact has a bit of its own, so their sum is their union, and adding is quicker than joining."""
        return sum(map(self._bit, frozenset(facts)), self._settled)

    def _situation(self, contexts: int) -> int:
        return self._rules.small(self._cells.contexts[self._facts.large(contexts)])

    def _group(self, words: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
        parts = self._cells.groups[words].parts
        return tuple((self._rules.small(rules), self._facts.small(signals)) for rules, signals, _ in parts)

    def _cell(self, rules: int) -> LocalCell:
        return LocalCell(self._facts.small(self._cells.near[self._rules.large(rules)].mask))


class Facts(NamedTuple):
    """The facts that some rules look at: their numbers, and the bit of every fact by name (0: nobody looks)."""

    numbers: Renumbered
    bits: Mapping[str, int]


class Places:
    """Move → its place. Kinds of moves that the rules do not tell apart share one."""

    def __init__(self, cells: Cells, bits: Mapping[str, int]) -> None:
        self._cells, self._bits = cells, bits
        self._facts = Table(self._facts_of)
        self._alike: dict[tuple[int, int, bool], Place] = {}
        self.of = Table(self._place)

    def _place(self, key: tuple[str | None, str | None, str | None]) -> Place:
        move, taking = self._cells.moves[key], key[0] in TAKING
        known = self._alike.get((*move, taking))
        if known is None:
            looked_at = looked_at_by(self._cells.rules_in(move[0])) | UNGIVEABLE | CONTEXTS
            known = self._alike[*move, taking] = Place(self._cells, move, self._facts[looked_at], taking=taking)
        return known

    def _facts_of(self, looked_at: int) -> Facts:
        numbers = Renumbered(looked_at)
        return Facts(numbers, {name: numbers.small(bit) for name, bit in self._bits.items()})
