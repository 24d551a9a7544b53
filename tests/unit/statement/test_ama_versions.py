"""The versions beside the one in force: the old text without the additions, and a successor with five changes."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from amanat.policy.decision import Decision
from amanat.policy.interpreter import decide
from amanat.policy.rule import Rule
from amanat.statement.cases import read_cases, read_world
from amanat.statement.compile import Statement, load_statement
from amanat.statement.declarations import Duty
from amanat.statement.document import Line, Section, read_document
from amanat.statement.readability import MAX_GRADE, MAX_SENTENCES, MAX_WORDS, plain, reading_of
from amanat.vocabulary.clauses import ADDED_CLAUSES, SOURCE_CLAUSES

SOURCE = Path(__file__).parents[4] / "shared" / "source"
RUN = 8

# Changed clause of 1.1.0 → how its note calls the change.
CHANGES = {
    "5.6": "reworded",
    "6.6": "obligation added",
    "8.5d": "widened",
    "8.6": "narrowed",
    "T.1": "moved",
}
# What the gaps brought into the rules: those added, and those widened (copies for a guardian; recorded calls).
ADDED_RULES = {"N.1", "6.4al", "M.1", "M.1g", "M.1x", "C.2", "E.1", "E.1x"}
WIDENED_BY_A_GAP = {"2.5a", "3.6a"}


@pytest.fixture(scope="module")
def before() -> Statement:
    return load_statement("ama-v0")


@pytest.fixture(scope="module")
def after() -> Statement:
    return load_statement("ama-1.1")


def asked(statement: Statement, text: str) -> Decision:
    world = read_world(read_document(statement.text).world, [])
    (case,) = read_cases([Line(1, f"permit {text}")], "", world, [])
    return decide(statement.policy, case.request)


def notes(section: Section, kind: str) -> list[str]:
    return [text for found, text in section.notes if found == kind]


def rules(statement: Statement) -> dict[str, Rule]:
    """Rule id → what it means, wherever it stands."""
    return {rule.id: replace(rule, line=0) for rule in statement.policy.rules}


def differing(one: Statement, other: Statement) -> set[str]:
    return {rule for rule, meaning in rules(one).items() if rules(other).get(rule, meaning) != meaning}


# Both are read by the public, and both are in our words.


@pytest.mark.parametrize("name", ["ama-v0", "ama-1.1"])
def test_every_clause_is_short_and_plain(name: str) -> None:
    measured = {section.id: reading_of(section.text) for section in load_statement(name).sections}
    assert {
        clause: reading
        for clause, reading in measured.items()
        if not reading.words
        or reading.grade > MAX_GRADE
        or reading.longest > MAX_WORDS
        or reading.sentences > MAX_SENTENCES
    } == {}


@pytest.mark.parametrize("name", ["ama-v0", "ama-1.1"])
def test_no_sentence_is_taken_from_the_source(name: str) -> None:
    if not SOURCE.is_dir():
        pytest.skip("the source text is not part of the project")
    source = set().union(*(_runs(path.read_text(encoding="utf-8")) for path in SOURCE.iterdir()))
    assert source & _runs(load_statement(name).text) == set()


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z][a-z'-]*", plain(text).lower())
    return {tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1)}


# Version 0: the source's clauses alone.


def test_the_old_text_restates_every_row_of_the_source_and_adds_no_clause(before: Statement) -> None:
    assert (before.name, before.version) == ("ama", "0")
    told = {row for section in before.sections for text in notes(section, "source") for row in text.split(", ")}
    assert told == set(SOURCE_CLAUSES)
    assert {section.id for section in before.sections} & {*ADDED_CLAUSES, "15.1"} == set()
    assert [section.id for section in before.sections if notes(section, "added because")] == []


def test_the_old_text_leaves_two_promises_without_an_answer(ama: Statement, before: Statement) -> None:
    """0.10d: how to correct or delete (R.2 to R.4). 0.10g: whom to ask and complain to (C.1, C.2)."""
    answers = {"R.2", "R.3", "R.4", "C.1", "C.2"}
    assert before.section("0.10")
    assert answers <= {section.id for section in ama.sections}
    assert not answers & {section.id for section in before.sections}


def test_between_the_old_text_and_the_first_version_lie_the_additions_alone(ama: Statement, before: Statement) -> None:
    assert set(rules(ama)) - set(rules(before)) == ADDED_RULES
    assert set(rules(before)) <= set(rules(ama))
    assert differing(before, ama) == WIDENED_BY_A_GAP


def test_the_erratum_of_the_old_text_is_told(before: Statement) -> None:
    assert [section.id for section in before.sections if notes(section, "erratum")] == ["5.16"]


# Version 1.1.0: five changes, each of its own kind.


def body(statement: Statement, section: Section) -> list[str]:
    """The lines of a clause as they were written, without blank ones and signatures."""
    lines = statement.text.splitlines()[section.line - 1 :]
    end = next((place for place, line in enumerate(lines) if place and line.startswith(("## ", "### "))), len(lines))
    return [line for line in lines[:end] if line.strip() and not line.startswith("> approved")]


def test_the_successor_follows_the_version_in_force(ama: Statement, after: Statement) -> None:
    assert (after.name, after.version) == ("ama", "1.1.0")
    assert read_document(after.text).header["replaces"] == ama.version
    assert date.fromisoformat(after.effective) > date.fromisoformat(ama.effective)


def test_nothing_but_the_noted_clauses_changed(ama: Statement, after: Statement) -> None:
    """A clause mended in one version is mended in both."""
    assert [section.id for section in after.sections] == [section.id for section in ama.sections]
    pairs = zip(ama.sections, after.sections, strict=True)
    assert {new.id for old, new in pairs if body(ama, old) != body(after, new)} == set(CHANGES)


def test_each_change_is_noted_where_it_stands(after: Statement) -> None:
    noted = {
        section.id: found[1]
        for section in after.sections
        for text in notes(section, "note")
        if (found := re.match(r"1\.1\.0 ([a-z ]+): ", text))
    }
    assert noted == CHANGES


def test_the_rules_that_changed_are_those_of_the_noted_clauses(ama: Statement, after: Statement) -> None:
    assert set(rules(after)) - set(rules(ama)) == {"8.5dx"}
    assert set(rules(ama)) <= set(rules(after))
    assert differing(ama, after) == {"6.6", "8.5d", "8.6"}


def test_the_widened_clause_opens_a_recipient_under_live_terms(ama: Statement, after: Statement) -> None:
    sent = "clinician transfer treatment_case to assistance_company for treatment given {}"
    yes = "consent(medical_service)"
    assert asked(ama, sent.format(yes)).outcome.value == "deny"
    assert asked(after, sent.format(yes)).outcome.value == "permit"
    assert asked(after, sent.format("no consent")).needs == ("medical_service",)
    assert asked(after, sent.format(f"{yes}, no agreement")).needs == ("agreement",)


def test_the_narrowed_clause_tells_rescuers_less(ama: Statement, after: Statement) -> None:
    told = "assistance_coordinator disclose {} to emergency_local for emergency_care in emergency_medical"
    for leaf, still in {"name": True, "phone_home": True, "event_location": True, "policy_number": False}.items():
        assert asked(ama, told.format(leaf)).outcome.value == "permit"
        assert (asked(after, told.format(leaf)).outcome.value == "permit") is still, leaf


def test_the_added_obligation_is_due(ama: Statement, after: Statement) -> None:
    sent = "assistance_coordinator transfer itinerary to security_centre for security_advice"
    due = [{str(duty) for duty in asked(one, sent).obligations} for one in (ama, after)]
    assert due[1] - due[0] == {"minimise"}


def test_the_moved_deadline_is_shorter(ama: Statement, after: Statement) -> None:
    said = [plain(section.text) for one in (ama, after) if (section := one.section("T.1"))]
    assert [re.findall(r"(ninety|thirty) days", text) for text in said] == [["ninety"], ["thirty"]]
    clocks = [{one.id: one.within for one in of.declarations if isinstance(one, Duty)} for of in (ama, after)]
    assert dict(clocks[1].items() - clocks[0].items()) == {"T.1t": "30d"}
