"""Derived keys, tokens and commitments give known answers and never collide. Expected bytes: PyCryptodome."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.crypto.binding import Part, bind
from amanat.crypto.derive import blind_token, commitment, hkdf
from amanat.crypto.secret import SecretKey, new_key
from amanat.errors import MalformedError

KEY = SecretKey(bytes(range(32)))
PARTS = st.one_of(st.text(max_size=4), st.binary(max_size=4), st.integers(-300, 300), st.uuids())


def test_hkdf_gives_the_known_answer() -> None:
    expected = "c2f814622ca82325dfaff4910fc889247697d52b011419c2d4ec1babebc3cba6"
    assert hkdf(KEY, b"period 2026-11").hex() == expected


def test_hkdf_gives_the_known_answer_beyond_one_block() -> None:
    assert hkdf(KEY, b"", 80).hex() == (
        "37ad29109f43265287804b674e2653d0a513718907f97fca97c95bded8104bbf9601b7e7a7d5a882"
        "b151679d3bba7d1ecf9681ad0509bfa68434e1bfa767a51db8133e691b64d477f96d6e4d4b8b04c0"
    )


def test_a_token_gives_the_known_answer() -> None:
    token = blind_token(KEY, "email", "amina@oryx.test")
    assert token.hex() == "ad3eeda00d740ed4589922dc9927c6f1"


def test_a_token_differs_by_field_by_value_and_by_key() -> None:
    tokens = {
        blind_token(KEY, "email", "ab"),
        blind_token(KEY, "phone", "ab"),
        blind_token(KEY, "email", "abc"),
        blind_token(KEY, "emaila", "b"),
        blind_token(new_key(), "email", "ab"),
    }
    assert len(tokens) == 5


def test_a_commitment_gives_the_known_answer() -> None:
    expected = "c50e4c954f202c83e6956ecba42a74f346e645befd579a1485cc45506bdefebe"
    assert commitment(KEY.raw, b"record").hex() == expected


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_commitment_takes_only_a_salt_of_full_length(length: int) -> None:
    with pytest.raises(MalformedError, match=str(length)):
        commitment(bytes(length), b"record")


@given(one=st.lists(PARTS, max_size=4), other=st.lists(PARTS, max_size=4))
def test_two_different_lists_never_bind_to_the_same_bytes(one: list[Part], other: list[Part]) -> None:
    assert (bind(*one) == bind(*other)) == (one == other)


def test_parts_that_only_look_alike_bind_apart() -> None:
    same_looks: list[Part] = ["a" * 16, b"a" * 16, UUID(bytes=b"a" * 16), int.from_bytes(b"a" * 16, "big")]
    assert len({bind(part) for part in same_looks}) == 4
    assert bind("ab", "c") != bind("a", "bc")
    assert bind() != bind("")
