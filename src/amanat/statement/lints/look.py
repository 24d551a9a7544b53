"""What a lint looks at: the statement, and beside it the inventory of a system and the statement it translates.

A check yields findings; what it cannot look at it says in a word, so that silence always means that all is well.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from amanat.statement.compile import Statement
from amanat.statement.coverage import uncovered
from amanat.statement.diagnostics import Diagnostic
from amanat.statement.document import Line, Section
from amanat.statement.inventory import Inventory
from amanat.statement.spans import finding

ENGLISH: Final = "en"


@dataclass(frozen=True)
class Look:
    """One statement to be looked over. `base` is the statement that it says it translates."""

    statement: Statement
    inventory: Inventory | None = None
    base: Statement | None = None

    @property
    def language(self) -> str:
        return self.statement.header.get("language", ENGLISH)

    @property
    def translates(self) -> str:
        """The name and the version that the header says, or nothing."""
        return self.statement.header.get("translates", "")

    @cached_property
    def against_inventory(self) -> tuple[Diagnostic, ...]:
        return () if self.inventory is None else tuple(uncovered(self.statement, self.inventory))

    def header_line(self, key: str) -> Line:
        """Where the header says `key`, or the first line."""
        for number, text in enumerate(self.statement.text.split("\n"), 1):
            if number > 1 and text.strip() == "---":
                break
            if text.partition(":")[0].strip() == key:
                return Line(number, text)
        return Line(1, "")

    def operative(self, section: Section) -> bool:
        """Whether the clause rules or declares anything."""
        return bool(self.statement.drafts[section.id]) or bool(self.statement.declared(section.id))


Check = Callable[[Look], Iterable[Diagnostic]]


def notes_of(section: Section, kind: str) -> list[str]:
    """What the notes of one kind say; an empty one says nothing."""
    return [text for found, text in section.notes if found == kind and text.strip()]


def at_heading(section: Section, code: str, message: str, hint: str, level: str = "error") -> Diagnostic:
    """A finding about a clause as a whole."""
    told = finding(section.heading, section.id, code, message, hint, section.title)
    return Diagnostic(told.line, told.clause, code, message, hint, level, told.column, told.length)
