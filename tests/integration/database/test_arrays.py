"""Arrays as literals: PostgreSQL reads back what was meant, whatever the letters."""

from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amanat.database.arrays import blobs, integers, texts, uuids
from stage.databases import Clone

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
KINDS: list[tuple[str, Any, Any]] = [
    ("text", texts, st.none() | TEXT | st.sampled_from(["", "NULL", "{}", 'a"b', "a\\b", "a,b", " a ", "\n"])),
    ("uuid", uuids, st.none() | st.uuids()),
    ("bigint", integers, st.integers(-(2**63), 2**63 - 1)),
    ("bytea", blobs, st.binary()),
]


def read_back(kind: str, literal: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT %s::{kind}[]", [literal])
        (found,) = cursor.fetchone()
    return [bytes(one) if isinstance(one, memoryview) else one for one in found]


@pytest.mark.parametrize(("kind", "literal", "values"), KINDS)
def test_what_is_read_back_is_what_was_meant(database: Clone, kind: str, literal: Any, values: Any) -> None:
    @settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(values, max_size=6))
    def hold(listed: list[Any]) -> None:
        assert read_back(kind, literal(iter(listed))) == listed

    hold()
