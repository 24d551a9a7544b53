"""The plain-words lock: each clause as the public reads it, beside what the program made of it.

The second half comes from the meaning of the rules and never from their text, so whoever signs compares two witnesses.
"""

from collections.abc import Collection, Iterator
from textwrap import fill

from amanat.statement.compile import Statement
from amanat.statement.declaration_words import declaration_sentence
from amanat.statement.document import Section
from amanat.statement.readability import plain
from amanat.statement.words import sentence

_WIDTH = 100


def review_lines(statement: Statement, clauses: Collection[str]) -> Iterator[str]:
    """These clauses for reading: prose, then what it makes the program do, then the cases that show it."""
    for section in (one for one in statement.sections if one.id in clauses):
        yield f"{section.id} {section.title}"
        yield from _paragraph("", plain(section.text))
        for said in _made_of(statement, section):
            yield from _paragraph("= ", said)
        for line in section.cases:
            yield f"    {' '.join(line.text.split())}"
        yield ""


def _made_of(statement: Statement, section: Section) -> Iterator[str]:
    yield from (sentence(draft.rule) for draft in statement.drafts[section.id])
    yield from map(declaration_sentence, statement.declared(section.id))


def _paragraph(lead: str, text: str) -> Iterator[str]:
    if text:
        yield fill(" ".join(text.split()), _WIDTH, initial_indent=f"  {lead}", subsequent_indent="  " + " " * len(lead))
