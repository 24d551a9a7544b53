"""One row of a roster: a person, how they are related to the client, and their cover.

A row is taken whole or not at all. `read_row` finds every fault of a line at once, so that its sender mends it in
one go; `settle` then looks at what only the whole file can tell: doubled policy numbers, dependants of nobody.
"""

import enum
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from amanat.rosters import cells
from amanat.rosters.report import Fault, Rejection

T = TypeVar("T")
MOST_NAMED: Final = 5  # other lines in one report: a file of nothing but doubles must not grow by the square


class Relation(enum.StrEnum):
    EMPLOYEE = "employee"
    DEPENDANT = "dependant"
    MEMBER_OF = "member_of"
    BENEFICIARY = "beneficiary"


@dataclass(frozen=True, kw_only=True)
class Enrolment:
    """What a client may say of a person (3.2a): who they are, how to reach them, and what they are entitled to."""

    given_name: str
    family_name: str
    birth_date: date
    country: str
    relation: Relation
    policy_number: str
    cover_from: date
    cover_until: date | None = None
    gender: str | None = None
    nationality: str | None = None
    email: str | None = None
    phone_work: str | None = None
    phone_home: str | None = None
    language: str | None = None
    employee_number: str | None = None
    related_to: str | None = None
    scheme: str | None = None
    mobility_status: str | None = None
    industry_sector: str | None = None
    trip_country: str | None = None
    trip_from: date | None = None
    trip_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class RosterRow(Enrolment):
    """An enrolment as it stands on a line of a file."""

    line: int


class _Line:
    """The cells of one line, and the faults found while taking them."""

    def __init__(self, number: int, values: Mapping[str, str], headers: Mapping[str, str]) -> None:
        self.number = number
        self.faults: list[Rejection] = []
        self._values = values
        self._headers = headers

    def reject(self, field: str, fault: Fault) -> None:
        self.faults.append(Rejection(self.number, self._headers.get(field, field), fault))

    def may(self, field: str, parse: Callable[[str], T]) -> T | None:
        """The value of an optional field; None if it is empty or faulty."""
        raw = self._values.get(field, "")
        if not raw.strip():
            return None
        try:
            return parse(cells.plain(raw, phone=field.startswith("phone")))
        except cells.CellError as bad:
            self.reject(field, bad.fault)
            return None

    def need(self, field: str, parse: Callable[[str], T], stand_in: T) -> T:
        """The value of a required field. The stand-in only fills a row that is already rejected."""
        value = self.may(field, parse)
        if value is None:
            if not self._values.get(field, "").strip():
                self.reject(field, Fault.MISSING)
            return stand_in
        return value


def read_row(
    number: int, values: Mapping[str, str], headers: Mapping[str, str], today: date
) -> RosterRow | list[Rejection]:
    """Take one line whole, or say everything that is wrong with it."""
    line = _Line(number, values, headers)
    country = line.need("country", cells.country, "")
    row = RosterRow(
        line=number,
        given_name=line.need("given_name", cells.text, ""),
        family_name=line.need("family_name", cells.text, ""),
        birth_date=line.need("birth_date", cells.day, date.min),
        country=country,
        relation=line.need("relation", _relation, Relation.EMPLOYEE),
        policy_number=line.need("policy_number", cells.number, ""),
        cover_from=line.need("cover_from", cells.day, date.min),
        cover_until=line.may("cover_until", cells.day),
        gender=line.may("gender", cells.gender),
        nationality=line.may("nationality", cells.country),
        email=line.may("email", cells.email),
        phone_work=line.may("phone_work", lambda raw: cells.phone(raw, country)),
        phone_home=line.may("phone_home", lambda raw: cells.phone(raw, country)),
        language=line.may("language", cells.language),
        employee_number=line.may("employee_number", cells.number),
        related_to=line.may("related_to", cells.number),
        scheme=line.may("scheme", cells.text),
        mobility_status=line.may("mobility_status", cells.mobility),
        industry_sector=line.may("industry_sector", cells.text),
        trip_country=line.may("trip_country", cells.country),
        trip_from=line.may("trip_from", cells.day),
        trip_until=line.may("trip_until", cells.day),
    )
    if not line.faults:
        _weigh(row, line, today)
    return line.faults or row


def _relation(raw: str) -> Relation:
    return Relation(cells.relation(raw))


def _weigh(row: RosterRow, line: _Line, today: date) -> None:
    """What the cells of one line must say together."""
    if not cells.EARLIEST_BIRTH <= row.birth_date <= today:
        line.reject("birth_date", Fault.IMPOSSIBLE_BIRTH)
    if row.cover_until and row.cover_until < row.cover_from:
        line.reject("cover_until", Fault.COVER_ENDS_FIRST)
    _weigh_trip(row, line)
    if row.relation is Relation.DEPENDANT:
        if row.related_to is None:
            line.reject("related_to", Fault.MISSING)
        return
    # A child has no address of its own, and must not be asked for one (7.1); everybody else signs in with it.
    if row.email is None:
        line.reject("email", Fault.MISSING)
    if row.related_to and row.related_to.casefold() != row.policy_number.casefold():
        line.reject("related_to", Fault.NOT_A_DEPENDANT)


def _weigh_trip(row: RosterRow, line: _Line) -> None:
    if row.trip_country and row.trip_from and row.trip_until:
        if row.trip_until < row.trip_from:
            line.reject("trip_until", Fault.TRIP_ENDS_FIRST)
    elif row.trip_country or row.trip_from or row.trip_until:
        line.reject("trip_country", Fault.HALF_A_TRIP)


def settle(
    rows: Iterable[RosterRow],
    lines_of: Mapping[str, list[int]],
    headers: Mapping[str, str],
    known: Collection[str] = (),
) -> tuple[list[RosterRow], list[Rejection]]:
    """Part the rows that stand together from those that do not.

    `lines_of` says on which lines each policy number stands, rejected lines among them; `known` are the numbers of
    people this client has enrolled before, to whom a dependant may belong as well.
    """
    rejected = list(_doubled(lines_of, headers.get("policy_number", "policy_number")))
    single = [row for row in rows if len(lines_of[cells.key(row.policy_number)]) == 1]
    heads = {cells.key(row.policy_number) for row in single if row.relation is not Relation.DEPENDANT}
    heads |= {cells.key(number) for number in known}
    dependants = {cells.key(row.policy_number) for row in single} - heads
    kept: list[RosterRow] = []
    for row in single:
        head = cells.key(row.related_to) if row.relation is Relation.DEPENDANT and row.related_to else None
        if head is None or head in heads:
            kept.append(row)
            continue
        lines = () if head in dependants else tuple(lines_of.get(head, ())[:MOST_NAMED])
        fault = Fault.EMPLOYEE_REJECTED if lines else Fault.NO_EMPLOYEE
        rejected.append(Rejection(row.line, headers.get("related_to", "related_to"), fault, lines))
    return kept, rejected


def _doubled(lines_of: Mapping[str, list[int]], header: str) -> Iterator[Rejection]:
    for lines in lines_of.values():
        if len(lines) > 1:
            for line in lines:
                others = [other for other in lines[: MOST_NAMED + 1] if other != line]
                yield Rejection(line, header, Fault.DUPLICATE, tuple(others[:MOST_NAMED]))
