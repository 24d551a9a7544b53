"""The embedded server's data folder: made whole or not at all, of one major version, and alive or not.

initdb works in a folder beside it that is renamed when done, so a kill in between leaves nothing half made.
After kill -9 the old server can stand as a zombie for seconds while its lock file says that it lives: what counts is
a process that is no zombie and works in this folder.
"""

import contextlib
import os
import secrets
import shutil
import subprocess
import time
from pathlib import Path
from typing import Final

from amanat.database.binaries import find_binary, major_version
from amanat.database.home import Home, sync_folder
from amanat.database.runner import Runner
from amanat.database.sockets import socket_folder
from amanat.errors import UnavailableError

MENDED_WITHIN: Final = 5.0  # seconds that the remains of a killed server may take to go
_PROC: Final = Path("/proc")
_NEEDED: Final = 200 * 1024 * 1024


class ClusterError(UnavailableError):
    """The embedded server's data cannot be used."""


def data_folder(home: Home) -> Path:
    return home.postgres / "data"


def make_cluster(home: Home, runner: Runner, password: str) -> None:
    """Make the data folder if there is none; refuse one of another major version."""
    data = data_folder(home)
    if (data / "PG_VERSION").exists():
        _refuse_other_version(data)
        return
    if data.exists():
        raise ClusterError(f"{data} is not a PostgreSQL data folder", hint="move it away, or set AMANAT_HOME")
    _refuse_full_disk(home)
    # The real path: an account to which root drops cannot follow a link through the closed state folder.
    fresh = home.postgres.resolve() / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    _initdb(runner, fresh, password)
    fresh.rename(data)
    sync_folder(home.postgres)


def recorded_version(home: Home) -> int | None:
    """The major version that made the data folder, or None if there is no folder yet."""
    try:
        return int((data_folder(home) / "PG_VERSION").read_text(encoding="ascii"))
    except FileNotFoundError:
        return None


def server_process(home: Home) -> int | None:
    """The process id of the living server, else None."""
    data = data_folder(home)
    try:
        process = int((data / "postmaster.pid").read_text(encoding="ascii").split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    return process if _works_in(process, data) else None


def clear_remains(home: Home) -> None:
    """Remove the lock files of a killed server, once none of its processes is left in the data folder.

    INVARIANT: never while one is left, since two servers on one folder destroy it.
    """
    data = data_folder(home)
    locks = (data / "postmaster.pid", socket_folder(home) / ".s.PGSQL.5432.lock")
    if not _PROC.is_dir() or not any(lock.exists() for lock in locks):
        return  # without /proc PostgreSQL's own check has to do
    deadline = time.monotonic() + MENDED_WITHIN
    while left := [process for process in _processes() if _works_in(process, data)]:
        if time.monotonic() > deadline:
            raise ClusterError(
                f"a killed server left the processes {', '.join(map(str, left))} at work in {data}",
                hint="wait until they end, or end them",
            )
        time.sleep(0.05)
    for lock in locks:
        lock.unlink(missing_ok=True)


def _initdb(runner: Runner, folder: Path, password: str) -> None:
    password_file = folder.with_name(f"password.{secrets.token_hex(4)}")
    handle = os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, password.encode())
        os.close(handle)
        runner.give(password_file)
        command = runner.command(
            find_binary("initdb"),
            f"--pgdata={folder}", "--username=postgres", f"--pwfile={password_file}",
            "--auth-local=scram-sha-256", "--auth-host=scram-sha-256", "--data-checksums",
            "--encoding=UTF8", "--no-locale", "--no-instructions",
        )  # fmt: skip
        made = subprocess.run(command, capture_output=True, text=True, check=False, **runner.options())  # noqa: S603  # our own words
    except PermissionError as error:
        raise ClusterError(f"initdb cannot be run: {error}", hint="make the program readable for everybody") from error
    finally:
        password_file.unlink(missing_ok=True)
    if made.returncode != 0:
        shutil.rmtree(folder, ignore_errors=True)
        said = (made.stderr.strip() or made.stdout.strip()).splitlines()
        raise ClusterError(f"initdb failed: {said[-1] if said else made.returncode}")


def _refuse_other_version(data: Path) -> None:
    recorded = int((data / "PG_VERSION").read_text(encoding="ascii"))
    ours = major_version(find_binary("postgres"))
    if recorded != ours:
        raise ClusterError(
            f"{data} was made by PostgreSQL {recorded}, and the programs here are PostgreSQL {ours}",
            hint=f"point PG_BIN at PostgreSQL {recorded}, back up there, and restore into a fresh AMANAT_HOME",
        )


def _refuse_full_disk(home: Home) -> None:
    free = shutil.disk_usage(home.postgres).free
    if free < _NEEDED:
        raise ClusterError(
            f"only {free // 1024 // 1024} MB are free in {home.folder}",
            hint="free some space, or set AMANAT_HOME to a folder on another disk",
        )


def _processes() -> list[int]:
    return [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdecimal()]


def _works_in(process: int, data: Path) -> bool:
    """Whether a process lives and has the data folder as its working directory, as each of the server's has."""
    if not _PROC.is_dir():
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, 0)
            return True
        return False
    try:
        return (_PROC / str(process) / "cwd").readlink() == data.resolve()  # a zombie has none
    except OSError:
        return False
