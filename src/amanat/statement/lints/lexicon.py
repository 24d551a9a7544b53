"""Words of the vocabulary that no clause speaks of (L03): they belong to another house, or a clause is lacking.

A word counts as spoken of where it is named, or a group that holds it; the group of all words names none.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from amanat.policy.literals import ATOMS
from amanat.statement.compile import Statement
from amanat.statement.declarations import Consequence, Duty
from amanat.statement.diagnostics import Diagnostic
from amanat.statement.keys import AXES
from amanat.statement.lints.look import Look
from amanat.statement.spans import finding
from amanat.vocabulary.choices import ChoiceKind
from amanat.vocabulary.duties import EVENTS, EVIDENCE
from amanat.vocabulary.services import SERVICE
from amanat.vocabulary.terms import AGREEMENT_TERMS, OBLIGATIONS, PLATFORM_FACTS, Axis

_ALWAYS_DUE: Final = frozenset({"log", "cite", "offer_opt_in"})
# Kind of the words → the keys of lines and links that name them.
_AXIS_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "action": ("do",), "role": ("who",), "datum": ("data", "beside"), "recipient": ("to", "from"),
    "purpose": ("for",), "channel": ("ch",), "context": ("ctx",), "relation": ("of",),
}  # fmt: skip
_LISTED: Final[Mapping[str, frozenset[str]]] = {
    "condition": frozenset(ATOMS), "choice": frozenset(kind.value for kind in ChoiceKind),
    "platform fact": frozenset(PLATFORM_FACTS), "term of an agreement": frozenset(AGREEMENT_TERMS),
    "obligation": frozenset(OBLIGATIONS) - _ALWAYS_DUE, "event": frozenset(EVENTS), "evidence": frozenset(EVIDENCE),
}  # fmt: skip

_Named = dict[str, set[str]]


def unspoken(look: Look) -> Iterator[Diagnostic]:
    """L03: one finding for each kind of words. Words that the vocabulary does not know never compile."""
    named = _named(look.statement)
    line = look.header_line("lexicon")
    for kind, words in _unspoken(named):
        message = f"no clause speaks of {kind} {', '.join(f'`{word}`' for word in words)}"
        told = finding(line, "", "L03", message, "write the clause that does, or leave the words to others")
        yield Diagnostic(told.line, "", "L03", message, told.hint, "warning", told.column, told.length)


def _unspoken(named: _Named) -> Iterator[tuple[str, list[str]]]:
    for kind, keys in _AXIS_KEYS.items():
        axis = AXES[keys[0]][1]
        said = _mask(axis, set().union(*(named.get(key, set()) for key in keys)))
        if said != axis.everything:
            yield kind, axis.leaves_in(axis.everything & ~said)
    for kind, known in _LISTED.items():
        if lacking := known - named.get(kind, set()):
            yield kind, sorted(lacking)
    if lacking_services := SERVICE.everything & ~_mask(SERVICE, named.get("service", set())):
        yield "service", SERVICE.leaves_in(lacking_services)


def _mask(axis: Axis, words: set[str]) -> int:
    mask = 0
    for word in words:
        mask |= axis.mask[word] if axis.mask.get(word, axis.everything) != axis.everything else 0
    return mask


def _named(statement: Statement) -> _Named:
    """Every word that a clause names, by the key that names it or by the kind of the word."""
    named: _Named = {}
    for kind, term in _operands(statement):
        named.setdefault(kind, set()).add(term)
        if kind in ("if", "unless"):
            _condition(named, term)
        elif kind in _KIND_OF:
            named.setdefault(_KIND_OF[kind], set()).add(term)
    named["condition"] = named.get("condition", set()) | _SAID_OTHERWISE
    for one in statement.declarations:
        if isinstance(one, Duty):
            named.setdefault("who", set()).add(one.owner)
            named.setdefault("evidence", set()).update(one.evidence)
        elif isinstance(one, Consequence):
            named.setdefault("choice", set()).add(one.choice)
            named.setdefault("service", set()).update(one.stops, one.degrades, one.continues)
    return named


_KIND_OF: Final = {"then": "obligation", "term": "term of an agreement", "every": "event"}
# An agreement's terms and a context have links of their own.
_SAID_OTHERWISE: Final = frozenset({"term", "context"})
_CHOICE_OF: Final = {
    "blocked_recipient": "block_recipient", "blocked_purpose": "block_purpose", "withheld": "withhold",
}  # fmt: skip


def _condition(named: _Named, term: str) -> None:
    """A condition, with the choice or the platform fact that it speaks of."""
    atom, _, parameter = term.partition(":")
    named.setdefault("condition", set()).add(atom)
    kind = {"consent": "choice", "chosen": "choice", "platform": "platform fact"}.get(atom)
    if kind:
        named.setdefault(kind, set()).add(parameter)
    if atom in _CHOICE_OF:
        named.setdefault("choice", set()).add(_CHOICE_OF[atom])


def _operands(statement: Statement) -> Iterator[tuple[str, str]]:
    for section in statement.sections:
        yield from ((anchor.kind, anchor.term) for anchor in section.anchors)
        for draft in statement.drafts[section.id]:
            yield from draft.operands
