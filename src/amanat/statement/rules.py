"""Rule lines → rules. Each key is one axis or one condition; every word is looked up in the closed vocabulary.

permit 6.7
  who   staff
  do    telling
  data  ordinary
  to    provider
  for   service
  then  minimise
"""

import re
from dataclasses import replace
from string import ascii_lowercase
from typing import Any

from amanat.errors import MalformedError
from amanat.policy.literals import ATOMS, PARAMETERS
from amanat.policy.rule import NEVER, Box, Condition, Conjunction, Literal, Obligation, Rule, RuleKind
from amanat.statement.diagnostics import Diagnostic
from amanat.statement.document import Line
from amanat.statement.draft import RuleDraft
from amanat.statement.faults import faults_of
from amanat.vocabulary.clauses import section_of
from amanat.vocabulary.terms import (
    ACTION,
    AGREEMENT_TERMS,
    CATEGORY,
    CHANNEL,
    CONTEXT,
    OBLIGATION_PARAMETER,
    OBLIGATIONS,
    PROFILE,
    PURPOSE,
    RECIPIENT,
    RELATION,
    ROLE,
    Axis,
)

_HEAD = re.compile(r"^(?P<kind>[a-z]+) (?P<id>[0-9A-Z]+\.[0-9]+[a-z]*)(?P<default> by default)?$")

# Key → the box field and axis it fills.
_AXES: dict[str, tuple[str, Axis]] = {
    "who": ("actors", ROLE),
    "do": ("actions", ACTION),
    "data": ("leaves", CATEGORY),
    "beside": ("beside", CATEGORY),
    "to": ("recipients", RECIPIENT),
    "from": ("sources", RECIPIENT),
    "for": ("purposes", PURPOSE),
    "ch": ("channels", CHANNEL),
    "ctx": ("contexts", CONTEXT),
    "of": ("relations", RELATION),
}
_KINDS = {kind.value for kind in RuleKind}
_CONDITIONS = {"if": "when", "need": "need", "unless": "unless"}


class _LineError(MalformedError):
    """A rule line cannot be read."""


def read_rules(lines: list[Line], clause: str, findings: list[Diagnostic]) -> list[RuleDraft]:
    """Read the rule block of one clause; faulty lines are reported and their rule is not used."""
    drafts: list[RuleDraft] = []
    for line in lines:
        try:
            if line.text[:1].isspace():
                _read_line(drafts, line.text.strip())
            else:
                drafts.append(_read_head(line, clause))
        except MalformedError as error:
            findings.append(Diagnostic(line.number, clause, "R001", error.detail, error.hint or ""))
    for draft in drafts:
        findings.extend(faults_of(draft, clause))
    return drafts


def _read_head(line: Line, clause: str) -> RuleDraft:
    found = _HEAD.match(line.text.strip())
    if found is None:
        raise _LineError(f"`{line.text.strip()[:60]}` is not a rule", hint="write `permit 6.7`, then indented lines")
    if found["kind"] not in _KINDS:
        raise _LineError(f"unknown rule kind `{found['kind']}`", hint="one of " + ", ".join(sorted(_KINDS)))
    section = section_of(found["id"])
    if section is None or clause not in (section, section.rstrip(ascii_lowercase)):
        raise _LineError(f"rule `{found['id']}` does not belong to clause {clause}")
    return RuleDraft(Rule(found["id"], RuleKind(found["kind"]), Box(), line=line.number), bool(found["default"]))


def _read_line(drafts: list[RuleDraft], text: str) -> None:
    if not drafts:
        raise _LineError("an indented line stands before any rule")
    draft = drafts[-1]
    key, _, value = text.partition(" ")
    if key in _AXES:
        _once(draft, key)
        _read_axis(draft, key, value.strip())
    elif key in _CONDITIONS or key in ("and", "or"):
        _read_condition(draft, key, value.strip())
    elif key == "then":
        _once(draft, key)
        duties = tuple(_obligation(word) for word in _words(value))
        draft.operands |= {("then", duty.name) for duty in duties}
        draft.rule = replace(draft.rule, then=duties)
    else:
        raise _LineError(
            f"unknown key `{key[:40]}`", hint="keys are " + " ".join([*_AXES, *_CONDITIONS, "and or then"])
        )


def _once(draft: RuleDraft, key: str) -> None:
    if key in draft.keys:
        raise _LineError(f"key `{key}` stands twice in rule `{draft.rule.id}`", hint="join the words with commas")
    draft.keys.add(key)


def _words(value: str) -> list[str]:
    words = [word.strip() for word in re.split(r",| or ", value) if word.strip()]
    if not words:
        raise _LineError("a key without words would match nothing", hint="name at least one word")
    return words


def _read_axis(draft: RuleDraft, key: str, value: str) -> None:
    name, axis = _AXES[key]
    value, within, profile = value.partition(" in ")
    words = _words(value)
    mask = 0
    for word in words:
        mask |= axis.mask_of(word)
    draft.operands |= {(key, word) for word in words}
    drawn: dict[str, Any] = {name: mask}
    if within:
        if key != "data" or profile.strip() not in PROFILE:
            raise _LineError(f"unknown profile `{profile[:40]}`", hint="profiles: " + ", ".join(PROFILE))
        drawn["fields"] = PROFILE[profile.strip()]
    draft.rule = replace(draft.rule, box=replace(draft.rule.box, **drawn))


def _read_condition(draft: RuleDraft, key: str, value: str) -> None:
    literals, operands = _literals(value)
    if key in _CONDITIONS:
        _once(draft, key)
        draft.condition = _CONDITIONS[key]
        known: Condition = NEVER
    elif not draft.condition:
        raise _LineError(f"`{key}` follows no condition", hint="begin with `if`, `need` or `unless`")
    else:
        known = getattr(draft.rule, draft.condition)
    joined = (*known[:-1], known[-1] + literals) if key == "and" else (*known, literals)
    draft.operands |= {
        ("unless" if draft.condition == "unless" and kind == "if" else kind, term) for kind, term in operands
    }
    changed: dict[str, Any] = {draft.condition: joined}
    draft.rule = replace(draft.rule, **changed)


def _literals(value: str) -> tuple[Conjunction, set[tuple[str, str]]]:
    """`agreement with secrecy as 6.9a` → literals that must all hold, and their operands."""
    head, joined, rest = value.partition(" with ")
    first, operand = _literal(head.removeprefix("not ").strip(), wanted=not head.startswith("not "))
    if joined and (first.atom != "agreement" or not first.wanted):
        raise _LineError("only `agreement` goes with terms", hint="write `agreement with secrecy`")
    terms = [_term(word) for word in _words(rest)] if joined else []
    operands = {operand} | {("term", literal.parameter) for literal in terms}
    return (first, *terms), operands


def _literal(text: str, *, wanted: bool) -> tuple[Literal, tuple[str, str]]:
    text, _, cites = text.partition(" as ")
    atom, _, parameter = text.strip().partition(" ")
    if atom == "age":
        atom, parameter = "adult", _expect(parameter, ">= 18", "")
    elif atom == "ctx":
        atom = "context"
    elif atom == "k":
        parameter = parameter.removeprefix(">=").strip()
    if atom not in ATOMS:
        raise _LineError(f"unknown condition `{atom[:40]}`", hint="one of " + ", ".join(sorted(ATOMS)))
    allowed = PARAMETERS[atom]
    if parameter not in (allowed or {""}):
        raise _LineError(f"condition `{atom}` does not take `{parameter[:40]}`")
    return Literal(atom, parameter, wanted, _clause(cites)), _operand(atom, parameter.partition(" per ")[0])


def _clause(cites: str) -> str:
    if cites and section_of(cites) != cites:
        raise _LineError(f"`as {cites[:20]}` names no clause")
    return cites


# Conditions whose parameter is a public word of its own; of the others the anchor names the condition alone.
_SPOKEN = frozenset({"consent", "platform", "chosen"})


def _operand(atom: str, parameter: str) -> tuple[str, str]:
    """What the prose must anchor: `if:consent:newsletter`, `term:secrecy`, `if:tool`."""
    if atom == "term":
        return ("term", parameter)
    return ("if", f"{atom}:{parameter}" if atom in _SPOKEN else atom)


def _expect(found: str, wanted: str, meaning: str) -> str:
    if found.strip() != wanted:
        raise _LineError(f"`{found[:40]}` is not understood here", hint=f"write `{wanted}`")
    return meaning


def _term(text: str) -> Literal:
    word, _, cites = text.partition(" as ")
    if word not in AGREEMENT_TERMS:
        raise _LineError(f"unknown agreement term `{word[:40]}`", hint="one of " + ", ".join(AGREEMENT_TERMS))
    return Literal("term", word, cites=_clause(cites))


def _obligation(text: str) -> Obligation:
    name, _, parameter = text.partition(" ")
    if name not in OBLIGATIONS:
        raise _LineError(f"unknown obligation `{name[:40]}`", hint="one of " + ", ".join(OBLIGATIONS))
    allowed, parameter = OBLIGATION_PARAMETER.get(name, ""), parameter.strip()
    if parameter and not re.fullmatch(allowed, parameter):
        hint = f"it may take {allowed}" if allowed else "it takes nothing"
        raise _LineError(f"obligation `{name}` does not take `{parameter[:40]}`", hint=hint)
    return Obligation(name, parameter)
