"""`amanat run`: from nothing to an address that answers, and nothing left when it ends."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from amanat.cli.run import free_port
from amanat.database.cluster import server_process
from stage.installation import Installation

_ADDRESS = re.compile(r"http://localhost:(\d+)/")


def test_it_starts_from_nothing_answers_and_leaves_nothing_running(fresh: Installation) -> None:
    with _running(fresh, free_port(21_000)) as (process, port):
        with pytest.raises(HTTPError) as answered:
            urlopen(f"http://localhost:{port}/nothing/", timeout=10)
        answered.value.close()
        assert answered.value.code == 404
        assert server_process(fresh.home)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        _assert_nothing_runs(fresh, port)


def test_a_taken_port_gives_way_to_the_next_free_one(fresh: Installation) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with _running(fresh, port) as (_, used):
            assert used > port


def test_a_part_that_ends_by_itself_ends_the_whole(fresh: Installation) -> None:
    with _running(fresh, free_port(22_000)) as (process, port):
        os.kill(_child(process.pid, "serve"), signal.SIGKILL)
        assert process.wait(30) == 3
        assert process.stderr
        assert "the web server ended by itself" in process.stderr.read()
        _assert_nothing_runs(fresh, port)


def test_log_ins_of_another_server_are_refused_in_words(fresh: Installation) -> None:
    fresh.home.create()
    fresh.home.logins.write_text('{"format": 1, "place": "db.example:5432", "prefix": "x", "server": "", "logins": {}}')
    refused = fresh.amanat("run", "--no-demo")
    assert refused.returncode == 3
    assert "made for the server at db.example:5432" in refused.stderr
    assert "Traceback" not in refused.stderr


@contextlib.contextmanager
def _running(installation: Installation, port: int) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AMANAT_", "DATABASE_URL"))}
    command = [sys.executable, "-m", "amanat.cli.main", "run", "--no-demo", "--port", str(port)]
    with subprocess.Popen(
        command, env=clean | {"AMANAT_HOME": str(installation.home.folder)}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            yield process, _address(process)
        finally:
            process.terminate()


def _address(process: "subprocess.Popen[str]") -> int:
    assert process.stdout
    for line in process.stdout:
        if found := _ADDRESS.search(line):
            return int(found[1])
    assert process.stderr
    return pytest.fail(f"it did not start: {process.stderr.read()}")


def _child(parent: int, word: str) -> int:
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            of = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if of == parent and word in (entry / "cmdline").read_text():
                return int(entry.name)
    return pytest.fail(f"{parent} has no child that does {word}")


def _assert_nothing_runs(installation: Installation, port: int) -> None:
    deadline = time.monotonic() + 10
    while server_process(installation.home) is not None:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    with socket.socket() as probe, pytest.raises(OSError, match="refused"):
        probe.connect(("127.0.0.1", port))
