"""Small statements drawn from the grammar: a world, a few clauses, every kind of rule, words and cases that fit them.

What a case claims is what the interpreter says, so a drawn statement compiles; `draw_statement` draws until it does.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from amanat.policy.interpreter import Policy, decide
from amanat.policy.rule import RuleKind
from amanat.statement.cases import read_cases, read_world
from amanat.statement.compile import _in_force
from amanat.statement.declaring import DeclarationDraft, read_declarations
from amanat.statement.diagnostics import Diagnostic
from amanat.statement.document import Line
from amanat.statement.draft import RuleDraft
from amanat.statement.keys import AXES
from amanat.statement.rules import read_rules, words_of
from amanat.vocabulary.terms import ACTION, CATEGORY, CONTEXT, PLATFORM_FACTS, PURPOSE, RECIPIENT, ROLE

CLAUSES = ("3.5", "5.6", "6.7", "6.8", "6.10", "6.11", "7.1", "8.6", "8.12", "9.2", "A.1", "B.1", "R.1")
WORLD = (
    "company(CH), relation(direct), country(CH), recipient_country(CH), age(41)",
    "agreement(live), terms(secrecy, purpose_bound, our_directions), tool(scc), identity(proven), entitlement, k(25)",
)
_HEADER = ("---", "statement: drawn", "version: 0.1.0", "effective: 2027-01-01", "---")
_KINDS = ("permit", "permit", "permit", "require", "forbid", "choice", "control", "reach")
_TAKES = {"to": ACTION.mask_of("telling"), "from": ACTION.mask_of("receive"), "ch": ACTION.mask_of("taking")}
_FACTS = (
    "agreement", "agreement with secrecy as 6.9a, purpose_bound", "tool", "tool scc", "law", "company_law", "order",
    "entitlement", "attested_source", "k >= 10", "identity proven", "age >= 18", "purpose_named",
    "term secrecy as 6.9a", "not order", "not ctx urgent", "ctx routine", "platform graph",
)  # fmt: skip
_YESES = ("consent opt_in", "consent newsletter", "consent payer_disclosure per recipient", "glass", "echo")
_NOES = ("blocked_recipient", "blocked_purpose", "withheld", "chosen opt_out_service")
_DUTIES = (
    "minimise",
    "minimise emergency_minimum",
    "review 72h",
    "notify_subject 30d",
    "aggregate_k 10",
    "record_reason",
)
_GIVEN = (
    "order", "attested_source", "consent(newsletter)", "consent(medical_service)",
    "consent(payer_disclosure, employer)", "choice(withhold, name)", "choice(block_recipient, provider)",
    "no agreement", "no tool", "k(3)", "age(12)", "no consent", "glass",
)  # fmt: skip
_DECLARED = (
    ("duty {}", "owner privacy_officer", "for every breach", "within 72h", "evidence incident_register"),
    ("right {}", "who member", "do view", "data personal", "need identity proven", "within 30d"),
    ("define {}", "term data:identity, to:provider"),
    ("consequence {}", "of withdraw newsletter", "stops newsletter"),
)

Block = list[str]


@dataclass(frozen=True)
class DrawnClause:
    """A clause while it is being drawn: its blocks of rule lines as read, and what its prose has to say."""

    id: str
    lines: Block
    drafts: list[RuleDraft]
    declared: list[DeclarationDraft]

    def prose(self, draw: random.Random) -> Iterator[str]:
        """A sentence for each word of the rules; who acts, and for whom, is said now and then."""
        operands = {operand for one in self.drafts for operand in one.operands}
        operands |= {operand for one in self.declared for operand in one.operands}
        spoken = [one for one in sorted(operands) if one[0] not in ("who", "of") or draw.random() < 0.5]
        for number, (kind, term) in enumerate(spoken):
            yield f"Here [word {number}]({kind}:{term}) is said."


def draw_statement(draw: random.Random) -> str:
    """The text of a statement that compiles, but for what its author could not foresee."""
    while True:
        ids = draw.sample(CLAUSES, draw.choice((1, 1, 2, 3)))
        text = _written([_clause(one, draw) for one in ids], draw)
        if text is not None:
            return text


def _clause(clause: str, draw: random.Random) -> DrawnClause:
    lines: Block = []
    drafts: list[RuleDraft] = []
    for suffix in ("", "x", "y", "z")[: draw.choice((1, 1, 2, 3, 4))]:
        block, read = _rule(clause, suffix, draw)
        lines += block
        drafts += read
    declared: Block = []
    if draw.random() < 0.25:
        head, *rest = draw.choice(_DECLARED)
        declared = [head.format(f"{clause}w"), *(f"  {line}" for line in rest)]
    findings: list[Diagnostic] = []
    return DrawnClause(clause, lines + declared, drafts, read_declarations(_numbered(declared), clause, findings))


def _rule(clause: str, suffix: str, draw: random.Random) -> tuple[Block, list[RuleDraft]]:
    """Draw until the language has no fault to find."""
    while True:
        kind = draw.choice(_KINDS)
        default = " by default" if kind == "forbid" and draw.random() < 0.1 else ""
        block = [f"{kind} {clause}{suffix}{default}", *(f"  {line}" for line in _lines(kind, default, draw))]
        findings: list[Diagnostic] = []
        read = read_rules(_numbered(block), clause, findings)
        if not findings:
            return block, read


def _lines(kind: str, default: str, draw: random.Random) -> Iterator[str]:
    action = draw.choice(
        ("any", "use", "view", "telling", "disclose, transfer", "taking", "receive or collect", "using")
    )
    actions = ACTION.union(leaf for word in words_of(action) for leaf in ACTION.leaves_in(ACTION.mask_of(word)))
    yield f"do      {action}"
    yield f"data    {_some('data', draw)}{' in emergency_minimum' if draw.random() < 0.1 else ''}"
    for key in ("who", "to", "from", "for", "ch", "ctx", "of", "beside"):
        moves = _TAKES.get(key, ACTION.everything) & actions
        if moves and draw.random() < 0.25 and not (key == "beside" and kind in ("permit", "reach")):
            yield f"{key}  {_some(key, draw)}"
    for key, facts in _conditions(kind, default):
        if draw.random() < 0.6 or key == "need":
            yield f"{key}  {draw.choice(facts)}"
            for _ in range(draw.choice((0, 0, 1, 2))):
                yield f"{draw.choice(('and', 'or'))}  {draw.choice(facts)}"
    if kind not in ("control", "reach") and not default and draw.random() < 0.4:
        yield f"then  {', '.join(draw.sample(_DUTIES, draw.choice((1, 2))))}"


def _conditions(kind: str, default: str) -> Iterable[tuple[str, tuple[str, ...]]]:
    if default:
        return (("unless", _FACTS + _YESES),)
    return {
        "permit": (("if", _FACTS + _YESES),),
        "require": (("if", _FACTS + _NOES), ("need", _FACTS + _YESES)),
        "forbid": (("if", _FACTS + _NOES), ("unless", _FACTS + _YESES)),
        "choice": (("if", _NOES), ("unless", ("lawful_order", "order", "exempt_emergency"))),
        "control": (("need", tuple(f"platform {fact}" for fact in PLATFORM_FACTS)),),
        "reach": (),
    }[kind]


def _some(key: str, draw: random.Random) -> str:
    words = draw.sample(sorted(AXES[key][1].mask), draw.choice((1, 1, 2)))
    return draw.choice((", ", " or ", ",")).join(words)


def _numbered(lines: Iterable[str]) -> list[Line]:
    return [Line(number, text) for number, text in enumerate(lines, 1)]


def _written(clauses: list[DrawnClause], draw: random.Random) -> str | None:
    """The whole file; None if some clause finds no case that its lock asks for."""
    policy = Policy(_in_force({one.id: one.drafts for one in clauses}), "0.1.0", "0" * 64)
    body = [*_HEADER, "# A drawn statement", "", "```world", *WORLD, "```", ""]
    for clause in clauses:
        cases = list(dict.fromkeys(_cases(clause, policy, draw)))
        if not _shown(clause, cases):
            return None
        body += [f"### {clause.id} A title", *clause.prose(draw), "```rule", *clause.lines, "```"]
        body += ["```cases", *cases, "```"] if cases else []
        body += ["> note it was drawn", ""]
    return "\n".join(body)


def _shown(clause: DrawnClause, cases: list[str]) -> bool:
    kinds = {draft.rule.kind for draft in clause.drafts if not draft.by_default}
    outcomes = {case.split()[0] for case in cases}
    if RuleKind.PERMIT in kinds:
        return "permit" in outcomes and len(outcomes) > 1
    return not kinds & {RuleKind.FORBID, RuleKind.CHOICE} or bool(outcomes - {"permit"})


def _cases(clause: DrawnClause, policy: Policy, draw: random.Random) -> Iterator[str]:
    """Up to two examples of each outcome, from the words of the clause's own rules."""
    world = read_world(_numbered(WORLD), [])
    met: dict[str, int] = {}
    for number in range(14):
        text = _case(draw.choice(clause.drafts), draw, full=number % 2 == 0)
        (case,) = read_cases([Line(1, f"deny {text}")], clause.id, world, [])
        outcome = decide(policy, case.request).outcome.value
        met[outcome] = met.get(outcome, 0) + 1
        if met[outcome] <= 2:
            yield f"{outcome}  {text}"


def _case(draft: RuleDraft, draw: random.Random, *, full: bool) -> str:
    box = draft.rule.box
    given = _GIVEN[:5] if full else draw.sample(_GIVEN, draw.choice((0, 1, 2)))
    wide = draw.random() < 0.2
    purposes = [one for one in PURPOSE.leaves_in(PURPOSE.everything if wide else box.purposes) if one != "other"]
    contexts = CONTEXT.leaves_in(box.contexts)
    parts = [
        draw.choice(ROLE.leaves_in(box.actors)), draw.choice(ACTION.leaves_in(box.actions)),
        draw.choice(sorted(box.fields or CATEGORY.leaves_in(box.leaves))),
        "to", draw.choice(RECIPIENT.leaves_in(box.recipients)), "from", draw.choice(RECIPIENT.leaves_in(box.sources)),
        "for", draw.choice(purposes or ["billing"]),
        *(["in", draw.choice(contexts)] if contexts and "routine" not in contexts else []),
        *(["given", ", ".join(given)] if given else []),
    ]  # fmt: skip
    return " ".join(parts)
