"""A translation says the same as its base (L16): the same clauses, anchors, rules, declarations, cases and sources.

Only the words differ, so a translation decides like its base and a clause has one number in all languages. Its header
may name the words it was made from, `original: <seal>`; once they have changed, it says what nobody says any more.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from amanat.statement.compile import Statement
from amanat.statement.diagnostics import Diagnostic
from amanat.statement.document import Line, Note, Section, read_document
from amanat.statement.lints.look import Look, at_heading
from amanat.statement.spans import finding

_PLACEHOLDER: Final = re.compile(r"\{[a-z_]+\}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
# Lines about a clause that are the same in all languages, or that speak of one text alone.
_UNTRANSLATED: Final = ("source", "approved")
_CODE: Final = re.compile(r"[A-Z]-?[0-9]+(?=:)")


def differing(look: Look) -> Iterator[Diagnostic]:
    """L16: each clause of a translation that is lacking, that is one too many, or that says something else."""
    base, here = look.base, look.statement
    if base is None:
        return
    yield from _header(look, base)
    theirs = {section.id: section for section in base.sections}
    for section in here.sections:
        if section.id not in theirs:
            yield at_heading(section, "L16", f"{_name(base)} has no such clause", "take it out")
        else:
            yield from _clause(base, theirs[section.id], here, section)
    ours = {section.id for section in here.sections}
    if lacking := [clause for clause in theirs if clause not in ours]:
        message = f"clauses that are not translated: {', '.join(lacking)}"
        yield finding(look.header_line("translates"), "", "L16", message, "translate them, under the same ids")


def _header(look: Look, base: Statement) -> Iterator[Diagnostic]:
    if look.translates != _name(base):
        message = f"it translates {look.translates}, and is held against {_name(base)}"
        yield finding(look.header_line("translates"), "", "L16", message, f"write `translates: {_name(base)}`")
    if not _LANGUAGE.fullmatch(look.statement.header.get("language", "")):
        yield finding(look.header_line("translates"), "", "L16", "the header names no language", "add `language: fr`")
    original = look.statement.header.get("original", "")
    if original and original != (seal := original_of(base)):
        message = f"the words of {_name(base)} have changed since they were translated"
        hint = f"read them again, then write `original: {seal}`"
        yield finding(look.header_line("original"), "", "L16", message, hint, original)
    if _world(look.statement) != _world(base):
        message = "its cases start from another world"
        yield finding(look.header_line("translates"), "", "L16", message, "copy the `world` block of the base")


def original_of(base: Statement) -> str:
    """SHA-256 over the words that a translator reads: titles, prose and notes, however lines are broken and spaced."""
    body = read_document(base.text).body
    parts = [" ".join(one.text.split()) for one in body if isinstance(one, Line)]
    form = json.dumps([" ".join(filter(None, parts)), *map(_words, base.sections)], ensure_ascii=False)
    return hashlib.sha256(form.encode(errors="surrogatepass")).hexdigest()


def _words(section: Section) -> list[object]:
    notes = [
        [one.kind, *one.text.split()] for one in section.body if isinstance(one, Note) and one.kind not in _UNTRANSLATED
    ]
    return [section.id, section.title, " ".join(section.text.split()), notes]


def _name(statement: Statement) -> str:
    return f"{statement.name} {statement.version}"


def _world(statement: Statement) -> list[str]:
    block = re.search(r"^```world\n(.*?)^```", statement.text, re.MULTILINE | re.DOTALL)
    return block[1].split() if block else []


def _clause(base: Statement, theirs: Section, here: Statement, ours: Section) -> Iterator[Diagnostic]:
    yield from _anchors(theirs, ours)
    for what, part in _SAME.items():
        if part(base, theirs) != part(here, ours):
            yield at_heading(ours, "L16", f"its {what} differ from the base", f"copy its {what}: only words differ")


def _anchors(theirs: Section, ours: Section) -> Iterator[Diagnostic]:
    """Every word that the base links is linked, as often, to the same term."""
    meant = Counter((one.kind, one.term) for one in theirs.anchors)
    said = Counter((one.kind, one.term) for one in ours.anchors)
    for kind, term in sorted((meant - said).keys()):
        message = f"the base links `{kind}:{term}` more often"
        yield at_heading(ours, "L16", message, f"link the words that say it: [words]({kind}:{term})")
    for one in ours.anchors:
        if (one.kind, one.term) in said - meant:
            message = f"the base links `{one.kind}:{one.term}` less often"
            yield Diagnostic(one.line, ours.id, "L16", message, "drop the link", "error", one.column, one.length)


def _rules(statement: Statement, section: Section) -> object:
    drafts = statement.drafts[section.id]
    return {draft.rule.id: (replace(draft.rule, line=0), draft.by_default) for draft in drafts}


def _declarations(statement: Statement, section: Section) -> object:
    return {one.id: replace(one, line=0) for one in statement.declared(section.id)}


def _cases(_: Statement, section: Section) -> object:
    return [line.text.split() for line in section.cases]


def _sources(_: Statement, section: Section) -> object:
    return [text.split() for kind, text in section.notes if kind == "source"]


def _notes(_: Statement, section: Section) -> object:
    """What kinds of notes there are, and the numbers they go by: `note A-13: …`, `added because G3: …`."""
    kept = [(kind, _CODE.match(text)) for kind, text in section.notes if kind not in _UNTRANSLATED]
    return [(kind, code[0] if code else "") for kind, code in kept]


def _placeholders(_: Statement, section: Section) -> object:
    return Counter(_PLACEHOLDER.findall(section.text))


_SAME: Final[Mapping[str, Callable[[Statement, Section], object]]] = {
    "rules": _rules, "declarations": _declarations, "cases": _cases, "sources": _sources,
    "notes": _notes, "words in braces": _placeholders,
}  # fmt: skip
