"""A leaf changes with every fact of its act and entry, and tells nothing without the commitment."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from amanat.ledger.leaves import ACT_FACTS, ENTRY_FACTS, act_in, leaf_of, public_facts

_ACT_ID = UUID(int=1)
_AT = datetime(2026, 11, 23, 9, 0, 0, 1, tzinfo=UTC)
_ACT: tuple[Any, ...] = (_ACT_ID, "ama-ch", _AT, UUID(int=2), "clinician", "view", "treatment", "phone", "", "", "5e",
                         "permit", ["6.1a"], 1, "recorded")  # fmt: skip
_ENTRY: tuple[Any, ...] = (UUID(int=3), "ama-ch", _AT, "permit", ["6.1a"], 7, 0, b"digest")
_COMMITTED = bytes(32)


def _changed(value: Any) -> Any:
    match value:
        case str():
            return value + "x"
        case list() | bytes():
            return [*value, *value] if isinstance(value, list) else value[::-1]
        case int():
            return value + 1
        case UUID():
            return UUID(int=value.int + 1)
        case _:
            return value + timedelta(microseconds=1)


def _leaf(act: tuple[Any, ...] = _ACT, entry: tuple[Any, ...] | None = _ENTRY, committed: bytes = _COMMITTED) -> bytes:
    return leaf_of(act[0], committed, public_facts(committed, act, entry))


@pytest.mark.parametrize("position", range(len(ACT_FACTS)), ids=ACT_FACTS)
def test_every_fact_of_an_act_is_in_its_leaf(position: int) -> None:
    other = (*_ACT[:position], _changed(_ACT[position]), *_ACT[position + 1 :])
    assert _leaf(act=other) != _leaf()


@pytest.mark.parametrize("position", range(len(ENTRY_FACTS)), ids=ENTRY_FACTS)
def test_every_fact_of_an_entry_is_in_its_leaf(position: int) -> None:
    other = (*_ENTRY[:position], _changed(_ENTRY[position]), *_ENTRY[position + 1 :])
    assert _leaf(entry=other) != _leaf()


def test_the_commitment_is_in_the_leaf() -> None:
    assert _leaf(committed=bytes(31) + b"\x01") != _leaf()


def test_an_act_that_names_nobody_has_another_leaf() -> None:
    assert _leaf(entry=None) != _leaf()


def test_the_same_facts_from_a_row_give_the_same_leaf() -> None:
    """Tuples become lists in the database, and times come back in the zone of the connection."""
    act = tuple(tuple(one) if isinstance(one, list) else one for one in _ACT)
    act = (*act[:2], _AT.astimezone(timezone(timedelta(hours=8))), *act[3:])
    assert _leaf(act=act) == _leaf()


def test_a_leaf_says_to_which_act_it_belongs_and_has_a_version() -> None:
    leaf = _leaf()
    assert (act_in(leaf), leaf[0], len(leaf)) == (_ACT_ID.bytes, 1, 49)


def test_who_acted_is_salted_per_entry() -> None:
    told = [public_facts(committed, _ACT, _ENTRY) for committed in (bytes(32), bytes([1] * 32))]
    assert told[0] != told[1]
    assert not any(UUID(int=2).hex.encode() in one or str(UUID(int=2)).encode() in one for one in told)
