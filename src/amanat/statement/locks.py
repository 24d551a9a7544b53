"""The locks between a clause's words, its rules and its examples: none of the three can change alone.

Statements and overlays are held to the same ones.
"""

from collections.abc import Iterable, Iterator

from amanat.policy.rule import Rule, RuleKind
from amanat.statement.diagnostics import Diagnostic
from amanat.statement.document import Section
from amanat.statement.draft import RuleDraft

# Anchor kinds that the lock compares; `who`, `of` and platform facts are house-keeping, not public words.
_LOCKED = frozenset({"do", "data", "to", "from", "for", "ch", "ctx", "if", "term", "then", "unless"})
_UNLOCKED_KINDS = frozenset({RuleKind.CONTROL, RuleKind.REACH})


def twice(rules: Iterable[Rule]) -> list[Diagnostic]:
    seen: set[str] = set()
    found = []
    for rule in rules:
        if rule.id in seen:
            hint = "give the second one a suffix letter, such as `x`"
            found.append(Diagnostic(rule.line, rule.section, "R007", f"rule id `{rule.id}` stands twice", hint))
        seen.add(rule.id)
    return found


def anchor_lock(section: Section, drafts: list[RuleDraft]) -> Iterator[Diagnostic]:
    """The words of the prose and the operands of the rules are the same set, by kind, both ways."""
    said = {(anchor.kind, anchor.term): anchor for anchor in section.anchors}
    meant = {
        operand
        for draft in drafts
        if draft.rule.kind not in _UNLOCKED_KINDS
        for operand in draft.operands
        if operand[0] in _LOCKED and operand != ("do", "any")
    }
    every = {operand for draft in drafts for operand in draft.operands}
    for (kind, term), anchor in said.items():
        if (kind, term) not in every:
            message = f"the prose anchors `{kind}:{term}`, but no rule of the clause uses it"
            yield Diagnostic(anchor.line, section.id, "L02", message, "add it to a rule, or drop the link")
    for kind, term in sorted(meant - set(said)):
        message = f"a rule uses `{kind} {term}`, but no word of the prose says so"
        hint = f"link the words that say it: [words]({kind}:{term})"
        yield Diagnostic(section.line, section.id, "L02", message, hint)


def case_lock(drafts: list[RuleDraft], section: Section) -> Iterator[Diagnostic]:
    """Each permitting clause shows a permit and a refusal; each prohibiting clause shows a refusal."""
    kinds = {draft.rule.kind for draft in drafts if not draft.by_default}
    outcomes = {line.text.split()[0] for line in section.cases}
    refusals = outcomes - {"permit"}
    if RuleKind.PERMIT in kinds and ("permit" not in outcomes or not refusals):
        yield Diagnostic(section.line, section.id, "L05", "a permit needs a case that permits and one that does not")
    elif kinds & {RuleKind.FORBID, RuleKind.CHOICE} and not refusals:
        yield Diagnostic(section.line, section.id, "L05", "a prohibition needs a case that it refuses")
