"""What a rule must not be: one that means nothing, one whose line would be dropped in silence, one that a no widens.

Each check is a small predicate on a rule that was read; a fault keeps the whole statement out of force.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from amanat.policy.rule import ALWAYS, Condition, Literal, RuleKind
from amanat.statement.diagnostics import Diagnostic
from amanat.statement.draft import RuleDraft
from amanat.vocabulary.terms import ACTION

# Kind → the lines it reads beside its axes; any other would be dropped in silence.
_READS = {
    RuleKind.PERMIT: {"if", "then"},
    RuleKind.FORBID: {"if", "unless", "then"},
    RuleKind.REQUIRE: {"if", "need", "then"},
    RuleKind.CONTROL: {"if", "need"},
    RuleKind.REACH: set[str](),
    RuleKind.CHOICE: {"if", "unless", "then"},
}
_OPTIONAL = {"if", "need", "unless", "then"}
# Axis → the actions for which it is asked at all.
_MOVES = {"to": ("disclose", "transfer"), "from": ("receive",), "ch": ("collect", "receive")}
# What the person said yes to, and what they said no to.
_YES = {"consent"}
_NO = {"blocked_recipient", "blocked_purpose", "withheld", "chosen"}


@dataclass(frozen=True, slots=True)
class _Check:
    code: str
    message: str
    hint: str
    fails: Callable[[RuleDraft], bool]


def faults_of(draft: RuleDraft, clause: str) -> list[Diagnostic]:
    """The faults of one rule, as errors with hints."""
    return [
        Diagnostic(draft.rule.line, clause, check.code, f"rule `{draft.rule.id}` {check.message}", check.hint)
        for check in _CHECKS
        if check.fails(draft)
    ]


def _asks_nothing(draft: RuleDraft) -> bool:
    rule = draft.rule
    return rule.kind in (RuleKind.REQUIRE, RuleKind.CONTROL) and rule.need == ALWAYS and not rule.then


def _defaults_wrongly(draft: RuleDraft) -> bool:
    return draft.by_default and (draft.rule.kind is not RuleKind.FORBID or bool(draft.keys & {"if", "then"}))


def _contradicts(draft: RuleDraft) -> bool:
    ways = (*draft.rule.when, *draft.rule.need, *draft.rule.unless)
    return any(
        (one.atom, one.parameter, not one.wanted) in {(other.atom, other.parameter, other.wanted) for other in way}
        for way in ways
        for one in way
    )


def _drops_a_line(draft: RuleDraft) -> bool:
    return bool(draft.keys & _OPTIONAL - _READS[draft.rule.kind])


def _asks_where_nothing_moves(draft: RuleDraft) -> bool:
    actions = draft.rule.box.actions
    return any(key in draft.keys and not actions & ACTION.union(moving) for key, moving in _MOVES.items())


def _needs_company(draft: RuleDraft) -> bool:
    """A permit that holds only beside other data would make asking for less the worse request (invariant I14)."""
    return "beside" in draft.keys and (draft.by_default or draft.rule.kind in (RuleKind.PERMIT, RuleKind.REACH))


def _widened_by_a_no(draft: RuleDraft) -> bool:
    """Whether withdrawing a consent, or adding a block, could open something (invariants I3 and I4)."""
    rule = draft.rule
    opens: tuple[Condition, ...] = (rule.need, rule.unless)
    closes: tuple[Condition, ...] = (rule.when,)
    if rule.kind is RuleKind.PERMIT:
        opens, closes = (*opens, rule.when), ()
    return any(one.atom in (_YES if not one.wanted else _NO) for one in _literals(opens)) or any(
        one.atom in (_YES if one.wanted else _NO) for one in _literals(closes)
    )


def _literals(conditions: Iterable[Condition]) -> Iterable[Literal]:
    return (literal for condition in conditions for way in condition for literal in way)


_CHECKS = (
    _Check("R002", "names no action", "add a `do` line", lambda draft: "do" not in draft.keys),
    _Check("R003", "names no data", "add a `data` line", lambda draft: "data" not in draft.keys),
    _Check("R004", "asks for nothing", "add a `need` line, or a `then` line", _asks_nothing),
    _Check("R005", "needs and excludes the same fact, so it can never hold", "remove one of them", _contradicts),
    _Check(
        "R006",
        "is no bare prohibition, and only such a one may stand by default",
        "drop `by default`, or its `if` and `then`",
        _defaults_wrongly,
    ),
    _Check(
        "R008",
        "has a line that a rule of its kind does not read",
        "permits read `if`, prohibitions and choices `if` and `unless`, requirements `if` and `need`",
        _drops_a_line,
    ),
    _Check(
        "R009",
        "asks `to`, `from` or `ch` of actions that know none",
        "`to` goes with telling, `from` with receive, `ch` with taking",
        _asks_where_nothing_moves,
    ),
    _Check(
        "R010",
        "would open something when a person says no",
        "a permit may rest on a yes alone; a prohibition on a no",
        _widened_by_a_no,
    ),
    _Check(
        "R011",
        "permits more to those who ask for more",
        "`beside` goes with prohibitions, requirements and choices",
        _needs_company,
    ),
)
