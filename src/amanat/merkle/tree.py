"""The Merkle tree of a log, after RFC 9162, section 2.1: hashes, roots, and the making of proofs.

Nothing here knows where hashes are kept. Whoever wants a root or a proof brings a `HashReader`, which gives
the hash of the complete subtree number `index` of 2**level leaves; `tiles` has one over tiles.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from hashlib import sha256

from amanat.errors import IntegrityError, MalformedError

HASH_LENGTH = 32
EMPTY_ROOT = sha256(b"").digest()

HashReader = Callable[[int, int], bytes]


class TreeError(IntegrityError):
    """The kept hashes do not form the tree they are said to form."""


def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def parents(row: Iterable[bytes]) -> list[bytes]:
    """Hash a row of nodes pair by pair into the row above; an odd last node has no parent yet."""
    nodes = iter(row)
    return [sha256(b"\x01" + left + right).digest() for left, right in zip(nodes, nodes, strict=False)]


def rows_over(row: Sequence[bytes]) -> list[Sequence[bytes]]:
    """Give `row` and every row of complete subtrees above it: `rows[level][index]`."""
    rows = [row]
    while len(rows[-1]) > 1:
        rows.append(parents(rows[-1]))
    return rows


def reader_over(leaves: Sequence[bytes]) -> HashReader:
    """Read a tree that is wholly in memory, given its leaf hashes."""
    rows = rows_over(leaves)
    return lambda level, index: rows[level][index]


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Give the root over leaf hashes."""
    return root_at(reader_over(leaves), len(leaves))


def root_at(read: HashReader, size: int) -> bytes:
    """Give the root of the first `size` leaves."""
    return _fold(_complete_subtrees(read, 0, size)) if size else EMPTY_ROOT


def inclusion_proof(read: HashReader, index: int, size: int) -> list[bytes]:
    """Prove that leaf `index` is in the tree of `size` leaves: siblings, from the leaf upward."""
    if not 0 <= index < size:
        raise MalformedError(f"there is no leaf {index} in a tree of {size}")
    proof, start, end = [], 0, size
    while end - start > 1:
        split = _split(start, end)
        if index < split:
            proof.append(_subtree(read, split, end))
            end = split
        else:
            proof.append(_subtree(read, start, split))
            start = split
    return proof[::-1]


def consistency_proof(read: HashReader, old: int, new: int) -> list[bytes]:
    """Prove that the tree of `new` leaves begins with all of the tree of `old` leaves."""
    if not 0 < old <= new:
        raise MalformedError(f"a tree of {new} cannot be proven to continue a tree of {old}")
    proof, start, end = [], 0, new
    while end != old:
        split = _split(start, end)
        if old <= split:
            proof.append(_subtree(read, split, end))
            end = split
        else:
            proof.append(_subtree(read, start, split))
            start = split
    # A verifier holds the old root; only if that is not this very node must the node be shown.
    if start:
        proof.append(_subtree(read, start, end))
    return proof[::-1]


@dataclass(slots=True)
class Frontier:
    """The right edge of a growing tree: all that is needed to append and to give the root.

    `hashes` are the roots of the complete subtrees that `size` falls into, largest first. Store both and
    `Frontier(size, hashes)` goes on where the tree stopped.
    """

    size: int = 0
    hashes: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.hashes = list(self.hashes)
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            raise TreeError(f"{len(self.hashes)} hashes are not the right edge of a tree of {self.size}")
        if any(len(node) != HASH_LENGTH for node in self.hashes):
            raise TreeError(f"a hash on the right edge of the tree of {self.size} is not {HASH_LENGTH} bytes")

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        node, above = leaf, self.size
        while above & 1:
            node = node_hash(self.hashes.pop(), node)
            above >>= 1
        self.hashes.append(node)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> bytes:
        return _fold(self.hashes) if self.hashes else EMPTY_ROOT


def frontier_at(read: HashReader, size: int) -> Frontier:
    """Find the right edge of a kept tree as it was at `size`."""
    return Frontier(size, list(_complete_subtrees(read, 0, size)))


def _split(start: int, end: int) -> int:
    """Where a range of at least two leaves parts: after the largest power of two below its length."""
    return start + (1 << (end - start - 1).bit_length() - 1)


def _subtree(read: HashReader, start: int, end: int) -> bytes:
    return _fold(_complete_subtrees(read, start, end))


def _complete_subtrees(read: HashReader, start: int, end: int) -> Iterator[bytes]:
    """Give the roots of the complete subtrees that make up a range, largest first.

    INVARIANT: `start` is a multiple of a power of two not below `end - start`, as every split leaves it.
    """
    while start < end:
        level = (end - start).bit_length() - 1
        yield read(level, start >> level)
        start += 1 << level


def _fold(subtrees: Iterable[bytes]) -> bytes:
    nodes = list(subtrees)
    return reduce(lambda right, left: node_hash(left, right), reversed(nodes))
