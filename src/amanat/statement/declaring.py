"""Declaration lines → declarations: duty, right, define and consequence, read like rules and as strictly.

duty B.1
  owner      privacy_officer
  for every  breach
  within     72h
  evidence   incident_register
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from amanat.errors import MalformedError
from amanat.policy.rule import Condition
from amanat.statement.declarations import Consequence, Declaration, Definition, Duty, Operand, Right
from amanat.statement.diagnostics import MAX_FINDINGS, Diagnostic
from amanat.statement.document import Line
from amanat.statement.keys import AXES
from amanat.statement.rules import HEAD_LINE, check_home, mask_of, read_literals, words_of
from amanat.statement.spans import LineError, fault, finding, hint_for
from amanat.vocabulary.choices import OPT_INS, OPT_OUTS
from amanat.vocabulary.duties import ALWAYS_KEPT, EVENTS, EVIDENCE, span_of
from amanat.vocabulary.services import SERVICE
from amanat.vocabulary.terms import ROLE

_OUTCOMES: Final = ("stops", "degrades", "continues")
# Kind → the value it becomes, its keys, and those without which it declares nothing.
KINDS: Final[Mapping[str, tuple[type[Declaration], tuple[str, ...], tuple[str, ...]]]] = {
    "duty": (Duty, ("owner", "for every", "within", "evidence"), ()),
    "right": (Right, ("who", "do", "data", "need", "within"), ("do", "data")),
    "define": (Definition, ("term",), ("term",)),
    "consequence": (Consequence, ("of", *_OUTCOMES), ("of",)),
}


@dataclass(slots=True)
class DeclarationDraft:
    """A declaration while it is being read. `places` tells on which line a key or an operand stands."""

    head: Line
    kind: str
    id: str
    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str | Operand, Line] = field(default_factory=dict)
    operands: set[Operand] = field(default_factory=set)

    def declaration(self, clause: str) -> Declaration:
        made: Declaration = KINDS[self.kind][0](self.id, clause, self.head.number, **self.values)
        return made

    def place(self, what: str | Operand) -> Line:
        return self.places.get(what, self.head)


def divide(lines: Iterable[Line]) -> tuple[list[Line], list[Line]]:
    """The lines of rules, and those of declarations, of one clause's blocks."""
    rules: list[Line] = []
    declared: list[Line] = []
    current = rules
    for line in lines:
        if not line.text[:1].isspace():
            current = declared if line.text.split(maxsplit=1)[0] in KINDS else rules
        current.append(line)
    return rules, declared


def read_declarations(lines: list[Line], clause: str, findings: list[Diagnostic]) -> list[DeclarationDraft]:
    """Read the declarations of one clause; faulty lines are reported, and the statement is then not put in force."""
    drafts: list[DeclarationDraft] = []
    draft: DeclarationDraft | None = None
    for line in lines:
        if len(findings) >= MAX_FINDINGS:
            break
        try:
            if line.text[:1].isspace():
                _read_line(draft, line)
            else:
                draft = _read_head(line)
                check_home(draft.id, clause)
                drafts.append(draft)
        except MalformedError as error:
            findings.append(fault(line, clause, "R001", error))
    for draft in drafts:
        findings.extend(_faults_of(draft, clause))
    return drafts


def _read_head(line: Line) -> DeclarationDraft:
    found = HEAD_LINE.match(line.text.strip())
    if found is None or found["default"]:
        told = f"`{line.text.strip()[:60]}` is not a declaration"
        raise LineError(told, hint="write `duty B.1`, then indented lines")
    return DeclarationDraft(line, found["kind"], found["id"])


def _read_line(draft: DeclarationDraft | None, line: Line) -> None:
    if draft is None:
        raise LineError("an indented line stands before any declaration", hint="write `duty B.1` above it")
    text = " ".join(line.text.split())
    key, _, value = text.partition(" ")
    if text.startswith("for every "):
        key, value = "for every", text.removeprefix("for every ")
    keys = KINDS[draft.kind][1]
    if key not in keys:
        raise LineError(f"a {draft.kind} has no key `{key[:40]}`", hint=hint_for(key, keys))
    if key in draft.places:
        raise LineError(f"key `{key}` stands twice in `{draft.kind} {draft.id}`", hint="join the words with commas")
    draft.places[key] = line
    values, operands = _READERS[key](key, value)
    draft.values |= values
    draft.operands |= operands
    draft.places |= dict.fromkeys(operands, line)


_Read = tuple[dict[str, Any], set[Operand]]


def _owner(key: str, value: str) -> _Read:
    if value in ROLE.groups:
        told = f"`{value}` is a group, and what several own nobody does"
        raise LineError(told, hint="name one of them: " + ", ".join(ROLE.groups[value]))
    return {key: ROLE.leaf(value)}, set()


def _event(_: str, value: str) -> _Read:
    return {"event": _listed("event", EVENTS, value)}, {("every", value)}


def _within(key: str, value: str) -> _Read:
    return {key: span_of(value)}, set() if value == ALWAYS_KEPT else {(key, value)}


def _evidence(key: str, value: str) -> _Read:
    return {key: tuple(_listed("evidence", EVIDENCE, word) for word in words_of(value))}, set()


def _listed(what: str, known: tuple[str, ...], word: str) -> str:
    if word not in known:
        raise LineError(f"unknown {what} `{word[:40]}`", hint=hint_for(word, known))
    return word


def _axis(key: str, value: str) -> _Read:
    words = tuple(words_of(value))
    for word in words:
        mask_of(AXES[key][1], word)
    return {key: words}, {(key, word) for word in words}


def _need(key: str, value: str) -> _Read:
    literals, operands = read_literals(value)
    condition: Condition = (literals,)
    return {key: condition}, operands


def _terms(_: str, value: str) -> _Read:
    terms = tuple(_term(word) for word in words_of(value))
    return {"terms": terms}, set(terms)


def _term(word: str) -> Operand:
    kind, colon, term = word.partition(":")
    if not colon or kind not in AXES:
        raise LineError(f"`{word[:40]}` is no word of the prose", hint="write it as its link does: `data:identity`")
    mask_of(AXES[kind][1], term)
    return kind, term


# Choice → how the prose anchors it. A yes that clause 8.3 asks for by the kind of data has one anchor for all kinds.
_ANCHORED: Final[Mapping[str, str]] = {kind.value: f"consent:{kind.value}" for kind in OPT_INS} | {
    "medical_service": "consent:opt_in", "live_location": "consent:opt_in", "call_recording": "consent:opt_in",
    "opt_out_service": "chosen:opt_out_service", "block_recipient": "blocked_recipient",
    "block_purpose": "blocked_purpose", "withhold": "withheld",
}  # fmt: skip


def _choice(_: str, value: str) -> _Read:
    act, _, choice = value.partition(" ")
    if act not in ("give", "withdraw"):
        raise LineError(f"`{act[:40]}` is nothing one does with a choice", hint="write `of give …` or `of withdraw …`")
    known = tuple(kind.value for kind in (*OPT_INS, *OPT_OUTS))
    return {"act": act, "choice": _listed("choice", known, choice)}, {("if", _ANCHORED[choice])}


def _services(key: str, value: str) -> _Read:
    words = tuple(words_of(value))
    leaves = SERVICE.leaves_in(_union(words))
    return {key: tuple(leaves)}, {(key, word) for word in words}


def _union(words: Iterable[str]) -> int:
    mask = 0
    for word in words:
        mask |= mask_of(SERVICE, word)
    return mask


_READERS: Final[Mapping[str, Callable[[str, str], _Read]]] = {
    "owner": _owner, "for every": _event, "within": _within, "evidence": _evidence,
    "who": _axis, "do": _axis, "data": _axis, "need": _need, "term": _terms,
    "of": _choice, "stops": _services, "degrades": _services, "continues": _services,
}  # fmt: skip


def _faults_of(draft: DeclarationDraft, clause: str) -> Iterable[Diagnostic]:
    told = f"{draft.kind} `{draft.id}`"
    for key in KINDS[draft.kind][2]:
        if key not in draft.places:
            yield finding(draft.head, clause, "R012", f"{told} has no `{key}` line", f"add a `{key}` line", draft.id)
    if draft.kind == "consequence" and not draft.places.keys() & set(_OUTCOMES):
        hint = "add a `stops`, `degrades` or `continues` line"
        yield finding(draft.head, clause, "R012", f"{told} names no service", hint, draft.id)
    said: set[str] = set()
    for key in _OUTCOMES:
        twice = said & set(draft.values.get(key, ()))
        if twice:
            yield finding(draft.place(key), clause, "R013", f"{told} says two things of `{min(twice)}`",
                          "keep one of them", min(twice), key)  # fmt: skip
        said |= set(draft.values.get(key, ()))
