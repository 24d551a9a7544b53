"""The log's hashes once more, sharing no line with `merkle`: a verifier that errs must not err with the writer.

After RFC 9162, section 2.1, and C2SP's signed notes. Written for one pass from the first leaf to the last.
"""

import base64
import hashlib
from collections.abc import Iterable, Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

WIDTH = 256
_ED25519 = b"\x01"


def hash_leaf(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


def hash_pair(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Peaks:
    """The roots of the perfect trees that the leaves so far make, each with its height, highest first."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[tuple[int, bytes]] = []

    def push(self, hashed: bytes) -> None:
        height, node = 0, hashed
        while self._peaks and self._peaks[-1][0] == height:
            node = hash_pair(self._peaks.pop()[1], node)
            height += 1
        self._peaks.append((height, node))
        self.size += 1

    def root(self) -> bytes:
        if not self._peaks:
            return hashlib.sha256().digest()
        root = self._peaks[-1][1]
        for _, peak in self._peaks[-2::-1]:
            root = hash_pair(peak, root)
        return root


def root_over(hashes: Iterable[bytes]) -> bytes:
    peaks = Peaks()
    for hashed in hashes:
        peaks.push(hashed)
    return peaks.root()


def tile_rows(row: Sequence[bytes]) -> list[list[bytes]]:
    """The rows of tiles above level 0, given the roots of its full tiles: each row the full tiles of the one below."""
    rows = []
    above = list(row)
    while above:
        rows.append(above)
        full = range(0, len(above) - WIDTH + 1, WIDTH)
        above = [root_over(above[start : start + WIDTH]) for start in full]
    return rows


def is_signed(note: str, text: str, verifier_key: str) -> bool:
    """Whether `note` is `text` with a signature that `verifier_key` (name+id+base64) made over exactly it."""
    name, _, typed = verifier_key.strip().split("+", 2)
    public = base64.b64decode(typed)[1:]
    identity = hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]
    body, _, tail = note.partition("\n\n")
    signatures = [line[len(name) + 3 :] for line in tail.splitlines() if line.startswith(f"— {name} ")]
    return body + "\n" == text and any(_signs(public, identity, each, text) for each in signatures)


def _signs(public: bytes, identity: bytes, signature: str, text: str) -> bool:
    try:
        content = base64.b64decode(signature, validate=True)
        Ed25519PublicKey.from_public_bytes(public).verify(content[4:], text.encode())
    except (ValueError, InvalidSignature):
        return False
    return content[:4] == identity
