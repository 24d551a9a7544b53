"""The erasure list: who was erased, in a file that no backup of the database holds.

A database put back to an earlier day knows nothing of later erasures. The list does: it stands outside the database,
each line chained to the one before, and is on disk before an erasure commits. The database keeps a mark of how far it
has come, so that a lost, older or foreign list is found and nothing starts without it. A line names a pseudonym that
opens nothing any more.
"""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID, uuid4

from amanat.database.home import Home, locked, sync_folder, write_private_file
from amanat.errors import IntegrityError

NAME: Final = "erasures.list"
_TITLE: Final = "amanat-erasures-1"
_LONGEST_LINE: Final = 400
_MEND: Final = "put back the newest copy of the list: it lies in the copy of the keys"


class ErasureListError(IntegrityError):
    """The list of erased people is missing, damaged, or not the one that belongs to this database."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a list has come: which list, how many lines, and the digest that the last of them is chained to."""

    list: UUID
    count: int
    digest: str


@dataclass(frozen=True, slots=True)
class Line:
    """One erasure. `act` is the decision it rests on, recorded before the line was written."""

    number: int
    at: datetime
    company: str
    subject: UUID
    act: UUID

    def text(self) -> str:
        return f"{self.number} {self.at.isoformat()} {self.company} {self.subject} {self.act}"

    def after(self, mark: Mark) -> Mark:
        """The mark once this line stands behind `mark`."""
        return Mark(mark.list, self.number, sha256(f"{mark.digest}\n{self.text()}".encode()).hexdigest())


def list_path(folder: Path) -> Path:
    return folder / NAME


def begin_list(home: Home) -> Mark:
    """Make an empty list if there is none; the mark before its first line."""
    path = list_path(home.folder)
    with locked(home.folder / ".erasures"):
        if not path.exists():
            write_private_file(path, f"{_TITLE} {uuid4()}\n")
    return _read(path)[0][0]


def append_line(home: Home, after: Mark, line: Line) -> Mark:
    """Write one line, durable before this returns. Raises `ErasureListError` if the list does not end at `after`.

    What a power cut left of a line whose erasure never committed is cut off first.
    """
    path = list_path(home.folder)
    with locked(home.folder / ".erasures"), _opened(path) as file:
        found = _last(file)
        if found != after:
            raise ErasureListError(f"{path} ends at line {found.count} and not at {after.count}", hint=_MEND)
        mark = line.after(after)
        file.write(f"{line.text()} {mark.digest}\n".encode())
        file.flush()
        os.fsync(file.fileno())
    return mark


def mark_of(path: Path) -> Mark:
    """How far a list has come, by its first and last line."""
    with _opened(path) as file:
        return _last(file)


def read_list(path: Path) -> tuple[Mark, list[Line]]:
    """All of a list, each link of its chain checked."""
    marks, lines = _read(path)
    return marks[-1], lines


def _read(path: Path) -> tuple[list[Mark], list[Line]]:
    """Each line, and the mark before the first and after each."""
    with _opened(path) as file:
        _last(file)
        file.seek(0)
        first, *rest = file.read().decode("ascii", "replace").splitlines()
    marks, lines = [_beginning(first, path)], list[Line]()
    for text in rest:
        told, _, digest = text.rpartition(" ")
        line = _parsed(told, path)
        mark = line.after(marks[-1])
        if line.number != len(marks) or mark.digest != digest:
            raise ErasureListError(f"{path} is not what was written, from line {len(marks)} on", hint=_MEND)
        marks.append(mark)
        lines.append(line)
    return marks, lines


def lines_after(path: Path, mark: Mark) -> list[Line]:
    """What the list has beyond `mark`. Raises `ErasureListError` unless the list holds the mark itself."""
    marks, lines = _read(path)
    if marks[-1].list != mark.list:
        raise ErasureListError(f"{path} belongs to another database", hint=_MEND)
    if len(lines) < mark.count:
        raise ErasureListError(
            f"{path} is older than the database: it ends at line {len(lines)}, and {mark.count} were written",
            hint=_MEND,
        )
    if marks[mark.count] != mark:
        raise ErasureListError(f"{path} is not what was written, up to line {mark.count}", hint=_MEND)
    return lines[mark.count :]


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The list for reading and appending; one that is not there is told as lost."""
    try:
        file = path.open("r+b")
    except OSError as error:
        raise ErasureListError(
            f"the list of erased people cannot be read: {path}: {error.strerror}", hint=_MEND
        ) from error
    with file:
        yield file


def _last(file: BinaryIO) -> Mark:
    """The mark at the end; the file is left there. A torn last line is cut off."""
    path = Path(str(file.name))
    file.seek(0)
    beginning = _beginning(file.readline().decode("ascii", "replace").rstrip("\n"), path)
    end = file.seek(0, os.SEEK_END)
    tail = _tail(file, end)
    if torn := len(tail) - (tail.rfind(b"\n") + 1):
        file.truncate(end - torn)
        os.fsync(file.fileno())
        sync_folder(path.parent)
        tail = tail[:-torn]
    file.seek(0, os.SEEK_END)
    last = tail.decode("ascii", "replace").rstrip("\n").rpartition("\n")[2]
    if last.startswith(_TITLE):
        return beginning
    told, _, digest = last.rpartition(" ")
    return Mark(beginning.list, _parsed(told, path).number, digest)


def _tail(file: BinaryIO, end: int) -> bytes:
    file.seek(max(0, end - 2 * _LONGEST_LINE))
    return file.read()


def _beginning(first: str, path: Path) -> Mark:
    title, _, name = first.partition(" ")
    try:
        return Mark(UUID(name if title == _TITLE else ""), 0, sha256(first.encode()).hexdigest())
    except ValueError as error:
        raise ErasureListError(f"{path} is no list of erased people", hint=_MEND) from error


def _parsed(text: str, path: Path) -> Line:
    try:
        number, at, company, subject, act = text.split(" ")
        return Line(int(number), datetime.fromisoformat(at), company, UUID(subject), UUID(act))
    except ValueError as error:
        raise ErasureListError(f"{path} is damaged", hint=_MEND) from error
