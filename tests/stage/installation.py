"""An installation from nothing, in a state folder of its own, driven by the command line as a person does it."""

import contextlib
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from amanat.database import embedded
from amanat.database.home import Home
from amanat.database.logins import connect
from amanat.database.target import find_target, parse_url
from stage.server import SESSION

_OURS = ("AMANAT_", "PG", "DATABASE_URL")


@dataclass(frozen=True)
class Installation:
    home: Home
    environment: Mapping[str, str] = field(default_factory=dict)

    def amanat(self, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        return self._run("-m", "amanat.cli.main", *words, **more)

    def python(self, program: str, **more: str) -> "subprocess.CompletedProcess[str]":
        """Run a few lines to their end."""
        return self._run("-c", program, **more)

    def _run(self, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
        """Nothing of the run's own server leaks in."""
        clean = {name: value for name, value in os.environ.items() if name == "PG_BIN" or not name.startswith(_OURS)}
        return subprocess.run(
            [sys.executable, *words],
            env=clean | {"AMANAT_HOME": str(self.home.folder)} | dict(self.environment) | more,
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    def connect(self, kind: str = "web", *, name: str = "amanat") -> psycopg.Connection:
        url = self.environment.get("DATABASE_URL")
        target = parse_url(url) if url else None
        return connect(kind, self.home, target=target, name=name, autocommit=True)


@pytest.fixture
def no_server_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The embedded server is meant, whatever the run was pointed at."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("AMANAT_DATABASE", raising=False)


@pytest.fixture
def fresh(no_server_named: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """A state folder in which nothing is yet; its server is stopped and everything removed afterwards."""
    with _fresh(monkeypatch) as installation:
        yield installation


@pytest.fixture
def prepared(fresh: Installation) -> Iterator[Installation]:
    """An installation with its server up, its log-ins made and its tables migrated."""
    with _prepared(fresh):
        yield fresh


@contextlib.contextmanager
def _fresh(patch: pytest.MonkeyPatch) -> Iterator[Installation]:
    home = Home(Path(os.environ[SESSION]) / secrets.token_hex(4))
    patch.setenv("AMANAT_HOME", str(home.folder))
    try:
        yield Installation(home)
    finally:
        embedded.stop(home)
        shutil.rmtree(home.folder, ignore_errors=True)


@contextlib.contextmanager
def _prepared(installation: Installation) -> Iterator[None]:
    with embedded.running(installation.home):
        for words in (("database", "prepare"), ("database", "migrate")):
            done = installation.amanat(*words)
            assert done.returncode == 0, done.stderr
        yield


def where(installation: Installation) -> str:
    return find_target(installation.home).host


@pytest.fixture(scope="module")
def prepared_once() -> Iterator[Installation]:
    """Like `prepared`, for a module whose tests leave it as they found it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        patch.delenv("AMANAT_DATABASE", raising=False)
        with _fresh(patch) as installation, _prepared(installation):
            yield installation
