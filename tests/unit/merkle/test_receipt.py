"""A member's receipt proves itself offline, and not one byte of what it proves can be altered."""

import pytest

from amanat.errors import IntegrityError
from amanat.merkle.checkpoint import Checkpoint, sign_checkpoint
from amanat.merkle.note import NoteError, Signer
from amanat.merkle.proof import ProofError
from amanat.merkle.receipt import Receipt, parse_receipt, verify_receipt, write_receipt
from amanat.merkle.tree import inclusion_proof, leaf_hash, reader_over, root_at

LOG = Signer("ledger.amanat.example/ama-sg", bytes(range(32)))
WITNESS = Signer("ledger.amanat.example/ama-ch", bytes(32))
ENTRIES = [b"entry %d" % number for number in range(11)]
READ = reader_over([leaf_hash(entry) for entry in ENTRIES])
HEAD = Checkpoint(LOG.name, len(ENTRIES), root_at(READ, len(ENTRIES)))
NOTE = sign_checkpoint(HEAD, LOG, WITNESS)


def receipt_for(index: int, extra: bytes | None = None) -> Receipt:
    return Receipt(index, tuple(inclusion_proof(READ, index, len(ENTRIES))), NOTE, extra)


def test_amina_verifies_her_receipt_with_nothing_but_the_log_key() -> None:
    for index, entry in enumerate(ENTRIES):
        text = write_receipt(receipt_for(index, b"salt and record"))
        assert verify_receipt(text, entry, [LOG.verifier]) == HEAD


@pytest.mark.parametrize("extra", [None, b"", b"salt and record"])
def test_a_receipt_reads_back_as_written(extra: bytes | None) -> None:
    receipt = receipt_for(6, extra)
    assert parse_receipt(write_receipt(receipt)) == receipt


def test_a_receipt_has_the_agreed_lines() -> None:
    lines = write_receipt(receipt_for(10, b"abc")).split("\n")
    assert lines[:3] == ["c2sp.org/tlog-proof@v1", "extra YWJj", "index 10"]
    assert [len(line) for line in lines[3:6]] == [44, 44, 0]
    assert "\n".join(lines[6:]) == NOTE


def test_the_only_entry_of_a_log_has_a_receipt_without_hashes() -> None:
    head = Checkpoint(LOG.name, 1, leaf_hash(b"first"))
    text = write_receipt(Receipt(0, (), sign_checkpoint(head, LOG)))
    assert verify_receipt(text, b"first", [LOG.verifier]) == head


def test_a_receipt_does_not_prove_another_entry() -> None:
    with pytest.raises(ProofError):
        verify_receipt(write_receipt(receipt_for(6)), ENTRIES[7], [LOG.verifier])


def test_a_receipt_signed_only_by_a_stranger_is_refused() -> None:
    with pytest.raises(NoteError):
        verify_receipt(write_receipt(receipt_for(6)), ENTRIES[6], [])


def test_a_witness_alone_does_not_speak_for_the_log() -> None:
    with pytest.raises(NoteError, match="not by the log"):
        verify_receipt(write_receipt(receipt_for(6)), ENTRIES[6], [WITNESS.verifier])


def unprotected(receipt: bytes) -> set[int]:
    """Where a change proves nothing: inside the extra line, and in the line of an unknown signature."""
    extra, witness = receipt.index(b"extra "), receipt.index(f"— {WITNESS.name}".encode())
    return {*range(extra, receipt.index(b"\n", extra)), *range(witness, len(receipt))}


def accepts(receipt: bytes) -> bool:
    try:
        verify_receipt(receipt.decode(), ENTRIES[6], [LOG.verifier])
    except (IntegrityError, UnicodeDecodeError):
        return False
    return True


def test_no_byte_of_a_receipt_can_be_altered_outside_what_nobody_signed() -> None:
    receipt = write_receipt(receipt_for(6, b"salt and record")).encode()
    assert accepts(receipt)
    free = unprotected(receipt)
    for position in set(range(len(receipt))) - free:
        for value in set(range(256)) - {receipt[position]}:
            assert not accepts(receipt[:position] + bytes([value]) + receipt[position + 1 :])
        assert not accepts(receipt[:position] + receipt[position + 1 :])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tlog-proof@v1", "tlog-proof@v2"),
        ("c2sp.org", "\ufeffc2sp.org"),
        ("index 6", "index 06"),
        ("index 6", "index +6"),
        ("index 6", "index -5"),
        ("index 6", "index  6"),
        ("index 6\n", ""),
        ("extra ", "extra"),
        ("extra ", "Extra "),
        ("\n\n", "\n"),
        ("\n\n", "\n\n\n"),
        ("\n", "\r\n"),
        ("extra YWJj\nindex 6", "index 6\nextra YWJj"),
        ("extra YWJj\n", "extra YWJj\nextra YWJj\n"),
    ],
)
def test_a_receipt_of_another_form_is_refused(old: str, new: str) -> None:
    text = write_receipt(receipt_for(6, b"abc"))
    assert old in text
    with pytest.raises(IntegrityError):
        verify_receipt(text.replace(old, new), ENTRIES[6], [LOG.verifier])


@pytest.mark.parametrize("text", ["", "\n\n", "c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v1\nextra YWJj"])
def test_a_receipt_cut_short_is_refused(text: str) -> None:
    with pytest.raises(IntegrityError):
        verify_receipt(text, ENTRIES[6], [LOG.verifier])


def test_a_hash_of_the_wrong_length_in_a_receipt_is_refused() -> None:
    text = write_receipt(Receipt(6, (b"short",), NOTE))
    with pytest.raises(ProofError, match="32"):
        parse_receipt(text)
