"""A detached Ed25519 signature over the bytes of an export: who published exactly this.

The signature stands in a file of its own, over the export's bytes and nothing else, so that any tool can check it.
Only those who sign or check import this module: it needs `cryptography`, which the bare core does without.
"""

import base64
import binascii
from hashlib import sha256

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from msgspec import Struct

from amanat.errors import IntegrityError, MalformedError

ALGORITHM = "Ed25519"


class SignatureError(IntegrityError):
    """The signature is not by this key over these bytes."""


class Detached(Struct, frozen=True, forbid_unknown_fields=True):
    """A signature file. `key` and `digest` (SHA-256 of raw public key and signed bytes) help to find them."""

    algorithm: str
    key: str
    digest: str
    signature: str


def sign(data: bytes, private_key: bytes) -> bytes:
    """The signature file over `data`; `private_key` is an Ed25519 key as PEM (PKCS #8) without a password."""
    key = _private(private_key)
    signed = base64.b64encode(key.sign(data)).decode()
    detached = Detached(ALGORITHM, _fingerprint(key.public_key()), sha256(data).hexdigest(), signed)
    return msgspec.json.encode(detached, order="sorted") + b"\n"


def verify(data: bytes, signature: bytes, public_key: bytes) -> None:
    """Raise `SignatureError` unless `signature` is over `data`, by `public_key` (PEM), which the caller trusts."""
    key = _public(public_key)
    try:
        detached = msgspec.json.decode(signature, type=Detached)
        raw = base64.b64decode(detached.signature, validate=True)
    except (msgspec.MsgspecError, binascii.Error, ValueError):
        raise SignatureError("the signature file does not have the agreed form") from None
    if (detached.algorithm, detached.key) != (ALGORITHM, _fingerprint(key)):
        raise SignatureError("the signature is by another key")
    try:
        key.verify(raw, data)
    except InvalidSignature:
        raise SignatureError("the signature is not over these bytes") from None


def _private(pem: bytes) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if isinstance(key, Ed25519PrivateKey):
        return key
    hint = "make one with `openssl genpkey -algorithm ed25519`"
    raise MalformedError("this is no private Ed25519 key as PEM without a password", hint=hint)


def _public(pem: bytes) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if isinstance(key, Ed25519PublicKey):
        return key
    raise MalformedError("this is no public Ed25519 key as PEM", hint="take it with `openssl pkey -pubout`")


def _fingerprint(key: Ed25519PublicKey) -> str:
    return sha256(key.public_bytes_raw()).hexdigest()
