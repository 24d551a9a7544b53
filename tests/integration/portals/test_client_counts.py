"""C2 as a browser meets it: fixed tables, no group under ten, and a note on how they are made."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from amanat.rosters.service import load_roster
from amanat.vocabulary import clock
from stage.group import ORYX, Group
from stage.sheets import crowd, crowds
from stage.statements import few_statements


def read(browser: Client, address: str = "/client/counts/") -> str:
    with few_statements():
        answer = browser.get(address)
    assert answer.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode().split("<main", 1)[1])).split())


def trip() -> tuple[str, str]:
    today = clock.now().date()
    return today.isoformat(), (today + timedelta(days=4)).isoformat()


@pytest.mark.clause("3.5a")
def test_a_company_with_three_travellers_sees_fewer_than_ten(group: Group, petra: Client) -> None:
    load_roster(crowds(crowd(30, "HOME"), crowd(3, "AWAY", to="TH", days=trip())), client=ORYX)
    page = read(petra)
    assert re.search(r"Travelling in \w+ \d{4} fewer than 10 Living", page)
    assert "Thailand" not in page
    assert "oryx-energy Monthly counts" in page


def test_large_groups_are_shown_in_tens_and_by_name_of_country(group: Group, petra: Client) -> None:
    load_roster(
        crowds(crowd(48, "HOME"), crowd(25, "AWAY", to="TH", days=trip()), crowd(12, "FAR", country="KE"),
               crowd(11, "KIN", of="HOME-1")),
        client=ORYX,
    )  # fmt: skip
    page = read(petra)
    assert "90 80 10" in page  # 98: 86 in their own right, 12 dependants
    assert "Kenya" not in page  # it makes room for an empty rest: Switzerland and "all others" are left
    assert "Switzerland 80 All other countries 10" in page


def test_nearly_everybody_travelling_hides_how_many(group: Group, petra: Client) -> None:
    load_roster(crowds(crowd(30, "AWAY", to="TH", days=trip())), client=ORYX)
    assert "Not shown: nearly all of your people travel" in read(petra)


def test_a_company_of_fewer_than_ten_sees_no_figure_at_all(group: Group, petra: Client) -> None:
    assert "Fewer than 10 people are covered" in read(petra)
    assert "People covered fewer than 10" in read(petra, "/client/")
    cells = re.findall(r'<td class="figure">(.*?)</td>', petra.get("/client/counts/").content.decode())
    assert len(cells) == 18
    assert all("fewer than 10" in cell for cell in cells)


def test_the_method_note_says_what_is_done_and_cites_its_clauses(petra: Client) -> None:
    page = read(petra, "/client/counts/method/")
    for told in ("full tens", "never shown, not even that it is empty", "its neighbour is hidden too", "§ 3.5a"):
        assert told in page


def test_nothing_can_be_asked_for(group: Group, petra: Client) -> None:
    """No filter, no day, no group: whatever stands in the address, the tables are the same."""
    load_roster(crowds(crowd(40, "HOME")), client=ORYX)
    plain = read(petra)
    assert read(petra, "/client/counts/?month=2026-01&country=CH&since=2026-11-01&scheme=standard") == plain
