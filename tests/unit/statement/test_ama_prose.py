"""The statement as the public reads it: short, plain, and in words of its own."""

import re
from pathlib import Path

import pytest

from amanat.statement.compile import Statement
from amanat.statement.document import Section

SOURCE = Path(__file__).parents[4] / "shared" / "source"
GRADE, WORDS, SENTENCES, RUN = 9.5, 32, 3, 8
_LINK = re.compile(r"\[([^\]\[]+)\]\([a-z][a-z0-9_.:]*\)")
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")


def plain(text: str) -> str:
    return _LINK.sub(r"\1", text).replace("{company}", "Amanat")


def sentences(text: str) -> list[str]:
    return [one for one in re.split(r"(?<=[.!?])\s+", plain(text).strip()) if one]


def syllables(word: str) -> int:
    """Vowel groups, less a silent ending; near enough for a grade."""
    word = re.sub(r"[^a-z]", "", word.lower())
    count = len(re.findall(r"[aeiouy]+", word))
    if re.search(r"[^aeiouyl]e$|[aeiou]le$|[^aeiouytd]ed$|[^aeiouysxzcgh]es$", word):
        count -= 1
    return max(count, 1)


def grade(text: str) -> float:
    """Flesch-Kincaid: the school year that reads this with ease."""
    said = sentences(text)
    words = [word for sentence in said for word in _WORD.findall(sentence)]
    return 0.39 * len(words) / len(said) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def test_the_grade_is_measured_as_published() -> None:
    """`The cat sat on the mat.` is the textbook's example of a grade below zero."""
    assert grade("The cat sat on the mat.") == pytest.approx(-1.45, abs=0.01)
    assert grade("Organisations habitually communicate extraordinarily complicated considerations.") > 20


def too_hard(section: Section) -> bool:
    said = sentences(section.text)
    longest = max(len(_WORD.findall(one)) for one in said)
    return grade(section.text) > GRADE or longest > WORDS or len(said) > SENTENCES


def test_every_clause_is_short_and_plain(ama: Statement) -> None:
    assert [section.id for section in ama.sections if not section.text or too_hard(section)] == []


def test_a_note_is_one_sentence_that_names_what_it_settles(ama: Statement) -> None:
    notes = [text for section in ama.sections for kind, text in section.notes if kind == "note"]
    assert [text for text in notes if not re.match(r"A-\d+: ", text) or len(sentences(text)) != 1] == []


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
