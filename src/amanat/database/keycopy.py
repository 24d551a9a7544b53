"""The copy of what opens the rows: key files, wrapped keys, and the list of erased people; kept apart from the rows.

There is one such copy and it is always today's: a new one takes the place of the old, which is overwritten. An older
copy of the rows is restored with it, so what was erased since has no key in it; a kept older copy of a root would bring
it all back.
"""

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from amanat.database.backup import BackupDamagedError, BackupError, BackupFoldersError
from amanat.database.erasures import NAME
from amanat.database.home import Home, make_private_folder, sync_folder, write_private_file
from amanat.database.keyfiles import KeyFiles, read_key_files
from amanat.database.logins import connect

# Parents before children.
TABLES: Final = ("keys_company", "keys_bucket", "keys_subject", "keys_period")
_STATES: Final = ("keys_touched",)
_MANIFEST: Final = "manifest.json"
_PLACE: Final = "key_copy"
_TRIES: Final = 3


@dataclass(frozen=True)
class KeyCopy:
    """What a copy holds: the files, and each table's rows as PostgreSQL's binary copy."""

    files: KeyFiles
    rows: dict[str, bytes]

    @classmethod
    def of(cls, home: Home) -> "KeyCopy":
        """Today's, all of one moment: taken again if a root changed meanwhile."""
        for _ in range(_TRIES):
            files = read_key_files(home)
            with connect("owner", home) as connection:
                connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
                rows = {table: _taken(connection, table) for table in TABLES}
            if read_key_files(home).digest() == files.digest():
                return cls(files, rows)
        raise BackupDamagedError("the keys changed while they were copied", hint="try again")

    @classmethod
    def read(cls, folder: Path) -> "KeyCopy":
        try:
            digests = _digests_in(folder)
            rows = {table: (folder / "rows" / table).read_bytes() for table in TABLES}
            found = cls(KeyFiles.read(folder / "files"), rows)
            whole = found.digests() == digests
        except (OSError, ValueError, KeyError) as error:
            raise BackupDamagedError(f"{folder} holds no readable copy of keys", hint="name another copy") from error
        if not whole:
            raise BackupDamagedError(f"{folder} is not what was written", hint="use another copy")
        return found

    def digests(self) -> dict[str, str]:
        return {"files": self.files.digest(), "roots": _roots(self.files)} | {
            table: hashlib.sha256(content).hexdigest() for table, content in self.rows.items()
        }

    def write(self, folder: Path) -> None:
        """Write it beside `folder`, read it back, and put it in the place of what was there."""
        fresh, old = (folder.with_name(folder.name + end) for end in (".new", ".old"))
        for left in (fresh, old):
            _forget(left)
        for made in (fresh, fresh / "rows"):
            make_private_folder(made)
        self.files.write(fresh / "files")
        for table, content in self.rows.items():
            _write(fresh / "rows" / table, content)
        write_private_file(fresh / _MANIFEST, json.dumps({"format": 1, "digests": self.digests()}) + "\n")
        KeyCopy.read(fresh)
        if folder.exists():
            folder.rename(old)
        fresh.rename(folder)
        sync_folder(folder.parent)
        _forget(old)

    def load(self, connection: psycopg.Connection) -> list[str]:
        """Put these keys in the place of older ones in a restored database; the companies whose keys they were.

        Raises `BackupDamagedError` if the database is of a later epoch than the copy: its root is not in it.
        """
        for table in TABLES:
            _load_aside(connection, table, self.rows[table])
        found = connection.execute(_EPOCHS).fetchall()
        for company, here, copied in found:
            if here > copied:
                raise BackupDamagedError(
                    f"the copied keys of {company} are of epoch {copied}, the rows of {here}", hint="use a newer copy"
                )
        older = [company for company, here, copied in found if here < copied]
        for table in (*_STATES, *reversed(TABLES)):
            connection.execute(_DELETE.format(sql.Identifier(table)), (older,))
        for table in TABLES:
            connection.execute(_FILL.format(sql.Identifier(table), _aside(table)), (older,))
        return older


_EPOCHS: Final = """
    SELECT company, COALESCE(here.epoch, 0), copied.epoch
    FROM (SELECT company, max(epoch) AS epoch FROM aside_keys_company GROUP BY company) copied
    LEFT JOIN (SELECT company, max(epoch) AS epoch FROM keys_company GROUP BY company) here USING (company)
"""
_DELETE: Final = sql.SQL("DELETE FROM {} WHERE company = ANY (%s)")
_FILL: Final = sql.SQL("INSERT INTO {} SELECT * FROM {} WHERE company = ANY (%s)")
_ASIDE: Final = sql.SQL("CREATE TEMPORARY TABLE {} (LIKE {}) ON COMMIT DROP")


def copy_keys(home: Home, folder: Path) -> KeyCopy:
    """Make `folder` today's copy of the keys, and the place that `renew_copy` keeps up to date from now on."""
    _refuse_foreign(folder)
    made = KeyCopy.of(home)
    made.write(folder)
    write_private_file(home.folder / _PLACE, f"{folder.resolve()}\n")
    return made


def has_copy(home: Home) -> bool:
    """Whether there is a copy that is kept up to date."""
    return (home.folder / _PLACE).exists()


def renew_copy(home: Home, *, unless_current: bool = False) -> bool:
    """Make the copy today's, where there is one; whether it was made.

    A turn calls it before the older root goes, so that the newer one is never in one place alone, and once more after
    it, so that the older one is nowhere. Raises if the folder of the copy is not there: then the turn waits.
    """
    if not has_copy(home):
        return False
    folder = Path((home.folder / _PLACE).read_text(encoding="utf-8").rstrip("\n"))
    if not (folder / _MANIFEST).exists():
        raise BackupError(f"the copy of the keys is not at {folder}", hint="mount it, or run `amanat backup --keys`")
    if unless_current and _digests_in(folder)["roots"] == _roots(read_key_files(home)):
        return False
    KeyCopy.of(home).write(folder)
    return True


def _roots(files: KeyFiles) -> str:
    """A digest of the provider's files and the list of erased people: what a copy may not be behind in."""
    return KeyFiles(
        {name: one for name, one in files.content.items() if name.startswith("keys/") or name == NAME}
    ).digest()


def _digests_in(folder: Path) -> dict[str, str]:
    told: dict[str, dict[str, str]] = json.loads((folder / _MANIFEST).read_text(encoding="ascii"))
    return told["digests"]


def _refuse_foreign(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()) and not (folder / _MANIFEST).exists():
        raise BackupFoldersError(f"{folder} holds something else than a copy of keys", hint="name a fresh folder")


def _taken(connection: psycopg.Connection, table: str) -> bytes:
    with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(sql.Identifier(table))) as copy:
        return b"".join(bytes(block) for block in copy)


def _aside(table: str) -> sql.Identifier:
    return sql.Identifier(f"aside_{table}")


def _load_aside(connection: psycopg.Connection, table: str, content: bytes) -> None:
    """Row security refuses COPY into the table itself."""
    connection.execute(_ASIDE.format(_aside(table), sql.Identifier(table)))
    with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(_aside(table))) as copy:
        copy.write(content)


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def _forget(folder: Path) -> None:
    """Overwrite and remove, as far as the disk lets us: an older root must not be left behind."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("r+b") as file:
                file.write(bytes(path.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
    shutil.rmtree(folder, ignore_errors=True)
