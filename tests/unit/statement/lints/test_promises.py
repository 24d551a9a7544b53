"""L04: what the preamble promises to explain is explained. The source broke two of seven such promises."""

from dataclasses import replace

import pytest

from amanat.statement.compile import Statement, load_statement
from amanat.statement.lints.lint import lint
from amanat.statement.lints.promises import PROMISES
from stage.planted import clause, statement_of, told


def without(statement: Statement, *heads: str) -> Statement:
    """The statement without the clauses whose ids begin so."""
    return replace(statement, sections=tuple(one for one in statement.sections if not one.id.startswith(heads)))


@pytest.mark.clause("0.10d")
def test_the_old_text_breaks_two_promises_and_the_new_one_none(ama: Statement) -> None:
    assert told("L04", load_statement("ama-v0")) == [
        "0.10 error: promise 0.10d (how to correct or delete) has no answering clause",
        "0.10 error: promise 0.10g (whom to ask, and where to complain) has no answering clause",
    ]
    assert told("L04", ama) == []
    assert told("L04", load_statement("ama-1.1")) == []


@pytest.mark.clause("0.10a", "0.10b", "0.10c")
def test_each_promise_alone_has_no_answer_in_a_text_that_only_promises() -> None:
    for promise, (says, _) in PROMISES.items():
        statement = statement_of(clause("0.10", "You find it below.", f"source {promise}"))
        assert told("L04", statement) == [f"0.10 error: promise {promise} ({says}) has no answering clause"]


@pytest.mark.clause("0.10f")
def test_the_measures_are_promised_and_told(ama: Statement) -> None:
    (found,) = told("L04", without(ama, "9."))
    assert "promise 0.10f (the measures" in found


@pytest.mark.parametrize(("gone", "promise"), [("R.2", "0.10d"), ("R.3", "0.10d"), ("C.1", "0.10g"), ("C.2", "0.10g")])
def test_a_promise_of_two_things_needs_both(ama: Statement, gone: str, promise: str) -> None:
    (found,) = told("L04", without(ama, gone))
    assert f"promise {promise} " in found


def test_a_heading_that_declares_nothing_answers_no_promise() -> None:
    told_of = clause("R.2", "You can correct.", "informative because we say so")
    erased = clause("R.3", "You can delete.", "informative because we say so")
    statement = statement_of(clause("0.10", "You find it below.", "source 0.10d"), told_of, erased)
    assert len(told("L04", statement)) == 1


def test_a_preamble_that_names_no_source_makes_all_seven() -> None:
    assert len(told("L04", statement_of(clause("0.10", "You find it below.")))) == 7
    assert len(told("L04", statement_of(clause("0.10d", "You find it below.")))) == 1


def test_a_statement_that_promises_nothing_breaks_no_promise() -> None:
    assert told("L04", statement_of(clause("6.2", "We help."))) == []


def test_the_finding_shows_the_promise_itself() -> None:
    old = load_statement("ama-v0")
    first, _ = (one for one in lint(old).findings if one.code == "L04")
    line = old.text.split("\n")[first.line - 1]
    assert line[first.column - 1 : first.column - 1 + first.length] == "0.10d"
