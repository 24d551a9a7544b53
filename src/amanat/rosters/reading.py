"""Bytes that a client sends → the rows of a roster, and a report of what was not taken.

The form is RFC 4180, told apart strictly: UTF-8 if the bytes are UTF-8, else Windows-1252; comma, semicolon or tab,
whichever names the most known columns. The header line is judged before any row is read.
"""

import csv
import hashlib
import io
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from amanat.rosters import cells
from amanat.rosters.columns import (
    FEWEST_KNOWN,
    LONGEST_NAME,
    LONGEST_SHOWN,
    Columns,
    health_in,
    known_in,
    map_columns,
    spending_in,
)
from amanat.rosters.report import (
    N_,
    Fault,
    MedicalColumnError,
    Rejection,
    RosterRefusedError,
    SpendingColumnError,
)
from amanat.rosters.rows import RosterRow, read_row, settle
from amanat.vocabulary import clock

MAX_BYTES: Final = 16 * 1024 * 1024  # fifty thousand rows of the widest usual export
MAX_ROWS: Final = 50_000
MAX_COLUMNS: Final = 60
DELIMITERS: Final = ",;\t"

_UTF8_MARK: Final = b"\xef\xbb\xbf"
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_FIRST_BYTES: Final = 1024  # a workbook, a picture or unmarked UTF-16 has a zero byte there; names of columns have none


@dataclass(frozen=True)
class Dialect:
    encoding: str
    delimiter: str


@dataclass(frozen=True)
class Roster:
    """What was read of one file: `rows` to enrol, `rejected` to send back, `dropped` columns that nobody asked for."""

    client: str
    rows: tuple[RosterRow, ...]
    rejected: tuple[Rejection, ...]
    headers: tuple[str, ...]
    dropped: tuple[str, ...]
    dialect: Dialect
    digest: str
    size: int

    @property
    def rejected_lines(self) -> tuple[int, ...]:
        return tuple(sorted({rejection.line for rejection in self.rejected}))


Enrolled = Callable[[Collection[str]], Collection[str]]


def nobody(_: Collection[str]) -> Collection[str]:
    """Nobody was enrolled before."""
    return ()


@dataclass(frozen=True)
class Sheet:
    """A file whose header line was judged and found good; its rows are not read yet."""

    columns: Columns
    dialect: Dialect
    digest: str
    size: int
    content: str

    def read(self, *, client: str, enrolled: Enrolled = nobody, today: date | None = None) -> Roster:
        """Read the rows. `enrolled` tells which of some policy numbers belong to members enrolled before, to whom new
        dependants may belong. Faulty rows are in the result and stop nothing.
        """
        lines = _lines(self.content, self.dialect.delimiter)
        next(lines)
        rows, rejected = _read_rows(lines, self.columns, enrolled, today or clock.now().date())
        headers, dropped = self.columns.headers, self.columns.dropped
        return Roster(client, tuple(rows), tuple(rejected), headers, dropped, self.dialect, self.digest, self.size)


def open_sheet(data: bytes) -> Sheet:
    """Judge a file by its header line.

    Raises `MedicalColumnError` or `SpendingColumnError`, and `RosterRefusedError` if the file is no roster at all.
    """
    if len(data) > MAX_BYTES:
        raise RosterRefusedError(
            N_("the file is larger than %(most)s MiB"), hint=N_("send it in parts"), most=MAX_BYTES // 2**20
        )
    content, encoding = _decode(data)
    digest = hashlib.sha256(data).hexdigest()
    delimiter = _delimiter(content)
    first = next(_lines(content, delimiter), (0, []))[1]
    headers = _headers(first, size=len(data), digest=digest)
    return Sheet(map_columns(headers), Dialect(encoding, delimiter), digest, len(data), content)


def read_roster(data: bytes, *, client: str, enrolled: Enrolled = nobody, today: date | None = None) -> Roster:
    """Judge and read a client's file."""
    return open_sheet(data).read(client=client, enrolled=enrolled, today=today)


def _decode(data: bytes) -> tuple[str, str]:
    if data.startswith(_UTF16_MARKS):
        raise RosterRefusedError(N_("the file is UTF-16"), hint=N_("save it as CSV UTF-8"))
    if b"\0" in data[:_FIRST_BYTES].partition(b"\n")[0] or data.startswith(b"%PDF-"):
        raise RosterRefusedError(
            N_("the file is a workbook or another document, not CSV text"),
            hint=N_("open it in your spreadsheet program and save it as CSV UTF-8"),
        )
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError as broken:
        line = data.count(b"\n", 0, broken.start) + 1
    # SECURITY: raised outside the handler, because the decoder's own error carries the whole file.
    if data.startswith(_UTF8_MARK) or _is_mostly_utf8(data):
        raise RosterRefusedError(
            N_("line %(line)s breaks off in the middle of a UTF-8 character"),
            hint=N_("save it as CSV UTF-8"),
            line=line,
        )
    # Five bytes mean nothing in Windows-1252; they become U+FFFD, and their rows are rejected.
    return data.decode("cp1252", errors="replace"), "windows-1252"


def _is_mostly_utf8(data: bytes) -> bool:
    """One broken byte must not turn every accent of a UTF-8 file into two wrong letters."""
    read = data.decode("utf-8", errors="replace")
    broken = read.count("\ufffd")
    return sum(not character.isascii() for character in read) - broken > broken


def _delimiter(content: str) -> str:
    """The separator under which the first line names the most known columns, then the most columns."""

    def promise(delimiter: str) -> tuple[int, int]:
        try:
            headers = next(_lines(content, delimiter), (0, []))[1]
        except RosterRefusedError:  # quoted names look broken under every separator but their own
            return 0, 0
        return known_in(headers[:MAX_COLUMNS]), len(headers)

    return max(DELIMITERS, key=promise)


def _lines(content: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The lines that hold anything, each with the number of the text line on which it begins."""
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error:
            values = None
        if values is None:
            raise RosterRefusedError(
                N_("the row that begins on line %(line)s is not well-formed CSV"),
                hint=N_("close every quotation mark, and write one inside a value twice"),
                line=begins,
            )
        if any(value.strip() for value in values):
            yield begins, values


def _headers(first: list[str], *, size: int, digest: str) -> tuple[str, ...]:
    """The header names, once it is certain that the line is one and that none is forbidden."""
    if len(first) > MAX_COLUMNS:
        raise RosterRefusedError(
            N_("the file has more than %(most)s columns"), hint=N_("send only those asked for"), most=MAX_COLUMNS
        )
    if any(len(name) > LONGEST_NAME for name in first):
        raise RosterRefusedError(
            N_("a column name is longer than %(most)s characters"), hint=N_("shorten it"), most=LONGEST_NAME
        )
    headers = tuple(" ".join(name.split()) for name in first)
    health, spending = health_in(headers), spending_in(headers)
    # SECURITY: a file without header line begins with a person; the message must not repeat that line.
    if not known_in(headers) or known_in(headers) + len(health) + len(spending) < FEWEST_KNOWN:
        raise RosterRefusedError(
            N_("the first line does not name the columns"), hint=N_("begin the file with a line of column names")
        )
    if health:
        raise MedicalColumnError(_cut(health), headers=_cut(headers), size=size, digest=digest)
    if spending:
        raise SpendingColumnError(_cut(spending), headers=_cut(headers), size=size, digest=digest)
    return _cut(headers)


def _cut(headers: tuple[str, ...]) -> tuple[str, ...]:
    """Header names as they may be shown: not endless, and without characters that act instead of showing."""
    return tuple("".join(c for c in header[:LONGEST_SHOWN] if c.isprintable()) for header in headers)


def _read_rows(
    lines: Iterator[tuple[int, list[str]]], columns: Columns, enrolled: Enrolled, today: date
) -> tuple[list[RosterRow], list[Rejection]]:
    header_of = columns.header_of()
    rows: list[RosterRow] = []
    rejected: list[Rejection] = []
    lines_of: dict[str, list[int]] = {}
    for count, (number, values) in enumerate(lines, start=1):
        if count > MAX_ROWS:
            raise RosterRefusedError(
                N_("the file has more than %(most)s rows"), hint=N_("send it in parts"), most=MAX_ROWS
            )
        if len(values) != len(columns.headers):
            fault = Fault.TOO_MANY_CELLS if len(values) > len(columns.headers) else Fault.TOO_FEW_CELLS
            rejected.append(Rejection(number, "", fault))
            continue
        cell = {field: values[at] for field, at in columns.position.items()}
        if policy_number := cells.key(cell["policy_number"]):
            lines_of.setdefault(policy_number, []).append(number)
        row = read_row(number, cell, header_of, today)
        rows.append(row) if isinstance(row, RosterRow) else rejected.extend(row)
    elsewhere = {row.related_to for row in rows if row.related_to and cells.key(row.related_to) not in lines_of}
    kept, unsettled = settle(rows, lines_of, header_of, enrolled(elsewhere) if elsewhere else ())
    return kept, sorted([*rejected, *unsettled], key=lambda one: one.line)
