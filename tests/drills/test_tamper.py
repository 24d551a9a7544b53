"""Tampering with the ledger behind the platform's back: each of many drawn changes is found, and none where none is.

The control plants a verifier that does not compare the rows, and must see changes pass it. The size follows
AMANAT_DRILL; what was changed is printed with a failure.
"""

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from amanat.database.home import Home
from amanat.ledger import verify
from amanat.ledger.verify import compare
from stage.ledger import FoldAll, Record
from stage.tampering import KINDS, tampered

TAMPERINGS = {"commit": 300, "night": 3_000, "release": 10_000}[os.environ.get("AMANAT_DRILL", "commit")]
SOUND_LOOKS = TAMPERINGS // 10
MISSED_IF_ROWS_ARE_NOT_COMPARED = 20


@pytest.fixture
def ledger(record: Record, fold_all: FoldAll) -> None:
    """Three heads over 361 leaves in two bundles, some acts about many, some about one, and one about nobody."""
    for people in (200, 0, 100):
        record(people)
        fold_all()
    for _ in range(60):
        record(1, recipient="payer", organisation="oryx-energy")
    fold_all()


@pytest.fixture
def find(owner_connection: psycopg.Connection, home: Home) -> Callable[[], bool]:
    def found() -> bool:
        return any(True for _ in compare(owner_connection, home.ledger))

    return found


@pytest.mark.clause("9.3c")
def test_every_drawn_tampering_is_found_and_nothing_else(
    ledger: None, owner_connection: psycopg.Connection, find: Callable[[], bool]
) -> None:
    draw = random.Random(23)  # noqa: S311  # drawn anew alike each time
    kinds = set()
    for number in range(TAMPERINGS):
        with tampered(owner_connection, draw) as change:
            assert find(), f"tampering {number} was not found: {change}"
            kinds.add(change.partition(":")[0])
        if number % (TAMPERINGS // SOUND_LOOKS) == 0:
            assert _sound(owner_connection, find), f"a false alarm after tampering {number}"
    assert kinds == {one.name for one in KINDS}


def test_the_drill_sees_what_passes_a_verifier_that_does_not_compare_the_rows(
    ledger: None, owner_connection: psycopg.Connection, find: Callable[[], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "_rows", _nothing)
    draw = random.Random(5)  # noqa: S311
    missed = 0
    for _ in range(100):
        with tampered(owner_connection, draw):
            missed += not find()
    assert missed > MISSED_IF_ROWS_ARE_NOT_COMPARED


def _sound(owner: psycopg.Connection, find: Callable[[], bool]) -> bool:
    with owner.transaction():
        return not find()


def _nothing(_log: object) -> Iterator[verify.Finding]:
    return iter(())


def test_the_last_head_kept_outside_is_guarded_too(
    ledger: None, owner_connection: psycopg.Connection, find: Callable[[], bool], home: Home
) -> None:
    kept: Path = home.ledger / "ama-ch.checkpoint"
    sound = kept.read_text()
    for at in range(0, len(sound), 7):
        kept.write_text(sound[:at] + ("A" if sound[at] != "A" else "B") + sound[at + 1 :])
        with owner_connection.transaction():
            assert find(), f"letter {at} of the head kept outside"
