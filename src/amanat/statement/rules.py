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
from amanat.statement.diagnostics import MAX_FINDINGS, Diagnostic
from amanat.statement.document import Line
from amanat.statement.draft import HEAD, RuleDraft
from amanat.statement.faults import faults_of
from amanat.statement.keys import AXES, CONDITIONS, MAX_FACTS, MAX_WAYS
from amanat.statement.spans import LineError, fault, hint_for
from amanat.vocabulary.clauses import section_of
from amanat.vocabulary.terms import AGREEMENT_TERMS, OBLIGATION_PARAMETER, OBLIGATIONS, PROFILE, Axis

# Kind, id and `by default`: how every rule begins.
HEAD_LINE = re.compile(r"^(?P<kind>[a-z]+) +(?P<id>[0-9A-Z]+\.[0-9]+[a-z]*)(?P<default> by default)?$")

_KINDS = {kind.value for kind in RuleKind}


def read_rules(lines: list[Line], clause: str, findings: list[Diagnostic]) -> list[RuleDraft]:
    """Read the rule block of one clause; faulty lines are reported, and the statement is then not put in force."""
    drafts: list[RuleDraft] = []
    draft: RuleDraft | None = None
    for line in lines:
        if len(findings) >= MAX_FINDINGS:
            break
        try:
            if line.text[:1].isspace():
                read_line(draft, line)
            else:
                draft = _unnamed(line)
                draft = read_head(line, clause)
                drafts.append(draft)
        except MalformedError as error:
            findings.append(fault(line, clause, "R001", error))
    for draft in drafts:
        findings.extend(faults_of(draft, clause))
    return drafts


def _unnamed(line: Line) -> RuleDraft:
    return RuleDraft(Rule("", RuleKind.FORBID, Box(), line=line.number), places={HEAD: line})


def read_head(line: Line, clause: str) -> RuleDraft:
    """`permit 6.7` → a draft of that rule, which must belong to the clause above it."""
    found = HEAD_LINE.match(line.text.strip())
    if found is None:
        raise LineError(f"`{line.text.strip()[:60]}` is not a rule", hint="write `permit 6.7`, then indented lines")
    if found["kind"] not in _KINDS:
        raise LineError(f"unknown rule kind `{found['kind'][:40]}`", hint=hint_for(found["kind"], _KINDS))
    check_home(found["id"], clause)
    rule = Rule(found["id"], RuleKind(found["kind"]), Box(), line=line.number)
    return RuleDraft(rule, bool(found["default"]), places={HEAD: line})


def check_home(rule_id: str, clause: str) -> None:
    """A rule stands under the clause whose id it begins with."""
    section = section_of(rule_id)
    if section is None or clause not in (section, section.rstrip(ascii_lowercase)):
        raise LineError(f"rule `{rule_id}` does not belong to clause {clause}", hint="begin its id with the clause's")


def read_line(draft: RuleDraft | None, line: Line) -> None:
    """Take one indented line into the rule above it."""
    if draft is None:
        raise LineError("an indented line stands before any rule", hint="write `permit 6.7` above it")
    key, _, value = " ".join(line.text.split()).partition(" ")
    before = frozenset(draft.operands)
    draft.places.setdefault(key, line)
    if key in AXES:
        _once(draft, key)
        _read_axis(draft, key, value)
    elif key in CONDITIONS or key in ("and", "or"):
        _read_condition(draft, key, value)
    elif key == "then":
        _once(draft, key)
        duties = tuple(_obligation(word) for word in words_of(value))
        draft.operands |= {("then", duty.name) for duty in duties}
        draft.rule = replace(draft.rule, then=duties)
    else:
        raise LineError(f"unknown key `{key[:40]}`", hint=hint_for(key, [*AXES, *CONDITIONS, "and", "or", "then"]))
    draft.places |= dict.fromkeys(draft.operands - before, line)


def _once(draft: RuleDraft, key: str) -> None:
    if key in draft.keys:
        raise LineError(f"key `{key}` stands twice in rule `{draft.rule.id}`", hint="join the words with commas")
    draft.keys.add(key)


def words_of(value: str) -> list[str]:
    """`staff, member or guardian` → its words."""
    words = [word.strip() for word in re.split(r",| or ", value) if word.strip()]
    if not words:
        raise LineError("a key without words would match nothing", hint="name at least one word")
    return words


def _read_axis(draft: RuleDraft, key: str, value: str) -> None:
    name, axis = AXES[key]
    value, within, profile = value.partition(" in ")
    words = words_of(value)
    mask = 0
    for word in words:
        mask |= mask_of(axis, word)
    draft.operands |= {(key, word) for word in words}
    drawn: dict[str, Any] = {name: mask}
    if within:
        if key != "data" or profile.strip() not in PROFILE:
            raise LineError(f"unknown profile `{profile[:40]}`", hint=hint_for(profile, PROFILE))
        drawn["fields"] = PROFILE[profile.strip()]
    draft.rule = replace(draft.rule, box=replace(draft.rule.box, **drawn))


def mask_of(axis: Axis, word: str) -> int:
    """The bits of a word; an unknown one is led to the nearest, or to the groups of its axis."""
    if word not in axis.mask:
        groups = [name for name in axis.groups if "." not in name] or axis.leaves
        raise LineError(f"unknown {axis.name} `{word[:60]}`", hint=hint_for(word, axis.mask, groups))
    return axis.mask[word]


def _read_condition(draft: RuleDraft, key: str, value: str) -> None:
    literals, operands = read_literals(value)
    if key in CONDITIONS:
        _once(draft, key)
        draft.condition = CONDITIONS[key]
        known: Condition = NEVER
    elif not draft.condition:
        raise LineError(f"`{key}` follows no condition", hint="begin with `if`, `need` or `unless`")
    else:
        known = getattr(draft.rule, draft.condition)
    joined = (*known[:-1], known[-1] + literals) if key == "and" else (*known, literals)
    if len(joined) > MAX_WAYS or len(joined[-1]) > MAX_FACTS:
        raise LineError(
            f"more than {MAX_WAYS} alternatives, or {MAX_FACTS} facts in one", hint="divide the rule in several"
        )
    draft.operands |= {
        ("unless" if draft.condition == "unless" and kind == "if" else kind, term) for kind, term in operands
    }
    changed: dict[str, Any] = {draft.condition: joined}
    draft.rule = replace(draft.rule, **changed)


def read_literals(value: str) -> tuple[Conjunction, set[tuple[str, str]]]:
    """`agreement with secrecy as 6.9a` → literals that must all hold, and their operands."""
    head, joined, rest = value.partition(" with ")
    first, operand = _literal(head.removeprefix("not ").strip(), wanted=not head.startswith("not "))
    if joined and (first.atom != "agreement" or not first.wanted):
        raise LineError("only `agreement` goes with terms", hint="write `agreement with secrecy`")
    terms = [_term(word) for word in words_of(rest)] if joined else []
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
    if "," in text:
        raise LineError(f"`{text[:60]}` names several facts", hint="one to a line: begin the next with `and` or `or`")
    if atom not in ATOMS:
        raise LineError(f"unknown condition `{atom[:40]}`", hint=hint_for(atom, ATOMS))
    allowed = PARAMETERS[atom]
    if parameter not in (allowed or {""}):
        hint = hint_for(parameter, allowed) if allowed else "it takes nothing"
        raise LineError(f"condition `{atom}` does not take `{parameter[:40]}`", hint=hint, at=parameter or atom)
    return Literal(atom, parameter, wanted, _clause(cites)), _operand(atom, parameter.partition(" per ")[0])


def _clause(cites: str) -> str:
    if cites and section_of(cites) != cites:
        raise LineError(f"`as {cites[:20]}` names no clause", hint="write a clause id, such as `as 6.9a`")
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
        raise LineError(f"`{found[:40]}` is not understood here", hint=f"write `{wanted}`")
    return meaning


def _term(text: str) -> Literal:
    word, _, cites = text.partition(" as ")
    if word not in AGREEMENT_TERMS:
        raise LineError(f"unknown agreement term `{word[:40]}`", hint=hint_for(word, AGREEMENT_TERMS))
    return Literal("term", word, cites=_clause(cites))


def _obligation(text: str) -> Obligation:
    name, _, parameter = text.partition(" ")
    if name not in OBLIGATIONS:
        raise LineError(f"unknown obligation `{name[:40]}`", hint=hint_for(name, OBLIGATIONS))
    allowed, parameter = OBLIGATION_PARAMETER.get(name, ""), parameter.strip()
    if parameter and not re.fullmatch(allowed, parameter):
        hint = f"it may take {allowed}" if allowed else "it takes nothing"
        raise LineError(f"obligation `{name}` does not take `{parameter[:40]}`", hint=hint, at=parameter)
    return Obligation(name, parameter)
