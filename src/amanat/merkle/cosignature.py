"""Cosignatures, after C2SP tlog-cosignature: somebody else saw this head, and found that it continues the last one.

The line stands under the log's own signature, and those who do not know the witness pass over it.
"""

from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from amanat.merkle.note import KEY_ID_LENGTH, encode_base64

WITNESS = b"\x04"


@dataclass(frozen=True, slots=True)
class Cosigner:
    """A witness's private key (its 32-byte seed) and the name it signs under."""

    name: str
    seed: bytes = field(repr=False)

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + self._typed).digest()[:KEY_ID_LENGTH]

    @property
    def public_key(self) -> str:
        """The key as others verify with: `name+id+base64`."""
        return f"{self.name}+{self.id.hex()}+{encode_base64(self._typed)}"

    def cosign(self, text: str, moment: int) -> str:
        """Give the signature line over the text of a checkpoint, seen at `moment` (Unix time)."""
        signed = self._private.sign(f"cosignature/v1\ntime {moment}\n{text}".encode())
        return f"— {self.name} {encode_base64(self.id + moment.to_bytes(8, 'big') + signed)}\n"

    @property
    def _typed(self) -> bytes:
        return WITNESS + self._private.public_key().public_bytes_raw()

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)
