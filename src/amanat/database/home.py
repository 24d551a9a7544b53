"""The state folder: everything this installation keeps outside its database, in one place of mode 0700.

`AMANAT_HOME` moves it. Nothing here reads or writes a personal value; the key files and log-ins it holds open them,
so every file is made 0600 and made durable, file and folder, before anything relies on it.
"""

import contextlib
import fcntl
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from amanat.errors import UnavailableError


class HomeError(UnavailableError):
    """The state folder cannot be used."""


@dataclass(frozen=True)
class Home:
    """The paths of one installation's state. Making the value touches nothing; `create` makes the folders."""

    folder: Path

    @cached_property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    @cached_property
    def logins(self) -> Path:
        return self.folder / "logins.json"

    @cached_property
    def secret_key(self) -> Path:
        return self.folder / "secret_key"

    @cached_property
    def keys(self) -> Path:
        return self.folder / "keys"

    @cached_property
    def ledger(self) -> Path:
        return self.folder / "ledger"

    @cached_property
    def logs(self) -> Path:
        return self.folder / "logs"

    def create(self) -> None:
        """Make the folders that are missing, and close those that stand open to others."""
        for folder in (self.folder, self.keys, self.ledger, self.logs):
            make_private_folder(folder)

    def read_secret_key(self) -> str | None:
        """The key of Django's signatures, or None before `make_secret_key` has run."""
        try:
            return self.secret_key.read_text(encoding="ascii").strip() or None
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise HomeError(f"{self.secret_key} cannot be read: {error}") from error

    def make_secret_key(self) -> None:
        """Make the key once; an existing one is never replaced."""
        if self.read_secret_key() is None:
            write_private_file(self.secret_key, secrets.token_urlsafe(64) + "\n")


def find_home() -> Home:
    """`AMANAT_HOME`, else `amanat` in the user's data folder."""
    if named := os.environ.get("AMANAT_HOME"):
        return Home(Path(named).expanduser().absolute())
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Home(Path(data) / "amanat")


def make_private_folder(folder: Path, *, owner: int | None = None) -> None:
    """Make a folder for its owner alone. A folder that belongs to somebody else is refused, not taken over.

    `owner` is a second user whose folder it may already be: the account to which root handed it.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_uid not in {os.geteuid(), owner}:
            raise HomeError(
                f"{folder} belongs to another user",
                hint="run as that user, or set AMANAT_HOME to a folder of your own",
            )
        folder.chmod(0o700)
    except OSError as error:
        raise HomeError(
            f"{folder} cannot be made: {error.strerror}",
            hint="free some space, or set AMANAT_HOME to a folder that you may write",
        ) from error


def write_private_file(path: Path, text: str) -> None:
    """Replace `path` by `text`, readable for its owner alone, durable before this returns, never half written."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise HomeError(f"{path} cannot be written: {error.strerror}", hint="free some space there") from error


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable; without this a power cut can lose a file that was itself synced."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def locked(path: Path, kind: int = fcntl.LOCK_EX) -> Iterator[None]:
    """Hold a lock among processes, which the kernel takes back from a killed one."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise HomeError(f"{path} cannot be written: {error.strerror}", hint="free some space there") from error
    try:
        fcntl.flock(handle, kind)
        yield
    finally:
        os.close(handle)
