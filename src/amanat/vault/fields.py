"""Fields inside a leaf: projected and derived here, so that a field never lets the whole value out."""

from collections.abc import Callable, Mapping
from typing import Any

from amanat.vocabulary.terms import FIELD_LEAF

# A stored value is JSON: a text, or an object of the leaf's own fields.
Value = Any

_DERIVED: Mapping[str, Callable[[Value], Value]] = {
    "birth_year": lambda birth_date: str(birth_date)[:4],
    "nominee_phone": lambda next_of_kin: _entry(next_of_kin, "phone"),
    "cover_status": lambda entitlement: _entry(entitlement, "status"),
}


def _entry(value: Value, key: str) -> Value:
    return value.get(key) if isinstance(value, dict) else None


def project(word: str, value: Value) -> Value:
    """What `word` says of its leaf's value: all of it for the leaf itself, one entry for a field."""
    if word not in FIELD_LEAF:
        return value
    derive = _DERIVED.get(word)
    return derive(value) if derive else _entry(value, word)
