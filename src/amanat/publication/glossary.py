"""The words of a statement: what each means, what it holds, and in which clauses it counts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from amanat.errors import MalformedError, NotFoundError
from amanat.policy.rule import Rule
from amanat.publication.prose import Meaning
from amanat.statement import words
from amanat.statement.compile import Statement
from amanat.statement.words import ENGLISH
from amanat.vocabulary.terms import ACTION, CATEGORY, CHANNEL, CONTEXT, PURPOSE, RECIPIENT, RELATION, ROLE, Axis

# Kind of an anchor → the axis it speaks of, and where a rule's box keeps it.
_AXES: Final[Mapping[str, tuple[Axis, str]]] = {
    "who": (ROLE, "actors"), "do": (ACTION, "actions"), "data": (CATEGORY, "leaves"), "to": (RECIPIENT, "recipients"),
    "from": (RECIPIENT, "sources"), "for": (PURPOSE, "purposes"), "ch": (CHANNEL, "channels"),
    "ctx": (CONTEXT, "contexts"), "of": (RELATION, "relations"), "beside": (CATEGORY, "beside"),
}  # fmt: skip
KINDS: Final = (*_AXES, "if", "unless", "term", "then", "every", "within", "stops", "degrades", "continues")


@dataclass(frozen=True, slots=True)
class Use:
    """A clause in which a word counts, and the rules of it that name or hold the word, in plain words."""

    clause: str
    title: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """One word, opened. `holds` are the single things below a group."""

    meaning: Meaning
    holds: tuple[Meaning, ...]
    uses: tuple[Use, ...]


def open_word(statement: Statement, kind: str, term: str, spoken: str = ENGLISH) -> Word:
    """What `term` means, in a language. A word that no statement could use is not there."""
    meaning = _meaning(kind, term, spoken)
    return Word(meaning, tuple(_below(kind, term, spoken)), tuple(_uses(statement, kind, term)))


def glossary(statement: Statement, spoken: str = ENGLISH) -> dict[str, list[Meaning]]:
    """Every word that opens somewhere in the statement, by kind and then by its short name."""
    said = {(anchor.kind, anchor.term) for section in statement.sections for anchor in section.anchors}
    listed = sorted((_meaning(kind, term, spoken) for kind, term in said), key=lambda one: one.label.casefold())
    return {kind: found for kind in KINDS if (found := [one for one in listed if one.kind == kind])}


def _meaning(kind: str, term: str, spoken: str) -> Meaning:
    if kind not in KINDS:
        raise NotFoundError
    try:
        return Meaning(kind, term, words.label(kind, term, spoken), words.term_words(kind, term, spoken))
    except (KeyError, MalformedError):
        raise NotFoundError from None


def _below(kind: str, term: str, spoken: str) -> Iterator[Meaning]:
    axis, _ = _AXES.get(kind, (None, ""))
    for leaf in axis.groups.get(term, ()) if axis else ():
        yield _meaning(kind, leaf, spoken)


def _uses(statement: Statement, kind: str, term: str) -> Iterator[Use]:
    for section in statement.sections:
        drafts = statement.drafts[section.id]
        rules = [draft.rule for draft in drafts if _counts(draft.rule, draft.operands, kind, term)]
        if rules or any((anchor.kind, anchor.term) == (kind, term) for anchor in section.anchors):
            yield Use(section.id, section.title, tuple(map(words.sentence, rules)))


def _counts(rule: Rule, operands: set[tuple[str, str]], kind: str, term: str) -> bool:
    """Whether a rule names the word, or names a group that holds it. Saying nothing of an axis names nothing."""
    if (kind, term) in operands:
        return True
    axis, place = _AXES.get(kind, (None, ""))
    if axis is None or term not in axis.mask:
        return False
    mask: int = getattr(rule.box, place)
    return mask != axis.everything and bool(mask & axis.mask[term])
