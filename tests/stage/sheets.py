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
