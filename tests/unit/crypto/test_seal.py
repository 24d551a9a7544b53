"""Sealing keeps its promises: known answers, no nonce twice, nothing moved or altered ever opens.

The expected bytes come from another implementation (PyCryptodome), and the ciphertext is also that of test
case 16 in the GCM submission to NIST.
"""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.crypto.binding import bind
from amanat.crypto.seal import HEADER_LENGTH, NONCE_LENGTH, SealError, key_id_of, seal, unseal
from amanat.crypto.secret import SecretKey, new_key
from amanat.errors import Kind, MalformedError

KEY = SecretKey(bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2))
NONCE = bytes.fromhex("cafebabefacedbaddecaf888")
ASSOCIATED = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
PLAINTEXT = bytes.fromhex(
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
)
CIPHERTEXT = bytes.fromhex(
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
    "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
)
TAG = bytes.fromhex("1bd10ece6f2c4c537937819fbaebdf4b")
BLOB = bytes.fromhex("0100000007") + NONCE + CIPHERTEXT + TAG


def test_seal_gives_the_known_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "urandom", lambda _: NONCE)
    assert seal(KEY, 7, PLAINTEXT, ASSOCIATED) == BLOB


def test_unseal_opens_the_known_answer() -> None:
    assert unseal(KEY, BLOB, ASSOCIATED) == PLAINTEXT
    assert key_id_of(BLOB) == 7


@given(plaintext=st.binary(max_size=300), associated=st.binary(max_size=80), key_id=st.integers(0, 2**32 - 1))
def test_what_was_sealed_opens_again(plaintext: bytes, associated: bytes, key_id: int) -> None:
    blob = seal(KEY, key_id, plaintext, associated)
    assert unseal(KEY, blob, associated) == plaintext
    assert key_id_of(blob) == key_id


def test_no_nonce_repeats_over_a_hundred_thousand_seals() -> None:
    start, end = HEADER_LENGTH, HEADER_LENGTH + NONCE_LENGTH
    assert len({seal(KEY, 1, b"", b"")[start:end] for _ in range(100_000)}) == 100_000


@pytest.mark.parametrize("position", range(len(BLOB)))
def test_a_blob_with_any_altered_bit_is_refused(position: int) -> None:
    for bit in range(8):
        altered = bytearray(BLOB)
        altered[position] ^= 1 << bit
        with pytest.raises(SealError):
            unseal(KEY, bytes(altered), ASSOCIATED)


@pytest.mark.parametrize("length", range(len(BLOB)))
def test_a_blob_cut_short_is_refused(length: int) -> None:
    with pytest.raises(SealError):
        unseal(KEY, BLOB[:length], ASSOCIATED)


def test_a_blob_made_longer_is_refused() -> None:
    with pytest.raises(SealError):
        unseal(KEY, BLOB + b"\0", ASSOCIATED)


@pytest.mark.parametrize("moved_to", [("ama-ch", 7), ("ama-sg", 8), ("ama-sg7",), ("ama-sg", "7")])
def test_mallory_moves_a_blob_to_another_place_and_it_stays_shut(moved_to: tuple[str | int, ...]) -> None:
    blob = seal(KEY, 1, b"blood group", bind("ama-sg", 7))
    with pytest.raises(SealError):
        unseal(KEY, blob, bind(*moved_to))


def test_another_key_does_not_open_a_blob() -> None:
    with pytest.raises(SealError):
        unseal(new_key(), BLOB, ASSOCIATED)


def test_an_empty_plaintext_is_still_authenticated() -> None:
    blob = seal(KEY, 1, b"", b"here")
    assert unseal(KEY, blob, b"here") == b""
    with pytest.raises(SealError):
        unseal(KEY, blob, b"there")


def test_an_unknown_version_is_refused_before_any_key_is_looked_up() -> None:
    with pytest.raises(SealError, match="version"):
        key_id_of(b"\x03" + BLOB[1:])


def test_a_refusal_shows_neither_key_nor_content() -> None:
    with pytest.raises(SealError) as caught:
        unseal(KEY, BLOB, b"Amina")
    assert caught.value.kind is Kind.INTEGRITY
    assert "Amina" not in str(caught.value)
    assert not any(character.isdigit() for character in str(caught.value))
    assert caught.value.__suppress_context__


def test_a_key_never_shows_its_bytes() -> None:
    key = SecretKey(b"thirty-two letters, all of them.")
    assert [repr(key), str(key), f"{key}"] == ["SecretKey()"] * 3


def test_a_key_of_the_wrong_length_cannot_be_made() -> None:
    with pytest.raises(MalformedError, match="31"):
        SecretKey(bytes(31))


def test_new_keys_differ() -> None:
    assert len({new_key().raw for _ in range(1_000)}) == 1_000
