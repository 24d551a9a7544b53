"""Sealing: AES-256-GCM after NIST SP 800-38D, with a header that outlives any one algorithm.

A blob is version (1 byte) ‖ key id (4, big-endian) ‖ nonce (12, random) ‖ ciphertext ‖ tag (16). Version 2, for parts
whose key is derived with that of a month (`derive.part_key`), names the month (2 bytes, big-endian) after the key id.
The header is authenticated together with the caller's associated data (build that with `binding.bind`).
"""

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from amanat.crypto.secret import SecretKey
from amanat.errors import IntegrityError

VERSION, WITH_MONTH = 1, 2
HEADER_LENGTH = 5
NONCE_LENGTH = 12
TAG_LENGTH = 16
# By version: what comes before the nonce.
_HEADERS = {VERSION: HEADER_LENGTH, WITH_MONTH: HEADER_LENGTH + 2}


class SealError(IntegrityError):
    """A seal does not open: the blob was damaged or moved, or the key is not its own."""


def seal(key: SecretKey, key_id: int, plaintext: bytes, associated: bytes, *, month: int | None = None) -> bytes:
    """Seal `plaintext` under `key`; it opens only with the same key and the same `associated` data.

    `key_id` (0 to 2**32 - 1) is readable in the blob and says which key to fetch, and so is the `month` whose key
    went into `key`, if one did. The caller must give every key fewer than 2**32 seals: nonces are random.
    """
    if month is None:
        header = VERSION.to_bytes(1, "big") + key_id.to_bytes(4, "big")
    else:
        header = WITH_MONTH.to_bytes(1, "big") + key_id.to_bytes(4, "big") + month.to_bytes(2, "big")
    nonce = os.urandom(NONCE_LENGTH)
    return header + nonce + _cipher(key.raw).encrypt(nonce, plaintext, header + associated)


def unseal(key: SecretKey, blob: bytes, associated: bytes) -> bytes:
    """Give back what `seal` was given. Raises `SealError`, which says nothing about key or content."""
    start = _check_frame(blob)
    body = start + NONCE_LENGTH
    try:
        return _cipher(key.raw).decrypt(blob[start:body], blob[body:], blob[:start] + associated)
    except InvalidTag:
        raise SealError from None


def key_id_of(blob: bytes) -> int:
    """Say which key a blob names. Unproven until the blob has opened."""
    _check_frame(blob)
    return int.from_bytes(blob[1:HEADER_LENGTH], "big")


def month_of(blob: bytes) -> int | None:
    """Say the key of which month is needed beside the named one; None for a blob of the older format."""
    start = _check_frame(blob)
    return int.from_bytes(blob[HEADER_LENGTH:start], "big") if start > HEADER_LENGTH else None


def nonce_of(blob: bytes) -> bytes:
    start = _check_frame(blob)
    return blob[start : start + NONCE_LENGTH]


def _check_frame(blob: bytes) -> int:
    """Where the nonce begins."""
    start = _HEADERS.get(blob[0]) if blob else None
    if len(blob) < (start or HEADER_LENGTH) + NONCE_LENGTH + TAG_LENGTH:
        raise SealError("this is too short to be a sealed blob")
    if start is None:
        raise SealError("this blob has a version that is not known here")
    return start


# Making an AESGCM object costs as much as a seal. One left in the cache opens nothing by itself: whoever
# wants to use it must still present the key.
@lru_cache(maxsize=4096)
def _cipher(raw: bytes) -> AESGCM:
    return AESGCM(raw)
