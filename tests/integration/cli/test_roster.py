"""`amanat roster load`, as somebody at a terminal meets it."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import psycopg

from amanat.organisations.models import Attestation
from amanat.vocabulary import clock
from stage.databases import AsLogin
from stage.group import ORYX, Group
from stage.server import Clone

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"


def amanat(clone: Clone, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "amanat.cli.main", "roster", *words],
        env=clone.environment, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def load(clone: Clone, example: str, client: str = ORYX) -> "subprocess.CompletedProcess[str]":
    return amanat(clone, "load", str(EXAMPLES / example), "--client", client)


def test_a_sound_file_is_taken_in_once(group: Group, database: Clone) -> None:
    first, again = load(database, "roster.csv"), load(database, "roster.csv")
    assert (first.returncode, again.returncode) == (0, 0), first.stderr
    assert "rows read: 12; taken in: 12; known already: 0; sent back: 0" in first.stdout
    assert "not kept under clause M.1: 2 values" in first.stdout
    assert "rows read: 12; taken in: 0; known already: 12; sent back: 0" in again.stdout


def test_bad_rows_are_told_by_line_and_the_exit_code_says_so(group: Group, database: Clone) -> None:
    done = load(database, "roster-three-bad-rows.csv")
    assert done.returncode == 1
    assert "rows read: 5; taken in: 2; known already: 0; sent back: 3" in done.stdout
    assert "column `Favourite colour` was not asked for and was not kept" in done.stdout
    assert "not taken: line 3, column `Date of birth`: the date can be read in two ways; write" in done.stdout
    for value in ("Nowak", "03/04/1980", "TRY-2003", "blue"):
        assert value not in done.stdout + done.stderr


def test_a_diagnosis_column_refuses_the_file_and_says_the_clause_and_the_mend(
    group: Group, database: Clone, owner_connection: psycopg.Connection
) -> None:
    done = load(database, "roster-with-diagnosis.csv")
    assert done.returncode == 2
    assert "the roster holds columns about health: `Diagnosis` (clause 3.2a); no row was read" in done.stderr
    assert "to mend it: remove them and send the file again" in done.stderr
    assert "Traceback" not in done.stderr
    told = owner_connection.execute("SELECT state, clause, rows FROM rosters_file").fetchall()
    assert told == [("refused", "3.2a", 0)]


def test_a_lapsed_word_is_told_plainly(group: Group, database: Clone, as_login: AsLogin) -> None:
    with as_login("worker"):
        Attestation.objects.filter(source=ORYX).update(until=clock.now().date() - timedelta(days=1))
    done = load(database, "roster.csv")
    assert done.returncode == 2
    assert "is missing or has run out (clause 3.3)" in done.stderr


def test_an_unknown_client_is_not_found_and_the_known_ones_are_listed(group: Group, database: Clone) -> None:
    unknown = load(database, "roster.csv", "nobody-at-all")
    assert (unknown.returncode, "there is no client `nobody-at-all`" in unknown.stderr) == (1, True)
    listed = amanat(database, "clients").stdout
    assert [line.split()[0] for line in listed.splitlines()] == ["cedar-school", "oryx-energy"]
