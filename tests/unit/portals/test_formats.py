"""Dates, times and numbers in the reader's own way of writing."""

import datetime as dt

import pytest
from django.utils import timezone, translation

from amanat.portals import formats

MOMENT = dt.datetime(2026, 11, 23, 14, 32, 7, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        ("en", "23 Nov 2026", "23 Nov 2026, 14:32 UTC"),
        ("fr", "23 nov. 2026", "23 nov. 2026, 14:32 UTC"),
    ],
)
def test_a_day_and_a_moment_are_written_as_the_language_writes_them(language: str, day: str, moment: str) -> None:
    with translation.override(language):
        assert formats.format_date(MOMENT.date()) == day
        assert formats.format_moment(MOMENT) == moment


def test_a_moment_is_shown_in_the_current_zone_and_names_it() -> None:
    with timezone.override("Asia/Singapore"), translation.override("en"):
        assert formats.format_moment(MOMENT) == "23 Nov 2026, 22:32 UTC+8"
        assert formats.format_time(MOMENT) == "22:32 UTC+8"


def test_a_zone_of_half_hours_is_named_in_full() -> None:
    with timezone.override("America/St_Johns"), translation.override("en"):
        assert formats.format_time(MOMENT) == "11:02 UTC-3:30"


def test_a_moment_late_in_the_day_is_already_tomorrow_further_east() -> None:
    with timezone.override("Pacific/Auckland"), translation.override("en"):
        assert formats.format_date(MOMENT) == "24 Nov 2026"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        formats.format_moment(MOMENT.replace(tzinfo=None))


def test_an_arabic_page_runs_from_the_right_and_keeps_the_zone() -> None:
    with translation.override("ar"):
        assert formats.direction() == "rtl"
        assert formats.format_moment(MOMENT).endswith("UTC")
        assert formats.country_name("FR") == "فرنسا"


def test_numbers_shares_and_lists_are_grouped_and_joined_as_the_language_does() -> None:
    with translation.override("en"):
        assert formats.format_number(12345.5) == "12,345.5"
        assert formats.format_percent(0.374) == "37%"
        assert formats.format_list(["name", "allergies", "language"]) == "name, allergies and language"
    with translation.override("fr"):
        assert formats.format_number(12345) == "12\N{NARROW NO-BREAK SPACE}345"


def test_a_list_of_names_is_sorted_as_readers_look_for_them() -> None:
    listed = ["Zambie", "Égypte", "Espagne", "Sénégal", "Serbie"]
    assert sorted(listed, key=formats.alphabetical) == ["Égypte", "Espagne", "Sénégal", "Serbie", "Zambie"]


def test_an_unknown_country_is_printed_as_it_is() -> None:
    assert formats.country_name("QX") == "QX"
