"""An installation with a server of its own that this process works on: what cannot be tried on the shared one."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from amanat.database import embedded
from amanat.database.cluster import data_folder, server_process
from amanat.database.home import Home
from amanat.database.logins import django_settings
from amanat.database.sockets import socket_folder
from amanat.database.target import Target
from stage.databases import installed
from stage.server import SESSION, Clone


@dataclass(frozen=True)
class Own(Clone):
    """An installation with a server of its own, as a place for Django in this process."""

    def settings(self, kind: str = "web") -> dict[str, Any]:
        target = Target(host=str(socket_folder(self.home)), port="5432", name="amanat", embedded=True)
        return django_settings(kind, self.home, target=target)


@contextmanager
def at(home: Home) -> Iterator[Own]:
    """Let this process work on the installation in `home`; its server is up."""
    own = Own("amanat", home, "postgresql://nobody@localhost/amanat")
    with embedded.running(home), installed(own), pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL")
        yield own


@contextmanager
def fresh_home() -> Iterator[Home]:
    home = Home(Path(os.environ[SESSION]) / secrets.token_hex(4))
    try:
        yield home
    finally:
        embedded.stop(home)
        shutil.rmtree(home.folder, ignore_errors=True)


def server_processes(home: Home) -> Iterator[int]:
    """The postmaster first, so that it starts no recovery of its own when they are killed in turn."""
    if postmaster := server_process(home):
        yield postmaster
    here = data_folder(home).resolve()
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdecimal() and (entry / "cwd").readlink() == here:
                yield int(entry.name)
