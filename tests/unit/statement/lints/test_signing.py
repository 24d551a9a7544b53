"""The co-sign lock and L15: a signature holds as long as nothing of its clause changes, and no longer."""

from datetime import date

import pytest

from amanat.statement.compile import Statement, compile_statement
from amanat.statement.lints.lint import lint, publishable
from amanat.statement.review import review_lines
from amanat.statement.signing import SigningError, approvals, is_signed, seal_of, sign, unsigned
from stage.planted import clause, edited, statement_of, told

DAY = date(2026, 12, 1)
BILL = clause(
    "6.5", "We [use](do:use) [your name](data:name)\nto [send the bill](for:billing).", "note A-13: a sum.",
    rule="permit 6.5\n  do    use\n  data  name\n  for   billing",
    cases="permit  clinician use name for billing\ndeny    clinician use email for billing",
)  # fmt: skip


@pytest.fixture
def small() -> Statement:
    return statement_of(BILL, clause("6.2", "We help."))


@pytest.fixture
def signed(small: Statement) -> Statement:
    return compile_statement(sign(small, "Dina Weber", DAY))


def test_signing_puts_one_line_below_each_clause(small: Statement, signed: Statement) -> None:
    assert unsigned(small) == ("6.5", "6.2")
    assert unsigned(signed) == ()
    added = [line for line in signed.text.split("\n") if line not in small.text.split("\n")]
    assert added == [f"> approved Dina Weber 2026-12-01 {seal_of(one)}" for one in small.sections]
    assert [line for line in signed.text.split("\n") if line not in added] == small.text.split("\n")


def test_a_signature_is_no_part_of_what_is_signed(small: Statement, signed: Statement) -> None:
    assert [seal_of(one) for one in small.sections] == [seal_of(one) for one in signed.sections]
    assert signed.policy.rules == compile_statement(small.text).policy.rules


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Title of 6.5", "Bills"),
        ("[send the bill]", "[send a bill]"),
        ("  data  name\n  for", "  data  name\n  who   staff\n  for"),
        ("clinician use email", "clinician use phone_home"),
        ("A-13: a sum", "A-13: the sum"),
    ],
)
def test_a_clause_that_changed_in_any_part_is_unsigned(signed: Statement, old: str, new: str) -> None:
    changed = edited(signed, (old, new))
    assert unsigned(changed) == ("6.5",)
    assert told("L15", changed) == ["6.5 error: the clause changed since Dina Weber signed it on 2026-12-01"]


def test_a_declaration_that_changed_unsigns_its_clause(ama: Statement) -> None:
    signed = compile_statement(sign(ama, "Dina Weber", DAY))
    clock = "  for every  majority\n  within     1d\n  evidence   {}"
    changed = edited(signed, (clock.format("age_record"), clock.format("request_answer")))
    assert unsigned(changed) == ("M.3",)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(data:name)\nto [send", "(data:name) to\n[send"),
        ("permit  clinician use name for billing", "permit   clinician   use name   for billing"),
        ("  data  name\n", "   data    name\n\n"),
        ("```rule", "\n```rule"),
    ],
)
def test_how_lines_are_broken_and_spaced_changes_nothing(signed: Statement, old: str, new: str) -> None:
    assert unsigned(edited(signed, (old, new))) == ()


def test_a_signature_for_another_clause_does_not_hold() -> None:
    first, second = clause("6.2", "We help."), clause("6.4", "We help.")
    one, other = statement_of(first, second).sections
    assert seal_of(one) != seal_of(other)


def test_signing_again_replaces_what_no_longer_holds_and_keeps_what_does(signed: Statement) -> None:
    two = compile_statement(sign(signed, "Emil Roth", DAY, ["6.5"]))
    bill, other = two.sections
    assert [one.reviewer for one in approvals(bill)] == ["Dina Weber", "Emil Roth"]
    assert [one.reviewer for one in approvals(other)] == ["Dina Weber"]
    later = compile_statement(sign(two, "Emil Roth", date(2026, 12, 9)))
    assert [(one.reviewer, one.day) for one in approvals(later.sections[0])] == [
        ("Dina Weber", "2026-12-01"), ("Emil Roth", "2026-12-09"),
    ]  # fmt: skip
    changed = edited(later, ("[send the bill]", "[send a bill]"))
    anew = compile_statement(sign(changed, "Emil Roth", date(2026, 12, 9), ["6.5"]))
    assert [one.reviewer for one in approvals(anew.sections[0])] == ["Emil Roth"]
    assert unsigned(anew) == ()


def test_signing_twice_changes_nothing(signed: Statement) -> None:
    assert sign(signed, "Dina Weber", DAY) == signed.text


def test_one_signature_that_no_longer_holds_unsigns_the_clause(signed: Statement) -> None:
    broken = edited(signed, (seal_of(signed.sections[1]), "0" * 64))
    assert unsigned(broken) == ("6.2",)


@pytest.mark.parametrize(
    "line", ["approved Dina Weber", "approved 2026-12-01 " + "0" * 64, "approved", "approved x 2026-12-01 abc"]
)
def test_a_signature_that_cannot_be_read_is_an_error(line: str) -> None:
    assert told("L15", statement_of(clause("6.2", "We help.", line))) == ["6.2 error: this signature cannot be read"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "Dina\x1b[2J", "Dina \u202eWeber"])
def test_a_reviewer_has_a_name_that_can_be_read(small: Statement, name: str) -> None:
    with pytest.raises(SigningError):
        sign(small, name, DAY)


def test_a_clause_that_is_not_there_cannot_be_signed(small: Statement) -> None:
    with pytest.raises(SigningError, match=r"no clause `6\.99`"):
        sign(small, "Dina Weber", DAY, ["6.5", "6.99"])


def test_a_name_may_have_blanks_and_digits(small: Statement) -> None:
    name = "Privacy desk 2 2026-01-01 of Dina  Weber"
    (first, _) = compile_statement(sign(small, name, DAY)).sections
    assert [one.reviewer for one in approvals(first)] == [" ".join(name.split())]
    assert is_signed(first)


def test_the_installed_statement_is_signed_by_one_call_and_reads_the_same(ama: Statement) -> None:
    signed = compile_statement(sign(ama, "Dina Weber", DAY))
    assert unsigned(signed) == ()
    assert [one.id for one in signed.policy.rules] == [one.id for one in ama.policy.rules]
    assert [one.code for one in lint(signed).errors] == []


# What publication asks.


def test_a_clause_that_nobody_signed_is_a_fact_in_development_and_an_error_for_publication(small: Statement) -> None:
    assert lint(small).unsigned == ("6.5", "6.2")
    assert lint(small).errors == ()
    assert [(one.code, one.clause) for one in lint(small, strict=True).errors] == [("L15", "6.5"), ("L15", "6.2")]


def test_only_a_statement_without_errors_and_signed_throughout_may_be_published(
    small: Statement, signed: Statement
) -> None:
    assert publishable(signed)
    assert not publishable(small)
    assert not publishable(edited(signed, ("[send the bill]", "[send a bill]")))
    faulty = statement_of(clause("6.2", "We may help."))
    assert not publishable(compile_statement(sign(faulty, "Dina Weber", DAY)))


def test_a_review_shows_the_words_beside_what_the_program_made_of_them(small: Statement) -> None:
    shown = "\n".join(review_lines(small, ["6.5"]))
    assert "We use your name to send the bill." in shown
    assert "= Anyone may use your name, for billing." in " ".join(shown.split())
    assert "deny clinician use email for billing" in shown
    assert "6.2" not in shown
