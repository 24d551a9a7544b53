"""The second implementation of the log's hashes agrees with the first, and with neither's help."""

from hashlib import sha256

import pytest

from amanat.ledger.recompute import Peaks, hash_leaf, is_signed, root_over, tile_rows
from amanat.merkle.checkpoint import Checkpoint, sign_checkpoint
from amanat.merkle.note import Signer
from amanat.merkle.tiles import grow
from amanat.merkle.tree import leaf_hash, root_of

_LEAVES = [hash_leaf(b"%d" % number) for number in range(1200)]


@pytest.mark.parametrize("size", [*range(70), 255, 256, 257, 1023, 1200])
def test_both_implementations_have_one_root(size: int) -> None:
    assert root_over(_LEAVES[:size]) == root_of(_LEAVES[:size])


def test_leaves_are_hashed_alike() -> None:
    assert hash_leaf(b"leaf") == leaf_hash(b"leaf")


def test_peaks_give_the_root_at_every_size_on_the_way() -> None:
    peaks = Peaks()
    for size, leaf in enumerate(_LEAVES[:300], 1):
        peaks.push(leaf)
        assert (peaks.size, peaks.root()) == (size, root_of(_LEAVES[:size]))


def test_rows_of_tiles_are_those_of_the_written_log() -> None:
    leaves = [sha256(b"%d" % number).digest() for number in range(256 * 257 + 3)]
    tiles = grow(lambda _: b"", 0, leaves)
    full = [root_over(leaves[start : start + 256]) for start in range(0, 256 * 257, 256)]
    rows = tile_rows(full)
    assert [len(row) for row in rows] == [257, 1]
    assert {(t.level, t.number): content for t, content in tiles.items() if t.level} == {
        (level, start // 256): b"".join(row[start : start + 256])
        for level, row in enumerate(rows, 1)
        for start in range(0, len(row), 256)
    }


def _note() -> tuple[str, str, str]:
    signer = Signer("logs.example.org/ama-ch", bytes(range(32)))
    checkpoint = Checkpoint(signer.name, 3, bytes(32))
    return sign_checkpoint(checkpoint, signer), str(checkpoint), str(signer.verifier)


def test_a_signed_note_is_signed() -> None:
    assert is_signed(*_note())


def test_a_further_signature_by_somebody_else_does_not_matter() -> None:
    note, text, key = _note()
    assert is_signed(note + Signer("witness.example.org", bytes(32)).sign(text), text, key)


def test_no_altered_byte_of_a_note_passes() -> None:
    note, text, key = _note()
    for at in range(len(note) - 1):
        altered = note[:at] + ("A" if note[at] != "A" else "B") + note[at + 1 :]
        assert not is_signed(altered, text, key)


def test_a_note_over_another_text_is_not_signed() -> None:
    note, text, key = _note()
    assert not is_signed(note, text.replace("3", "4"), key)


def test_another_key_of_the_same_name_did_not_sign() -> None:
    note, text, _ = _note()
    assert not is_signed(note, text, str(Signer("logs.example.org/ama-ch", bytes(32)).verifier))
