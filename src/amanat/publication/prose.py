"""A compiled statement as readers meet it: parts with what they say in short, clauses, and words that open.

Pure: the same statement always gives the same pages, whichever version it is. `{company}` in the prose is the company
that answers for the page.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from amanat.policy.rule import in_clause_order
from amanat.statement import words
from amanat.statement.compile import Statement
from amanat.statement.declaration_words import declaration_sentence
from amanat.statement.document import ANCHOR, Anchor, Section
from amanat.statement.words import ENGLISH
from amanat.vocabulary.clauses import ADDED_CLAUSES, SOURCE_CLAUSES
from amanat.vocabulary.clauses import clause_of as made_stricter

# The first word is “Part” in whatever language.
_PART = re.compile(r"^## (?:\w+ (?P<number>[0-9]+) )?(?P<title>.+)$")
_SPACE = re.compile(r"[ \t\n]+")  # not the kind that keeps a French colon on its line
_FOLDED = ("note", "added because", "erratum")
_COMPANY = "{company}"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of prose; `kind` and `term` are there if it is a word that opens."""

    words: str
    kind: str = ""
    term: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an anchored word stands for."""

    kind: str
    term: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause. `others` are further ids that lead here; `rules` its rules in plain words; `notes` (kind, text)."""

    id: str
    title: str
    spans: tuple[Span, ...]
    others: tuple[str, ...]
    rules: tuple[str, ...]
    meanings: tuple[Meaning, ...]
    notes: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        return "".join(span.words for span in self.spans)


@dataclass(frozen=True, slots=True)
class Part:
    number: str
    title: str
    short: str
    clauses: tuple[Clause, ...]


@lru_cache(maxsize=8)
def _homes(sections: tuple[tuple[str, str], ...]) -> dict[str, tuple[str, ...]]:
    """Section id → the further clause ids that it answers: those it names as its source, then those of its number."""
    home = {clause: section for section, source in sections for clause in source.replace(",", " ").split()}
    ids = {section for section, _ in sections}
    for clause in (*SOURCE_CLAUSES, *ADDED_CLAUSES):
        number = clause.rstrip("abcdefg")
        if clause not in home and (clause in ids or number in ids):
            home[clause] = clause if clause in ids else number
    others = {clause: at for clause, at in home.items() if clause not in ids}
    return {one: in_clause_order(clause for clause, at in others.items() if at == one) for one in ids}


def homes_of(statement: Statement) -> dict[str, tuple[str, ...]]:
    """Section id → the clause ids that lead to it besides its own."""
    return _homes(tuple((one.id, dict(one.notes).get("source", "")) for one in statement.sections))


def parts_of(statement: Statement, company: str, spoken: str = ENGLISH) -> list[Part]:
    """The whole statement, part by part, with `company` named where the prose names the one that answers.

    `spoken` is the language of its meanings; what the rules say is said in English.
    """
    homes = homes_of(statement)
    found: dict[str, list[Clause]] = {}
    for section in statement.sections:
        clause = _clause(statement, section, homes[section.id], company, spoken)
        found.setdefault(section.part, []).append(clause)
    shorts = _shorts(statement.text)
    return [_part(title, shorts.get(title, ""), clauses) for title, clauses in found.items()]


def clause_of(statement: Statement, clause: str, company: str) -> Clause | None:
    """The clause under which `clause` (its own id, one that leads to it, or an overlay's) is printed."""
    clause, homes = made_stricter(clause), homes_of(statement)
    home = next((one for one, others in homes.items() if clause in others), clause)
    section = statement.section(home)
    return _clause(statement, section, homes[section.id], company) if section else None


def _part(title: str, short: str, clauses: list[Clause]) -> Part:
    named = _PART.match(f"## {title}")
    return Part(*((named["number"] or "", named["title"]) if named else ("", title)), short, tuple(clauses))


def _shorts(text: str) -> dict[str, str]:
    """Part title → the lines between its heading and its first clause."""
    shorts: dict[str, list[str]] = {}
    title = ""
    for line in text.splitlines():
        if line.startswith("## "):
            title = line.removeprefix("## ")
        elif line.startswith("#"):
            title = ""
        elif title and line.strip():
            shorts.setdefault(title, []).append(line.strip())
    return {title: " ".join(lines) for title, lines in shorts.items()}


def _clause(
    statement: Statement, section: Section, others: tuple[str, ...], company: str, spoken: str = ENGLISH
) -> Clause:
    return Clause(
        section.id,
        section.title,
        tuple(_spans(_SPACE.sub(" ", section.text).replace(_COMPANY, company))),
        others,
        tuple(_said(statement, section)),
        tuple(meanings_of(section.anchors, spoken)),
        tuple((kind, text) for kind, text in section.notes if kind in _FOLDED),
    )


def _said(statement: Statement, section: Section) -> Iterator[str]:
    """What the clause enforces and what it declares, in plain words."""
    yield from (words.sentence(draft.rule) for draft in statement.drafts[section.id])
    yield from map(declaration_sentence, statement.declared(section.id))


def _spans(text: str) -> Iterator[Span]:
    position = 0
    for found in ANCHOR.finditer(text):
        if found.start() > position:
            yield Span(text[position : found.start()])
        kind, _, term = found["target"].partition(":")
        yield Span(found["words"], kind, term)
        position = found.end()
    if position < len(text):
        yield Span(text[position:])


def meanings_of(anchors: list[Anchor], spoken: str = ENGLISH) -> Iterator[Meaning]:
    """Each anchored term once, in the order of the prose."""
    for kind, term in dict.fromkeys((anchor.kind, anchor.term) for anchor in anchors):
        yield Meaning(kind, term, words.label(kind, term, spoken), words.term_words(kind, term, spoken))
