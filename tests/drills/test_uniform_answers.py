"""Can the clock tell a case that is not there from one that is a colleague's? Measured over pairs, as an AUC.

0.5 is a coin; 1.0 is certainty. The size follows AMANAT_DRILL: a few pairs for a commit, where only the words of the
answer and the step it waits for are checked, 300 pairs for a night and 1,000 for a release.
"""

import os
import time
from collections.abc import Sequence
from typing import Final
from uuid import uuid4

import pytest
from django.test import Client

from amanat.portals import door
from amanat.portals.evening import STEP
from stage.accounts import sign_in
from stage.desk import open_for
from stage.group import Group, hire
from stage.server import Clone

SIZE: Final = os.environ.get("AMANAT_DRILL", "commit")
PAIRS: Final = {"commit": 6, "night": 300, "release": 1_000}[SIZE]
LOW, HIGH = 0.45, 0.55
PAGES: Final = ("/desk/cases/{}/", "/desk/cases/{}/health/", "/desk/cases/{}/reports/")


def auc(some: Sequence[float], others: Sequence[float]) -> float:
    """The chance that one of `others` is above one of `some`; equal ones count half."""
    ranked = sorted([(value, 0) for value in some] + [(value, 1) for value in others])
    ranks: dict[float, list[int]] = {}
    for place, (value, _) in enumerate(ranked, start=1):
        ranks.setdefault(value, []).append(place)
    total = sum(sum(ranks[value]) / len(ranks[value]) for value, which in ranked if which)
    return (total - len(others) * (len(others) + 1) / 2) / (len(some) * len(others))


@pytest.fixture
def chandra(group: Group, database: Clone, accounts: None) -> Client:
    return sign_in(hire(database, "chandra", "desk", "assistance_coordinator"))


def timed(client: Client, address: str) -> tuple[float, bytes]:
    began = time.perf_counter()
    answer = client.get(address)
    took = time.perf_counter() - began
    assert answer.status_code == 404
    return took, answer.content


def measure(client: Client, group: Group, pairs: int) -> tuple[list[float], list[float], set[bytes]]:
    """Times of absent and of forbidden cases, pair by pair with the order changing, and every answer's bytes."""
    theirs = open_for(group)
    absent: list[float] = []
    forbidden: list[float] = []
    said: set[bytes] = set()
    for number in range(pairs):
        page = PAGES[number % len(PAGES)]
        asked = [(absent, uuid4()), (forbidden, theirs)]
        for times, case in asked if number % 2 else reversed(asked):
            took, body = timed(client, page.format(case))
            times.append(took)
            said.add(body)
    return absent, forbidden, said


def test_absent_and_forbidden_are_one_answer_that_waits_for_its_step(chandra: Client, group: Group) -> None:
    absent, forbidden, said = measure(chandra, group, 6)
    assert len(said) == 1
    assert min(absent + forbidden) >= STEP * 0.9


@pytest.mark.skipif(SIZE == "commit", reason="a figure of a quiet machine: make night, make drill")
def test_the_clock_tells_no_more_than_a_coin(chandra: Client, group: Group) -> None:
    measure(chandra, group, 10)
    absent, forbidden, _ = measure(chandra, group, PAIRS)
    found = auc(absent, forbidden)
    print(f"AUC {found:.3f} over {PAIRS} pairs")  # noqa: T201  # the figure is the point
    assert LOW <= found <= HIGH


def test_planted_without_the_step_the_clock_tells(
    chandra: Client, group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "even_out", lambda *_: None)
    measure(chandra, group, 5)
    absent, forbidden, said = measure(chandra, group, 40)
    assert len(said) == 1
    assert auc(absent, forbidden) > 0.8


def test_the_measure_itself() -> None:
    assert auc([1, 2, 3], [4, 5, 6]) == 1.0
    assert auc([4, 5, 6], [1, 2, 3]) == 0.0
    assert auc([1, 2], [1, 2]) == 0.5
