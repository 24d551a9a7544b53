"""Receipts, after C2SP tlog-proof: one text file that proves offline that an entry stands in a log.

Members keep such files; they stay valid without us. The `extra` line is not protected by any signature: what
stands there is believed only after it has been hashed to the entry.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from amanat.merkle.checkpoint import Checkpoint, open_checkpoint, parse_decimal
from amanat.merkle.note import VerifierKey, decode_base64, encode_base64
from amanat.merkle.proof import ProofError, verify_inclusion
from amanat.merkle.tree import HASH_LENGTH, leaf_hash

HEADER = "c2sp.org/tlog-proof@v1"
SUFFIX = ".tlog-proof"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt file says: nothing of it is proven yet."""

    index: int
    proof: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None


def write_receipt(receipt: Receipt) -> str:
    """Give the text of a receipt file; `receipt.checkpoint` is the signed note, verbatim."""
    lines = [HEADER]
    if receipt.extra is not None:
        lines.append(f"extra {encode_base64(receipt.extra)}")
    lines.append(f"index {receipt.index}")
    lines += map(encode_base64, receipt.proof)
    return "\n".join(lines) + "\n\n" + receipt.checkpoint


def parse_receipt(text: str) -> Receipt:
    """Read a receipt file without judging it. Raises an `IntegrityError` if it lacks the agreed form."""
    head, _, checkpoint = text.partition("\n\n")
    header, *lines = head.split("\n")
    if header != HEADER:
        raise ProofError(f"this is not a receipt: its first line is not {HEADER}")
    extra = decode_base64(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else None
    if not lines or not lines[0].startswith("index "):
        raise ProofError("the receipt does not say at which index its entry stands")
    proof = tuple(map(decode_base64, lines[1:]))
    if any(len(sibling) != HASH_LENGTH for sibling in proof):
        raise ProofError(f"a hash in the receipt does not have {HASH_LENGTH} bytes")
    return Receipt(parse_decimal(lines[0][6:]), proof, checkpoint, extra)


def verify_receipt(receipt_text: str, leaf_data: bytes, public_keys: Iterable[VerifierKey]) -> Checkpoint:
    """Check that the entry `leaf_data` stands in a log that one of `public_keys` speaks for.

    1. The receipt has the agreed form.
    2. The checkpoint in it is signed by the log it speaks of, with a key we trust.
    3. The hashes lead from the entry to the root in that checkpoint.

    Gives back the checkpoint; raises `ProofError` or `NoteError`, both `IntegrityError`. The caller must
    still check that the entry says what the member was told, and whose log the origin is.
    """
    receipt = parse_receipt(receipt_text)  # 1
    checkpoint = open_checkpoint(receipt.checkpoint, public_keys)  # 2
    leaf = leaf_hash(leaf_data)
    verify_inclusion(leaf, receipt.index, checkpoint.size, receipt.proof, checkpoint.root)  # 3
    return checkpoint
