"""Sealing: AES-256-GCM after NIST SP 800-38D, with a header that outlives any one algorithm.

A blob is version (1 byte, 0x01) ‖ key id (4, big-endian) ‖ nonce (12, random) ‖ ciphertext ‖ tag (16). The
header is authenticated together with the caller's associated data (build that with `binding.bind`).
"""

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from amanat.crypto.secret import SecretKey
from amanat.errors import IntegrityError

VERSION = 1
HEADER_LENGTH = 5
NONCE_LENGTH = 12
TAG_LENGTH = 16
_BODY = HEADER_LENGTH + NONCE_LENGTH


class SealError(IntegrityError):
    """A seal does not open: the blob was damaged or moved, or the key is not its own."""


def seal(key: SecretKey, key_id: int, plaintext: bytes, associated: bytes) -> bytes:
    """Seal `plaintext` under `key`; it opens only with the same key and the same `associated` data.

    `key_id` (0 to 2**32 - 1) is readable in the blob and says which key to fetch. The caller must give every
    key fewer than 2**32 seals: nonces are random.
    """
    header = VERSION.to_bytes(1, "big") + key_id.to_bytes(4, "big")
    nonce = os.urandom(NONCE_LENGTH)
    return header + nonce + _cipher(key.raw).encrypt(nonce, plaintext, header + associated)


def unseal(key: SecretKey, blob: bytes, associated: bytes) -> bytes:
    """Give back what `seal` was given. Raises `SealError`, which says nothing about key or content."""
    _check_frame(blob)
    header, nonce = blob[:HEADER_LENGTH], blob[HEADER_LENGTH:_BODY]
    try:
        return _cipher(key.raw).decrypt(nonce, blob[_BODY:], header + associated)
    except InvalidTag:
        raise SealError from None


def key_id_of(blob: bytes) -> int:
    """Say which key a blob names. Unproven until the blob has opened."""
    _check_frame(blob)
    return int.from_bytes(blob[1:HEADER_LENGTH], "big")


def _check_frame(blob: bytes) -> None:
    if len(blob) < _BODY + TAG_LENGTH:
        raise SealError("this is too short to be a sealed blob")
    if blob[0] != VERSION:
        raise SealError("this blob has a version that is not known here")


# Making an AESGCM object costs as much as a seal. One left in the cache opens nothing by itself: whoever
# wants to use it must still present the key.
@lru_cache(maxsize=4096)
def _cipher(raw: bytes) -> AESGCM:
    return AESGCM(raw)
