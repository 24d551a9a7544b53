"""How likely an opening was none of somebody's business: signals with points, added up by account and person.

Nothing here reads a database. The points are few and said openly, so that an officer can tell a colleague why they were
flagged. What needed a case and had none is flagged by itself (9.2); a card that was only looked at needs company.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

THRESHOLD: Final = 10
POINTS: Final[Mapping[str, int]] = {
    "outside_case": 10,  # asked for more than the card, and held no case
    "no_case": 4,  # looked at the card, and nobody opened a case
    "again": 6,  # and again, on another occasion
    "by_name": 2,  # found by surname and birth date, not by what callers give
    "odd_hour": 4,  # at an hour at which this account hardly ever works
    "crowd": 4,  # as several colleagues did who had no case either
    "pretext": 10,  # in a case they opened, looked at health in, and closed as none
    "many": 10,  # very many people looked at without a case: one flag for all of them
    "over_budget": 10,  # stopped by the budget of searches
}
CARD_PURPOSE: Final = "eligibility"
OCCASION: Final = timedelta(minutes=30)
CROWD: Final = 3
MANY: Final = 12
_USUAL: Final = 40  # looks before an account's hours are known
_RARE: Final = 0.01


@dataclass(frozen=True, slots=True)
class Look:
    """One act about one person. `in_case`: the account held a mandate; `case_soon`: somebody opened a case nearby."""

    act: UUID
    at: datetime
    account: UUID
    role: str
    subject: UUID
    purpose: str
    opened: int
    outcome: str
    in_case: bool
    case_soon: bool
    found_by: str

    @property
    def is_outside(self) -> bool:
        return not self.in_case and self.purpose != CARD_PURPOSE

    @property
    def is_bare_card(self) -> bool:
        """The card was looked at, and no case came of it."""
        return self.purpose == CARD_PURPOSE and not self.in_case and not self.case_soon


@dataclass(frozen=True, slots=True)
class Flagged:
    """What is to be looked at: the first act of it, who did it, why it was flagged."""

    act: UUID
    at: datetime
    account: UUID
    role: str
    score: int
    signals: tuple[str, ...]
    acts: int


@dataclass(frozen=True, slots=True)
class Past:
    """What was known before the day: looks of the weeks before, by whom and about whom."""

    looks: Sequence[Look] = ()


Pretext = tuple[UUID, UUID, datetime]


def score(looks: Sequence[Look], past: Past = Past(), pretexts: Iterable[Pretext] = ()) -> list[Flagged]:
    """The flagged among `looks`, the weightiest first."""
    hours = _hours([*past.looks, *looks])
    bare = [one for one in (*past.looks, *looks) if one.is_bare_card]
    crowds = _crowds(bare)
    occasions = _occasions(bare)
    opened_for_show = {(account, subject) for account, subject, _ in pretexts}
    found = list(_mass(looks))
    for (account, subject), mine in _by_pair(looks).items():
        signals = set(_signals(mine, hours, opened_for_show))
        if "no_case" in signals:
            signals |= {"again"} if occasions[account, subject] > 1 else set()
            signals |= {"crowd"} if len(crowds[subject]) >= CROWD else set()
        if (points := sum(POINTS[one] for one in signals)) >= THRESHOLD:
            telling = _telling(mine)
            listed = tuple(one for one in POINTS if one in signals)
            found.append(Flagged(telling.act, telling.at, account, telling.role, points, listed, len(mine)))
    return sorted(found, key=lambda one: (-one.score, one.at))


def _signals(
    mine: Sequence[Look], hours: Mapping[UUID, Sequence[int]], pretexts: set[tuple[UUID, UUID]]
) -> Iterator[str]:
    if any(one.is_outside for one in mine):
        yield "outside_case"
    bare = [one for one in mine if one.is_bare_card]
    if bare:
        yield "no_case"
        if any(one.found_by == "surname_birth_date" for one in bare):
            yield "by_name"
    if any(_is_odd(hours[one.account], one.at.hour) for one in (*bare, *(one for one in mine if one.is_outside))):
        yield "odd_hour"
    if (mine[0].account, mine[0].subject) in pretexts:
        yield "pretext"


def _telling(mine: Sequence[Look]) -> Look:
    """The first look that had no reason; in a pretext, the first of all."""
    return next((one for one in mine if one.is_outside or one.is_bare_card), mine[0])


def _by_pair(looks: Iterable[Look]) -> dict[tuple[UUID, UUID], list[Look]]:
    pairs: dict[tuple[UUID, UUID], list[Look]] = defaultdict(list)
    for one in looks:
        pairs[one.account, one.subject].append(one)
    return pairs


def _hours(looks: Iterable[Look]) -> dict[UUID, list[int]]:
    """How often each account looked in each hour of the day, as cases brought them."""
    hours: dict[UUID, list[int]] = defaultdict(lambda: [0] * 24)
    for one in looks:
        if one.in_case or one.case_soon:
            hours[one.account][one.at.hour] += 1
    return hours


def _is_odd(hours: Sequence[int], hour: int) -> bool:
    around = hours[hour] + hours[hour - 1] + hours[(hour + 1) % 24]
    return sum(hours) >= _USUAL and around <= sum(hours) * _RARE


def _crowds(bare: Iterable[Look]) -> dict[UUID, set[UUID]]:
    crowds: dict[UUID, set[UUID]] = defaultdict(set)
    for one in bare:
        crowds[one.subject].add(one.account)
    return crowds


def _occasions(bare: Iterable[Look]) -> dict[tuple[UUID, UUID], int]:
    """How many times apart somebody came back to the same person without a case."""
    count: dict[tuple[UUID, UUID], int] = defaultdict(int)
    last: dict[tuple[UUID, UUID], datetime] = {}
    for one in sorted(bare, key=lambda look: look.at):
        pair = (one.account, one.subject)
        if pair not in last or one.at - last[pair] > OCCASION:
            count[pair] += 1
        last[pair] = one.at
    return count


def _mass(looks: Iterable[Look]) -> Iterator[Flagged]:
    """Accounts that looked at very many people without a case, each flagged once."""
    cards: dict[UUID, list[Look]] = defaultdict(list)
    for one in looks:
        if one.is_bare_card:
            cards[one.account].append(one)
    for account, mine in cards.items():
        if len({one.subject for one in mine}) >= MANY:
            points = POINTS["no_case"] + POINTS["many"]
            yield Flagged(mine[0].act, mine[0].at, account, mine[0].role, points, ("no_case", "many"), len(mine))
