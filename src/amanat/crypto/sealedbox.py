"""Sealing for somebody who is not here: with a public key anybody can seal, and only the private half opens.

HPKE after RFC 9180 in its base mode (X25519, HKDF-SHA256, AES-256-GCM): each box has a key of its own, made from a
fresh pair that is thrown away, so whoever sealed a box cannot open it again. A blob is a version byte and what HPKE
gives.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from amanat.crypto.seal import SealError
from amanat.crypto.secret import SecretKey

VERSION = b"\x01"
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def new_pair() -> tuple[bytes, SecretKey]:
    """A public key and its private half."""
    private = X25519PrivateKey.generate()
    return private.public_key().public_bytes_raw(), SecretKey(private.private_bytes_raw())


def seal_to(public: bytes, plaintext: bytes, associated: bytes) -> bytes:
    """Seal `plaintext`; it opens only with the private half and the same `associated` data."""
    return VERSION + _SUITE.encrypt(plaintext, X25519PublicKey.from_public_bytes(public), info=VERSION + associated)


def open_box(private: SecretKey, blob: bytes, associated: bytes) -> bytes:
    """Give back what `seal_to` was given. Raises `SealError`, which says nothing about key or content."""
    if blob[:1] != VERSION:
        raise SealError("this blob has a version that is not known here")
    try:
        return _SUITE.decrypt(blob[1:], X25519PrivateKey.from_private_bytes(private.raw), info=VERSION + associated)
    except (InvalidTag, ValueError):
        raise SealError from None
