"""Kill -9 of the database under load: what was acknowledged is there afterwards.

The control plants `synchronous_commit = off` in the writers and must see rows lost, or the drill could see nothing.
The size follows AMANAT_DRILL; the seed of a round is printed with its failure.
"""

import contextlib
import os
import random
import signal
import threading
import time

import psycopg
import pytest

from amanat.database import embedded
from stage.installation import Installation
from stage.own_server import server_processes

ROUNDS = {"commit": 5, "night": 300, "release": 1000}[os.environ.get("AMANAT_DRILL", "commit")]
WRITERS = 4


def test_no_acknowledged_row_is_lost_when_the_server_is_killed(prepared_once: Installation) -> None:
    _make_table(prepared_once)
    for seed in range(ROUNDS):
        acknowledged = _write_until_killed(prepared_once, seed, "on")
        assert acknowledged, f"round {seed} wrote nothing"
        assert acknowledged <= _present(prepared_once), f"round {seed} lost acknowledged rows"


def test_the_drill_sees_what_is_lost_without_synchronous_commit(prepared_once: Installation) -> None:
    _make_table(prepared_once)
    for seed in range(max(ROUNDS, 20)):
        if not _write_until_killed(prepared_once, seed, "off") <= _present(prepared_once):
            return
    pytest.fail("no row was ever lost: this drill would not notice")


def _make_table(installation: Installation) -> None:
    with installation.connect("owner") as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS drill (id bigint PRIMARY KEY)")


def _present(installation: Installation) -> set[int]:
    with embedded.running(installation.home), installation.connect("owner") as owner:
        return {number for (number,) in owner.execute("SELECT id FROM drill")}


def _write_until_killed(installation: Installation, seed: int, durable: str) -> set[int]:
    """Write from several connections, kill every process of the server at a random moment; the acknowledged ids."""
    acknowledged: set[int] = set()
    with embedded.running(installation.home), installation.connect("owner") as owner:
        start = owner.execute("SELECT coalesce(max(id), 0) FROM drill").fetchone()
        first = int(start[0]) if start else 0
        writers = [
            threading.Thread(target=_write, args=(installation, first + number, durable, acknowledged))
            for number in range(1, WRITERS + 1)
        ]
        for writer in writers:
            writer.start()
        time.sleep(random.Random(seed).uniform(0.05, 0.4))  # noqa: S311  # a moment, not a secret
        for process in server_processes(installation.home):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        for writer in writers:
            writer.join()
    return acknowledged


def _write(installation: Installation, number: int, durable: str, acknowledged: set[int]) -> None:
    with contextlib.suppress(psycopg.OperationalError), installation.connect("owner") as owner:
        owner.execute("SELECT set_config('synchronous_commit', %s, false)", (durable,))
        while True:
            owner.execute("INSERT INTO drill VALUES (%s)", (number,))
            acknowledged.add(number)
            number += WRITERS
