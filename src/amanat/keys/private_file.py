"""Files that hold keys: read and written by their owner alone, replaced whole or not at all.

A power failure at any moment leaves the old content or the new, never half of one. What is replaced or removed
is first overwritten, as far as the disk lets us: a copy-on-write or flash disk may keep freed blocks, so the
folder belongs on an encrypted one.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from amanat.database.home import sync_folder
from amanat.keys.errors import KeyUnavailableError

FOLDER_MODE = 0o700
FILE_MODE = 0o600


def check_folder(folder: Path) -> None:
    """Refuse a folder that is missing, or that anyone but its owner can enter."""
    with _failing_clearly("open", folder):
        _refuse_loose_mode(folder, folder.stat(), FOLDER_MODE)


def read(path: Path) -> bytes:
    with _failing_clearly("read", path), path.open("rb") as file:
        _refuse_loose_mode(path, os.fstat(file.fileno()), FILE_MODE)
        return file.read()


def create(path: Path, content: bytes) -> None:
    """Write a file that must not exist yet; of two who try at once, one fails."""
    with _failing_clearly("create", path), _written_beside(path, content) as new:
        # A link, unlike a rename, never replaces what is there.
        path.hardlink_to(new)


def replace(path: Path, content: bytes) -> None:
    """Write a file or replace its whole content, and overwrite what it held before."""
    with _failing_clearly("write", path), _written_beside(path, content) as new:
        if not path.exists():
            new.replace(path)
            return
        with path.open("r+b") as old:
            new.replace(path)
            sync_folder(path.parent)
            _overwrite(old)


def destroy(path: Path) -> None:
    """Overwrite and remove a file, if it is there."""
    with _failing_clearly("destroy", path):
        if path.exists():
            with path.open("r+b") as old:
                _overwrite(old)
            path.unlink()
            sync_folder(path.parent)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep every other process that asks for the same out of `folder` for as long as this lasts."""
    with _failing_clearly("lock", folder):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _written_beside(path: Path, content: bytes) -> Iterator[Path]:
    """Hold the new content, safe on disk, in a file beside `path`; it is gone afterwards, whatever happens.

    Its name is always the same, so that a crash leaves at most one, which the next write takes over.
    """
    new = path.with_name(path.name + ".new")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE), "wb") as file:
            os.fchmod(file.fileno(), FILE_MODE)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield new
    finally:
        new.unlink(missing_ok=True)
        sync_folder(path.parent)


def _overwrite(file: BinaryIO) -> None:
    length = file.seek(0, os.SEEK_END)
    file.seek(0)
    file.write(bytes(length))
    file.flush()
    os.fsync(file.fileno())


def _refuse_loose_mode(path: Path, status: os.stat_result, mode: int) -> None:
    if status.st_uid != os.geteuid():
        raise KeyUnavailableError(f"{path} belongs to another user", hint=f"chown {os.geteuid()} {path}")
    if status.st_mode & 0o077:
        raise KeyUnavailableError(f"{path} is open to other users", hint=f"chmod {mode:o} {path}")


@contextmanager
def _failing_clearly(verb: str, path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as missing:
        raise KeyUnavailableError(f"{path} is missing", hint="restore it from the key backup") from missing
    except OSError as error:
        raise KeyUnavailableError(f"cannot {verb} {path}: {error.strerror}") from error
