"""Tiles hold the same tree as the plain list of leaves, in the places and widths that C2SP tlog-tiles gives."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.errors import MalformedError
from amanat.merkle.tiles import Tile, TileHashes, bundle_path, grow, growth, pack_bundle, unpack_bundle
from amanat.merkle.tree import (
    Frontier,
    TreeError,
    consistency_proof,
    frontier_at,
    inclusion_proof,
    leaf_hash,
    reader_over,
    root_at,
    root_of,
)

LARGEST = 70_000
LEAVES = [leaf_hash(b"entry %d" % number) for number in range(LARGEST)]
READ = reader_over(LEAVES)
SIZES = st.one_of(
    st.integers(0, 600),
    st.sampled_from([255, 256, 257, 511, 512, 65_535, 65_536, 65_537, LARGEST]),
    st.integers(0, LARGEST),
)


def kept_tree(*sizes: int) -> dict[Tile, bytes]:
    """Grow a tree through `sizes`, one checkpoint each, and keep every tile ever written."""
    tiles: dict[Tile, bytes] = {}
    old = 0
    for size in sizes:
        tiles |= grow(tiles.__getitem__, old, LEAVES[old:size])
        old = size
    return tiles


WHOLE = kept_tree(*range(1, 600), 65_000, 65_537, LARGEST)
HASHES = TileHashes(WHOLE.__getitem__)


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(1, 1000), "tile/1/x001/000"),
        (Tile(0, 273, 112), "tile/0/273.p/112"),
        (Tile(2, 0, 1), "tile/2/000.p/1"),
        (Tile(0, 1234067, 8), "tile/0/x001/x234/067.p/8"),
    ],
)
def test_a_tile_lies_at_its_path(tile: Tile, path: str) -> None:
    assert tile.path == path


def test_a_bundle_lies_at_its_path() -> None:
    assert bundle_path(1234067) == "tile/entries/x001/x234/067"
    assert bundle_path(273, 112) == "tile/entries/273.p/112"


def test_a_tree_of_seventy_thousand_has_the_tiles_of_the_specification() -> None:
    tiles = list(growth(0, 70_000))
    assert Counter((tile.level, tile.width) for tile in tiles) == {
        (0, 256): 273,
        (0, 112): 1,
        (1, 256): 1,
        (1, 17): 1,
        (2, 1): 1,
    }


def test_a_tree_of_one_full_tile_has_a_second_level_of_one_hash() -> None:
    assert list(growth(0, 256)) == [Tile(0, 0), Tile(1, 0, 1)]


def test_a_tree_that_does_not_grow_writes_nothing() -> None:
    assert list(growth(300, 300)) == []
    assert grow(WHOLE.__getitem__, 300, []) == {}


@given(sizes=st.lists(SIZES, min_size=2, max_size=2).map(sorted))
def test_growth_names_what_the_larger_tree_has_and_the_smaller_had_not(sizes: list[int]) -> None:
    old, new = sizes
    assert set(growth(old, new)) == set(growth(0, new)) - set(growth(0, old))


@given(sizes=st.lists(st.integers(1, 3_000), min_size=1, max_size=6).map(sorted))
def test_a_tree_grown_in_steps_has_the_tiles_of_one_grown_at_once(sizes: list[int]) -> None:
    stepwise, at_once = kept_tree(*sizes), kept_tree(sizes[-1])
    assert at_once.keys() == set(growth(0, sizes[-1]))
    assert all(stepwise[tile] == content for tile, content in at_once.items())


@given(size=st.sampled_from([1, 255, 256, 257, 599, 65_000, 65_537, LARGEST]))
def test_tiles_give_the_root_of_the_plain_tree(size: int) -> None:
    assert root_at(HASHES.at(size), size) == root_of(LEAVES[:size])


@given(data=st.data(), size=st.sampled_from([1, 255, 256, 257, 599, 65_000, 65_537, LARGEST]))
def test_tiles_give_the_proofs_of_the_plain_tree(data: st.DataObject, size: int) -> None:
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    assert inclusion_proof(HASHES.at(size), index, size) == inclusion_proof(READ, index, size)
    assert HASHES.inclusion_proof(index, size) == inclusion_proof(READ, index, size)
    assert consistency_proof(HASHES.at(size), old, size) == consistency_proof(READ, old, size)


@given(size=st.integers(0, 599))
def test_a_frontier_found_in_tiles_goes_on_where_the_tree_stopped(size: int) -> None:
    frontier = frontier_at(HASHES.at(size), size)
    frontier.extend(LEAVES[size:600])
    from_scratch = Frontier()
    from_scratch.extend(LEAVES[:600])
    assert frontier == from_scratch


def test_only_tiles_that_the_checkpointed_size_has_are_read() -> None:
    asked: set[Tile] = set()

    def read(tile: Tile) -> bytes:
        asked.add(tile)
        return WHOLE[tile]

    inclusion_proof(TileHashes(read).at(LARGEST), 69_950, LARGEST)
    TileHashes(read).inclusion_proof(69_950, LARGEST)
    assert asked <= set(growth(0, LARGEST))
    assert len(asked) <= 4


def test_there_is_no_proof_of_a_leaf_that_is_not_there() -> None:
    for index, size in ((-1, 5), (5, 5), (0, 0)):
        with pytest.raises(MalformedError):
            HASHES.inclusion_proof(index, size)


def test_a_tile_is_read_once_while_it_is_kept() -> None:
    asked: Counter[Tile] = Counter()

    def read(tile: Tile) -> bytes:
        asked[tile] += 1
        return WHOLE[tile]

    hashes = TileHashes(read)
    for index in range(256):
        inclusion_proof(hashes.at(LARGEST), index, LARGEST)
        hashes.inclusion_proof(index, LARGEST)
    assert set(asked.values()) == {1}


@pytest.mark.parametrize("content", [b"", bytes(31), bytes(32 * 255), bytes(32 * 257)])
def test_a_tile_of_the_wrong_length_is_refused(content: bytes) -> None:
    with pytest.raises(TreeError, match="tile/0/000 "):
        root_at(TileHashes(lambda _: content).at(256), 1)


@given(entries=st.lists(st.binary(max_size=40), max_size=256))
def test_a_bundle_gives_back_its_entries(entries: list[bytes]) -> None:
    assert unpack_bundle(pack_bundle(entries), len(entries)) == entries


def test_a_bundle_has_big_endian_lengths() -> None:
    assert pack_bundle([b"ab", b"", b"c" * 258]) == b"\x00\x02ab" + b"\x00\x00" + b"\x01\x02" + b"c" * 258


def test_the_longest_entry_fits_and_a_longer_one_is_refused() -> None:
    assert unpack_bundle(pack_bundle([bytes(65_535)]), 1) == [bytes(65_535)]
    with pytest.raises(MalformedError, match="65535"):
        pack_bundle([bytes(65_536)])


@pytest.mark.parametrize("bundle", [b"", b"\x00", b"\x00\x02a", b"\x00\x01a\x00", b"\x00\x01a\x00\x00"])
def test_a_damaged_bundle_is_refused(bundle: bytes) -> None:
    with pytest.raises(TreeError):
        unpack_bundle(bundle, 1)
