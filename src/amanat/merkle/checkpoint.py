"""Checkpoints, after C2SP tlog-checkpoint: the signed statement of how large a log is and what its root is.

A log must never sign two checkpoints of which one does not continue the other; whoever signs keeps that
promise, with `proof.verify_consistency` from the last checkpoint signed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from amanat.errors import MalformedError
from amanat.merkle.note import (
    NoteError,
    Signer,
    VerifierKey,
    decode_base64,
    encode_base64,
    open_note,
    sign_note,
)
from amanat.merkle.tree import HASH_LENGTH

# Sizes and indices end well below 2**63, so that any verifier can hold them.
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,17}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of the log called `origin`: its `size` in leaves and its `root`."""

    origin: str
    size: int
    root: bytes

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read a note's text. Extension lines are allowed and mean nothing here."""
        lines = text[:-1].split("\n")
        if not text.endswith("\n") or len(lines) < 3 or not all(lines):
            raise NoteError("a checkpoint has an origin, a size and a root, each on its own line")
        root = decode_base64(lines[2])
        if len(root) != HASH_LENGTH:
            raise NoteError(f"the root in the checkpoint does not have {HASH_LENGTH} bytes")
        return cls(lines[0], parse_decimal(lines[1]), root)

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{encode_base64(self.root)}\n"


def sign_checkpoint(checkpoint: Checkpoint, *signers: Signer) -> str:
    """Give the signed note of a checkpoint. The first signer is the log itself, named like the origin."""
    if not signers or signers[0].name != checkpoint.origin:
        raise MalformedError(f"a checkpoint of {checkpoint.origin} is signed by {checkpoint.origin} first")
    return sign_note(str(checkpoint), *signers)


def open_checkpoint(note: str, keys: Iterable[VerifierKey], *, origin: str | None = None) -> Checkpoint:
    """Give the checkpoint in a note, if a log among `keys` signed it for itself. Raises `NoteError`.

    A key speaks for the log whose origin is its own name, so no company can speak for another. For a foreign
    log whose key has another name, say which `origin` is expected and give that log's keys only.
    """
    text, signed_by = open_note(note, keys)
    checkpoint = Checkpoint.parse(text)
    expected = {origin} if origin else {key.name for key in signed_by}
    if checkpoint.origin not in expected:
        raise NoteError("the checkpoint is signed, but not by the log it speaks of")
    return checkpoint


def parse_decimal(text: str) -> int:
    """Read a number written without sign or leading zero; raises `NoteError`."""
    if not _DECIMAL.fullmatch(text):
        raise NoteError("there is something that is not a plain number where a number should be")
    return int(text)
