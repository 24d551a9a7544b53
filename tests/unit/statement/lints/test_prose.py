"""L01, L19, L20: words that bind without a rule, vague words, hard reading."""

import pytest

from amanat.statement.compile import Statement
from stage.planted import clause, edited, statement_of, told

USE = {
    "rule": "permit 6.5\n  do    use\n  data  name\n  for   billing",
    "cases": "permit clinician use name for billing\ndeny clinician use email for billing",
}
BILL = "We [use](do:use) [your name](data:name) to [send the bill](for:billing)"


@pytest.mark.parametrize("word", ["may", "must", "will", "never", "choose"])
def test_a_binding_word_without_a_rule_is_an_error(word: str) -> None:
    statement = statement_of(clause("6.5", f"Our firms {word} keep it."))
    assert told("L01", statement) == [f"6.5 error: `{word}` binds, and the clause has no rule and no declaration"]


def test_a_rule_or_a_reason_why_none_is_needed_answers_a_binding_word() -> None:
    reasoned = clause("6.2", "We may help you.", "informative because it names the services")
    assert told("L01", statement_of(reasoned, clause("6.5", f"{BILL}, as we may.", **USE))) == []


def test_a_reason_that_says_nothing_is_none() -> None:
    assert len(told("L01", statement_of(clause("6.2", "We may help you.", "informative because  ")))) == 1


def test_the_target_of_a_link_is_no_word_that_binds() -> None:
    assert told("L01", statement_of(clause("6.2", "We help. See 10.2, Maying."))) == []


@pytest.mark.parametrize("vague", ["such as", "similar", "desirable", "from time to time", "etc."])
def test_a_vague_word_in_a_clause_that_rules_is_told(vague: str) -> None:
    statement = statement_of(clause("6.5", f"{BILL} {vague}", **USE))
    assert told("L19", statement) == [f"6.5 warning: `{vague}` leaves open what is meant"]


def test_a_vague_word_is_settled_by_a_note_and_free_where_nothing_is_ruled() -> None:
    settled = clause("6.5", f"{BILL} such as it is.", "note A-1: as it is printed.", **USE)
    assert told("L19", statement_of(settled, clause("6.2", "We help in cases such as yours."))) == []


def test_hard_reading_is_told_with_its_measure() -> None:
    long = clause("6.2", f"We help {'you and ' * 20}all of them.")
    many = clause("6.3", "We help. You ask. We come. You rest.")
    hard = clause("6.4", "Notwithstanding administrative incompatibilities, organisational intermediaries participate.")
    assert told("L20", statement_of(long, many, hard)) == [
        "6.2 warning: the clause has a sentence of 45 words, at most 32",
        "6.2 warning: the clause needs 13.8 years at school, at most 9.5",
        "6.3 warning: the clause has 4 sentences, at most 3",
        "6.4 warning: the clause needs 49.7 years at school, at most 9.5",
    ]


def test_words_of_another_language_are_not_judged_in_english() -> None:
    statement = statement_of(clause("6.2", "Nous will aidons."), more="language: fr\n")
    assert told("L01", statement) == []


@pytest.mark.parametrize("code", ["L01", "L19", "L20"])
def test_the_installed_statement_reads_well(ama: Statement, code: str) -> None:
    assert told(code, ama) == []


def test_a_reason_taken_out_of_the_installed_statement_is_missed(ama: Statement) -> None:
    reason = "> informative because the page fills in the company; clause 8.14 holds the rule on clients\n"
    told_of = edited(ama, (reason, ""), ("Its role depends on the work", "Its role may depend on the work"))
    assert [one[:9] for one in told("L01", told_of)] == ["0.7 error"]
