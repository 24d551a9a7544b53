"""Every clause of the source is restated, and every restated clause comes from it or says why it was added (L17).

A statement of which no clause names a source restates nothing, and is not held to this.
"""

from collections.abc import Iterator

from amanat.statement.diagnostics import Diagnostic
from amanat.statement.document import Note, Section
from amanat.statement.lints.look import Look, at_heading, notes_of
from amanat.statement.spans import finding
from amanat.vocabulary.clauses import SOURCE_CLAUSES


def unmapped(look: Look) -> Iterator[Diagnostic]:
    """L17: clauses of the source that are lacking here, and clauses here that come from nowhere."""
    told = {clause for section in look.statement.sections for _, clause in _named(section)}
    if lacking := [clause for clause in SOURCE_CLAUSES if clause not in told]:
        message = f"clauses of the source that are restated nowhere: {', '.join(lacking)}"
        hint = "restate them, and name them in the clause: `> source 6.7`"
        yield finding(look.header_line("statement"), "", "L17", message, hint)
    for section in look.statement.sections:
        yield from _origins(section)


def restates(look: Look) -> bool:
    return any(notes_of(section, "source") for section in look.statement.sections)


def _origins(section: Section) -> Iterator[Diagnostic]:
    named = list(_named(section))
    if not named and not notes_of(section, "added because"):
        hint = "add `> source …`, or `> added because …`"
        yield at_heading(section, "L17", "the clause comes from no clause of the source, and no note adds it", hint)
    for note, clause in named:
        if clause not in SOURCE_CLAUSES:
            message = f"the source has no clause `{clause[:40]}`"
            yield finding(note.line, section.id, "L17", message, "name one of its ids, such as `6.9a`", clause)


def _named(section: Section) -> Iterator[tuple[Note, str]]:
    for one in section.body:
        if isinstance(one, Note) and one.kind == "source":
            yield from ((one, clause.strip()) for clause in one.text.split(",") if clause.strip())
