"""What of a count may be shown: no group smaller than ten, and none that subtraction, overlap or time would give away.

Four rules, each simple enough to say on the page (docs/explanation/counting.md argues them):

1. A figure under ten is never shown, not even that it is nought.
2. Every figure is cut down to full tens, so that two of them, in whatever month or table, are equal or ten apart.
3. A small group has no line of its own. It joins the rest, with the next smallest if the rest is still under ten; so
   every line, and all that is left when lines are taken away, is ten people or more.
4. Where a whole and all its parts but one could be shown and that one is under ten, its neighbour is hidden too.
"""

from collections.abc import Mapping
from dataclasses import dataclass

K = 10


@dataclass(frozen=True, slots=True)
class Lines:
    """A whole divided into lines. `total` is None under ten; `rest` counts whoever is in no line, None without lines.

    `beside` says that it is hidden for the sake of its neighbour (rule 4), though it may be large.
    """

    total: int | None = None
    lines: tuple[tuple[str, int], ...] = ()
    rest: int | None = None
    beside: bool = False

    @property
    def smallest(self) -> int:
        """The smallest group told of; 0 if there is none."""
        return min(filter(None, (self.total, self.rest, *(people for _, people in self.lines))), default=0)


@dataclass(frozen=True, slots=True)
class Halves:
    """A whole and its two parts; a part is None when it is not shown."""

    whole: int | None = None
    one: int | None = None
    other: int | None = None

    @property
    def smallest(self) -> int:
        return min(filter(None, (self.whole, self.one, self.other)), default=0)


def in_tens(people: int) -> int | None:
    """Rules 1 and 2."""
    return people - people % K if people >= K else None


def in_lines(counted: Mapping[str, int], *, total: int | None = None) -> Lines:
    """Rule 3. An empty rest is treated as a small one: whether a small group is empty is not told either.

    Of a `total` larger than the sum, those who are counted nowhere stand in the rest.
    """
    whole = sum(counted.values()) if total is None else total
    if whole < K:
        return Lines()
    shown = {name: people for name, people in counted.items() if people >= K}
    rest = whole - sum(shown.values())
    while shown and rest < K:
        rest += shown.pop(min(shown, key=lambda name: (shown[name], name)))
    lines = tuple((name, in_tens(people) or 0) for name, people in sorted(shown.items()))
    return Lines(in_tens(whole), lines, in_tens(rest) if lines else None)


def in_halves(one: int, other: int) -> Halves:
    """Rule 4 for a whole of two parts: both are shown, or neither."""
    if min(one, other) < K:
        return Halves(in_tens(one + other))
    return Halves(in_tens(one + other), in_tens(one), in_tens(other))


def of_which(part: Lines, counted: int, whole: int) -> Lines:
    """Rule 4 across tables: a part is not told beside its whole where those left out are under ten."""
    return part if counted < K or whole - counted >= K else Lines(beside=True)
