"""Doubtful law may only tighten (L18): whatever it opens or puts off has been read on a public page.

Held against the readers of the recorded law, for every pack, as decisions and clocks use them.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

from amanat.statement.diagnostics import Diagnostic
from amanat.statement.lints.look import Look
from amanat.vocabulary.deadlines import GROWN, HOUSE, consent_givers, deadline, end_of, majority
from amanat.vocabulary.law import COUNTRIES_WITH_PACK
from amanat.vocabulary.lawpacks import PACKS, Clock, Status, adequate, recorded, values

_HINT: Final = "let it tighten alone, until somebody reads it on a public page"


def relaxed_by_doubt(look: Look) -> Iterator[Diagnostic]:
    """L18: a deadline, an age or a destination that is easier than it would be without a doubtful value."""
    day = _day(look)
    for pack in sorted(PACKS):
        for event in HOUSE:
            yield from _deadline(pack, event, day)
    for country in sorted(COUNTRIES_WITH_PACK):
        yield from _age(country, day)
        yield from _destinations(country, day)


def _day(look: Look) -> date:
    """The law of the day on which the statement comes into force."""
    return date.fromisoformat(look.statement.effective)


def _deadline(pack: str, event: str, day: date) -> Iterator[Diagnostic]:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    found, house = deadline(event, [pack], start), end_of(HOUSE[event], start)
    clocks = [one.clock for one in values(pack, event, day) if one.clock and one.status is Status.VERIFIED]
    longest = max([house, *(end_of(_extended(clock), start) for clock in clocks)])
    if found.due > house or found.latest > longest:
        late = max(found.due, found.latest) - house
        yield _found(f"law pack {pack}: `{event}` is put off by {_days(late)} on the word of a value in doubt")


def _extended(clock: Clock) -> Clock:
    return Clock(clock.amount + clock.extension, clock.unit)


def _days(late: timedelta) -> str:
    return f"{late.total_seconds() / 86_400:.0f} days"


def _age(country: str, day: date) -> Iterator[Diagnostic]:
    """Nobody under 18 decides without a guardian."""
    if majority(country, day) < GROWN or "guardian" not in consent_givers(GROWN - 1, country, day):
        yield _found(f"law of {country}: a young person decides alone before {GROWN}")


def _destinations(country: str, day: date) -> Iterator[Diagnostic]:
    doubtful = [one for one in recorded() if one.topic == "adequate" and one.status is not Status.VERIFIED]
    for there in sorted({word for one in doubtful for word in one.text.split()}):
        found = adequate(country, there, day)
        if found and found.status is not Status.VERIFIED:
            yield _found(f"law pack {found.pack}: data may go from {country} to {there} on a value in doubt")


def _found(message: str) -> Diagnostic:
    return Diagnostic(1, "", "L18", message, _HINT)
