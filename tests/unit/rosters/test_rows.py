"""What keeps a row out, by line and column, and what only the whole file can tell."""

import pytest

from amanat.rosters.reading import Roster
from amanat.rosters.report import Fault
from stage.sheets import AMINA, HEADERS, changed, read, written

WIDE = (*HEADERS, "Valid until", "Dependant of", "Work phone", "Language", "Gender", "Destination", "Departure",
        "Return", "Mobility")  # fmt: skip


def wide(**cells: str) -> Roster:
    """One row with Amina's cells, and the named ones of the wider header line."""
    row = dict(zip(HEADERS, AMINA, strict=True)) | {name.replace("_", " "): text for name, text in cells.items()}
    return read(written(tuple(row.get(header, "") for header in WIDE), headers=WIDE))


def faults(roster: Roster) -> list[tuple[int, str, Fault]]:
    return [(one.line, one.column, one.fault) for one in roster.rejected]


@pytest.mark.parametrize(
    ("column", "value", "fault"),
    [
        ("First name", "", Fault.MISSING),
        ("First name", "  ", Fault.MISSING),
        ("First name", "=cmd|'/C calc'!A0", Fault.FORMULA),
        ("First name", "+Amina", Fault.FORMULA),
        ("First name", " -Amina", Fault.FORMULA),
        ("First name", "@SUM(A1)", Fault.FORMULA),
        ("First name", "\tAmina", Fault.FORMULA),
        ("First name", '"\rAmina"', Fault.FORMULA),
        ("First name", "＝1+1", Fault.FORMULA),  # noqa: RUF001
        ("First name", "＠SUM", Fault.FORMULA),  # noqa: RUF001
        ("Work phone", "=44 668 18 00", Fault.FORMULA),
        ("Valid until", "=TODAY()", Fault.FORMULA),
        ("First name", "Ami\x00na", Fault.HIDDEN_CHARACTER),
        ("First name", "\u202eanimA", Fault.HIDDEN_CHARACTER),
        ("First name", "A" * 201, Fault.TOO_LONG),
        ("Date of birth", "03/04/1990", Fault.AMBIGUOUS_DATE),
        ("Date of birth", "3-4-1990", Fault.AMBIGUOUS_DATE),
        ("Date of birth", "3.4.90", Fault.AMBIGUOUS_DATE),
        ("Date of birth", "30 June 1990", Fault.BAD_DATE),
        ("Date of birth", "1990-02-30", Fault.BAD_DATE),
        ("Date of birth", "٢٠٠٠-٠١-٠١", Fault.BAD_DATE),  # noqa: RUF001
        ("Date of birth", "2026-11-24", Fault.IMPOSSIBLE_BIRTH),
        ("Date of birth", "1899-12-31", Fault.IMPOSSIBLE_BIRTH),
        ("Valid until", "2025-12-31", Fault.COVER_ENDS_FIRST),
        ("Country", "Atlantis", Fault.UNKNOWN_COUNTRY),
        ("Country", "EU", Fault.UNKNOWN_COUNTRY),
        ("Country", "ZZ", Fault.UNKNOWN_COUNTRY),
        ("Relation", "shareholder", Fault.UNKNOWN_RELATION),
        ("E-mail", "", Fault.MISSING),
        ("E-mail", "amina(at)oryx-energy.example", Fault.BAD_EMAIL),
        ("E-mail", "amina@localhost", Fault.BAD_EMAIL),
        ("E-mail", "a..b@oryx-energy.example", Fault.BAD_EMAIL),
        ("Work phone", "112", Fault.BAD_PHONE),
        ("Work phone", "call me", Fault.BAD_PHONE),
        ("Work phone", "+41 44 668 18 00 ext. 12", Fault.PHONE_EXTENSION),
        ("Policy number", "ORX#1", Fault.BAD_NUMBER),
        ("Language", "klingonese", Fault.UNKNOWN_LANGUAGE),
        ("Gender", "maybe", Fault.UNKNOWN_GENDER),
        ("Mobility", "wheelchair", Fault.UNKNOWN_MOBILITY),
        ("Dependant of", "ORX-9", Fault.NOT_A_DEPENDANT),
    ],
)
def test_a_faulty_cell_sends_its_row_back_by_line_and_column(column: str, value: str, fault: Fault) -> None:
    roster = wide(**{column: value})
    assert roster.rows == ()
    assert faults(roster) == [(2, column, fault)]


@pytest.mark.parametrize(
    ("column", "value", "field", "read_as"),
    [
        ("Date of birth", "1.2.1990", "birth_date", "1990-02-01"),
        ("Country", "Schweiz", "country", "CH"),
        ("Country", "états-unis", "country", "US"),
        ("Country", "Corea del Sur", "country", "KR"),
        ("Country", "ARE", "country", "AE"),
        ("Country", "uk", "country", "GB"),
        ("Country", "XK", "country", "XK"),
        ("Language", "Français", "language", "fr"),
        ("Language", "zh_hant_hk", "language", "zh-Hant-HK"),
        ("Gender", "weiblich", "gender", "female"),
        ("Relation", "Bénéficiaire", "relation", "beneficiary"),
        ("Relation", "Student", "relation", "member_of"),
        ("Work phone", "044 668 18 00", "phone_work", "+41446681800"),
        ("Work phone", "+870 773 111 632", "phone_work", "+870773111632"),
        ("E-mail", "Amina@Oryx-Energy.EXAMPLE", "email", "Amina@oryx-energy.example"),
        ("First name", "  Ami \n na ", "given_name", "Ami na"),
        ("First name", "Ame\u0301lie", "given_name", "Amélie"),
        ("Mobility", "expatrié", "mobility_status", "expatriate"),
    ],
)
def test_what_can_only_be_read_in_one_way_is_read(column: str, value: str, field: str, read_as: str) -> None:
    (row,) = wide(**{column: f'"{value}"'}).rows
    assert str(getattr(row, field)) == read_as


def test_a_trip_comes_whole_or_not_at_all() -> None:
    (row,) = wide(Destination="TH", Departure="2026-12-01", Return="2026-12-09").rows
    assert (row.trip_country, str(row.trip_from), str(row.trip_until)) == ("TH", "2026-12-01", "2026-12-09")
    assert faults(wide(Destination="TH")) == [(2, "Destination", Fault.HALF_A_TRIP)]
    turned = wide(Destination="TH", Departure="2026-12-09", Return="2026-12-01")
    assert faults(turned) == [(2, "Return", Fault.TRIP_ENDS_FIRST)]


def test_all_faults_of_a_row_are_told_at_once() -> None:
    roster = wide(Country="Atlantis", Language="klingonese", Relation="")
    assert {one.column for one in roster.rejected} == {"Country", "Language", "Relation"}
    assert roster.rejected_lines == (2,)


def test_a_row_with_more_or_fewer_cells_than_headers_is_sent_back() -> None:
    roster = read(written((*AMINA, "x"), AMINA[:-1]))
    assert faults(roster) == [(2, "", Fault.TOO_MANY_CELLS), (3, "", Fault.TOO_FEW_CELLS)]


def test_a_policy_number_that_stands_twice_names_both_lines() -> None:
    roster = read(written(AMINA, changed(policy_number="ORX-2"), changed(policy_number="orx-1")))
    assert [row.policy_number for row in roster.rows] == ["ORX-2"]
    assert faults(roster) == [(2, "Policy number", Fault.DUPLICATE), (4, "Policy number", Fault.DUPLICATE)]
    assert str(roster.rejected[0]) == (
        "line 2, column `Policy number`: the same policy number also stands on line 4;"
        " keep one of the rows, or correct the number"
    )


def test_a_file_of_nothing_but_one_number_names_a_few_lines_only() -> None:
    roster = read(written(*[AMINA] * 3000))
    assert roster.rows == ()
    assert roster.rejected[-1].others == (2, 3, 4, 5, 6)


def child(number: str, of: str) -> tuple[str, ...]:
    return (number, "Lina", "Haddad", "2017-08-05", "CH", "dependant", "2026-01-01", "", of)


KIN = (*HEADERS, "Dependant of")


@pytest.mark.clause("3.4d")
def test_nobody_is_a_dependant_without_the_member_they_belong_to() -> None:
    alone = read(written(child("ORX-3", ""), headers=KIN))
    stranger = read(written(child("ORX-3", "ORX-9"), headers=KIN))
    assert alone.rows == stranger.rows == ()
    assert faults(alone) == [(2, "Dependant of", Fault.MISSING)]
    assert faults(stranger) == [(2, "Dependant of", Fault.NO_EMPLOYEE)]


def test_a_dependant_may_stand_before_their_employee_and_needs_no_address() -> None:
    roster = read(written(child("ORX-3", "orx-1"), (*AMINA, ""), headers=KIN))
    assert [row.email for row in roster.rows] == [None, "amina@oryx-energy.example"]


def test_a_dependant_may_belong_to_somebody_enrolled_before() -> None:
    assert len(read(written(child("ORX-3", "ORX-1"), headers=KIN), known={"ORX-1"}).rows) == 1


def test_a_dependant_of_a_dependant_is_sent_back() -> None:
    roster = read(written((*AMINA, ""), child("ORX-3", "ORX-1"), child("ORX-4", "ORX-3"), headers=KIN))
    assert faults(roster) == [(4, "Dependant of", Fault.NO_EMPLOYEE)]


def test_a_dependant_of_a_rejected_employee_names_that_line() -> None:
    roster = read(written((*changed(country="Atlantis"), ""), child("ORX-3", "ORX-1"), headers=KIN))
    assert roster.rejected[1].what == "the person they belong to was rejected on line 2"
