"""The files that open a database's rows and sign its ledger, carried as one: all of them or none.

They are the key provider's folder, the ledger's signing keys, the secret of signed cookies and the list of erased
people. The database log-ins are not among them: `amanat database prepare` makes new ones.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from amanat.database.erasures import NAME
from amanat.database.home import Home, make_private_folder, sync_folder
from amanat.errors import IntegrityError, MalformedError

_FOLDERS = ("keys", "ledger")
_SECRET = "secret_key"  # noqa: S105  # the name of a file
_FILES = (_SECRET, NAME)


class KeyFilesError(MalformedError):
    """There are keys where none may be, or none where some must be."""


@dataclass(frozen=True)
class KeyFiles:
    """Each file's path below the folder, and what it holds."""

    content: dict[str, bytes]

    @classmethod
    def read(cls, folder: Path) -> "KeyFiles":
        paths = [path for name in _FOLDERS for path in sorted((folder / name).rglob("*")) if path.is_file()]
        paths += [folder / name for name in _FILES if (folder / name).is_file()]
        if not paths:
            raise KeyFilesError(f"there are no keys in {folder}", hint="name the folder that the backup wrote")
        return cls({path.relative_to(folder).as_posix(): path.read_bytes() for path in paths})

    def digest(self) -> str:
        """A digest of names and contents that reveals neither."""
        whole = hashlib.sha256()
        for name, content in sorted(self.content.items()):
            whole.update(hashlib.sha256(name.encode()).digest() + hashlib.sha256(content).digest())
        return whole.hexdigest()

    def write(self, folder: Path) -> None:
        """Write every file, 0600 below folders of 0700, and make it durable; read back what was written."""
        for name, content in self.content.items():
            path = folder / name
            for above in reversed(path.relative_to(folder).parents):
                make_private_folder(folder / above)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            sync_folder(path.parent)
        if KeyFiles.read(folder) != self:
            raise IntegrityError(f"the keys written to {folder} do not read back as they were")

    def refuse_present(self, home: Home) -> None:
        """A state folder that has keys belongs to another database; they are never written over."""
        if present := [path for folder in (home.keys, home.ledger) for path in folder.rglob("*") if path.is_file()]:
            raise KeyFilesError(
                f"{home.folder} already holds keys, {present[0].name} among them",
                hint="restore into a fresh AMANAT_HOME",
            )

    def put_back(self, home: Home) -> None:
        """Write them to the state folder; the fresh secret that `prepare` made there gives way to the old one."""
        for name in _FILES:
            if name in self.content:
                (home.folder / name).unlink(missing_ok=True)
        self.write(home.folder)


def read_key_files(home: Home) -> KeyFiles:
    return KeyFiles.read(home.folder)
