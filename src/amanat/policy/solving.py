"""Solving an expression over some variables: whether it can hold, in how many ways, and one way in which it does.

The parts of a conjunction that share no variable are solved apart; parts that share too many are split by the values of
the widest variable. Everything solved is kept by the expression itself. Some questions would take for ever, so the work
for one is bounded: it is answered exactly, or told to be too hard.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from amanat.errors import MalformedError
from amanat.policy.expressions import Expression, Table, Variable, all_of, any_of, fact, negated, signals_in

_LARGEST: Final = 1 << 14  # choices in a table; beyond, splitting is cheaper
_MOST: Final = 1 << 24  # choices tried for one question; a tenth is plenty for the installed statement
_TABLE: Final = 1 << 12  # what a table costs beside its choices, and
_SPLIT: Final = 1 << 8  # what it costs to split at one value


class TooHardError(MalformedError):
    """Too many facts stand together in one question to answer it in bounded time."""


class Effort:
    """The work that is left for one question."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Another question is asked."""
        self._left = _MOST

    def spend(self, choices: int) -> None:
        self._left -= choices
        if self._left < 0:
            raise TooHardError(hint="ask in parts: fewer alternatives with `or`, fewer facts in each")


class Solution(NamedTuple):
    """In how many ways an expression holds over its variables, and the signals of one of them."""

    ways: int
    known: int


_NONE: Final = Solution(0, 0)


class Solver:
    """Solves expressions over one set of variables, within an effort that may be shared with others."""

    def __init__(self, variables: Sequence[Variable], effort: Effort | None = None) -> None:
        self._variables = variables
        self._effort = effort or Effort()
        self.space = 1
        for one in variables:
            self.space *= one.ways
        self._whole: dict[Expression, Solution] = {}
        self._joint: dict[Expression, Solution] = {}

    def solve(self, expression: Expression) -> Solution:
        """`ways` counts the choices of all variables, those that the expression does not look at included."""
        known = self._whole.get(expression)
        if known is None:
            known = self._whole[expression] = self._solve(expression)
        return known

    def _solve(self, expression: Expression) -> Solution:
        if expression is False:
            return _NONE
        ways, known, free = 1, 0, list(self._variables)
        for parts, variables in self._components(expression):
            found = self._together(all_of(parts), variables)
            if not found.ways:
                return _NONE
            ways, known = ways * found.ways, known | found.known
            free = [one for one in free if one not in variables]
        for one in free:
            ways, known = ways * one.ways, known | one.values[0][0]
        return Solution(ways, known)

    def _components(self, expression: Expression) -> Iterable[tuple[list[Expression], list[Variable]]]:
        """The parts of a conjunction, grouped so that no two groups share a variable."""
        parts = expression[1] if expression is not True and expression[0] == "all" else (expression,)
        groups: list[tuple[list[Expression], list[Variable]]] = []
        for part in parts:
            seen = signals_in(part)
            mine: tuple[list[Expression], list[Variable]] = (
                [part], [one for one in self._variables if one.signals & seen]
            )  # fmt: skip
            apart = []
            for group in groups:
                if any(one in mine[1] for one in group[1]):
                    mine = (mine[0] + group[0], mine[1] + [one for one in group[1] if one not in mine[1]])
                else:
                    apart.append(group)
            groups = [*apart, mine]
        return groups

    def _together(self, expression: Expression, variables: list[Variable]) -> Solution:
        """Solve parts that share variables."""
        known = self._joint.get(expression)
        if known is None:
            seen = signals_in(expression)
            narrow = [one.seen_through(seen) for one in variables]
            size = 1
            for one in narrow:
                size *= len(one.values)
            found = self._split(expression, variables, narrow) if size > _LARGEST else self._table(expression, narrow)
            known = self._joint[expression] = Solution(found.ways, _completed(found.known & seen, seen, variables))
        return known

    def _split(self, expression: Expression, variables: list[Variable], narrow: list[Variable]) -> Solution:
        """Solve for each value of the widest variable."""
        place = max(range(len(narrow)), key=lambda one: len(narrow[one].values))
        widest = narrow[place]
        rest = Solver([one for one in variables if one is not variables[place]], self._effort)
        ways, known = 0, 0
        for value, number in widest.values:
            self._effort.spend(_SPLIT)
            found = rest.solve(given(expression, value, widest.signals & ~value))
            if found.ways:
                ways, known = ways + number * found.ways, known or found.known | value
        return Solution(ways, known)

    def _table(self, expression: Expression, variables: list[Variable]) -> Solution:
        """Solve by trying every choice."""
        table = Table(variables)
        self._effort.spend(_TABLE + table.size)
        choices = table.of(expression)
        return Solution(table.count(choices), table.first(choices)) if choices else _NONE


def _completed(known: int, seen: int, variables: list[Variable]) -> int:
    """Signals that were chosen, with what the values that they belong to say beside."""
    whole = 0
    for one in variables:
        whole |= next((value for value, _ in one.values if not (value ^ known) & one.signals & seen), 0)
    return whole


def given(expression: Expression, on: int, off: int) -> Expression:
    """An expression where these signals are known to be there, and those not to be."""
    if expression is True or expression is False or not signals_in(expression) & (on | off):
        return expression
    form, inner = expression
    if form == "lit":
        return fact(inner, on, off)
    if form == "not":
        return negated(given(inner, on, off))
    parts = [given(part, on, off) for part in inner]
    return all_of(parts) if form == "all" else any_of(parts)
