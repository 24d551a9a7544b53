"""Rosters as text, for the tests: Amina's row, rows like hers, and the reading of them."""

from collections.abc import Collection
from datetime import date

from amanat.rosters.reading import Roster, read_roster
from amanat.rosters.rows import RosterRow

TODAY = date(2026, 11, 23)
HEADERS = ("Policy number", "First name", "Last name", "Date of birth", "Country", "Relation", "Valid from", "E-mail")
AMINA = ("ORX-1", "Amina", "Haddad", "1990-06-30", "CH", "employee", "2026-01-01", "amina@oryx-energy.example")


def written(*rows: tuple[str, ...], headers: tuple[str, ...] = HEADERS, by: str = ",", end: str = "\n") -> str:
    return end.join(by.join(row) for row in (headers, *rows)) + end


def read(content: str | bytes, known: Collection[str] = ()) -> Roster:
    data = content.encode() if isinstance(content, str) else content
    return read_roster(data, client="oryx-energy", enrolled=lambda _: known, today=TODAY)


def changed(**cells: str) -> tuple[str, ...]:
    """Amina's row with other cells, named by their place in the header line."""
    places = {header.lower().replace(" ", "_").replace("-", "_"): at for at, header in enumerate(HEADERS)}
    row = list(AMINA)
    for name, value in cells.items():
        row[places[name]] = value
    return tuple(row)


def only(roster: Roster) -> RosterRow:
    assert roster.rejected == ()
    (row,) = roster.rows
    return row


TRIPS = (*HEADERS, "Dependant of", "Destination", "Departure", "Return")


def crowd(
    count: int, prefix: str, *, country: str = "CH", of: str = "", to: str = "", days: tuple[str, str] = ("", ""),
    since: str = "2026-01-01",
) -> list[tuple[str, ...]]:  # fmt: skip
    """Rows of invented people who differ in nothing but their number. `to` and `days` send them on a trip."""
    relation = "dependant" if of else "employee"
    return [
        (f"{prefix}-{number}", f"Given{number}", f"Family{number}", "1990-06-30", country, relation, since,
         f"{prefix.lower()}{number}@oryx-energy.example", of, to, *(days if to else ("", "")))
        for number in range(count)
    ]  # fmt: skip


def crowds(*groups: list[tuple[str, ...]]) -> bytes:
    return written(*(row for group in groups for row in group), headers=TRIPS).encode()
