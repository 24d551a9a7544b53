"""What the public reads: words that bind without a rule (L01), vague words (L19), and hard reading (L20).

They know English; the translation of a statement is held to its base instead (L16).
"""

import re
from collections.abc import Iterator
from typing import Final

from amanat.statement.diagnostics import Diagnostic
from amanat.statement.document import Line, Section
from amanat.statement.lints.look import Look, at_heading, notes_of
from amanat.statement.readability import MAX_GRADE, MAX_SENTENCES, MAX_WORDS, plain, reading_of
from amanat.statement.spans import finding

_BINDING: Final = re.compile(r"\b(?:may|must|shall|will|won['\u2019]t|never|cannot|choose|chooses)\b", re.IGNORECASE)
_VAGUE: Final = re.compile(
    r"\b(?:such as|similar|desirable|from time to time|where appropriate|as appropriate|if appropriate|as necessary"
    r"|where necessary|reasonabl[ey]|and so on|among others|including but not limited to|periodically|as needed)\b"
    r"|\betc\b\.?",
    re.IGNORECASE,
)


def unruled(look: Look) -> Iterator[Diagnostic]:
    """L01: the words of a clause bind somebody, and no rule or declaration holds them."""
    for section in look.statement.sections:
        found = _first(section, _BINDING)
        if found and not look.operative(section) and not notes_of(section, "informative because"):
            line, word = found
            message = f"`{word}` binds, and the clause has no rule and no declaration"
            hint = "add one, or say why none is needed: `> informative because …`"
            yield finding(line, section.id, "L01", message, hint, word)


def vague(look: Look) -> Iterator[Diagnostic]:
    """L19: a word that everyone may read as they like, in a clause that rules, without a note that settles it."""
    for section in look.statement.sections:
        found = _first(section, _VAGUE)
        if found and look.operative(section) and not notes_of(section, "note"):
            line, word = found
            told = finding(line, section.id, "L19", f"`{word}` leaves open what is meant",
                           "name what is meant, or settle it in a `> note`", word)  # fmt: skip
            yield _warning(told)


def hard_to_read(look: Look) -> Iterator[Diagnostic]:
    """L20: more sentences, longer ones, or harder words than the public should be asked to read."""
    for section in look.statement.sections:
        reading = reading_of(section.text)
        too_much = {
            f"needs {reading.grade:.1f} years at school, at most {MAX_GRADE}": reading.grade > MAX_GRADE,
            f"has a sentence of {reading.longest} words, at most {MAX_WORDS}": reading.longest > MAX_WORDS,
            f"has {reading.sentences} sentences, at most {MAX_SENTENCES}": reading.sentences > MAX_SENTENCES,
        }
        for what in (what for what, wrong in too_much.items() if wrong):
            yield at_heading(section, "L20", f"the clause {what}", "shorten it, or divide it", "warning")


def _first(section: Section, words: re.Pattern[str]) -> tuple[Line, str] | None:
    """The first line that shows a reader such a word. Targets of links are no words."""
    for line in section.prose:
        if found := words.search(plain(line.text)):
            return line, found[0]
    return None


def _warning(told: Diagnostic) -> Diagnostic:
    return Diagnostic(
        told.line, told.clause, told.code, told.message, told.hint, "warning", told.column, told.length
    )  # fmt: skip
