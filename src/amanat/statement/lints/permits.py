"""Permits against the rules around them: dead and redundant ones (L06), and doors without a guard (L07 to L09).

By box algebra over each permit alone: what it finds is so. A permit that several rules, or several conditions, make
dead only together may escape it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from amanat.policy.request import PERSONAL, SENSITIVE
from amanat.policy.rule import NEVER, Box, Literal, Rule, RuleKind, in_clause_order
from amanat.statement.compile import Statement
from amanat.statement.diagnostics import Diagnostic
from amanat.statement.document import Line
from amanat.statement.draft import HEAD, RuleDraft
from amanat.statement.lints.boxes import Guard, entails, inside, unguarded
from amanat.statement.lints.look import Look
from amanat.statement.spans import finding
from amanat.vocabulary.terms import ACTION, CATEGORY, CONTEXT, PURPOSE, RECIPIENT

_TELLING: Final = ACTION.mask_of("telling")
_OURS: Final = RECIPIENT.mask_of("group") | RECIPIENT.bit["self"]
_PERSONS: Final = RECIPIENT.mask_of("subject")
_BORDER: Final = CONTEXT.bit["cross_border"]
_RIGHTS: Final = PURPOSE.bit["rights_fulfilment"]
_ORDERS: Final = PURPOSE.bit["legal_order"]
_HELP: Final = PURPOSE.bit["emergency_care"]
_PERIL: Final = CONTEXT.mask_of("emergency")

# The yeses that clause 8.3 knows; one to a newsletter opens no health data.
_OPT_INS: Final = frozenset({"opt_in", "medical_service", "emergency_record", "live_location", "call_recording"})
_GROUNDS: Final = frozenset({
    "agreement", "term", "consent", "law", "order", "lawful_order", "glass", "guardian_for", "echo",
})  # fmt: skip


def dead_or_redundant(look: Look) -> Iterator[Diagnostic]:
    """L06: nothing ever passes by this permit, or all that does passes by another as well."""
    rules = look.statement.policy.rules
    for rule in _permits(rules):
        if rule.when == NEVER or unguarded(rule, rule.box, rules, _no_fact) is None:
            yield _at(look.statement, rule, "L06", "is dead: all that it permits is forbidden for good",
                      "drop it, or narrow what forbids it")  # fmt: skip
        elif wider := [other for other in _permits(rules) if _within(rule, other)]:
            named = ", ".join(in_clause_order(one.id for one in wider))
            message = f"is redundant: all that it permits is permitted by {named}{_without_its_if(rule, wider)}"
            yield _at(look.statement, rule, "L06", message, "drop it, or narrow the other", "warning")


def _no_fact(_: Literal) -> bool:
    """The guard under which only what is stopped for good is stopped."""
    return False


def _within(rule: Rule, other: Rule) -> bool:
    eased = entails(rule.when, other.when) and set(rule.then) <= set(other.then)
    return rule is not other and eased and inside(rule.box, other.box)


def _without_its_if(rule: Rule, wider: Iterable[Rule]) -> str:
    return "" if all(entails(one.when, rule.when) for one in wider) else ", and what its `if` asks is not asked there"


def sensitive_unguarded(look: Look) -> Iterator[Diagnostic]:
    """L07: sensitive data without a yes or a broken glass; a right asks for proof of identity, an order for itself."""
    rest = PURPOSE.everything & ~_RIGHTS & ~_ORDERS
    for purposes, also in ((rest, ()), (_RIGHTS, ("identity", "guardian_for")), (_ORDERS, ("order", "lawful_order"))):
        for rule in _permits(look.statement.policy.rules):
            part = replace(rule.box, leaves=rule.box.leaves & SENSITIVE, purposes=rule.box.purposes & purposes)
            if left := _open(look, rule, part, _opted(also)):
                message = f"opens {_some(left)} and no requirement asks for a yes"
                hint = "cover it by a `require` with `need consent opt_in`, or narrow its `data`"
                yield _at(look.statement, rule, "L07", message, hint, "error", "data")


def _opted(also: tuple[str, ...]) -> Guard:
    def guard(one: Literal) -> bool:
        yes = one.atom == "consent" and one.parameter.partition(" ")[0] in _OPT_INS
        return yes or one.atom == "glass" or one.atom in also

    return guard


def told_without_ground(look: Look) -> Iterator[Diagnostic]:
    """L08: others are told without agreement, consent or law. Rescue in an emergency is a ground of its own."""
    for rule in _permits(look.statement.policy.rules):
        part = _told(rule.box, RECIPIENT.everything & ~_OURS)
        rescue = not part.contexts & ~_PERIL and not part.purposes & ~_HELP
        if not rescue and (left := _open(look, rule, part, lambda one: one.atom in _GROUNDS)):
            message = f"tells {_whom(left)} without asking for an agreement, a consent or a law"
            yield _at(look.statement, rule, "L08", message, "ask for one in its `if`, or in a `require`", "error", "to")


def abroad_without_tool(look: Look) -> Iterator[Diagnostic]:
    """L09: data leaves the country without a transfer tool. What goes to the person is no transfer."""
    for rule in _permits(look.statement.policy.rules):
        part = replace(_told(rule.box, RECIPIENT.everything & ~_PERSONS), contexts=_BORDER)
        abroad = rule.box.contexts & ~CONTEXT.bit["same_country"]
        if abroad and (left := _open(look, rule, part, lambda one: one.atom == "tool" and not _blocks(one))):
            message = f"lets data go abroad to {_whom(left)} without a transfer tool"
            hint = "add them to the `require` that needs `tool`"
            yield _at(look.statement, rule, "L09", message, hint, "error", "to")


def _blocks(tool: Literal) -> bool:
    return tool.parameter in ("localisation_block", "none")


def _told(box: Box, recipients: int) -> Box:
    """The part of a box by which these recipients are told personal data."""
    return replace(
        box,
        actions=box.actions & _TELLING,
        leaves=box.leaves & PERSONAL,
        recipients=box.recipients & recipients,
    )


def _open(look: Look, rule: Rule, part: Box, guard: Guard) -> Box | None:
    return unguarded(rule, part, look.statement.policy.rules, guard)


def _permits(rules: Iterable[Rule]) -> list[Rule]:
    return [rule for rule in rules if rule.kind is RuleKind.PERMIT]


def _some(left: Box) -> str:
    data = ", ".join(CATEGORY.names_in(left.leaves))
    return f"`{data}` to `{ACTION.leaves_in(left.actions)[0]}` for `{', '.join(PURPOSE.names_in(left.purposes))}`"


def _whom(left: Box) -> str:
    return f"`{', '.join(RECIPIENT.names_in(left.recipients))}`"


def _at(
    statement: Statement, rule: Rule, code: str, message: str, hint: str, level: str = "error", key: str = HEAD
) -> Diagnostic:
    """A finding on the line of a rule that says what is at fault."""
    draft = _draft(statement, rule)
    line = draft.place(key) if draft else Line(rule.line, "")
    told = finding(line, rule.section, code, f"permit `{rule.id}` {message}", hint, rule.id)
    return replace(told, level=level)


def _draft(statement: Statement, rule: Rule) -> RuleDraft | None:
    return next((one for listed in statement.drafts.values() for one in listed if one.rule.id == rule.id), None)
