"""Small statements and single requests: what tests of the decider are made of.

`policy_of` reads rule lines as a statement's rule blocks are read, but asks for no prose.
"""

import random
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from amanat.policy.interpreter import Policy
from amanat.policy.request import Request
from amanat.policy.rule import Rule
from amanat.policy.wire import read_request
from amanat.statement.compile import _in_force
from amanat.statement.diagnostics import Diagnostic
from amanat.statement.document import Line
from amanat.statement.draft import RuleDraft
from amanat.statement.rules import read_rules
from amanat.vocabulary.clauses import section_of

Wire = dict[str, Any]

FULL_FACTS: Wire = {
    "agreement": "live", "agreement_terms": ["secrecy", "purpose_bound", "our_directions"], "tool": "scc",
    "attested_source": True, "entitlement": True, "identity": "proven", "k": 25,
}  # fmt: skip


def policy_of(text: str) -> Policy:
    """The policy that these rule lines stand for; a faulty line fails the test."""
    lines = [Line(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    findings: list[Diagnostic] = []
    drafts: dict[str, list[RuleDraft]] = {}
    for block in _blocks(lines):
        clause = section_of(block[0].text.split()[1]) or ""
        drafts.setdefault(clause, []).extend(read_rules(block, clause, findings))
    assert not findings, findings
    return Policy(_in_force(drafts), "test", "0" * 64)


def _blocks(lines: list[Line]) -> Iterator[list[Line]]:
    block: list[Line] = []
    for line in lines:
        if not line.text[:1].isspace() and block:
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def wire_of(changes: Mapping[str, Any] | None = None, *without: str) -> Wire:
    """A transfer of a name to a provider under full facts, with changes by dotted path and some keys taken out."""
    wire: Wire = {
        "actor": "assistance_coordinator", "company": "CH", "action": "transfer", "data": ["name"],
        "subject": {"relation": "employee_of", "age": 41, "country": "CH"},
        "recipient": "provider.travel", "recipient_country": "CH", "purpose": "logistics",
        "facts": deepcopy(FULL_FACTS),
    }  # fmt: skip
    for path, value in (changes or {}).items():
        room, key = _place(wire, path)
        room[key] = value
    for path in without:
        room, key = _place(wire, path)
        room.pop(key, None)
    return wire


def _place(wire: Wire, path: str) -> tuple[Wire, str]:
    *rooms, key = path.split(".")
    for room in rooms:
        wire = wire.setdefault(room, {})
    return wire, key


def request_of(changes: Mapping[str, Any] | None = None, *without: str) -> Request:
    return read_request(wire_of(changes, *without))


def reordered(policy: Policy, seed: int) -> Policy:
    """The same rules in another order."""
    rules = list(policy.rules)
    random.Random(seed).shuffle(rules)  # noqa: S311  # test data, not secrets
    return Policy(tuple(rules), policy.version, policy.digest)


def with_rule(policy: Policy, rule: Rule) -> Policy:
    return Policy((*policy.rules, rule), policy.version, policy.digest)
