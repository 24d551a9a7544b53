"""Translations: installed beside the statement, read only while they say what it says, and French is one of them."""

import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files

import pytest

from amanat.statement import translations
from amanat.statement.compile import Statement, compile_statement, load_statement
from amanat.statement.diagnostics import StatementError
from amanat.statement.document import read_document
from amanat.statement.lints.translated import original_of
from amanat.statement.readability import MAX_SENTENCES, sentences_of
from amanat.statement.translations import faults, installed, stale, translation
from stage.planted import edited, told

LONGEST = 40  # words of a French sentence; articles make it longer than the English one
ENGLISH = re.compile(r"\b(the|your|of|and|which|with|what|only)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def french() -> Statement:
    return load_statement("ama.fr")


@pytest.fixture
def other_french(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Statement]]:
    """The one statement put in here stands in for the installed French."""
    listed: list[Statement] = []

    def first(_name: str, _language: str) -> Statement:
        return listed[0]

    monkeypatch.setattr(translations, "installed", first)
    faults.cache_clear()
    yield listed
    faults.cache_clear()


def test_french_says_what_the_statement_says(ama: Statement, french: Statement) -> None:
    """Fails when `ama.md` moves on: translate what changed, then write the seal that the finding names."""
    assert [(one.clause, one.message, one.hint) for one in stale(ama, french)] == []
    assert translation(ama, "fr") == french


def test_it_marks_itself_as_a_draft_of_a_named_text(ama: Statement, french: Statement) -> None:
    said = {"language": "fr", "translates": "ama 1.0.0", "status": "draft", "original": original_of(ama)}
    assert said.items() <= french.header.items()


def test_it_is_part_of_the_package() -> None:
    assert (files("amanat") / "statements" / "ama.fr.md").is_file()


def test_blocks_and_sources_are_the_same_letter_for_letter(ama: Statement, french: Statement) -> None:
    def kept(statement: Statement) -> list[str]:
        blocks = re.findall(r"^```\w+\n.*?^```", statement.text, re.MULTILINE | re.DOTALL)
        return blocks + re.findall(r"^> source.*", statement.text, re.MULTILINE)

    assert kept(french) == kept(ama)


def test_it_decides_alike(ama: Statement, french: Statement) -> None:
    assert [(rule.id, rule.box) for rule in french.policy.rules] == [(rule.id, rule.box) for rule in ama.policy.rules]


def test_all_of_it_is_in_french(ama: Statement, french: Statement) -> None:
    english = {line for one in ama.sections for line in (one.title, *one.text.split("\n")) if line}
    mine = {line for one in french.sections for line in (one.title, *one.text.split("\n")) if line}
    assert english & mine == set()
    lines = [line.text for line in read_document(french.text).body if hasattr(line, "text")]
    texts = [re.sub(r"\]\([^)]*\)", "", text) for text in (*mine, *lines)]
    texts += [text for one in french.sections for kind, text in one.notes if kind != "source"]
    assert [text for text in texts if ENGLISH.search(text)] == []


def test_no_clause_is_longer_than_three_sentences_and_no_sentence_too_long(french: Statement) -> None:
    said = {one.id: sentences_of(one.text) for one in french.sections}
    assert [clause for clause, listed in said.items() if not 1 <= len(listed) <= MAX_SENTENCES] == []
    assert [one for listed in said.values() for one in listed if len(one.split()) > LONGEST] == []


def test_the_words_are_linked_and_not_their_commas(french: Statement) -> None:
    linked = [anchor.words for one in french.sections for anchor in one.anchors]
    assert [words for words in linked if words != words.strip(" ,.;:\u00a0")] == []


def test_every_part_is_told_in_short_in_french(ama: Statement, french: Statement) -> None:
    parts = re.compile(r"^## Part(?:ie)? (\d+) (.+)\n\n(.+)\n", re.MULTILINE)
    assert [one[0] for one in parts.findall(french.text)] == [one[0] for one in parts.findall(ama.text)]
    assert len(parts.findall(french.text)) == 17


def test_another_language_has_no_translation(ama: Statement) -> None:
    assert [translation(ama, language) for language in ("en", "ar", "", "../fr", "FR")] == [None] * 5
    assert installed("../statements/ama", "fr") is None


def test_another_version_is_not_read_in_the_french_of_this_one() -> None:
    assert translation(load_statement("ama-1.1"), "fr") is None
    assert translation(load_statement("ama-v0"), "fr") is None


@pytest.mark.parametrize(("old", "new"), [
    ("Your data is protected: that is our pledge.", "Your data is safe: that is our pledge."),
    ("### 0.6 Our pledge", "### 0.6 Our promise"),
    ("> note A-14: the aims are those", "> note A-14: the only aims are those"),
    ("## Part 12 How long\n", "## Part 12 For how long\n"),
    ("We keep data for as long as its aim lasts.", "We keep data while its aim lasts."),
])  # fmt: skip
def test_words_that_changed_make_it_stale(ama: Statement, french: Statement, old: str, new: str) -> None:
    changed = edited(ama, (old, new))
    assert translation(changed, "fr") is None
    (found,) = stale(changed, french)
    assert found.message == "the words of ama 1.0.0 have changed since they were translated"
    assert original_of(changed) in found.hint


def test_a_signature_or_another_line_break_changes_no_word(ama: Statement) -> None:
    signed = edited(ama, ("> source 0.5\n", "> source 0.5\n> approved Dina 2026-11-23 " + 64 * "0" + "\n"))
    broken = edited(signed, ("that is our pledge.", "that is\nour pledge."))
    assert translation(broken, "fr") is not None


def test_a_rule_that_changed_makes_it_stale(ama: Statement, french: Statement) -> None:
    changed = edited(ama, ("  within     90d", "  within     60d"), ("(within:90d)", "(within:60d)"))
    assert translation(changed, "fr") is None
    assert "its declarations differ from the base" in {one.message for one in stale(changed, french)}


def test_an_anchor_that_carries_a_rule_cannot_even_be_left_out(french: Statement) -> None:
    with pytest.raises(StatementError, match="a rule uses `do telling`, but no word of the prose says so"):
        edited(french, ("la [montrer](do:telling) à", "la montrer à"))


@pytest.mark.parametrize(("old", "new", "message"), [
    (re.compile(r"### 0\.6 .*?(?=### 0\.7)", re.DOTALL), "", "clauses that are not translated: 0.6"),
    ("[un proche](of:dependant_of)", "un proche", "the base links `of:dependant_of` more often"),
    ("> note A-14: ", "> note A-15: ", "its notes differ from the base"),
    ("permit  clinician use name for consultation\n", "permit  clinician use email for consultation\n",
     "its cases differ from the base"),
    ("translates: ama 1.0.0", "translates: ama 0.9.0", "it translates ama 0.9.0, and is held against ama 1.0.0"),
])  # fmt: skip
def test_a_translation_that_says_something_else_is_not_read_and_told(
    ama: Statement, french: Statement, other_french: list[Statement], old: str | re.Pattern[str], new: str, message: str
) -> None:
    found = old if isinstance(old, str) else re.findall(old, french.text)[0]
    other = edited(french, (found, new))
    other_french.append(other)
    assert translation(ama, "fr") is None
    assert message in {one.message for one in faults(ama, "fr")}


def test_a_translation_that_does_not_compile_is_not_read_and_told(
    ama: Statement, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(_name: str, _language: str) -> Statement:
        return compile_statement("no header", "ama.fr.md")

    faults.cache_clear()
    monkeypatch.setattr(translations, "installed", damaged)
    assert translation(ama, "fr") is None
    assert faults(ama, "fr")[0].code == "S002"
    faults.cache_clear()


def test_one_anchor_counts_as_often_as_it_stands(ama: Statement, french: Statement) -> None:
    for theirs, ours in zip(ama.sections, french.sections, strict=True):
        meant = Counter((one.kind, one.term) for one in theirs.anchors)
        assert Counter((one.kind, one.term) for one in ours.anchors) == meant, ours.id


def test_the_lint_of_translations_finds_nothing(ama: Statement, french: Statement) -> None:
    assert told("L16", french, ama) == []
