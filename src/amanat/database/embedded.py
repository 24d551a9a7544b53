"""The embedded server: start, stop and use of one PostgreSQL that belongs to the state folder.

Several processes share it: starting is idempotent under a lock, and it stops when the last user is gone
(`keeper`). It listens on a socket alone and asks everybody for a SCRAM password.
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from psycopg.pq import PGconn, Ping

from amanat.database.cluster import (
    MENDED_WITHIN,
    ClusterError,
    clear_remains,
    make_cluster,
    recorded_version,
    server_process,
)
from amanat.database.home import Home, locked
from amanat.database.keeper import keeper_lock, kept_mark, users_lock
from amanat.database.logins import make_logins
from amanat.database.runner import find_runner, prepare_folders
from amanat.database.target import find_target

_READY_WITHIN: Final = 60.0  # recovery after a crash replays the log first
_STOPPED_WITHIN: Final = 30.0
_LONGEST_LOG: Final = 8 * 1024 * 1024


@dataclass(frozen=True)
class Status:
    process: int | None
    version: int | None
    socket: str
    kept: bool


@contextlib.contextmanager
def running(home: Home) -> Iterator[None]:
    """Use the server: it is up inside the block, and stops after it if nobody else uses it."""
    home.create()
    with locked(users_lock(home), fcntl.LOCK_SH):
        _start(home)
        yield


def start(home: Home) -> None:
    """Start the server and leave it up until `stop`."""
    with running(home):
        kept_mark(home).touch(mode=0o600)


def stop(home: Home) -> bool:
    """Stop the server, whoever uses it. False if it was not up."""
    kept_mark(home).unlink(missing_ok=True)
    process = server_process(home)
    if process is None:
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGINT)
    _wait_until_gone(home, process)
    return True


def status(home: Home) -> Status:
    target = find_target(home)
    return Status(server_process(home), recorded_version(home), target.host, kept_mark(home).exists())


def _start(home: Home) -> None:
    with locked(home.folder / "postgres.start", fcntl.LOCK_EX):
        up = _is_up(home)
        if not up:
            logins = make_logins(home, find_target(home))
            runner = find_runner()
            prepare_folders(home, runner)
            make_cluster(home, runner, logins.of("superuser").password or "")
            clear_remains(home)
        if not up or not _has_keeper(home):
            _wait_until_ready(home, _spawn_keeper(home))


def _spawn_keeper(home: Home) -> "subprocess.Popen[bytes]":
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PG") or name == "PG_BIN"}
    log = _open_log(home)
    try:
        # SECURITY: a session of its own, or Ctrl-C in the terminal would end the server before its users.
        return subprocess.Popen(  # noqa: S603  # our own module
            [sys.executable, "-m", "amanat.database.keeper", str(home.folder)],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=clean, cwd="/", start_new_session=True,
        )  # fmt: skip
    finally:
        os.close(log)


def _open_log(home: Home) -> int:
    path = home.logs / "postgres.log"
    long = path.exists() and path.stat().st_size > _LONGEST_LOG
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | (os.O_TRUNC if long else 0), 0o600)


def _wait_until_ready(home: Home, keeper: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _READY_WITHIN
    while not (_answers(home) and _has_keeper(home)):
        if keeper.poll() is not None:
            raise ClusterError(f"the embedded server did not start: {_last_words(home)}", hint=_mend(home))
        if time.monotonic() > deadline:
            raise ClusterError(f"the embedded server is not ready after {_READY_WITHIN:.0f} s", hint=_mend(home))
        time.sleep(0.01)
    # The keeper outlives us on purpose; told so, its handle does not complain about it.
    keeper.returncode = 0


def _wait_until_gone(home: Home, process: int) -> None:
    deadline = time.monotonic() + _STOPPED_WITHIN
    while server_process(home) == process or _has_keeper(home):
        if time.monotonic() > deadline:
            raise ClusterError(f"the embedded server (process {process}) does not stop", hint=_mend(home))
        time.sleep(0.01)


def _is_up(home: Home) -> bool:
    """Whether there is a server to share. One that was killed a moment ago may still look alive: its answer counts."""
    deadline = time.monotonic() + MENDED_WITHIN
    while server_process(home) is not None:
        if _ping(home) in {Ping.OK, Ping.REJECT}:
            return True
        if time.monotonic() > deadline:
            raise ClusterError("the embedded server lives and does not answer", hint=_mend(home))
        time.sleep(0.02)
    return False


def _answers(home: Home) -> bool:
    return server_process(home) is not None and _ping(home) is Ping.OK


def _ping(home: Home) -> Ping:
    target = find_target(home)
    return Ping(PGconn.ping(f"host='{target.host}' port={target.port} connect_timeout=2".encode()))


def _has_keeper(home: Home) -> bool:
    with keeper_lock(home).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def _last_words(home: Home) -> str:
    lines = (home.logs / "postgres.log").read_text(encoding="utf-8", errors="replace").splitlines()
    telling = [line for line in lines[-20:] if "FATAL" in line or "PANIC" in line or "Error" in line] or lines[-1:]
    return telling[-1] if telling else "it said nothing"


def _mend(home: Home) -> str:
    return f"its messages are in {home.logs / 'postgres.log'}"
