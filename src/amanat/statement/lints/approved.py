"""Signatures that no longer hold (L15): a clause that changed since it was signed has to be read again."""

from collections.abc import Iterator

from amanat.statement.diagnostics import Diagnostic
from amanat.statement.lints.look import Look, at_heading
from amanat.statement.signing import approvals, seal_of, unsigned
from amanat.statement.spans import finding


def changed_since(look: Look) -> Iterator[Diagnostic]:
    """L15: each signature that cannot be read, or whose clause now reads otherwise."""
    for section in look.statement.sections:
        seal = seal_of(section)
        for one in approvals(section):
            if not one.reviewer:
                hint = "`amanat sign` writes it: `> approved <reviewer> <date> <seal>`"
                yield finding(one.line, section.id, "L15", "this signature cannot be read", hint)
            elif one.seal != seal:
                message = f"the clause changed since {one.reviewer} signed it on {one.day}"
                yield finding(one.line, section.id, "L15", message, "read it again and sign it anew", one.seal)


def never_signed(look: Look) -> Iterator[Diagnostic]:
    """L15, where a statement is to be published: each clause that nobody signed at all."""
    waiting = set(unsigned(look.statement))
    for section in look.statement.sections:
        if section.id in waiting and not approvals(section):
            yield at_heading(section, "L15", "nobody signed this clause", "read it, then `amanat sign`")
