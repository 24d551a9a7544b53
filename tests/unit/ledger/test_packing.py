"""Records are sealed small and come back byte for byte; the first ones, sealed as they are, still do."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.errors import IntegrityError
from amanat.ledger import packing
from amanat.ledger.packing import pack_record, unpack_record

RECORD = (
    b'{"clauses":["6.1b","6.5"],"format":1,"needs":[],"obligations":["log","cite"],"outcome":"permit","requests":[{"action":'
    b'"view","actor":"assistance_coordinator","age":18,"company":"CH","country":"CH","facts":{"entitlement":true},"items":'
    b'[["name","name"]],"purpose":"eligibility"}],"statement":"'
    + b"5e" * 32
    + b'","verdicts":[["name","permit",["6.1b"]]]}'
)


def test_a_record_is_sealed_in_a_third_of_its_length() -> None:
    assert len(pack_record(RECORD)) < len(RECORD) / 3
    assert unpack_record(pack_record(RECORD)) == RECORD


@given(st.dictionaries(st.text(), st.one_of(st.text(), st.integers(), st.lists(st.text()))))
def test_every_record_comes_back_byte_for_byte(record: dict[str, object]) -> None:
    written = json.dumps(record, sort_keys=True).encode()
    assert unpack_record(pack_record(written)) == written


def test_the_first_entries_still_open() -> None:
    assert unpack_record(RECORD) == RECORD


@pytest.mark.parametrize(
    "sealed", [b"", b"\x02abc", b"\x01", b"\x01\xff\xff", pack_record(RECORD)[:-2], pack_record(RECORD) + b"x"]
)
def test_what_is_no_record_is_refused(sealed: bytes) -> None:
    with pytest.raises(IntegrityError):
        unpack_record(sealed)


def test_a_record_that_could_be_taken_for_a_packed_one_is_refused() -> None:
    with pytest.raises(IntegrityError):
        pack_record(b"\x01")


def test_the_words_are_what_they_were() -> None:
    """Known answer: records sealed with these words must open for seven years."""
    assert (
        hashlib.sha256(packing._WORDS).hexdigest() == "7f5f7048ec6144ed3632c4f17db43d50d6ca593db424fc6949b8b531689e3387"
    )
    assert unpack_record(bytes.fromhex("01ab464e6518a9a71600")) == b'{"format":1,"outcome":"permit"}'
