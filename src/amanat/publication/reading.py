"""The statement in a reader's own language, as far as somebody translated it; else in English.

Clauses, links and rules are the same in each language. A translation that fell behind is not shown, and is told. What
words mean is said in the reader's language where there is a glossary of it; what rules say is said in English.
"""

import logging
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from amanat.publication import glossary, prose
from amanat.publication.glossary import Word
from amanat.publication.prose import Meaning, Part
from amanat.statement.compile import Statement
from amanat.statement.translations import faults, translation
from amanat.statement.words import ENGLISH, SPOKEN

log = logging.getLogger("amanat.publication")

_TOLD: Final = 12  # `amanat lint` tells them all


@dataclass(frozen=True, slots=True)
class Reading:
    """A statement as one reader meets it: its `text` in `language`, the meanings of its words in `spoken`.

    `behind`: there is a translation, but of another text.
    """

    text: Statement
    language: str
    spoken: str
    company: str
    behind: bool = False

    @property
    def translated(self) -> bool:
        return self.language != ENGLISH

    @property
    def draft(self) -> bool:
        """Whether nobody has signed the translation yet."""
        return self.translated and self.text.header.get("status") == "draft"

    @property
    def parts(self) -> list[Part]:
        return prose.parts_of(self.text, self.company, self.spoken)

    def word(self, kind: str, term: str) -> Word:
        return glossary.open_word(self.text, kind, term, self.spoken)

    @property
    def words(self) -> dict[str, list[Meaning]]:
        return glossary.glossary(self.text, self.spoken)


def read_in(language: str, statement: Statement, company: str) -> Reading:
    """The statement as `company` publishes it, in `language` if there is a translation that says the same."""
    found = translation(statement, language)
    spoken = language if language in SPOKEN else ENGLISH
    if found is None:
        return Reading(statement, ENGLISH, spoken, company, _behind(statement, language))
    return Reading(found, language, spoken, company)


@lru_cache(maxsize=16)
def _behind(statement: Statement, code: str) -> bool:
    """Whether a translation is held back. Told once: a warning at each visit is one that nobody reads."""
    why = faults(statement, code)
    for one in why[:_TOLD]:
        told = "the translation into %s is not shown beside version %s: clause %s: %s"
        log.warning(told, code, statement.version, one.clause or "-", one.message)
    return bool(why)
