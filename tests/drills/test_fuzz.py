"""Statements and request lines at random, by the million: no crash, no hang, no yes that the definition does not give.

Seeds are other ones than those of `tests/properties/test_bad_input.py`; a failure names its own. The size follows
AMANAT_DRILL. A drill goes in stretches and remembers the last that it finished, so a stopped one goes on from there.
"""

import os
from collections.abc import Callable
from typing import Final

import pytest

from amanat.statement.compile import load_statement
from stage.fuzzing import each, request_tester, try_statement

_SIZE: Final = os.environ.get("AMANAT_DRILL", "commit")
STATEMENTS: Final = {"commit": 400, "night": 200_000, "release": 1_000_000}[_SIZE]
LINES: Final = {"commit": 2_000, "night": 1_000_000, "release": 1_000_000}[_SIZE]
FIRST: Final = 1_000_000
_STRETCH: Final = 2_000


def test_no_statement_crashes_hangs_or_is_half_in_force(request: pytest.FixtureRequest) -> None:
    _drill(request, "statements", try_statement, STATEMENTS)


def test_no_line_is_answered_otherwise_than_it_is_defined(request: pytest.FixtureRequest) -> None:
    _drill(request, "lines", request_tester(load_statement("ama").policy), LINES)


def _drill(request: pytest.FixtureRequest, name: str, trial: Callable[[int], str], number: int) -> None:
    cache: pytest.Cache | None = getattr(request.config, "cache", None)  # there may be none
    place = f"fuzz/{_SIZE}/{name}"
    begin = cache.get(place, FIRST) if cache is not None else FIRST
    for start in range(begin, FIRST + number, _STRETCH):
        each(trial, range(start, min(start + _STRETCH, FIRST + number)))
        if cache is not None:
            cache.set(place, start + _STRETCH)
    if cache is not None:
        cache.set(place, FIRST)
