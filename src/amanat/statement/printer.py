"""Back to text: a document as it was written, a rule or a declaration from its meaning alone.

Nothing is lost either way: a printed document is the file again, letter for letter, and a printed rule reads back to an
equal rule. A rule has many spellings; the printed one names the widest groups and lines its values up.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from amanat.errors import MalformedError
from amanat.policy.rule import ALWAYS, NEVER, Box, Condition, Conjunction, Literal, Obligation, Rule
from amanat.statement.declarations import Consequence, Declaration, Definition, Duty, Right
from amanat.statement.document import Document, Fence, Line, Note, Piece, Section
from amanat.statement.draft import RuleDraft
from amanat.statement.keys import AXES, CONDITIONS
from amanat.vocabulary.services import SERVICE
from amanat.vocabulary.terms import PROFILE

_OPEN: Final = Box()
_PROFILES: Final = {fields: name for name, fields in PROFILE.items()}
# These have to be there, even where they leave nothing out.
_ALWAYS_SAID: Final = ("do", "data")
_SPELLED: Final = {"adult": "age >= 18", "context": "ctx {}", "k": "k >= {}"}

Lines = Iterator[tuple[str, str]]


class UnprintableError(MalformedError):
    """The rule holds a condition or a list of fields that no line of a statement can say."""


def print_document(document: Document) -> str:
    """The file that `read_document` read; line ends are single line feeds."""
    return "\n".join(line.text for line in _lines_of(document))


def _lines_of(document: Document) -> Iterator[Line]:
    """Every line of the file, in its order."""
    yield from document.head
    for one in document.body:
        yield from _lines_in(one)


def _lines_in(piece: Piece | Section) -> Iterator[Line]:
    match piece:
        case Line():
            yield piece
        case Note():
            yield piece.line
        case Fence():
            yield piece.opening
            yield from piece.lines
            if piece.closing is not None:
                yield piece.closing
        case Section():
            yield piece.heading
            for inner in piece.body:
                yield from _lines_in(inner)


def print_draft(draft: RuleDraft) -> str:
    """A rule as its clause has it, with `by default` where it stands by default."""
    return print_rule(draft.rule, by_default=draft.by_default)


def print_rule(rule: Rule, *, by_default: bool = False) -> str:
    """The lines of one rule, without a line end at the end."""
    head = f"{rule.kind.value} {rule.id}{' by default' if by_default else ''}"
    return _block(head, _rule_lines(rule))


def print_declaration(declaration: Declaration) -> str:
    """The lines of one declaration, without a line end at the end."""
    match declaration:
        case Duty():
            return _block(f"duty {declaration.id}", _duty_lines(declaration))
        case Right():
            return _block(f"right {declaration.id}", _right_lines(declaration))
        case Definition():
            terms = ", ".join(f"{kind}:{term}" for kind, term in declaration.terms)
            return _block(f"define {declaration.id}", iter([("term", terms)]))
        case Consequence():
            return _block(f"consequence {declaration.id}", _consequence_lines(declaration))


def _block(head: str, lines: Lines) -> str:
    said = [(key, value) for key, value in lines if value]
    width = max((len(key) for key, _ in said), default=0) + 2
    return "\n".join([head, *(f"  {key:<{width}}{value}" for key, value in said)])


def _rule_lines(rule: Rule) -> Lines:
    for key, (name, axis) in AXES.items():
        mask = getattr(rule.box, name)
        if key in _ALWAYS_SAID or mask != getattr(_OPEN, name):
            yield key, ", ".join(axis.names_in(mask)) + (_profile(rule.box) if key == "data" else "")
    for key, name in CONDITIONS.items():
        yield from _condition_lines(key, getattr(rule, name))
    yield "then", ", ".join(map(_obligation, rule.then))


def _profile(box: Box) -> str:
    if box.fields is None:
        return ""
    if box.fields not in _PROFILES:
        raise UnprintableError
    return f" in {_PROFILES[box.fields]}"


def _condition_lines(key: str, condition: Condition) -> Lines:
    if condition == (NEVER if key == "unless" else ALWAYS):
        return
    if not all(condition) or not condition:
        raise UnprintableError
    for place, way in enumerate(condition):
        for position, literal in enumerate(way):
            yield "and" if position else "or" if place else key, literal_text(literal)


def literal_text(literal: Literal) -> str:
    """A condition as a line writes it."""
    spelled = _SPELLED.get(literal.atom, f"{literal.atom} {{}}").format(literal.parameter).strip()
    return f"{'' if literal.wanted else 'not '}{spelled}{f' as {literal.cites}' if literal.cites else ''}"


def _way(way: Conjunction) -> str:
    """Several facts in one line: an agreement with its terms."""
    first, *terms = map(literal_text, way)
    return f"{first} with {', '.join(term.removeprefix('term ') for term in terms)}" if terms else first


def _obligation(duty: Obligation) -> str:
    return f"{duty.name} {duty.parameter}".strip()


def _duty_lines(duty: Duty) -> Lines:
    yield "owner", duty.owner
    yield "for every", duty.event
    yield "within", duty.within
    yield "evidence", ", ".join(duty.evidence)


def _right_lines(right: Right) -> Lines:
    yield "who", ", ".join(right.who)
    yield "do", ", ".join(right.do)
    yield "data", ", ".join(right.data)
    yield "need", "" if right.need == ALWAYS else _way(right.need[0])
    yield "within", right.within


def _consequence_lines(consequence: Consequence) -> Lines:
    yield "of", f"{consequence.act} {consequence.choice}".strip()
    yield "stops", _services(consequence.stops)
    yield "degrades", _services(consequence.degrades)
    yield "continues", _services(consequence.continues)


def _services(leaves: Iterable[str]) -> str:
    return ", ".join(SERVICE.names_in(SERVICE.union(leaves)))
