"""The independent look at the ledger: do rows, log and signatures still tell one story?

Runs as the audit log-in, which can read and nothing else, over one snapshot, in passes that stream: memory and the
number of statements do not grow with the log. A finding names the row; it never says who is to blame.
"""

import base64
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import psycopg

from amanat.database.queries import queries
from amanat.ledger.leaves import ACT_FACTS, act_in, leaf_of, public_facts
from amanat.ledger.recompute import WIDTH, Peaks, hash_leaf, is_signed, root_over, tile_rows

SQL = queries("amanat.ledger")
_ROWS_AT_ONCE = 2_000
# What each means, and what to do then, is in docs/reference/ledger-entries.md.
Kind = Literal[
    "altered", "act missing", "entry missing", "not in the log",
    "bundle", "tile", "root", "checkpoint", "signature", "head", "key", "witness",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not fit: what kind, in whose log, in which row, and why."""

    kind: Kind
    company: str
    row: str
    says: str

    def __str__(self) -> str:
        return f"{self.company}: {self.kind}: {self.row}: {self.says}"


def verify(connection: psycopg.Connection, folder: Path, companies: Iterable[str] = ()) -> Iterator[Finding]:
    """Every finding about the logs of `companies`; about all that there are, if none is named.

    `folder` is `$AMANAT_HOME/ledger`: it holds the public keys, and what was signed last.
    """
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield from compare(connection, folder, companies)


def compare(connection: psycopg.Connection, folder: Path, companies: Iterable[str] = ()) -> Iterator[Finding]:
    """The same within a transaction of the caller's."""
    for company in list(companies) or _companies(connection, folder):
        log = _Log(connection, company, folder)
        yield from _tree(log)
        yield from _rows(log)
    for act, entries in connection.execute(SQL["verify_strays"]):
        yield Finding("act missing", "-", f"act {act}", f"it has {entries} entries and no row")


def _companies(connection: psycopg.Connection, folder: Path) -> list[str]:
    kept = {path.stem for path in folder.glob("*.pub")}
    return sorted(kept | {company for (company,) in connection.execute(SQL["logs"])})


@dataclass(frozen=True, slots=True)
class _Log:
    """One company's log: where to read it, and whose signature it should bear."""

    connection: psycopg.Connection
    company: str
    folder: Path

    @property
    def key(self) -> str | None:
        path = self.folder / f"{self.company}.pub"
        return path.read_text(encoding="ascii").strip() if path.exists() else None

    @property
    def kept(self) -> str | None:
        """The note that was signed last, as it was kept outside the database."""
        path = self.folder / f"{self.company}.checkpoint"
        return path.read_text(encoding="utf-8") if path.exists() else None

    def stream(self, name: str) -> Iterator[tuple[Any, ...]]:
        with self.connection.cursor(name=f"{name} {self.company}") as cursor:
            cursor.itersize = _ROWS_AT_ONCE
            cursor.execute(SQL[name], {"company": self.company})
            yield from cursor

    def finding(self, kind: Kind, row: str, says: str) -> Finding:
        return Finding(kind, self.company, row, says)


# the tree: bundles, tiles, checkpoints --------------------------------------------------------------------------------


def _tree(log: _Log) -> Iterator[Finding]:
    """One pass over the leaves in log order: every tile, every signed head and the end of the log."""
    peaks, full_tiles, heads = Peaks(), list[bytes](), _Heads(log)
    for expected, (number, leaves, tile) in enumerate(log.stream("verify_bundles")):
        if (number, len(full_tiles)) != (expected, expected) or not 0 < len(leaves) <= WIDTH:
            yield log.finding("bundle", f"bundle {number}", "it does not go on where a full one ended")
            return
        hashes = [hash_leaf(leaf) for leaf in leaves]
        if tile != b"".join(hashes):
            yield log.finding("tile", f"tile 0/{number}", "it is not the hashes of its bundle")
        for hashed in hashes:
            peaks.push(hashed)
            if peaks.size in heads.wanted:
                yield from heads.at(peaks)
        full_tiles += [root_over(hashes)] if len(hashes) == WIDTH else []
    yield from _upper_tiles(log, full_tiles)
    yield from heads.after(peaks)


def _upper_tiles(log: _Log, full_tiles: list[bytes]) -> Iterator[Finding]:
    wanted = {
        (level, start // WIDTH): b"".join(row[start : start + WIDTH])
        for level, row in enumerate(tile_rows(full_tiles), 1)
        for start in range(0, len(row), WIDTH)
    }
    kept = {(level, number): hashes for level, number, hashes in log.stream("verify_tiles")}
    for level, number in sorted(wanted.keys() | kept.keys()):
        if wanted.get((level, number)) != kept.get((level, number)):
            yield log.finding("tile", f"tile {level}/{number}", "it is not the hashes of the tiles below it")


class _Heads:
    """The signed heads, met one after the other as the tree grows past them."""

    def __init__(self, log: _Log) -> None:
        self._log, self._key, self._kept = log, log.key, log.kept
        self._rows = log.stream("verify_checkpoints")
        self._next = next(self._rows, None)
        self._kept_size = _size_in(self._kept) if self._kept else None
        self._kept_root: bytes | None = None
        self._last_size, self._broken = 0, False
        self.wanted = self._sizes_ahead()

    def _sizes_ahead(self) -> tuple[int | None, int | None]:
        return self._next[0] if self._next else None, self._kept_size

    def at(self, peaks: Peaks) -> Iterator[Finding]:
        """Check what was signed at this size, if it is one of `wanted`: those at which there is something to check."""
        if peaks.size == self._kept_size:
            self._kept_root = peaks.root()
        if self._next is None or self._next[0] != peaks.size:
            return
        size, root, note, before = self._next
        if before != self._last_size:
            says = f"the head before it was of {before}, not of {self._last_size}"
            yield self._log.finding("checkpoint", f"checkpoint {size}", says)
        self._next, self._last_size = next(self._rows, None), size
        self.wanted = self._sizes_ahead()
        yield from self._signature(size, root, note)
        # One altered leaf breaks every later root: the first says it all.
        if root != peaks.root() and not self._broken:
            self._broken = True
            yield self._log.finding("root", f"checkpoint {size}", "the log does not have this root, here or after")

    def after(self, peaks: Peaks) -> Iterator[Finding]:
        """Nothing is signed beyond the log's end, and no leaf stands beyond what is signed."""
        while self._next is not None:
            size, self._next = self._next[0], next(self._rows, None)
            yield self._log.finding(
                "checkpoint", f"checkpoint {size}", f"no bundle ends there; the log ends at {peaks.size}"
            )
        if peaks.size != self._last_size:
            yield self._log.finding("checkpoint", f"checkpoint {peaks.size}", "the log's end is not signed")
        yield from self._outside(peaks.size)

    def _outside(self, end: int) -> Iterator[Finding]:
        """What is in the database may have been put back to an earlier day; what was kept outside was not."""
        if self._kept is None or self._key is None:
            return
        name = f"checkpoint {self._kept_size}"
        if self._kept_size is None or self._kept_size > end:
            yield self._log.finding("head", name, f"it was signed and kept outside, but the log ends at {end}")
        elif not self._is_signed(self._kept, self._kept_size, self._kept_root or b""):
            yield self._log.finding("head", name, "what was signed and kept outside is not what stands here")

    def _signature(self, size: int, root: bytes, note: str) -> Iterator[Finding]:
        if self._key is None:
            yield self._log.finding("key", f"checkpoint {size}", f"{self._log.company}.pub is missing")
        elif not self._is_signed(note, size, root):
            yield self._log.finding("signature", f"checkpoint {size}", "the log did not sign this head")

    def _is_signed(self, note: str, size: int, root: bytes) -> bool:
        name = (self._key or "").split("+", 1)[0]
        text = f"{name}\n{size}\n{base64.b64encode(root).decode()}\n"
        return is_signed(note, text, self._key or "")


def _size_in(note: str) -> int | None:
    size = note.split("\n", 2)[1:2]
    return int(size[0]) if size and size[0].isdecimal() else None


# the rows: acts and entries against leaves ----------------------------------------------------------------------------


def _rows(log: _Log) -> Iterator[Finding]:
    """Walk leaves and rows side by side, act by act: both come in the order of act ids."""
    leaves = itertools.groupby((leaf for (leaf,) in log.stream("verify_leaves")), key=act_in)
    rows = itertools.groupby(log.stream("verify_rows"), key=lambda row: bytes(row[0].bytes))
    for act, logged, recorded in _side_by_side(leaves, rows):
        if found := _unlike(Counter(logged), recorded):
            yield log.finding(found[0], f"act {UUID(bytes=act) if len(act) == 16 else act.hex()}", found[1])


def _unlike(logged: Counter[bytes], rows: list[tuple[Any, ...]]) -> tuple[Kind, str] | None:
    """What is wrong between the leaves of one act and its rows."""
    wanted = {_leaf(row): row[len(ACT_FACTS)] for row in rows}
    missing, extra = Counter(wanted.keys()) - logged, logged - Counter(wanted.keys())
    if not rows:
        return "act missing", f"{extra.total()} leaves of the log have no row"
    if missing and extra:
        return "altered", f"{missing.total()} of {len(rows)} rows are not what was recorded"
    if missing:
        subjects = ", ".join(str(wanted[leaf]) for leaf in itertools.islice(missing, 3))
        return "not in the log", f"{missing.total()} rows have no leaf (subject {subjects})"
    return ("entry missing", f"{extra.total()} leaves of the log have no row") if extra else None


def _leaf(row: tuple[Any, ...]) -> bytes:
    """The leaf that this act with this entry must have left; empty if the row holds no commitment."""
    *facts, committed = row
    if committed is None:
        return b""
    act, entry = facts[: len(ACT_FACTS)], facts[len(ACT_FACTS) :]
    return leaf_of(act[0], committed, public_facts(committed, act, entry if entry[0] else None))


_Groups = Iterator[tuple[bytes, Iterator[Any]]]


def _side_by_side(left: _Groups, right: _Groups) -> Iterator[tuple[bytes, list[Any], list[Any]]]:
    """Merge two runs of groups that are in the order of their keys; a key that one side lacks has no group there."""
    one, other = next(left, None), next(right, None)
    while one or other:
        key = min(group[0] for group in (one, other) if group)
        here = list(one[1]) if one and one[0] == key else []
        there = list(other[1]) if other and other[0] == key else []
        yield key, here, there
        one, other = next(left, None) if here else one, next(right, None) if there else other
