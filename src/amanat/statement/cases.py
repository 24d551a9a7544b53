"""Cases: examples that stand beside a rule and run whenever the statement is compiled.

    deny  logistics_agent transfer itinerary to provider.travel for logistics  given agreement(expired)  because 6.7

Every case starts from the statement's declared `world:` (company, cover, agreement …); what it names overrides that.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from amanat.errors import MalformedError
from amanat.policy.interpreter import Policy, decide
from amanat.policy.literals import Question
from amanat.policy.request import Request
from amanat.policy.rule import Rule
from amanat.policy.wire import read_request
from amanat.statement.diagnostics import MAX_FINDINGS, Diagnostic
from amanat.statement.document import Line
from amanat.statement.spans import fault, finding, hint_for
from amanat.vocabulary.clauses import section_of
from amanat.vocabulary.terms import ACTION, AGREEMENT_TERMS, PLATFORM_FACTS

_KEYS = ("of", "to", "from", "for", "via", "in", "given", "because")
_OUTCOMES = ("permit", "ask", "glass", "deny", "out_of_scope")
_SPLIT = re.compile(" (" + "|".join(_KEYS) + ") ")
_CALL = re.compile(r"(?P<name>no [a-z_]+|[a-z_]+)(?:\((?P<arguments>[^()]*)\))?\s*(?:,|$)")

Wire = dict[str, Any]
# Characters of what every case starts from, for it is copied for each.
MAX_WORLD = 2_000
# Rules, and facts and duties in them, that may come near the data of all cases together.
MAX_WORK = 100_000


@dataclass(frozen=True, slots=True)
class Case:
    """One worked example: the request it stands for, the outcome it claims, and the clause it names."""

    clause: str
    line: int
    text: str
    outcome: str
    wire: Wire
    because: str = ""
    failing: frozenset[str] = frozenset()  # platform facts that do not hold
    written: str = ""

    @property
    def request(self) -> Request:
        request = read_request(self.wire)
        return replace(request, facts=replace(request.facts, platform_failures=self.failing))


class _CaseError(MalformedError):
    """A case cannot be read."""


def read_world(lines: list[Line], findings: list[Diagnostic]) -> Wire:
    """The facts that every case starts from, in the form of a wire request."""
    world: Wire = {"subject": {}, "facts": {}}
    length = 0
    for line in lines:
        length += len(line.text)
        if length > MAX_WORLD:
            told = f"world: more than {MAX_WORLD:,} characters of facts"
            findings.append(finding(line, "", "K001", told, "leave facts that few cases need to those cases"))
            break
        try:
            _apply_all(world, line.text)
        except MalformedError as error:
            findings.append(fault(line, "", "K001", error, "world: "))
    return world


def read_cases(lines: list[Line], clause: str, world: Wire, findings: list[Diagnostic]) -> list[Case]:
    cases = []
    for line in lines:
        if len(findings) >= MAX_FINDINGS:
            break
        try:
            cases.append(_read_case(line, clause, world))
        except MalformedError as error:
            findings.append(fault(line, clause, "K002", error))
    return cases


def _read_case(line: Line, clause: str, world: Wire) -> Case:
    head, *rest = _SPLIT.split(" ".join(line.text.split()))
    words = head.split(" ", maxsplit=3)
    if len(words) != 4:
        raise _CaseError(f"`{head[:60]}` is not a case", hint="write `outcome actor action data …`")
    outcome, actor, action, data = words
    if outcome not in _OUTCOMES:
        raise _CaseError(f"unknown outcome `{outcome[:40]}`", hint=hint_for(outcome, _OUTCOMES))
    parts = dict(zip(rest[::2], rest[1::2], strict=True))
    if len(parts) < len(rest) // 2:
        again = next(key for key in rest[::2] if rest[::2].count(key) > 1)
        raise _CaseError(f"`{again}` stands twice", hint="write it once; what is given is joined with commas")
    wire = deepcopy(world)
    wire |= {"actor": actor, "action": action, "data": [word.strip() for word in data.split(",")]}
    if ACTION.leaf(action) not in ("disclose", "transfer"):
        wire.pop("recipient_country", None)
    because = parts.pop("because", "").strip()
    for key, value in parts.items():
        _apply_part(wire, key, value.strip())
    failing = frozenset(wire["facts"].pop(_FAILING, ()))
    read_request(wire)
    return Case(clause, line.number, line.text.strip(), outcome, wire, because, failing, line.text)


def _apply_part(wire: Wire, key: str, value: str) -> None:
    if key == "given":
        _apply_all(wire, value)
    elif key == "in":
        wire["contexts"] = [word.strip() for word in value.split(",")]
    elif key == "of":
        _apply_all(wire, "minor" if value == "minor" else f"relation({value})")
    else:
        wire[{"to": "recipient", "from": "source", "for": "purpose", "via": "channel"}[key]] = value


def _apply_all(wire: Wire, text: str) -> None:
    position = 0
    while position < len(text.rstrip()):
        found = _CALL.match(text, position)
        if found is None:
            raise _CaseError(f"`{text[position : position + 60]}` is not a fact", hint="write `name` or `name(value)`")
        arguments = [word.strip() for word in (found["arguments"] or "").split(",") if word.strip()]
        _apply(wire, found["name"], arguments)
        position = found.end()
        while position < len(text) and text[position] == " ":
            position += 1


_GLASS = {"case_open": True, "role_ok": True, "impracticable": True, "minimum_only": True, "reason": "unconscious",
          "refusal_on_record": False}  # fmt: skip
# What may be wrong with a broken glass → the key of the fact, and its protective value.
_WRONG: Mapping[str, tuple[str, object]] = {
    "no case": ("case_open", False), "no role": ("role_ok", False), "reachable": ("impracticable", False),
    "too much": ("minimum_only", False), "no reason": ("reason", ""), "refused": ("refusal_on_record", True),
}  # fmt: skip

_Arguments = list[str]


def _first(arguments: _Arguments) -> str:
    return arguments[0] if arguments else ""


def _true(_: _Arguments) -> bool:
    return True


def _number(arguments: _Arguments) -> int:
    text = _first(arguments)
    if not text.isdecimal():
        raise _CaseError(f"`{text[:40]}` is not a whole number")
    return int(text)


_FAILING = "platform_failures"  # never on the wire: a case takes it out again


def _platform_facts(arguments: _Arguments) -> _Arguments:
    for word in arguments or [""]:
        if word not in PLATFORM_FACTS:
            raise _CaseError(f"`{word[:40]}` is no platform fact", hint="one of " + ", ".join(PLATFORM_FACTS))
    return arguments


def _glass(arguments: _Arguments) -> dict[str, object]:
    for word in arguments:
        if word not in _WRONG:
            raise _CaseError(f"`{word[:40]}` is nothing that a glass may lack", hint="one of " + ", ".join(_WRONG))
    return _GLASS | dict(_WRONG[word] for word in arguments)


# Named fact → the room and key of the request that it fills (no room: the request itself), and how its value is read.
_SETS: Mapping[str, tuple[str, str, Callable[[_Arguments], object]]] = {
    "agreement": ("facts", "agreement", _first),
    "terms": ("facts", "agreement_terms", list),
    "without": ("facts", "agreement_terms", lambda gone: [term for term in AGREEMENT_TERMS[:3] if term not in gone]),
    "tool": ("facts", "tool", _first),
    "identity": ("facts", "identity", _first),
    "entitlement": ("facts", "entitlement", _true),
    "attested_source": ("facts", "attested_source", _true),
    "order": ("facts", "order", _true),
    "guardian_for": ("facts", "guardian_for", _true),
    "glass": ("facts", "glass", _glass),
    "k": ("facts", "k", _number),
    "age": ("subject", "age", _number),
    "minor": ("subject", "minor", _true),
    "relation": ("subject", "relation", _first),
    "country": ("subject", "country", _first),
    "no consent": ("subject", "choices", lambda _: []),
    "company": ("", "company", _first),
    "recipient_country": ("", "recipient_country", _first),
    "host": ("", "host", _first),
    "failing": ("facts", _FAILING, _platform_facts),
}

_REMOVES: Mapping[str, tuple[str, str]] = {
    "no agreement": ("facts", "agreement"), "no terms": ("facts", "agreement_terms"), "no tool": ("facts", "tool"),
    "no entitlement": ("facts", "entitlement"), "no attestation": ("facts", "attested_source"),
    "no order": ("facts", "order"), "no identity": ("facts", "identity"), "no guardian": ("facts", "guardian_for"),
    "no country": ("subject", "country"), "no relation": ("subject", "relation"), "no age": ("subject", "age"),
    "no company": ("", "company"), "no recipient_country": ("", "recipient_country"),
}  # fmt: skip


def _apply(wire: Wire, name: str, arguments: _Arguments) -> None:
    if name in ("consent", "choice"):
        wire["subject"]["choices"] = [*wire["subject"].get("choices", []), ":".join(arguments)]
    elif name in _SETS:
        room, key, read = _SETS[name]
        _room(wire, room)[key] = read(arguments)
    elif name in _REMOVES:
        room, key = _REMOVES[name]
        _room(wire, room).pop(key, None)
    else:
        raise _CaseError(f"unknown fact `{name[:40]}`", hint=hint_for(name, ["consent", "choice", *_SETS, *_REMOVES]))


def _room(wire: Wire, room: str) -> Wire:
    found: Wire = wire[room] if room else wire
    return found


def run_case(policy: Policy, case: Case) -> Diagnostic | None:
    """Decide the case; a different outcome, or a clause it does not cite, is a finding."""
    decision = decide(policy, case.request)
    if decision.outcome.value != case.outcome:
        message = f"case `{case.text[:90]}` is decided {decision.outcome.value}, not {case.outcome}"
        hint = f"it cites {', '.join(decision.clauses)}; change the case, or the rule"
        return finding(Line(case.line, case.written), case.clause, "K003", message, hint, case.outcome)
    if case.because and section_of(case.because) not in decision.clauses:
        message = f"case `{case.text[:90]}` cites {', '.join(decision.clauses)}, not {case.because}"
        hint = "change the clause after `because`, or the rule"
        return finding(Line(case.line, case.written), case.clause, "K004", message, hint, case.because)
    return None


def run_cases(policy: Policy, cases: Sequence[Case]) -> list[Diagnostic]:
    """Decide every case, up to so many findings; none at all if they ask for too much work."""
    found = overweight(policy, cases)
    if found is not None:
        return [found]
    return list(islice((one for case in cases if (one := run_case(policy, case))), MAX_FINDINGS))


def overweight(policy: Policy, cases: Iterable[Case]) -> Diagnostic | None:
    """The finding that these cases cannot all be decided in time; it stands at the first one too many."""
    weights = {rule.id: 1 + _facts(rule) + len(rule.then) for rule in policy.rules}
    work = 0
    for case in cases:
        work += _weight(policy, case.request, weights)
        if work > MAX_WORK:
            told = "the cases weigh more rules than can be weighed in time"
            hint = f"at most {MAX_WORK:,} rules and facts that come near, over all cases; leave cases out"
            return finding(Line(case.line, case.written), case.clause, "S012", told, hint)
    return None


def _facts(rule: Rule) -> int:
    return sum(len(way) for condition in (rule.when, rule.need, rule.unless) for way in condition)


def _weight(policy: Policy, request: Request, weights: Mapping[str, int]) -> int:
    """How many data there are, and how many rules, facts and duties come near them."""
    nears = [policy.near(Question(request, item)) for item in request.items]
    return len(nears) + sum(
        weights[rule.id]
        for near in nears
        for part in (near.forbids, near.controls, near.reaches, near.permits, near.requires, near.choices)
        for rule in part
    )
