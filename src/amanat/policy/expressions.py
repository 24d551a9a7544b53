"""Boolean expressions over signals, and the tables that solve them.

An expression is True, False, or a tuple that names its form: `("lit", cubes)`, `("not", e)`, `("all", {e…})`,
`("any", {e…})`. Equal expressions are equal values, so what was solved once is found again. A table is one integer
with a bit for each way to choose the values of a few variables.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from amanat.policy.signals import Cube, Formula

Expression = Any  # bool | tuple[str, ...]


def all_of(parts: Iterable[Expression]) -> Expression:
    """The conjunction."""
    return _joined("all", parts, stop=False)


def any_of(parts: Iterable[Expression]) -> Expression:
    """The disjunction."""
    return _joined("any", parts, stop=True)


def negated(part: Expression) -> Expression:
    if part is True or part is False:
        return not part
    return part[1] if part[0] == "not" else ("not", part)


def implies(one: Expression, other: Expression) -> bool:
    """Whether one plainly implies the other, by how they are written; not every implication is that plain."""
    if one is False or other is True or one == other:
        return True
    if one is True or other is False:
        return False
    if one[0] == "any":
        return all(implies(way, other) for way in one[1])
    if one[0] == "all":
        return any(implies(part, other) for part in one[1])
    return other[0] == "any" and one in other[1]


def _joined(form: str, parts: Iterable[Expression], *, stop: bool) -> Expression:
    kept: set[Expression] = set()
    for part in parts:
        if part is stop:
            return stop
        if part is not (not stop):
            kept |= part[1] if part[0] == form else {part}
    if not kept:
        return not stop
    return next(iter(kept)) if len(kept) == 1 else (form, frozenset(kept))


@lru_cache(maxsize=50_000)
def fact(formula: Formula, on: int, off: int) -> Expression:
    """A formula where the signals of `on` are known to be there and those of `off` not to be."""
    left = []
    for cube in formula:
        if cube.on & off or cube.off & on:
            continue
        rest = Cube(cube.on & ~on, cube.off & ~off)
        if not rest.on and not rest.off:
            return True
        left.append(rest)
    return ("lit", tuple(left)) if left else False


@lru_cache(maxsize=50_000)
def signals_in(one: Expression) -> int:
    """The signals that an expression looks at."""
    if one is True or one is False:
        return 0
    seen = 0
    if one[0] == "lit":
        for cube in one[1]:
            seen |= cube.on | cube.off
        return seen
    for part in one[1] if one[0] in ("all", "any") else (one[1],):
        seen |= signals_in(part)
    return seen


@dataclass(frozen=True, slots=True)
class Variable:
    """One thing that a request settles: its values are sets of signals, each with the number of ways it stands for."""

    values: tuple[tuple[int, int], ...]

    @property
    def signals(self) -> int:
        seen = 0
        for value, _ in self.values:
            seen |= value
        return seen

    @property
    def ways(self) -> int:
        return sum(ways for _, ways in self.values)

    def seen_through(self, mask: int) -> "Variable":
        """The same, telling apart only what `mask` shows."""
        merged: dict[int, int] = {}
        for value, ways in self.values:
            merged[value & mask] = merged.get(value & mask, 0) + ways
        return Variable(tuple(merged.items()))


class Table:
    """All ways to choose values for some variables, one bit each; the first variable changes fastest."""

    def __init__(self, variables: Sequence[Variable]) -> None:
        self.variables = variables
        self.size = 1
        for one in variables:
            self.size *= len(one.values)
        self.every = (1 << self.size) - 1
        self._signal: dict[int, int] = {}
        stride = 1
        for one in variables:
            self._place(one, stride)
            stride *= len(one.values)

    def _place(self, variable: Variable, stride: int) -> None:
        block, period = (1 << stride) - 1, stride * len(variable.values)
        repeat = self.every // ((1 << period) - 1)
        for place, (value, _) in enumerate(variable.values):
            column = (block << place * stride) * repeat
            rest = value
            while rest:
                bit = rest & -rest
                self._signal[bit] = self._signal.get(bit, 0) | column
                rest ^= bit

    def of(self, one: Expression) -> int:
        """The choices under which an expression holds."""
        if one is True:
            return self.every
        if one is False:
            return 0
        form, inner = one
        if form == "lit":
            return self._of_cubes(inner)
        if form == "not":
            return self.every & ~self.of(inner)
        if form == "all":
            found = self.every
            for part in inner:
                found &= self.of(part)
            return found
        found = 0
        for part in inner:
            found |= self.of(part)
        return found

    def _of_cubes(self, cubes: Sequence[Cube]) -> int:
        found = 0
        for cube in cubes:
            held = self.every
            for bit in _bits(cube.on):
                held &= self._signal.get(bit, 0)
            for bit in _bits(cube.off):
                held &= ~self._signal.get(bit, 0)
            found |= held
        return found

    def count(self, choices: int) -> int:
        """How many ways these choices stand for."""
        return self._count(choices, len(self.variables) - 1, self.size)

    def _count(self, choices: int, last: int, size: int) -> int:
        if not choices:
            return 0
        if all(ways == 1 for one in self.variables[: last + 1] for _, ways in one.values):
            return choices.bit_count()
        values = self.variables[last].values
        step = size // len(values)
        block = (1 << step) - 1
        return sum(
            ways * (self._count(choices >> place * step & block, last - 1, step) if last else choices >> place & 1)
            for place, (_, ways) in enumerate(values)
        )

    def first(self, choices: int) -> int:
        """The signals of the first of these choices."""
        place, known = (choices & -choices).bit_length() - 1, 0
        for one in self.variables:
            place, chosen = divmod(place, len(one.values))
            known |= one.values[chosen][0]
        return known


def _bits(mask: int) -> Iterable[int]:
    while mask:
        bit = mask & -mask
        yield bit
        mask ^= bit
