"""The real web server on a database of its own, for a browser to visit.

One for each module of journeys: a story may build on what an earlier one left, another module may not. Within such
a module Django is connected to the same database, so that a test can arrange the world and look at it afterwards.
"""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

from amanat.cli.run import free_port
from stage.databases import installed
from stage.server import Clone, Server

_READY_WITHIN = 30.0


@dataclass(frozen=True)
class Site:
    """Where it is, and which installation answers there."""

    url: str
    clone: Clone

    def at(self, path: str) -> str:
        return self.url + path.lstrip("/")


@pytest.fixture(scope="module")
def site(server: Server) -> Iterator[Site]:
    """A running `amanat serve` on a fresh database, and Django in the test connected to that database."""
    clone = server.clone()
    try:
        with installed(clone), serving(clone) as url:
            yield Site(url, clone)
    finally:
        server.drop(clone)


@contextlib.contextmanager
def serving(clone: Clone) -> Iterator[str]:
    """`amanat serve` as a process; its address once it answers."""
    port = free_port(20_000 + int(clone.name[1:5], 16) % 20_000)
    said = clone.home.logs / "serve.log"
    with said.open("wb") as log:
        command = [sys.executable, "-m", "amanat.cli.main", "serve", "--port", str(port)]
        process = subprocess.Popen(command, env=clone.environment, stdout=log, stderr=log)
        try:
            url = f"http://localhost:{port}/"
            _wait_for(url, process, said)
            yield url
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_for(url: str, process: "subprocess.Popen[bytes]", said: Path) -> None:
    deadline = time.monotonic() + _READY_WITHIN
    while not _answers(url):
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"the site did not start:\n{said.read_text()}")
        time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        urlopen(url, timeout=5).close()
    except HTTPError as error:
        error.close()
        return True
    except (URLError, OSError):
        return False
    return True
