"""Statements and request lines at random, by the million: no crash, no hang, no yes that the definition does not give.

Seeds are other ones than those of `tests/properties/test_bad_input.py`; a failure names its own. The size follows
AMANAT_DRILL. A drill goes in stretches and remembers the last that it finished, so a stopped one goes on from there; it
ends with a dated line that says what came out.
"""

import os
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Final

import pytest

from amanat.statement.compile import load_statement
from stage.fuzzing import each, request_tester, try_statement

_SIZE: Final = os.environ.get("AMANAT_DRILL", "commit")
STATEMENTS: Final = {"commit": 400, "night": 200_000, "release": 1_000_000}[_SIZE]
LINES: Final = {"commit": 2_000, "night": 1_000_000, "release": 1_000_000}[_SIZE]
FIRST: Final = 1_000_000
_STRETCH: Final = 2_000

Trial = Callable[[int], str]


@pytest.fixture
def drill(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Callable[[str, Trial, int], None]:
    """Try so many seeds, in stretches."""
    cache: pytest.Cache | None = getattr(request.config, "cache", None)  # there may be none

    def try_all(name: str, trial: Trial, number: int) -> None:
        place, met = f"fuzz/{_SIZE}/{name}", Counter[str]()
        begin = cache.get(place, FIRST) if cache is not None else FIRST
        for start in range(begin, FIRST + number, _STRETCH):
            met += each(trial, range(start, min(start + _STRETCH, FIRST + number)))
            if cache is not None:
                cache.set(place, start + _STRETCH)
        if cache is not None:
            cache.set(place, FIRST)
        with capsys.disabled() if _SIZE != "commit" else nullcontext():
            sys.stdout.write(f"\n{datetime.now(UTC):%Y-%m-%d %H:%M} UTC {name} from {begin} on: {dict(met)}\n")

    return try_all


def test_no_statement_crashes_hangs_or_is_half_in_force(drill: Callable[[str, Trial, int], None]) -> None:
    drill("statements", try_statement, STATEMENTS)


def test_no_line_is_answered_otherwise_than_it_is_defined(drill: Callable[[str, Trial, int], None]) -> None:
    drill("lines", request_tester(load_statement("ama").policy), LINES)
