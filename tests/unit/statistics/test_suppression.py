"""Attacks on the monthly tables by subtraction, overlap, complement and time: drawn at random, and come to nothing."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.statistics.suppression import Halves, K, Lines, in_halves, in_lines, in_tens, of_which

PEOPLE = st.integers(0, 60)
SMALL = st.integers(0, K - 1)
COUNTRIES = st.dictionaries(st.sampled_from(["AT", "BE", "CH", "DE", "ES", "FR", "GB", "IT"]), PEOPLE)


def told_of(shown: Lines) -> set[str]:
    return {name for name, _ in shown.lines}


def figures(shown: Lines) -> list[int]:
    return [one for one in (shown.total, shown.rest, *(people for _, people in shown.lines)) if one is not None]


@pytest.mark.parametrize(("people", "shown"), [(0, None), (9, None), (10, 10), (19, 10), (20, 20), (4003, 4000)])
def test_a_figure_is_full_tens_or_nothing(people: int, shown: int | None) -> None:
    assert in_tens(people) == shown


@pytest.mark.clause("3.5")
@given(COUNTRIES)
def test_no_group_below_ten_is_told_of(counted: dict[str, int]) -> None:
    shown = in_lines(counted)
    assert all(counted[name] >= K for name in told_of(shown))
    assert all(people >= K for people in figures(shown))


@given(COUNTRIES)
def test_nobody_is_left_alone_when_lines_are_taken_away_from_the_total(counted: dict[str, int]) -> None:
    """The attack by subtraction: the total less all lines, or less all lines but one."""
    shown = in_lines(counted)
    if shown.lines:
        left = sum(counted.values()) - sum(counted[name] for name in told_of(shown))
        assert left >= K
        assert shown.rest == in_tens(left)
    else:
        assert shown.rest is None


@given(COUNTRIES, SMALL)
def test_the_table_does_not_tell_where_a_small_group_is(counted: dict[str, int], few: int) -> None:
    assert in_lines({**counted, "AQ": few}) == in_lines({**counted, "BV": few})


@given(COUNTRIES, SMALL)
def test_whoever_is_placed_nowhere_stands_with_the_rest(counted: dict[str, int], few: int) -> None:
    """Somebody who holds back where they live looks like somebody in a small country."""
    total = sum(counted.values()) + few
    assert in_lines(counted, total=total) == in_lines({**counted, "AQ": few})


@given(COUNTRIES)
def test_whether_the_rest_is_small_or_empty_is_not_told(counted: dict[str, int]) -> None:
    """Without small groups the smallest line makes room for the rest all the same."""
    large = {name: people for name, people in counted.items() if people >= K}
    shown = in_lines(large)
    assert len(shown.lines) == max(len(large) - 1, 0)


@given(PEOPLE, PEOPLE)
def test_of_two_parts_none_is_told_when_the_other_is_small(one: int, other: int) -> None:
    shown = in_halves(one, other)
    if min(one, other) < K:
        assert (shown.one, shown.other) == (None, None)
    assert shown == Halves(in_tens(one + other)) or min(one, other) >= K


@given(COUNTRIES, PEOPLE)
def test_a_part_is_not_told_beside_a_whole_that_is_hardly_larger(counted: dict[str, int], more: int) -> None:
    """The complement: nearly all travel, so those who stay could be told by subtraction across tables."""
    travelling = sum(counted.values())
    shown = of_which(in_lines(counted), travelling, travelling + more)
    assert shown == (Lines(beside=True) if more < K <= travelling else in_lines(counted))


@given(st.lists(PEOPLE, min_size=2, max_size=6))
def test_no_two_months_differ_by_a_small_group(months: list[int]) -> None:
    """The attack over time: who joined or left between two months, or any two of six."""
    shown = [people for people in map(in_tens, months) if people is not None]
    assert all(abs(after - before) not in range(1, K) for before in shown for after in shown)


@given(st.lists(COUNTRIES, min_size=2, max_size=6))
def test_no_line_changes_by_a_small_group_from_one_version_to_the_next(versions: list[dict[str, int]]) -> None:
    for before, after in pairwise(map(in_lines, versions)):
        lines = dict(after.lines)
        changes = [abs(lines[name] - people) for name, people in before.lines if name in lines]
        assert not any(0 < change < K for change in changes)


@given(COUNTRIES, st.sampled_from(["AT", "BE", "CH", "DE", "ES", "FR", "GB", "IT"]))
def test_one_person_more_is_never_told_as_one(counted: dict[str, int], where: str) -> None:
    """The attack by overlap: the same table with and without one person."""
    without, with_them = in_lines(counted), in_lines({**counted, where: counted.get(where, 0) + 1})
    assert not any(0 < abs(b - a) < K for a in figures(without) for b in figures(with_them))
