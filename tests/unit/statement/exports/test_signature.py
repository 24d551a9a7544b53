"""A detached signature: good over these bytes by this key, and by no other."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from amanat.errors import MalformedError
from amanat.statement.exports.signature import SignatureError, sign, verify

DATA = b'{"format":1}'


def pems(seed: bytes) -> tuple[bytes, bytes]:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), public


OURS, OURS_PUBLIC = pems(bytes(32))
THEIRS, THEIRS_PUBLIC = pems(bytes(range(32)))


def test_a_signature_holds_for_its_bytes_and_its_key() -> None:
    signature = sign(DATA, OURS)
    verify(DATA, signature, OURS_PUBLIC)
    assert sign(DATA, OURS) == signature
    key = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()
    key.verify(base64.b64decode(json.loads(signature)["signature"]), DATA)


def test_it_holds_for_nothing_else() -> None:
    signature = sign(DATA, OURS)
    with pytest.raises(SignatureError, match="these bytes"):
        verify(DATA + b" ", signature, OURS_PUBLIC)
    with pytest.raises(SignatureError, match="another key"):
        verify(DATA, signature, THEIRS_PUBLIC)


@pytest.mark.parametrize("change", [{"algorithm": "none"}, {"signature": "AAAA"}, {"signature": "?"}, {"more": 1}])
def test_a_changed_signature_file_does_not_hold(change: dict[str, object]) -> None:
    spoilt = json.dumps(json.loads(sign(DATA, OURS)) | change).encode()
    with pytest.raises(SignatureError):
        verify(DATA, spoilt, OURS_PUBLIC)


def test_another_kind_of_key_is_refused() -> None:
    other = generate_private_key(SECP256R1())
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for key in (pem, b"", OURS_PUBLIC):
        with pytest.raises(MalformedError, match="private Ed25519"):
            sign(DATA, key)
    with pytest.raises(MalformedError, match="public Ed25519"):
        verify(DATA, sign(DATA, OURS), OURS)
