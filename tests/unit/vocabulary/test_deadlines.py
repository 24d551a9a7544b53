"""Deadlines: the shortest clock wins, the house's floor is never passed, and doubt only tightens."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from amanat.vocabulary.deadlines import HOUSE, consent_age, consent_givers, deadline, end_of, majority
from amanat.vocabulary.lawpacks import PACKS, Clock, Status, packs_for, values

MONDAY = datetime(2027, 6, 7, 9, 30, tzinfo=UTC)
TODAY = MONDAY.date()


def after(**span: float) -> datetime:
    return MONDAY + timedelta(**span)


@pytest.mark.parametrize(
    ("event", "packs", "due", "source"),
    [
        ("access", [], after(days=30), None),
        ("access", ["EU"], after(days=30), "EU"),  # June has 30 days: the law's month and the floor are one
        ("access", ["US-CA"], after(days=30), None),
        ("access", ["US-CA", "KR"], after(days=10), "KR"),
        ("access", ["ID", "KR"], after(hours=72), "ID"),
        ("correct", ["AR"], after(days=7), "AR"),
        ("correct", ["CH"], after(days=30), None),
        ("acknowledge", ["VN"], after(days=2), "VN"),
        ("acknowledge", [], after(days=14), None),
        ("complain", ["GB"], after(days=14), None),
        ("authority", ["MY"], after(hours=72), "MY"),
        ("authority", ["US-CA"], after(hours=72), None),
        ("people", ["MY"], after(hours=72), None),
        ("withdraw", ["SG"], after(hours=24), None),
    ],
)
def test_the_shortest_clock_wins_and_is_told_with_its_source(
    event: str, packs: list[str], due: datetime, source: str | None
) -> None:
    found = deadline(event, packs, MONDAY)
    assert (found.due, found.source and found.source.pack) == (due, source)


@pytest.mark.clause("1.3")
def test_no_pack_makes_the_house_slower() -> None:
    for event, floor in HOUSE.items():
        for packs in ([], *([pack] for pack in PACKS), list(PACKS)):
            assert deadline(event, packs, MONDAY).due <= end_of(floor, MONDAY)


def test_more_packs_never_give_more_time() -> None:
    for event in HOUSE:
        chain = [deadline(event, sorted(PACKS)[:number], MONDAY) for number in range(len(PACKS) + 1)]
        assert all(later.due <= earlier.due for earlier, later in pairwise(chain))
        assert all(later.latest <= earlier.latest for earlier, later in pairwise(chain[1:]))


@pytest.mark.parametrize(
    ("packs", "latest"),
    [
        ([], after(days=30)),
        (["EU"], datetime(2027, 9, 7, 9, 30, tzinfo=UTC)),
        (["CA"], after(days=60)),
        (["EU", "CA"], after(days=60)),
        (["EU", "CH"], after(days=30)),
        (["GB"], after(days=30)),  # partial: its extension may not relax
        (["US-HIPAA"], after(days=30)),  # unverified
        (["EU", "KE"], after(days=7)),
        (["EU", "AE"], after(days=30)),  # nothing known
    ],
)
def test_only_verified_extensions_of_all_packs_put_it_off(packs: list[str], latest: datetime) -> None:
    assert deadline("access", packs, MONDAY).latest == latest


def test_a_value_that_is_not_verified_never_reaches_beyond_the_floor() -> None:
    for event, floor in HOUSE.items():
        for pack in PACKS:
            found = deadline(event, [pack], MONDAY)
            if found.latest > end_of(floor, MONDAY):
                assert {value.status for value in values(pack, event)} == {Status.VERIFIED}


def test_what_asks_for_no_delay_is_told_beside_the_clock() -> None:
    found = deadline("authority", ["CH", "EU"], MONDAY)
    assert (found.source and found.source.pack, [one.pack for one in found.at_once]) == ("EU", ["CH"])


def test_the_law_of_its_day_holds() -> None:
    before = datetime(2027, 4, 30, tzinfo=UTC)
    assert deadline("authority", ["IN"], before).at_once == ()
    assert [one.pack for one in deadline("authority", ["IN"], MONDAY).at_once] == ["IN"]


@pytest.mark.parametrize(
    ("start", "clock", "end"),
    [
        (datetime(2027, 1, 31, 8, tzinfo=UTC), Clock(1, "M"), datetime(2027, 2, 28, 8, tzinfo=UTC)),
        (datetime(2027, 11, 30, tzinfo=UTC), Clock(3, "M"), datetime(2028, 2, 29, tzinfo=UTC)),
        (datetime(2027, 12, 15, tzinfo=UTC), Clock(1, "M"), datetime(2028, 1, 15, tzinfo=UTC)),
        (datetime(2027, 6, 11, tzinfo=UTC), Clock(1, "bd"), datetime(2027, 6, 14, tzinfo=UTC)),
        (datetime(2027, 6, 12, tzinfo=UTC), Clock(1, "bd"), datetime(2027, 6, 14, tzinfo=UTC)),
        (datetime(2027, 6, 7, tzinfo=UTC), Clock(10, "bd"), datetime(2027, 6, 21, tzinfo=UTC)),
        (datetime(2027, 6, 7, tzinfo=UTC), Clock(72, "h"), datetime(2027, 6, 10, tzinfo=UTC)),
    ],
)
def test_time_is_counted_as_its_unit_says(start: datetime, clock: Clock, end: datetime) -> None:
    assert end_of(clock, start) == end


@pytest.mark.clause("M.2")
@pytest.mark.parametrize(
    ("age", "country", "givers"),
    [
        (15, "DE", {"guardian"}), (16, "DE", {"guardian", "person"}), (17, "DE", {"guardian", "person"}),
        (18, "DE", {"person"}), (13, "GB", {"guardian", "person"}), (12, "GB", {"guardian"}),
        (17, "DK", {"guardian"}), (17, "NO", {"guardian"}), (17, None, {"guardian"}), (18, None, {"person"}),
        (17, "KE", {"guardian"}), (14, "KR", {"guardian", "person"}), (12, "US", {"guardian"}),
        (13, "US", {"guardian", "person"}), (19, "TH", {"guardian", "person"}), (20, "TH", {"person"}),
    ],
)  # fmt: skip
def test_the_guardian_agrees_for_a_child_both_between_the_ages_then_the_person(
    age: int, country: str | None, givers: set[str]
) -> None:
    assert consent_givers(age, country, TODAY) == givers


def test_nobody_under_eighteen_agrees_alone_anywhere() -> None:
    for country in (None, *{value[:2] for value in PACKS}, "DE", "FR"):
        assert all("guardian" in consent_givers(age, country, TODAY) for age in range(18))
        assert majority(country, TODAY) >= 18 >= consent_age(country, TODAY)


def test_an_age_that_has_not_begun_does_not_count() -> None:
    assert consent_age("IN", date(2026, 1, 1)) == consent_age("IN", TODAY) == 18
    assert packs_for("IN") == ("IN",)
