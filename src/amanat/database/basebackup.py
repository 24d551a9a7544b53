"""The rows of the embedded server in a folder: base backups, and the log of all that was written since.

`pg_basebackup` takes the whole server while it works; from then on each finished piece of its log goes to the same
folder, within a minute. A restore begins at the newest base and replays the log to its end, in a server that nobody
can connect to. No key that opens a row is in it.
"""

import os
import shutil
import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from psycopg import sql

from amanat.database.backup import LAST, BackupDamagedError, BackupError, BackupFoldersError
from amanat.database.binaries import find_binary
from amanat.database.cluster import data_folder
from amanat.database.home import Home, make_private_folder, sync_folder, write_private_file
from amanat.database.keeper import SETTINGS, wal_link
from amanat.database.logins import connect, make_logins, parameters
from amanat.database.runner import Runner, find_runner, prepare_folders
from amanat.database.target import find_target
from amanat.vocabulary import clock

KEPT: Final = timedelta(days=30)
_STAMP: Final = "base-%Y%m%dT%H%M%SZ"
_PASSWORD: Final = sql.SQL("ALTER ROLE postgres PASSWORD {}")


def back_up_rows(home: Home, folder: Path) -> Path:
    """Take a base backup into `folder` and send the log there from now on; bases older than 30 days go."""
    make_private_folder(folder)
    made = clock.now()
    base = folder / made.strftime(_STAMP)
    fresh = base.with_name(base.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    superuser = parameters("superuser", home)
    where = {"PGHOST": superuser["host"], "PGPORT": superuser["port"], "PGUSER": superuser["user"]}
    words = [f"--pgdata={fresh}", "--wal-method=stream", "--checkpoint=fast", "--no-password"]
    _run("pg_basebackup", words, where | {"PGPASSWORD": superuser["password"]})
    fresh.rename(base)
    sync_folder(folder)
    _expire(folder, made)
    write_private_file(home.folder / LAST, made.isoformat() + "\n")
    return base


def restore_rows(home: Home, folder: Path) -> Path:
    """Put the newest base and all of the log into a state folder without a database; the base that was used.

    The server has new passwords afterwards, and was never open to anybody on the way.
    """
    if data_folder(home).exists():
        raise BackupFoldersError(f"{home.folder} already has a database", hint="restore into a fresh AMANAT_HOME")
    base = _newest(folder)
    _verify(base)
    home.create()
    runner = find_runner()
    prepare_folders(home, runner)
    fresh = home.postgres.resolve() / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(base, fresh)
    _recover(home, runner, fresh, folder / "wal")
    fresh.rename(data_folder(home))
    sync_folder(home.postgres)
    return base


def send_log(home: Home, folder: Path) -> None:
    """Send the log to `wal` in this folder, from the next start of the server on."""
    folder = folder / "wal"
    make_private_folder(folder.parent)
    make_private_folder(folder)
    make_private_folder(home.postgres)
    find_runner().give(folder)
    link, fresh = wal_link(home), wal_link(home).with_name("wal.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(folder.resolve())
    fresh.replace(link)


def log_is_sent(home: Home) -> bool:
    """Whether the server that runs sends its log."""
    with connect("owner", home) as connection:
        row = connection.execute("SELECT current_setting('archive_mode')").fetchone()
    return row == ("on",)


def _recover(home: Home, runner: Runner, data: Path, log: Path) -> None:
    """Replay the log in a server of one user, without a socket, and give its superuser the password of this folder."""
    pieces = data.with_name("wal.restored")
    shutil.rmtree(pieces, ignore_errors=True)
    shutil.copytree(log, pieces) if log.is_dir() else pieces.mkdir()
    quoted = str(pieces).replace("%", "%%").replace("'", "''")
    (data / "postgresql.auto.conf").write_text(f'restore_command = \'cp "{quoted}/%f" "%p"\'\n', encoding="utf-8")
    (data / "recovery.signal").touch()
    for path in (data, pieces, *data.rglob("*"), *pieces.rglob("*")):
        runner.give(path)
    password = make_logins(home, find_target(home)).of("superuser").password or ""
    alone = SETTINGS | {"hot_standby": "off"}  # there is nobody to read meanwhile, and one process cannot do both
    settings = [word for name, value in alone.items() for word in ("-c", f"{name}={value}")]
    command = runner.command(find_binary("postgres"), "--single", "-D", str(data), *settings, "postgres")
    options = {key: value for key, value in runner.options().items() if key != "stdin"}
    done = subprocess.run(  # noqa: S603  # our own words
        command, input=f"{_PASSWORD.format(sql.Literal(password)).as_string(None)}\n", capture_output=True, text=True,
        check=False, **options,
    )  # fmt: skip
    if done.returncode != 0 or (data / "recovery.signal").exists():
        said = done.stderr.strip().splitlines()
        raise BackupError(f"the log could not be replayed: {said[-1] if said else done.returncode}")
    (data / "postgresql.auto.conf").write_text("", encoding="utf-8")
    shutil.rmtree(pieces)


def _newest(folder: Path) -> Path:
    bases = sorted(path for path in folder.glob("base-*Z") if path.is_dir())
    if not bases:
        raise BackupDamagedError(f"{folder} holds no base backup", hint="name the folder that `amanat backup` wrote")
    return bases[-1]


def _verify(base: Path) -> None:
    """Each file is what was written, by its digest in the base's own manifest."""
    try:
        _run("pg_verifybackup", ["--quiet", "--no-parse-wal", str(base)], {})
    except BackupError as error:
        raise BackupDamagedError(f"{base} is not what was written", hint="use another copy") from error


def _expire(folder: Path, now: datetime) -> None:
    """Older bases go, and the log that only they need: what was erased since stands in them in part in clear."""
    bases = sorted(path for path in folder.glob("base-*Z") if path.is_dir())
    kept = [path for path in bases if _made(path, now) > now - KEPT]
    for path in set(bases) - set(kept):
        shutil.rmtree(path)
    for piece in (folder / "wal").iterdir():
        if piece.stat().st_mtime < _made(kept[0], now).timestamp():
            piece.unlink()


def _made(base: Path, now: datetime) -> datetime:
    return datetime.strptime(base.name, _STAMP).replace(tzinfo=now.tzinfo)


def _run(program: str, words: list[str], secrets: dict[str, str]) -> None:
    """One of PostgreSQL's programs; a password goes by its environment, not its command line."""
    command = [str(find_binary(program)), *words]
    clean = {"PATH": os.defpath, "LC_ALL": "C"} | secrets
    done = subprocess.run(command, env=clean, capture_output=True, text=True, check=False, umask=0o077)  # noqa: S603  # ours
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()
        raise BackupError(f"{program} failed: {said[-1] if said else done.returncode}")
