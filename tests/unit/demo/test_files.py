"""The demo's rosters go through the same door as real ones: what is read back is who was written."""

from dataclasses import fields
from datetime import date

import pytest

from amanat.demo.files import BAD_ROWS_IN, RosterFile, roster_files
from amanat.demo.people import Person, members
from amanat.demo.world import the_world
from amanat.rosters.reading import read_roster
from amanat.rosters.report import Fault
from amanat.rosters.rows import Enrolment

TODAY = date(2026, 11, 23)
FIELDS = tuple(field.name for field in fields(Enrolment))


def values(one: Enrolment) -> tuple[object, ...]:
    return tuple(getattr(one, name) for name in FIELDS)


@pytest.fixture(scope="module")
def people() -> list[Person]:
    return list(members(as_of=TODAY))


@pytest.fixture(scope="module")
def written(people: list[Person]) -> list[RosterFile]:
    return roster_files(the_world(TODAY), people)


def test_every_file_read_back_gives_all_its_people(people: list[Person], written: list[RosterFile]) -> None:
    for file in written:
        roster = read_roster(file.data, client=file.client, today=TODAY)
        mine = [values(one) for one in people if one.client == file.client]
        assert [values(row) for row in roster.rows] == mine
        assert roster.dropped == ()


def test_only_the_deliberate_bad_rows_are_sent_back(written: list[RosterFile]) -> None:
    rejected = {file.client: read_roster(file.data, client=file.client, today=TODAY).rejected for file in written}
    assert [client for client, reasons in rejected.items() if reasons] == [BAD_ROWS_IN]
    assert [(one.line, one.column, one.fault) for one in rejected[BAD_ROWS_IN]] == [
        (42, "Geburtsdatum", Fault.AMBIGUOUS_DATE),
        (43, "gehört zu", Fault.NO_EMPLOYEE),
        (44, "gültig bis", Fault.COVER_ENDS_FIRST),
    ]


def test_the_files_differ_in_encoding_separator_and_order(written: list[RosterFile]) -> None:
    rosters = [read_roster(file.data, client=file.client, today=TODAY) for file in written]
    assert {roster.dialect.encoding for roster in rosters} == {"utf-8", "windows-1252"}
    assert {roster.dialect.delimiter for roster in rosters} == {",", ";", "\t"}
    assert len({roster.headers for roster in rosters}) == len(rosters) == 8


def test_the_same_people_give_the_same_bytes(people: list[Person], written: list[RosterFile]) -> None:
    assert roster_files(the_world(TODAY), people) == written


def test_files_can_be_written_on_a_leap_day() -> None:
    day = date(2028, 2, 29)
    (bad,) = [
        file for file in roster_files(the_world(day), members(count=600, as_of=day)) if file.client == BAD_ROWS_IN
    ]
    assert len(read_roster(bad.data, client=bad.client, today=day).rejected) == 3
