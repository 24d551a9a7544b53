"""The statement as the public reads it: short, plain, and in words of its own."""

import re
from pathlib import Path

import pytest

from amanat.statement.compile import Statement
from amanat.statement.document import Section
from amanat.statement.readability import MAX_GRADE, MAX_SENTENCES, MAX_WORDS, plain, reading_of, sentences_of

SOURCE = Path(__file__).parents[4] / "shared" / "source"
RUN = 8
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")


def too_hard(section: Section) -> bool:
    reading = reading_of(section.text)
    return reading.grade > MAX_GRADE or reading.longest > MAX_WORDS or reading.sentences > MAX_SENTENCES


def test_every_clause_is_short_and_plain(ama: Statement) -> None:
    assert [section.id for section in ama.sections if not section.text or too_hard(section)] == []


def test_the_statement_as_a_whole_is_plainer_still(ama: Statement) -> None:
    assert reading_of(" ".join(section.text for section in ama.sections)).grade < 6


def test_a_note_is_one_sentence_that_names_what_it_settles(ama: Statement) -> None:
    notes = [text for section in ama.sections for kind, text in section.notes if kind == "note"]
    assert [text for text in notes if not re.match(r"A-\d+: ", text) or len(sentences_of(text)) != 1] == []


def test_no_stray_quotation_slips_into_the_prose(ama: Statement) -> None:
    """A misspelt note would be printed as prose."""
    assert [one.id for one in ama.sections if any(line.text.startswith(">") for line in one.prose)] == []


def runs(text: str) -> set[tuple[str, ...]]:
    words = [word.lower() for word in _WORD.findall(plain(text))]
    return {tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1)}


def test_no_sentence_is_taken_from_the_source(ama: Statement) -> None:
    if not SOURCE.is_dir():
        pytest.skip("the source text is not part of the project")
    source = set().union(*(runs(path.read_text(encoding="utf-8")) for path in SOURCE.iterdir()))
    assert source & runs(ama.text) == set()
