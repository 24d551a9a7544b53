"""Copies of an installation: the database in one folder, its keys in another, and back again.

The two are kept apart, because together they are the personal data of everybody: whoever finds the copy of the
database alone has nothing. The dump is taken as the owner, under the policies that let a migration see each row, in
one snapshot with a count of every table; a restore counts again.
"""

import hashlib
import json
import os
import subprocess
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, LiteralString

import psycopg
from psycopg import sql

from amanat.database.binaries import find_binary
from amanat.database.home import Home, make_private_folder, sync_folder, write_private_file
from amanat.database.keyfiles import KeyFiles, read_key_files
from amanat.database.logins import connect, load_logins, parameters
from amanat.database.queries import queries
from amanat.database.target import find_target
from amanat.errors import IntegrityError, MalformedError, UnavailableError
from amanat.vocabulary import clock

DUMP: Final = "database.dump"
MANIFEST: Final = "manifest.json"
LAST: Final = "last_copy"
_COUNT: Final = sql.SQL("SELECT count(*) FROM {}")
_QUERIES = queries("amanat.database")


class BackupError(UnavailableError):
    """The copy could not be made or put back."""


class BackupFoldersError(MalformedError):
    """The folders named for a copy do not fit."""


class BackupDamagedError(IntegrityError):
    """A copy is not what was written."""


@dataclass(frozen=True)
class Manifest:
    """What a copy of the database holds."""

    format: int
    prefix: str
    server: str
    digest: str
    rows: dict[str, int]
    keys: str


def back_up(home: Home, *, data: Path, keys: Path) -> Manifest:
    """Copy the database to `data` and everything that opens it to `keys`, two folders apart and empty."""
    refuse_nested(data, keys, home)
    for folder in (data, keys):
        make_private_folder(folder)
        if any(folder.iterdir()):
            raise BackupFoldersError(f"{folder} is not empty", hint="name a fresh folder")
    dump = data / DUMP
    with connect("owner", home) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        snapshot, version = _one(connection, "SELECT pg_export_snapshot(), current_setting('server_version')")
        rows = _count(connection)
        _run(
            home, "pg_dump", "--format=custom", "--no-owner", "--enable-row-security",
            f"--snapshot={snapshot}", f"--file={dump}",
        )  # fmt: skip
    # The keys come after the rows, so that no row is without its key.
    files = read_key_files(home)
    files.write(keys)
    _sync(dump)
    prefix = load_logins(home, find_target(home)).prefix
    manifest = Manifest(1, prefix, version, _digest(dump), rows, files.digest())
    write_private_file(data / MANIFEST, json.dumps(asdict(manifest), indent=1) + "\n")
    write_private_file(home.folder / LAST, clock.now().isoformat() + "\n")
    return manifest


def last_copy(home: Home) -> datetime | None:
    """When this installation was last copied, as far as it knows."""
    try:
        return datetime.fromisoformat((home.folder / LAST).read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None


def restore(home: Home, *, data: Path, keys: Path) -> Manifest:
    """Put a copy back into a prepared, empty database and a state folder without keys, or change nothing."""
    refuse_nested(data, keys, home)
    manifest = _read_manifest(data)
    files = KeyFiles.read(keys)
    if files.digest() != manifest.keys:
        raise BackupDamagedError(
            f"the keys in {keys} are not those of the copy in {data}", hint="name the other folder"
        )
    files.refuse_present(home)
    _refuse_unfit(home, manifest)
    _run(
        home, "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", "--dbname={name}", str(data / DUMP)
    )
    with connect("owner", home) as connection:
        if (rows := _count(connection)) != manifest.rows:
            wrong = sorted(table for table, count in manifest.rows.items() if rows.get(table) != count)
            raise BackupDamagedError(f"rows are missing after the restore, in {', '.join(wrong)}")
    files.put_back(home)
    return manifest


def refuse_nested(data: Path, keys: Path, home: Home) -> None:
    """SECURITY: who can read a copy of the rows must not find the keys in it, nor below it."""
    one, other = data.resolve(), keys.resolve()
    if one == other or one.is_relative_to(other) or other.is_relative_to(one):
        raise BackupFoldersError(
            f"{data} and {keys} lie in one another", hint="name two folders apart, best on different disks"
        )
    for folder in (one, other):
        if folder.is_relative_to(home.folder.resolve()):
            raise BackupFoldersError(
                f"{folder} lies in the state folder, and would be lost with it", hint="name a folder elsewhere"
            )


def _refuse_unfit(home: Home, manifest: Manifest) -> None:
    prefix = load_logins(home, find_target(home)).prefix
    if prefix != manifest.prefix:
        raise BackupFoldersError(
            f"the copy is of a database named {manifest.prefix}, and this one is named {prefix}",
            hint=f"prepare a database named {manifest.prefix} (AMANAT_DATABASE, or the name in DATABASE_URL)",
        )
    with connect("owner", home) as connection:
        if present := connection.execute(_QUERIES["tables"]).fetchall():
            raise BackupFoldersError(
                f"the database already has {len(present)} tables", hint="restore into a fresh AMANAT_HOME or database"
            )


def _read_manifest(data: Path) -> Manifest:
    try:
        content: dict[str, Any] = json.loads((data / MANIFEST).read_text(encoding="utf-8"))
        manifest = Manifest(**content)
        whole = _digest(data / DUMP) == manifest.digest
    except (OSError, ValueError, TypeError) as error:
        raise BackupDamagedError(f"{data} holds no readable copy of a database", hint="name another copy") from error
    if not whole:
        raise BackupDamagedError(f"{data / DUMP} is not what was written", hint="use another copy")
    return manifest


def _count(connection: psycopg.Connection) -> dict[str, int]:
    tables = [table for (table,) in connection.execute(_QUERIES["tables"])]
    return {table: _one(connection, _COUNT.format(sql.Identifier(table)))[0] for table in tables}


def _one(connection: psycopg.Connection, statement: LiteralString | sql.Composed) -> tuple[Any, ...]:
    row = connection.execute(statement).fetchone()
    if row is None:
        raise BackupError("the database answered nothing")
    return row


def _run(home: Home, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs as the owner; the password goes by its environment, not its command line."""
    owner = parameters("owner", home)
    words = [argument.replace("{name}", owner["dbname"]) for argument in arguments]
    names = {"host": "PGHOST", "port": "PGPORT", "dbname": "PGDATABASE", "user": "PGUSER", "password": "PGPASSWORD"}
    others = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
    clean = {"PATH": os.defpath} | {
        variable: owner[name] for name, variable in (names | others).items() if name in owner
    }
    command = [str(find_binary(program)), "--no-password", *words]
    done = subprocess.run(command, env=clean, capture_output=True, text=True, check=False, umask=0o077)  # noqa: S603  # ours
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()
        raise BackupError(f"{program} failed: {said[-1] if said else done.returncode}")


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _sync(file: Path) -> None:
    with file.open("rb") as content:
        os.fsync(content.fileno())
    sync_folder(file.parent)
