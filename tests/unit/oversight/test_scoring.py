"""The daily score finds planted snoops among weeks of honest work, and leaves honest work alone."""

from collections import Counter
from uuid import UUID

import pytest

from amanat.oversight import scoring
from amanat.oversight.scoring import Flagged, Past, score
from stage.traffic import STORIES, Traffic

RECALL, FALSE_IN_TEN_THOUSAND = 0.95, 5.0


NOBODY = UUID(int=0)


def flagged_days(traffic: Traffic) -> dict[tuple[UUID, UUID], int]:
    """(account, person) → the first day on which it was flagged; of very many people it is nobody in particular."""
    subject = {one.act: one.subject for one in traffic.looks}
    found: dict[tuple[UUID, UUID], int] = {}
    for day, today, past in traffic.days():
        for one in score(today, Past(past), traffic.pretexts):
            found.setdefault((one.account, NOBODY if "many" in one.signals else subject[one.act]), day)
    return found


def found_stories(traffic: Traffic) -> tuple[Counter[str], int]:
    """How many stories of each kind were flagged by the end of their day, and how many flags were false."""
    flags = flagged_days(traffic)
    found: Counter[str] = Counter()
    for story in traffic.stories:
        about = {NOBODY} if story.kind == "mass" else story.subjects
        days = [flags[story.account, one] for one in about if (story.account, one) in flags]
        found[story.kind] += bool(days) and min(days) <= story.day
    planted = {subject for story in traffic.stories for subject in story.subjects}
    massive = {(story.account, NOBODY) for story in traffic.stories if story.kind == "mass"}
    return found, sum(flag[1] not in planted and flag not in massive for flag in flags)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_planted_snoops_are_flagged_the_same_day_and_honest_work_is_not(seed: int) -> None:
    traffic = Traffic(seed)
    found, false = found_stories(traffic)
    assert traffic.honest > 30_000
    assert sum(found.values()) / len(STORIES) >= RECALL, found
    assert false / traffic.honest * 10_000 <= FALSE_IN_TEN_THOUSAND, false
    assert found["spouse"] == STORIES.count("spouse"), "what needs a case and has none never passes"


def test_a_single_look_in_working_hours_is_like_a_caller_who_hung_up() -> None:
    """Said openly: this one is not found by its score. The member sees it in their own list."""
    assert found_stories(Traffic(4))[0]["once"] == 0


@pytest.mark.parametrize("deaf", ["outside_case", "again", "odd_hour", "crowd"])
def test_a_score_that_is_deaf_to_one_signal_is_found(deaf: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "POINTS", {**scoring.POINTS, deaf: 0})
    found, _ = found_stories(Traffic(1))
    assert sum(found.values()) / len(STORIES) < RECALL


def test_a_score_that_flags_every_card_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "POINTS", {**scoring.POINTS, "no_case": 10})
    traffic = Traffic(1)
    assert found_stories(traffic)[1] / traffic.honest * 10_000 > FALSE_IN_TEN_THOUSAND


def test_a_flag_says_why_in_the_order_of_the_table_and_where_it_began() -> None:
    traffic = Traffic(5)
    (night, *_) = (one for one in traffic.stories if one.kind == "night")
    for day, today, past in traffic.days():
        if day == night.day:
            listed: list[Flagged] = score(today, Past(past))
            assert listed == sorted(listed, key=lambda one: -one.score)
            (mine,) = (one for one in listed if one.account == night.account and "odd_hour" in one.signals)
            assert mine.signals[0] == "no_case"
