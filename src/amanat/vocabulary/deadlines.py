"""Until when something must be done, and who has to agree: the shortest clock of all packs that apply, with its source.

The house has a floor of its own, so no law makes us slower than that. Only values that were read in full may lengthen
a time once begun; all others may only shorten it.
"""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from amanat.vocabulary.law import packs_of
from amanat.vocabulary.lawpacks import Clock, Status, Value, values

HOUSE: Final[Mapping[str, Clock]] = {
    "acknowledge": Clock(10, "bd"), "access": Clock(30, "d"), "correct": Clock(30, "d"), "erase": Clock(30, "d"),
    "withdraw": Clock(24, "h"), "opt_out": Clock(24, "h"), "complain": Clock(10, "bd"), "authority": Clock(72, "h"),
    "people": Clock(72, "h"), "tell_recipients": Clock(5, "bd"),
}  # fmt: skip
GROWN: Final = 18
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Deadline:
    """When an event's answer is due at the latest, and which value says so; None for the house's own floor.

    `latest` is how far it may be put off with a reason, where every pack allows that; `at_once` are the values that
    name no number but ask for no delay.
    """

    event: str
    due: datetime
    latest: datetime
    source: Value | None = None
    at_once: tuple[Value, ...] = ()


def deadline(event: str, packs: Iterable[str], start: datetime) -> Deadline:
    """The deadline of an event of `HOUSE` that began at `start`, under the law of that day."""
    house = end_of(HOUSE[event], start)
    said = [values(pack, event, start.date()) for pack in packs]
    timed = [(end_of(value.clock, start), value) for found in said for value in found if value.clock]
    due, source = min(timed, key=lambda one: one[0], default=(house, None))
    if due > house:
        due, source = house, None
    latest = min((_limit(found, start, house) for found in said), default=house)
    at_once = tuple(value for found in said for value in found if value.at_once)
    return Deadline(event, due, latest, source, at_once)


def _limit(found: tuple[Value, ...], start: datetime, house: datetime) -> datetime:
    """How far one pack lets a time be put off: only a verified extension reaches beyond the house's floor."""
    return min((_longest(value, start, house) for value in found), default=house)


def _longest(value: Value, start: datetime, house: datetime) -> datetime:
    clock = value.clock
    if clock is None:
        return house
    if value.status is Status.VERIFIED and clock.extension:
        return end_of(Clock(clock.amount + clock.extension, clock.unit), start)
    return min(house, end_of(clock, start))


def end_of(clock: Clock, start: datetime) -> datetime:
    """When a time that began at `start` is over. Holidays are not left out, so it is never too late."""
    match clock.unit:
        case "h":
            return start + timedelta(hours=clock.amount)
        case "d":
            return start + timedelta(days=clock.amount)
        case "bd":
            return _business_days(start, clock.amount)
        case _:
            return _months(start, clock.amount)


def _business_days(start: datetime, number: int) -> datetime:
    day = start
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < _SATURDAY
    return day


def _months(start: datetime, number: int) -> datetime:
    """The same day so many months later, or the last of that month."""
    years, month = divmod(start.month - 1 + number, 12)
    year = start.year + years
    return start.replace(year=year, month=month + 1, day=min(start.day, calendar.monthrange(year, month + 1)[1]))


def consent_age(country: str | None, day: date) -> int:
    """From which age a young person is asked beside the guardian; 18 where no age is recorded.

    The lowest recorded age counts, whatever its status, for asking one more person only tightens.
    """
    places = (*packs_of(country), country or "")
    ages = [value.age for place in places for value in values(place, "child_age", day) if value.age]
    return min([GROWN, *ages])


def majority(country: str | None, day: date) -> int:
    """From which age a person decides alone: 18, or later where a later age is recorded."""
    ages = [value.age for pack in packs_of(country) for value in values(pack, "majority", day) if value.age]
    return max([GROWN, *ages])


def consent_givers(age: int, country: str | None, day: date) -> frozenset[str]:
    """Who has to agree for a person of this age: `person`, `guardian`, or both between the two ages (clause M.3).

    A consent counts as in force only when all of them gave it; the decider is then told of one consent, as always.
    """
    if age >= majority(country, day):
        return frozenset({"person"})
    return frozenset({"guardian", "person"} if age >= consent_age(country, day) else {"guardian"})
