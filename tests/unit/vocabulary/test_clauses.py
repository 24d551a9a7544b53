"""Clause ids: which exist, how a rule's suffix is taken off, and their order."""

import pytest

from amanat.vocabulary.clauses import ADDED_CLAUSES, SOURCE_CLAUSES, clause_order, section_of


def test_the_source_has_159_clauses_and_each_is_its_own_section() -> None:
    assert len(SOURCE_CLAUSES) == len(set(SOURCE_CLAUSES)) == 159
    assert [section_of(one) for one in (*SOURCE_CLAUSES, *ADDED_CLAUSES)] == [*SOURCE_CLAUSES, *ADDED_CLAUSES]


@pytest.mark.parametrize(
    ("rule", "section"),
    [
        ("8.4x", "8.4"), ("6.9a", "6.9a"), ("6.9ax", "6.9a"), ("6.1n", "6.1"), ("6.9", "6.9"), ("M.1x", "M.1"),
        ("8.13x", "8.13"), ("99.1", None), ("Z.1", None), ("rule", None), ("", None),
    ],
)  # fmt: skip
def test_the_suffix_of_a_rule_is_not_shown(rule: str, section: str | None) -> None:
    assert section_of(rule) == section


def test_ids_are_ordered_by_number_and_lettered_parts_come_last() -> None:
    ordered = ["0.4", "2.5a", "6.9", "6.9a", "6.9b", "6.10", "6.12", "8.3", "8.10b", "10.1", "C.2", "M.1", "R.2"]
    assert sorted(set(ordered), key=clause_order) == ordered
