"""Kill -9 of application, worker and database under mixed load: what was acknowledged is there, what was shown is told.

In each round clerks look and choose, a worker folds, and one of them or the whole server is killed at a random moment.
Afterwards every kept choice is on record, every value that left has its entry, and the log agrees with the rows. The
planted fault is a clerk who takes values out before the commit. The size follows AMANAT_DRILL.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from amanat.database import embedded
from amanat.ledger.fold import fold, waiting_companies
from amanat.ledger.verify import verify
from stage.databases import acting_as
from stage.group import found_group
from stage.installation import Installation
from stage.own_server import at, server_processes

ROUNDS: Final = {"commit": 3, "night": 100, "release": 1_000}[os.environ.get("AMANAT_DRILL", "commit")]
CLERKS: Final = 2
SERVER: Final = 2  # of the victims in turn: a clerk, the worker, the server
TESTS: Final = Path(__file__).parent.parent
Said = set[tuple[str, str]]


@pytest.fixture(scope="module")
def people(prepared_once: Installation) -> list[str]:
    with at(prepared_once.home) as own:
        group = found_group(own)
    return [str(group.amina), str(group.mallory)]


def test_nothing_acknowledged_is_lost_and_nothing_shown_is_untold(
    prepared_once: Installation, people: list[str]
) -> None:
    for seed in range(ROUNDS):
        said = work_until_killed(prepared_once, people, seed)
        assert {what for what, _ in said} == {"shown", "kept"}, f"round {seed}: too little was done"
        assert missing(prepared_once, said) == set(), f"round {seed}"
        assert faults(prepared_once) == [], f"round {seed}"


def test_the_drill_sees_a_value_that_left_before_the_commit(prepared_once: Installation, people: list[str]) -> None:
    for seed in range(max(ROUNDS, 10)):
        said = work_until_killed(prepared_once, people, 3 * seed + SERVER, CLERK_HASTY="1")
        if missing(prepared_once, said):
            return
    pytest.fail("no value was ever shown without its entry: this drill would not notice")


def work_until_killed(installation: Installation, people: list[str], seed: int, **more: str) -> Said:
    """Let everybody work, kill a clerk, the worker or the server at a random moment; what the clerks said."""
    with embedded.running(installation.home), working(installation, people, **more) as (worker, *clerks):
        begun = [line_of(clerk) for clerk in clerks]
        time.sleep(random.Random(seed).uniform(0.05, 0.6))  # noqa: S311  # a moment, not a secret
        victims = ([clerks[0].pid], [worker.pid], list(server_processes(installation.home)))[seed % 3]
        for process in victims:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        time.sleep(0.1)
    lines = [*begun, *(line for clerk in clerks for line in clerk.communicate()[0].splitlines(keepends=True))]
    told = (line.split() for line in lines if line.endswith("\n"))
    return {(what, which) for what, which in told}


@contextlib.contextmanager
def working(installation: Installation, people: list[str], **more: str) -> Iterator[list["subprocess.Popen[str]"]]:
    """A worker and clerks, each a process of its own; gone afterwards."""
    clerks = [("-m", "stage.clerk", str(number), *people) for number in range(CLERKS)]
    environment = {**os.environ, "AMANAT_HOME": str(installation.home.folder), "PYTHONPATH": str(TESTS), **more}
    processes = [
        subprocess.Popen(
            [sys.executable, *words], env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        for words in (("-m", "amanat.cli.main", "worker"), *clerks)
    ]
    try:
        yield processes
    finally:
        for one in processes:
            one.kill()
        processes[0].communicate()


def missing(installation: Installation, said: Said) -> Said:
    """What was said and is not on record: acts without an entry, choices without a record."""
    with embedded.running(installation.home), installation.connect("owner") as owner:
        told = {("shown", str(act)) for (act,) in owner.execute("SELECT act FROM ledger_entry")}
        kept = {("kept", form) for (form,) in owner.execute("SELECT form_version FROM choices_consentrecord")}
    return said - told - kept


def faults(installation: Installation) -> list[str]:
    """What is wrong with the log once all that waits is folded."""
    with at(installation.home) as own, acting_as(own, "worker"):
        for company in waiting_companies():
            while fold(company):
                pass
    with embedded.running(installation.home), installation.connect("audit") as auditor:
        return [str(finding) for finding in verify(auditor, installation.home.ledger)]


def line_of(clerk: "subprocess.Popen[str]") -> str:
    assert clerk.stdout is not None
    return clerk.stdout.readline()
