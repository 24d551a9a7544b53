"""L17: nothing of the source is lost, and nothing comes from nowhere."""

import pytest

from amanat.statement.compile import Statement, load_statement
from amanat.statement.lints.lint import lint
from amanat.vocabulary.clauses import SOURCE_CLAUSES
from stage.planted import clause, edited, statement_of, told


@pytest.mark.parametrize("name", ["ama", "ama-v0", "ama-1.1"])
def test_the_installed_statements_restate_the_source_whole(name: str) -> None:
    assert told("L17", load_statement(name)) == []


def test_a_clause_of_the_source_that_is_dropped_is_missed(ama: Statement) -> None:
    found = told("L17", edited(ama, ("> source 6.9a, 6.9b, 6.9c", "> source 6.9a, 6.9c")))
    assert found == ["error: clauses of the source that are restated nowhere: 6.9b"]


def test_a_clause_that_comes_from_nowhere_is_an_error(ama: Statement) -> None:
    old = "> added because G8: the old text is silent on the dead\n"
    assert told("L17", edited(ama, (old, ""))) == [
        "E.2 error: the clause comes from no clause of the source, and no note adds it"
    ]


def test_a_source_that_does_not_exist_is_an_error(ama: Statement) -> None:
    assert told("L17", edited(ama, ("> source 6.6\n", "> source 6.6, 6.66\n"))) == [
        "6.6 error: the source has no clause `6.66`"
    ]


def test_an_addition_needs_a_reason() -> None:
    statement = statement_of(clause("6.2", "We help.", "source 6.2"), clause("A.1", "No adverts.", "added because "))
    assert [one for one in told("L17", statement) if one.startswith("A.1")]


def test_a_statement_that_restates_nothing_is_not_held_to_the_source() -> None:
    report = lint(statement_of(clause("6.2", "We help.")))
    assert report.unchecked["L17"] == "no clause names a source"
    assert len(SOURCE_CLAUSES) == 159
