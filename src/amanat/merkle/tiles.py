"""The tree cut into tiles and the entries into bundles, after C2SP tlog-tiles (tiles of height 8).

A full tile holds 256 hashes and never changes; each of its hashes stands for a full tile one level below.
Only the tiles on the right edge are partial, and a partial tile is never hashed upward.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from amanat.errors import MalformedError
from amanat.merkle.tree import HASH_LENGTH, HashReader, TreeError, node_hash, parents, rows_over

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
MAX_ENTRY_LENGTH = 0xFFFF


class Tile(NamedTuple):
    """Which tile: its level (0 holds leaf hashes), its number in that level, how many hashes it holds."""

    level: int
    number: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        return f"tile/{self.level}/{_numbered(self.number, self.width)}"


TileReader = Callable[[Tile], bytes]


def bundle_path(number: int, width: int = TILE_WIDTH) -> str:
    """Name the bundle of the entries whose hashes are level-0 tile `number`."""
    return f"tile/entries/{_numbered(number, width)}"


def growth(old_size: int, new_size: int) -> Iterator[Tile]:
    """Name the tiles to write when a log grows: those of the tree of `new_size` that were not there before.

    From size 0, that is every tile of the tree.
    """
    level = 0
    while (old := old_size >> TILE_HEIGHT * level) < (new := new_size >> TILE_HEIGHT * level):
        for number in range(old // TILE_WIDTH, -(-new // TILE_WIDTH)):
            yield Tile(level, number, min(TILE_WIDTH, new - number * TILE_WIDTH))
        level += 1


def grow(read: TileReader, old_size: int, leaves: Sequence[bytes]) -> dict[Tile, bytes]:
    """Append leaf hashes to a tree of `old_size` and give the tiles of `growth` with their content.

    Reads at most one partial tile a level, and hashes every complete tile once.
    """
    rows = list(_grown_rows(read, old_size, leaves))
    tiles = {}
    for tile in growth(old_size, old_size + len(leaves)):
        first, row = rows[tile.level]
        start = (tile.number - first) * TILE_WIDTH
        tiles[tile] = b"".join(row[start : start + tile.width])
    return tiles


def _grown_rows(read: TileReader, old_size: int, leaves: Sequence[bytes]) -> Iterator[tuple[int, Sequence[bytes]]]:
    """Give, level by level, the number of the first tile touched and the hashes from its start on."""
    level, row = 0, leaves
    while row:
        first, width = divmod(old_size >> TILE_HEIGHT * level, TILE_WIDTH)
        if width:
            row = [*_hashes_in(read, Tile(level, first, width)), *row]
        yield first, row
        row = row[: len(row) // TILE_WIDTH * TILE_WIDTH]
        for _ in range(TILE_HEIGHT):
            row = parents(row)
        level += 1


class TileHashes:
    """Reads any hash of the tree out of tiles, and keeps the inner hashes of the tiles last used.

    A tile of given width never changes, so nothing kept here grows stale.
    """

    def __init__(self, read: TileReader, *, keep: int = 256) -> None:
        self._read = read
        self._rows = lru_cache(maxsize=keep)(self._rows_in)
        self._edges = lru_cache(maxsize=8)(self._edge_at)

    def at(self, size: int) -> HashReader:
        """Give the reader of the tree of `size`, from exactly the tiles that this size has."""

        def read(level: int, index: int) -> bytes:
            tile_level, height = divmod(level, TILE_HEIGHT)
            first = index << height
            rows = self._rows(_tile_in(size, tile_level, first // TILE_WIDTH))
            at = (first % TILE_WIDTH >> height) * HASH_LENGTH
            return rows[height][at : at + HASH_LENGTH]

        return read

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """The proof that `tree.inclusion_proof` gives, tile by tile: a sibling stands in the leaf's own tile."""
        if not 0 <= index < size:
            raise MalformedError(f"there is no leaf {index} in a tree of {size}")
        edge, proof = self._edges(size), list[bytes]()
        for tile_level in range(-(-(size - 1).bit_length() // TILE_HEIGHT)):
            base = index >> TILE_HEIGHT * tile_level
            self._climb(base, tile_level, size, edge, proof)
        return proof

    def _climb(self, base: int, tile_level: int, size: int, edge: list[bytes], proof: list[bytes]) -> None:
        """Add the siblings beside the leaf's nodes at the levels of one tile; a node at the edge may have none."""
        full = size >> TILE_HEIGHT * tile_level
        number = base // TILE_WIDTH
        rows = self._rows(_tile_in(size, tile_level, number)) if number * TILE_WIDTH < full else ()
        bottom = TILE_HEIGHT * tile_level
        for height in range(TILE_HEIGHT):
            sibling, complete = base >> height ^ 1, full >> height
            if sibling < complete:
                at = (sibling & (TILE_WIDTH >> height) - 1) * HASH_LENGTH
                proof.append(rows[height][at : at + HASH_LENGTH])
            elif sibling == complete and edge[bottom + height]:
                proof.append(edge[bottom + height])

    def _edge_at(self, size: int) -> list[bytes]:
        """Level by level, the root of the incomplete subtree at the right edge; empty where there is none."""
        read, edge = self.at(size), [b""]
        for level in range((size - 1).bit_length() + TILE_HEIGHT):
            if size >> level & 1:
                last = read(level, (size >> level) - 1)
                edge.append(node_hash(last, edge[-1]) if edge[-1] else last)
            else:
                edge.append(edge[-1])
        return edge

    def _rows_in(self, tile: Tile) -> list[bytes]:
        """Each row of complete subtrees within a tile, as one run of hashes."""
        return [b"".join(row) for row in rows_over(_hashes_in(self._read, tile))]


def _tile_in(size: int, level: int, number: int) -> Tile:
    """A tile as it is in the tree of `size`."""
    return Tile(level, number, min(TILE_WIDTH, (size >> TILE_HEIGHT * level) - number * TILE_WIDTH))


def pack_bundle(entries: Sequence[bytes]) -> bytes:
    """Write entries one after the other, each behind its length as a big-endian uint16."""
    if any(len(entry) > MAX_ENTRY_LENGTH for entry in entries):
        raise MalformedError(f"a ledger entry is longer than {MAX_ENTRY_LENGTH} bytes")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def unpack_bundle(bundle: bytes, width: int = TILE_WIDTH) -> list[bytes]:
    """Read the `width` entries of a bundle; raises `TreeError` if it holds more, fewer or broken ones."""
    entries, at = [], 0
    while at < len(bundle):
        end = at + 2 + int.from_bytes(bundle[at : at + 2], "big")
        if at + 2 > len(bundle) or end > len(bundle):
            raise TreeError("a bundle of ledger entries ends in the middle of an entry")
        entries.append(bundle[at + 2 : end])
        at = end
    if len(entries) != width:
        raise TreeError(f"a bundle of ledger entries holds {len(entries)} entries instead of {width}")
    return entries


def _hashes_in(read: TileReader, tile: Tile) -> list[bytes]:
    content = read(tile)
    if len(content) != tile.width * HASH_LENGTH:
        raise TreeError(f"{tile.path} has {len(content)} bytes instead of {tile.width * HASH_LENGTH}")
    return [content[at : at + HASH_LENGTH] for at in range(0, len(content), HASH_LENGTH)]


def _numbered(number: int, width: int) -> str:
    """Spell a tile number in groups of three digits, all but the last marked by an x, and a partial width."""
    groups = f"{number:,}".split(",")
    padded = [group.zfill(3) for group in groups]
    path = "/".join([*(f"x{group}" for group in padded[:-1]), padded[-1]])
    return path if width == TILE_WIDTH else f"{path}.p/{width}"
