"""The parent of the embedded server: starts it, and stops it when the last process that uses it is gone.

Each user holds a shared lock, which the kernel takes back even from a process killed by -9; who gets the exclusive
lock knows that nobody is left. A server started by `amanat database start` stays until `stop`. This runs as a process
of its own: `python -m amanat.database.keeper FOLDER`.
"""

import contextlib
import fcntl
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Final

from amanat.database.binaries import find_binary
from amanat.database.cluster import data_folder, server_process
from amanat.database.home import Home
from amanat.database.runner import Runner, find_runner, prepare_folders

# SECURITY: given on the command line, where neither a configuration file nor ALTER SYSTEM can weaken them.
SETTINGS: Final = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    # Durability: an answer never precedes its record.
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    # No value of a row reaches the log. `log_min_messages=log` keeps errors out: their text can quote a value.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_duration": "off",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
}


def users_lock(home: Home) -> Path:
    """The file whose shared lock says: I use the server."""
    return home.folder / "postgres.users"


def keeper_lock(home: Home) -> Path:
    """The file whose exclusive lock says: a keeper is at work."""
    return home.folder / "postgres.keeper"


def kept_mark(home: Home) -> Path:
    """The file that says: stay without users."""
    return home.folder / "postgres.kept"


def keep(home: Home) -> int:
    """Run the server until it ends; adopt one whose keeper was killed."""
    with keeper_lock(home).open("w") as mine:
        fcntl.flock(mine, fcntl.LOCK_EX)
        running = server_process(home)
        child = None if running else _launch(home, find_runner())
        process = running or (child.pid if child else 0)
        threading.Thread(target=_stop_when_unused, args=(home, process), daemon=True).start()
        if child is not None:
            return child.wait()
        while server_process(home) == process:
            time.sleep(0.2)
        return 0


def wal_link(home: Home) -> Path:
    """The link to the folder that takes the log of the database, once there is a backup that needs it."""
    return home.postgres / "wal"


def _archive(home: Home) -> dict[str, str]:
    """Each finished piece of the log goes to the backup; while its folder is not there, pieces wait."""
    if not wal_link(home).is_symlink():
        return {}
    link = shlex.quote(str(home.postgres.resolve() / wal_link(home).name)).replace("%", "%%")
    to = f"{link}/%f"
    copy = f'cp "%p" {to}.new && sync {to}.new && mv {to}.new {to}'
    return {"archive_mode": "on", "archive_timeout": "60s", "archive_command": copy}


def _launch(home: Home, runner: Runner) -> "subprocess.Popen[bytes]":
    settings = SETTINGS | _archive(home) | {"unix_socket_directories": str(prepare_folders(home, runner))}
    words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    command = runner.command(find_binary("postgres"), "-D", str(data_folder(home).resolve()), *words)
    return subprocess.Popen(command, **runner.options())  # noqa: S603  # our own words


def _stop_when_unused(home: Home, process: int) -> None:
    with users_lock(home).open("a") as users:
        fcntl.flock(users, fcntl.LOCK_EX)
        if kept_mark(home).exists():
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGINT)
        while server_process(home) == process:
            time.sleep(0.02)


if __name__ == "__main__":
    sys.exit(keep(Home(Path(sys.argv[1]))))
