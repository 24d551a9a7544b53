"""The statement in a reader's own language, as far as somebody translated it; else in English.

Clauses, links and rules are the same in each language. A translation that fell behind is not shown, and is told.
"""

import logging
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from amanat.publication import prose
from amanat.publication.prose import Part
from amanat.statement.compile import Statement
from amanat.statement.translations import faults, translation

log = logging.getLogger("amanat.publication")

ENGLISH: Final = "en"


@dataclass(frozen=True, slots=True)
class Reading:
    """The parts in one language. `draft`: nobody signed the translation; `behind`: there is one, of another text."""

    language: str
    parts: list[Part]
    draft: bool = False
    behind: bool = False

    @property
    def translated(self) -> bool:
        return self.language != ENGLISH


def read_in(language: str, statement: Statement, company: str) -> Reading:
    """The statement as `company` publishes it, in `language` if there is a translation that says the same."""
    found = translation(statement, language)
    if found is None:
        return Reading(ENGLISH, prose.parts_of(statement, company), behind=_behind(statement, language))
    return Reading(language, prose.parts_of(found, company), draft=found.header.get("status") == "draft")


@lru_cache(maxsize=16)
def _behind(statement: Statement, language: str) -> bool:
    """Whether a translation is held back. Told once: a warning at each visit is one that nobody reads."""
    why = faults(statement, language)
    if why:
        told = "\n".join(one.render(f"{statement.name}.{language}") for one in why)
        log.warning("a translation is not shown beside %s %s\n%s", statement.name, statement.version, told)
    return bool(why)
