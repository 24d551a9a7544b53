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


# Ambiguity → the clauses whose words it settles.
SETTLED = {
    "A-1": "0.7", "A-2": "8.15", "A-3": "7.1", "A-4": "7.2", "A-5": "5.16", "A-6": "5.6", "A-7": "5.15", "A-8": "5.2",
    "A-9": "A.1", "A-10": "8.3", "A-11": "8.6", "A-12": "8.6", "A-13": "6.5 6.10", "A-14": "6.10", "A-15": "6.10",
    "A-16": "6.11", "A-17": "8.12", "A-18": "8.7", "A-19": "8.13b", "A-20": "3.7", "A-21": "3.4", "A-22": "2.2",
    "A-23": "1.2", "A-24": "6.8", "A-25": "6.12", "A-26": "4.0", "A-27": "2.3", "A-28": "8.9", "A-29": "2.4",
    "A-30": "8.11", "A-31": "8.16", "A-32": "9.4", "A-33": "6.8", "A-34": "3.6c", "A-35": "2.1", "A-36": "2.3",
}  # fmt: skip
# Gap of the source → the clauses that fill it.
FILLED = {
    "G1": "C.1 C.2", "G2": "R.1 R.2 R.3 R.4 R.5 R.6 R.7", "G3": "T.1", "G4": "B.1", "G5": "V.1", "G6": "1.3 15.1",
    "G7": "M.1 M.2 M.3", "G8": "E.1 E.2", "G9": "3.4a 3.4f 3.6a 6.4", "G10": "D.1", "G11": "8.12", "G12": "X.1",
    "G13": "2.1", "G14": "A.1", "G15": "N.1", "G16": "0.9",
}  # fmt: skip


@pytest.mark.parametrize(("kind", "told"), [("note", SETTLED), ("added because", FILLED)])
def test_each_reading_and_each_addition_is_told_at_its_clause(ama: Statement, kind: str, told: dict[str, str]) -> None:
    found: dict[str, list[str]] = {}
    for section in ama.sections:
        for text in (text for written, text in section.notes if written == kind):
            found.setdefault(text.partition(":")[0], []).append(section.id)
    assert {name: " ".join(clauses) for name, clauses in found.items()} == told
