"""The locks between a clause's words, its rules and its examples: none of the three can change alone.

Statements and overlays are held to the same ones.
"""

import difflib
from collections.abc import Container, Iterable, Iterator, Sequence

from amanat.policy.rule import Rule, RuleKind
from amanat.statement.declaring import DeclarationDraft
from amanat.statement.diagnostics import Diagnostic
from amanat.statement.document import Line, Section
from amanat.statement.draft import RuleDraft
from amanat.statement.spans import finding

# Anchor kinds that the lock compares; `who`, `of`, owners, evidence, services and platform facts are house-keeping,
# not public words: the prose may name them, and then must name what the rules do, but need not.
_LOCKED = frozenset({"do", "data", "to", "from", "for", "ch", "ctx", "if", "term", "then", "unless", "every", "within"})
_UNLOCKED_KINDS = frozenset({RuleKind.CONTROL, RuleKind.REACH})

Operand = tuple[str, str]


def twice(rules: Iterable[Rule], declared: Iterable[DeclarationDraft] = ()) -> list[Diagnostic]:
    """Ids that stand a second time."""
    named = [(rule.id, rule.section, Line(rule.line, "")) for rule in rules]
    named += [(one.id, one.id, one.head) for one in declared]
    seen: set[str] = set()
    found = []
    for name, clause, line in named:
        if name in seen:
            hint = "give the second one a suffix letter, such as `x`"
            found.append(finding(line, clause, "R007", f"rule id `{name}` stands twice", hint, name))
        seen.add(name)
    return found


def anchor_lock(
    section: Section, drafts: Sequence[RuleDraft], declared: Sequence[DeclarationDraft] = ()
) -> Iterator[Diagnostic]:
    """The words of the prose and the operands of the rules are the same set, by kind, both ways."""
    said = {(anchor.kind, anchor.term): anchor for anchor in section.anchors}
    used = _operands(drafts) | _operands(declared)
    for (kind, term), anchor in said.items():
        if (kind, term) not in used:
            told = f"the prose anchors `{kind}:{term}`, but no rule of the clause uses it"
            hint = _near(kind, term, [meant for key, meant in used if key == kind and (key, meant) not in said])
            yield Diagnostic(anchor.line, section.id, "L02", told, hint, "error", anchor.column, anchor.length)
    for kind, term in sorted(_locked(drafts, declared, said) - set(said)):
        told = f"a rule uses `{kind} {term}`, but no word of the prose says so"
        hint = f"link the words that say it: [words]({kind}:{term})"
        head, _, parameter = term.partition(":")
        yield finding(used[kind, term], section.id, "L02", told, hint, term, parameter, head)


def _operands(drafts: Iterable[RuleDraft | DeclarationDraft]) -> dict[Operand, Line]:
    """What is meant, and the line that means it."""
    return {operand: draft.place(operand) for draft in drafts for operand in draft.operands}


def _near(kind: str, term: str, lacking: Iterable[str]) -> str:
    near = difflib.get_close_matches(term[:60], lacking, n=1)
    return f"did you mean `{kind}:{near[0]}`?" if near else "add it to a rule, or drop the link"


def _locked(
    drafts: Iterable[RuleDraft], declared: Iterable[DeclarationDraft], said: Container[Operand]
) -> set[Operand]:
    """What the prose has to say. A declaration speaks of a choice that the prose may call an exception."""
    rules = _operands(one for one in drafts if one.rule.kind not in _UNLOCKED_KINDS)
    others = {(kind, term) for kind, term in _operands(declared) if kind != "if" or ("unless", term) not in said}
    return {one for one in rules.keys() | others if one[0] in _LOCKED and one != ("do", "any")}


def case_lock(drafts: list[RuleDraft], section: Section) -> Iterator[Diagnostic]:
    """Each permitting clause shows a permit and a refusal; each prohibiting clause shows a refusal."""
    kinds = {draft.rule.kind for draft in drafts if not draft.by_default}
    outcomes = {line.text.split()[0] for line in section.cases}
    refusals = outcomes - {"permit"}
    if RuleKind.PERMIT in kinds and ("permit" not in outcomes or not refusals):
        told, hint = "a permit needs a case that permits and one that does not", "add the case that is lacking"
        yield finding(section.heading, section.id, "L05", told, hint, section.title)
    elif kinds & {RuleKind.FORBID, RuleKind.CHOICE} and not refusals:
        told, hint = "a prohibition needs a case that it refuses", "add such a case"
        yield finding(section.heading, section.id, "L05", told, hint, section.title)
