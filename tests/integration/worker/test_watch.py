"""The watch over the ledger: at every start and ever again; what it finds is on record, mailed, and red at once."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import psycopg
import pytest
from click.testing import CliRunner
from django.test import Client

from amanat.cli.ledger import ledger
from amanat.database.home import Home
from amanat.errors import NotFoundError
from amanat.ledger import incidents
from amanat.ledger.health import health as ledger_health
from amanat.ledger.verify import Finding
from amanat.ledger.watching import EVERY, pause_after
from amanat.vocabulary import clock
from amanat.worker.watch import tell
from stage.databases import AsLogin
from stage.ledger import FoldAll, Record
from stage.postbox import Postbox
from stage.server import Clone

_COMMAND = (sys.executable, "-m", "amanat.cli.main", "worker")
FINDING = Finding("altered", "ama-ch", "act 0", "one of one rows is not what was recorded")


@pytest.fixture
def alarmed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMANAT_ALARM_MAIL", "dina@ama.example, board@ama.example")


@pytest.fixture
def worker(alarmed: None, database: Clone, postbox: Postbox) -> Iterator[Callable[[], None]]:
    """Starts `amanat worker`, and ends it with the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> None:
        named = {name: os.environ[name] for name in ("AMANAT_SMTP_URL", "AMANAT_ALARM_MAIL")}
        started.append(subprocess.Popen(_COMMAND, env=database.environment | named))

    yield start
    for process in started:
        process.terminate()
        process.wait(20)


def _wait(until: Callable[[], bool], seconds: float) -> float:
    began = time.monotonic()
    while not until():
        assert time.monotonic() - began < seconds, "it did not come about"
        time.sleep(0.1)
    return time.monotonic() - began


def _colour() -> int:
    return Client(SERVER_NAME="localhost").get("/health/", secure=True).status_code


@pytest.mark.clause("9.3c")
def test_a_change_is_on_record_mailed_and_red_within_a_minute(
    record: Record, fold_all: FoldAll, worker: Callable[[], None], postbox: Postbox, owner: psycopg.Connection
) -> None:
    act = record(3)
    fold_all()
    worker()
    _wait(lambda: incidents.last_look() is not None, 40)
    assert _colour() == 200
    owner.execute("UPDATE ledger_act SET purpose = 'newsletter'")
    took = _wait(lambda: _colour() == 503 and len(postbox.letters) == 2, 60)
    assert took < 60
    (incident,) = incidents.open_incidents()
    assert (incident.kind, incident.row) == ("altered", f"act {act.id}")
    assert {letter["To"] for letter in postbox.letters} == {"dina@ama.example", "board@ama.example"}
    assert f"ama-ch: altered: act {act.id}" in postbox.letters[0].get_content()


def test_what_was_changed_while_nothing_ran_is_found_at_the_start(
    record: Record, fold_all: FoldAll, worker: Callable[[], None], owner: psycopg.Connection
) -> None:
    record(3)
    fold_all()
    owner.execute("UPDATE ledger_entry SET opened = 1")
    worker()
    _wait(lambda: _colour() == 503, 40)


def test_an_incident_is_opened_once_and_stays_until_it_is_closed(as_login: AsLogin, home: Home) -> None:
    with as_login("worker"):
        assert [incidents.note([FINDING]), incidents.note([FINDING]), incidents.note([])] == [1, 0, 0]
        (incident,) = incidents.open_incidents()
    assert _colour() == 503
    assert [one.name for one in ledger_health(home)] == ["incident in the log of ama-ch"]
    with as_login("worker"):
        incidents.close(incident.id, "a drill")
        with pytest.raises(NotFoundError):
            incidents.close(incident.id, "again")
    assert _colour() == 200
    with as_login("worker"):
        assert incidents.note([FINDING]) == 1


def test_an_incident_is_listed_and_closed_by_command(as_login: AsLogin) -> None:
    with as_login("worker"):
        incidents.note([FINDING])
        (incident,) = incidents.open_incidents()
        listed = CliRunner().invoke(ledger, ["incidents"])
        assert (listed.exit_code, str(incident.id) in listed.output) == (1, True)
        closed = CliRunner().invoke(ledger, ["close", str(incident.id), "--reason", "a drill"])
        assert closed.exit_code == 0
        assert CliRunner().invoke(ledger, ["incidents"]).exit_code == 0


def test_mail_that_was_not_taken_is_sent_later_and_then_once(
    alarmed: None, as_login: AsLogin, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with as_login("worker"):
        incidents.note([FINDING])
        with monkeypatch.context() as without:
            without.delenv("AMANAT_SMTP_URL")
            assert tell() == 0
        assert [tell(), tell()] == [1, 0]
    assert len(postbox.letters) == 2


def test_without_anybody_to_tell_the_page_is_red_all_the_same(as_login: AsLogin, postbox: Postbox) -> None:
    with as_login("worker"):
        incidents.note([FINDING])
        assert tell() == 0
    assert _colour() == 503


def test_a_watch_that_does_not_come_round_is_red(as_login: AsLogin, home: Home) -> None:
    long_ago = clock.now() - timedelta(hours=1)
    with as_login("worker"):
        incidents.note_look(incidents.Look(long_ago, 0.1, 0, long_ago + EVERY))
    assert _colour() == 503
    assert [one.name for one in ledger_health(home)] == ["watch over the ledger"]


def test_a_short_log_is_compared_thrice_a_minute_and_a_long_one_for_a_twentieth_of_the_time() -> None:
    assert pause_after(0.2).total_seconds() == 20
    assert pause_after(600).total_seconds() == 12_000
