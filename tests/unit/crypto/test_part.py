"""The key of a part and the format with a month: known answers, made by other implementations."""

import os
from pathlib import Path

import pytest
from Crypto.Cipher import AES
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from amanat.crypto.derive import part_key
from amanat.crypto.seal import SealError, key_id_of, month_of, nonce_of, seal, unseal
from amanat.crypto.secret import SecretKey

DATA, PERIOD = SecretKey(bytes(range(32))), SecretKey(bytes(range(32, 64)))
NONCE = bytes.fromhex("cafebabefacedbaddecaf888")
# By PyCryptodome.
KNOWN_KEY = "fbb771d582cdd5808c860f6c28363d9b0e082e6c7770c85f1524d25e6e1aad98"
KNOWN_BLOB = "02000000075f02cafebabefacedbaddecaf88802ac9680d5d1e9dd6d1f127847f65d76e3b7f82ab076ccf829f3802a"
keys = st.binary(min_size=32, max_size=32).map(SecretKey)


def test_the_key_of_a_part_is_the_known_answer() -> None:
    assert part_key(DATA, PERIOD).raw.hex() == KNOWN_KEY


@given(data=keys, period=keys)
def test_it_is_hkdf_by_another_implementation(data: SecretKey, period: SecretKey) -> None:
    expected = HKDF(algorithm=SHA256(), length=32, salt=period.raw, info=b"amanat part").derive(data.raw)
    assert part_key(data, period).raw == expected


def test_a_part_is_the_known_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "urandom", lambda _: NONCE)
    blob = seal(part_key(DATA, PERIOD), 7, b'"penicillin"', b"here", month=24_322)
    assert blob.hex() == KNOWN_BLOB
    assert (key_id_of(blob), month_of(blob), nonce_of(blob)) == (7, 24_322, NONCE)
    assert unseal(part_key(DATA, PERIOD), blob, b"here") == b'"penicillin"'


@given(plaintext=st.binary(max_size=200), month=st.integers(0, 2**16 - 1), key_id=st.integers(0, 2**32 - 1))
def test_another_implementation_opens_it(plaintext: bytes, month: int, key_id: int) -> None:
    blob = seal(DATA, key_id, plaintext, b"place", month=month)
    cipher = AES.new(DATA.raw, AES.MODE_GCM, nonce=blob[7:19])
    cipher.update(b"\x02" + key_id.to_bytes(4, "big") + month.to_bytes(2, "big") + b"place")
    assert cipher.decrypt_and_verify(blob[19:-16], blob[-16:]) == plaintext


def test_any_altered_bit_is_refused() -> None:
    blob = seal(DATA, 7, b"Amina", b"here", month=3)
    for position in range(len(blob)):
        altered = bytearray(blob)
        altered[position] ^= 4
        with pytest.raises(SealError):
            unseal(DATA, bytes(altered), b"here")


def test_the_older_format_has_no_month_and_opens() -> None:
    blob = seal(DATA, 7, b"Amina", b"here")
    assert (blob[0], month_of(blob)) == (1, None)
    assert unseal(DATA, blob, b"here") == b"Amina"


def test_the_page_on_cryptography_shows_the_same_answers() -> None:
    page = (Path(__file__).parents[3] / "docs" / "security" / "cryptography.md").read_text(encoding="utf-8")
    assert f"```\n{KNOWN_KEY}\n```" in page
    assert f"```\n{KNOWN_BLOB}\n```" in page
