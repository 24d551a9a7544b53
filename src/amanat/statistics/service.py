"""The monthly tables of a client: a fixed set, made once and then shown as they are, decided at every showing.

Nobody can ask for another table, another day or another group. Within a month the tables are made anew only when ten
people more came or left, so that no two versions of them differ by fewer.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import uuid4

import msgspec

from amanat.custody.counting import Counting, Crowd
from amanat.custody.unit import Unit
from amanat.database.queries import queries
from amanat.errors import NotFoundError
from amanat.policy.decision import Outcome
from amanat.policy.rule import in_clause_order
from amanat.statistics.models import Report
from amanat.statistics.suppression import Halves, K, Lines, in_halves, in_lines, of_which

PURPOSE = "client_reporting"
MONTHS = 6
_SQL = queries("amanat.statistics")


@dataclass(frozen=True, slots=True)
class Covered:
    """How many were covered in a month: in their own right, and as dependants."""

    month: date
    people: Halves


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures that may be shown, and no others."""

    covered: tuple[Covered, ...]
    living: Lines
    travelling: Lines

    @property
    def smallest(self) -> dict[str, int]:
        """The smallest group that each table tells of; 0 where it tells of none."""
        covered = min(filter(None, (one.people.smallest for one in self.covered)), default=0)
        return {"covered": covered, "living": self.living.smallest, "travelling": self.travelling.smallest}


@dataclass(frozen=True, slots=True)
class Tables:
    """One month's tables as they are shown now. `clauses` is what a table that is not shown rests on."""

    client: str
    month: date
    made: datetime
    figures: Figures
    clauses: tuple[str, ...] = ()

    @property
    def people(self) -> int | None:
        """How many are covered this month; None if fewer than ten."""
        return self.figures.covered[-1].people.whole


def monthly_tables(one: Unit) -> Tables:
    """The tables of this month for the actor's client, made if they do not stand yet, and decided under 3.5a."""
    month = one.now.date().replace(day=1)
    asked = {"company": one.actor.company, "client": one.actor.organisation, "month": month}
    rows = one.rows(_SQL["newest"], asked)
    if not rows:
        raise NotFoundError
    name, made, people_then, figures, people = rows[0]
    counting = Counting(one, PURPOSE)
    if made is not None and abs(people - people_then) < K:
        tables = Tables(name, month, made, msgspec.json.decode(figures, type=Figures))
    else:
        counted = counting.count(_SQL["counted"], _asked(one))
        tables = Tables(name, month, one.now, _figures(counted, _months(month)))
        _keep(one, tables, people)
    return _decided(counting, tables)


def _asked(one: Unit) -> dict[str, object]:
    today = one.now.date()
    firsts = _months(today.replace(day=1))
    return {
        "client": one.actor.organisation, "today": today, "month": firsts[-1],
        "firsts": firsts, "lasts": [_last(first) for first in firsts],
    }  # fmt: skip


def _months(month: date) -> list[date]:
    """The first days of the last months, the oldest first."""
    months = [month]
    while len(months) < MONTHS:
        months.insert(0, (months[0] - timedelta(days=1)).replace(day=1))
    return months


def _last(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _figures(crowds: Iterable[Crowd], months: list[date]) -> Figures:
    counted: Counter[tuple[str, ...]] = Counter()
    for crowd in crowds:
        counted[crowd.place] += crowd.people
    halves = [
        (counted["covered", month.isoformat(), "own"], counted["covered", month.isoformat(), "dependant"])
        for month in months
    ]
    covered, travelling = sum(halves[-1]), _by_country(counted, "travelling")
    return Figures(
        tuple(Covered(month, in_halves(*both)) for month, both in zip(months, halves, strict=True)),
        in_lines(_by_country(counted, "living"), total=covered),
        of_which(in_lines(travelling), sum(travelling.values()), covered),
    )


def _by_country(counted: Mapping[tuple[str, ...], int], table: str) -> dict[str, int]:
    return {place[1]: people for place, people in counted.items() if place[0] == table}


def _keep(one: Unit, tables: Tables, people: int) -> None:
    Report.objects.create(
        id=uuid4(), company=one.actor.company, client=one.actor.organisation or "", month=tables.month,
        made=tables.made, people=people, tables=msgspec.to_builtins(tables.figures),
    )  # fmt: skip


def _decided(counting: Counting, tables: Tables) -> Tables:
    """Each table stands or falls with its smallest group: what is refused is not shown, and says under which clause."""
    decisions = counting.show(tables.figures.smallest)
    refused = {table: one for table, one in decisions.items() if one.outcome is not Outcome.PERMIT}
    figures = tables.figures
    if "covered" in refused:
        figures = replace(figures, covered=tuple(Covered(one.month, Halves()) for one in figures.covered))
    if "living" in refused:
        figures = replace(figures, living=Lines())
    if "travelling" in refused:
        figures = replace(figures, travelling=Lines(beside=figures.travelling.beside))
    return replace(
        tables, figures=figures, clauses=in_clause_order(clause for one in refused.values() for clause in one.clauses)
    )
