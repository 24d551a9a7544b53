"""The worker as a process: it folds within seconds, outlives a lost database, and stops when told to."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg import sql

from amanat.database.logins import connect
from stage.ledger import FoldAll, Record
from stage.server import Clone, Server

_COMMAND = (sys.executable, "-m", "amanat.cli.main", "worker")
_TERMINATE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND application_name = %s"

Worker = subprocess.Popen[str]


@pytest.fixture
def worker(database: Clone) -> Iterator[Worker]:
    with subprocess.Popen(_COMMAND, env=database.environment, stderr=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def _wait(until: Callable[[], bool], seconds: float = 20.0) -> float:
    began = time.monotonic()
    while not until():
        assert time.monotonic() - began < seconds, "it did not come about"
        time.sleep(0.05)
    return time.monotonic() - began


def _folded(owner: psycopg.Connection, size: int) -> Callable[[], bool]:
    return lambda: owner.execute("SELECT max(size) FROM ledger_checkpoint").fetchone() == (size,)


def _wait_for_start(worker: Worker, owner: psycopg.Connection) -> None:
    """The first leaf that was recorded is folded. A worker that ends instead says why."""

    def started() -> bool:
        if worker.poll() is not None:
            pytest.fail(f"the worker ended: {worker.stderr.read() if worker.stderr else ''}")
        return _folded(owner, 1)()

    _wait(started, 60)


def test_what_is_recorded_is_signed_within_ten_seconds(
    record: Record, worker: Worker, owner: psycopg.Connection
) -> None:
    record(1)
    _wait_for_start(worker, owner)
    record(2)
    assert _wait(_folded(owner, 3)) < 10


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_within_a_second(
    record: Record, worker: Worker, owner: psycopg.Connection, number: signal.Signals
) -> None:
    record(1)
    _wait_for_start(worker, owner)
    began = time.monotonic()
    worker.send_signal(number)
    assert worker.wait(5) == 0
    assert time.monotonic() - began < 1
    assert worker.stderr
    assert "Traceback" not in worker.stderr.read()


def test_it_stops_within_a_second_in_the_middle_of_a_statement(
    record: Record, worker: Worker, database: Clone, owner: psycopg.Connection
) -> None:
    record(1)
    _wait_for_start(worker, owner)
    with database.connect("owner") as other, other.transaction():
        other.execute("LOCK TABLE ledger_pending IN ACCESS EXCLUSIVE MODE")
        held = "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted AND relation = 'ledger_pending'::regclass"
        _wait(lambda: owner.execute(held).fetchone() == (True,))
        began = time.monotonic()
        worker.terminate()
        assert worker.wait(5) == 0
        assert time.monotonic() - began < 1


def test_it_goes_on_when_the_database_comes_back(
    record: Record, worker: Worker, database: Clone, server: Server, owner: psycopg.Connection
) -> None:
    record(1)
    _wait_for_start(worker, owner)
    allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    with connect(server.admin, server.home, target=server.target, name="postgres", autocommit=True) as admin:
        admin.execute(allow.format(sql.Identifier(database.name), sql.SQL("false")))
        assert admin.execute(_TERMINATE, (database.name, "amanat-worker")).rowcount >= 1
        time.sleep(3)
        assert worker.poll() is None
        admin.execute(allow.format(sql.Identifier(database.name), sql.SQL("true")))
    record(1)
    _wait(_folded(owner, 2))
    worker.terminate()
    worker.wait(5)
    assert worker.stderr
    said = worker.stderr.read()
    assert "duty fold failed: OperationalError" in said
    assert "Traceback" not in said


def test_one_broken_log_does_not_hold_up_the_others(
    record: Record, fold_all: FoldAll, database: Clone, owner: psycopg.Connection, request: pytest.FixtureRequest
) -> None:
    record(1)
    fold_all()
    (database.home.ledger / "ama-ch.key").unlink()
    record(1)
    record(1, company="ama-sg")
    request.getfixturevalue("worker")
    signed = "SELECT count(*) FROM ledger_checkpoint WHERE company = 'ama-sg'"
    _wait(lambda: owner.execute(signed).fetchone() == (1,), 60)
