"""The recorded law: complete, closed, each value with a status, and shown as it is."""

import re
from datetime import date
from pathlib import Path

import pytest

from amanat.vocabulary import lawpacks
from amanat.vocabulary.law import COUNTRIES_WITH_PACK, EEA, packs_of
from amanat.vocabulary.lawpacks import (
    AGES,
    CLOCKS,
    PACKS,
    WORDS,
    Clock,
    LawPackError,
    Status,
    Value,
    adequate,
    localised,
    packs_for,
    read_values,
    recorded,
    title,
    values,
)
from stage.lawtable import ages_table, packs_table

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "law.md").read_text(encoding="utf-8")
HEAD = "pack,topic,value,status,since,note"


def read(*lines: str) -> list[Value]:
    return read_values([HEAD, *lines])


def test_each_pack_has_a_law_the_five_times_and_a_route() -> None:
    assert len(PACKS) == 33
    assert {value.pack for value in recorded()} <= PACKS | EEA
    for pack in PACKS:
        assert title(pack)
        for topic in ("access", "correct", "erase", "authority", "people", "route"):
            assert values(pack, topic) or (pack, topic) == ("SG", "erase"), (pack, topic)


def test_every_country_has_packs_and_every_value_a_status() -> None:
    assert {pack for country in COUNTRIES_WITH_PACK for pack in packs_of(country)} == PACKS
    assert {value.status for value in recorded()} == set(Status)
    assert [status.mark for status in Status] == ["✓", "~", "?"]
    assert all(value.topic in (*CLOCKS, *AGES, *WORDS) for value in recorded())


def test_no_value_stands_twice() -> None:
    said = [(value.pack, value.topic, value.text) for value in recorded()]
    assert [one for one in said if said.count(one) > 1 and one != ("KR", "people", "asap")] == []


@pytest.mark.parametrize(
    ("country", "text", "status"),
    [
        ("GB", "13y", Status.VERIFIED), ("DE", "16y", Status.VERIFIED), ("BE", "13y", Status.VERIFIED),
        ("FR", "15y", Status.VERIFIED), ("IT", "14y", Status.VERIFIED), ("DK", "?", Status.UNVERIFIED),
        ("SI", "?", Status.UNVERIFIED), ("IN", "18y", Status.UNVERIFIED), ("CN", "14y", Status.VERIFIED),
    ],
)  # fmt: skip
def test_child_ages_are_as_ruled(country: str, text: str, status: Status) -> None:
    (value,) = values(country, "child_age")
    assert (value.text, value.status) == (text, status)


@pytest.mark.parametrize("country", ["NO", "IS", "LI"])
def test_three_lands_have_no_child_age_recorded(country: str) -> None:
    assert values(country, "child_age") == ()


def test_a_value_is_read_with_unit_status_and_first_day() -> None:
    (value,) = read("IN,report,72h,verified,2027-05-01,in detail")
    assert value == Value("IN", "report", "72h", Status.VERIFIED, date(2027, 5, 1), "in detail")
    assert value.clock == Clock(72, "h")
    assert value.holds(date(2027, 5, 1))
    assert not value.holds(date(2027, 4, 30))
    (longer,) = read("EU,access,1M+2M,verified,,")
    assert longer.clock == Clock(1, "M", 2)
    assert longer.holds(date(1990, 1, 1))
    for text in ("asap", "none", "?"):
        (numberless,) = read(f"EU,access,{text},partial,,")
        assert numberless.clock is None
        assert numberless.at_once is (text == "asap")


@pytest.mark.parametrize(
    "line",
    [
        "XX,access,30d,verified,,", "EU,happiness,30d,verified,,", "EU,access,30 days,verified,,",
        "EU,access,1M+2d,verified,,", "EU,access,0d,verified,,", "EU,access,30d,sure,,", "EU,access,30d,verified,soon,",
        "EU,child_age,13,verified,,", "EU,adequate,Canada,verified,,", "EU,law,,verified,,", "EU,access,30d",
        "EU,access,30d,verified,,a note, with a comma",
    ],
)  # fmt: skip
def test_a_line_that_is_not_understood_is_told_with_its_number(line: str) -> None:
    with pytest.raises(LawPackError, match="line 2 of the law packs"):
        read(line)


def test_packs_of_several_lands_are_told_once_each() -> None:
    assert packs_for("DE", "FR", None, "US", "AQ") == ("EU", "US-HIPAA", "US-CA")


def test_a_land_that_keeps_data_says_so() -> None:
    assert [value.text for value in localised("AE")] == ["medical"]
    assert [value.status for value in localised("KE")] == [Status.VERIFIED]
    assert localised("CH") == localised(None) == ()


def test_adequacy_counts_only_where_it_was_verified() -> None:
    found = adequate("DE", "JP")
    assert found is not None
    assert (found.pack, found.status) == ("EU", Status.VERIFIED)
    assert adequate("BR", "FR") is not None
    assert adequate("DE", "SG") is adequate("CH", "JP") is adequate(None, "JP") is None


@pytest.mark.parametrize("status", ["partial", "unverified"])
def test_a_doubtful_finding_of_adequacy_opens_nothing(monkeypatch: pytest.MonkeyPatch, status: str) -> None:
    doubtful = {("CH", "adequate"): tuple(read(f"CH,adequate,JP,{status},,"))}
    monkeypatch.setattr(lawpacks, "_by_topic", lambda: doubtful)
    assert adequate("CH", "JP") is None


def test_the_page_shows_exactly_what_is_recorded() -> None:
    for name, table in (("packs", packs_table()), ("ages", ages_table())):
        shown = re.search(rf"<!-- {name} -->\n(.*?)\n<!-- end -->", PAGE, re.DOTALL)
        assert shown
        assert shown[1] == table, f"write what `python tests/stage/lawtable.py` prints between the comments `{name}`"
