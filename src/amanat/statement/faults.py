"""What a rule must not be: one that means nothing, one whose line would be dropped in silence, one that a no widens.

Each check is a small predicate on a rule that was read; a fault keeps the whole statement out of force.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from amanat.policy.rule import ALWAYS, Conjunction, RuleKind
from amanat.statement.diagnostics import Diagnostic
from amanat.statement.draft import HEAD, RuleDraft
from amanat.statement.spans import finding
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
    """`fails` names the key of the line at fault, or `HEAD` for the rule as a whole; None if all is well."""

    code: str
    message: str
    hint: str
    fails: Callable[[RuleDraft], str | None]


def faults_of(draft: RuleDraft, clause: str) -> list[Diagnostic]:
    """The faults of one rule, as errors with hints."""
    found = [(check, at) for check in _CHECKS if (at := check.fails(draft)) is not None]
    return [
        finding(draft.place(at), clause, check.code, f"rule `{draft.rule.id}` {check.message}", check.hint, at)
        for check, at in found
    ]


def _lacks(key: str) -> Callable[[RuleDraft], str | None]:
    return lambda draft: None if key in draft.keys else HEAD


def _first(keys: Iterable[str]) -> str | None:
    return min(keys, default=None)


def _asks_nothing(draft: RuleDraft) -> str | None:
    rule = draft.rule
    idle = rule.kind in (RuleKind.REQUIRE, RuleKind.CONTROL) and rule.need == ALWAYS and not rule.then
    return HEAD if idle else None


def _defaults_wrongly(draft: RuleDraft) -> str | None:
    if not draft.by_default:
        return None
    return HEAD if draft.rule.kind is not RuleKind.FORBID else _first(draft.keys & {"if", "then"})


def _contradicts(draft: RuleDraft) -> str | None:
    """The line of a condition that can never hold, or not where its rule applies."""
    rule = draft.rule
    conditions = {"if": rule.when, "need": rule.need, "unless": rule.unless}
    alone = _first(key for key, condition in conditions.items() if any(map(_never, condition)))
    return alone or _first(
        key
        for key in ("need", "unless")
        if conditions[key] and all(_never(applies + way) for applies in rule.when for way in conditions[key])
    )


def _never(way: Conjunction) -> bool:
    denied = {(one.atom, one.parameter) for one in way if not one.wanted}
    return any(one.wanted and (one.atom, one.parameter) in denied for one in way)


def _drops_a_line(draft: RuleDraft) -> str | None:
    return _first(draft.keys & _OPTIONAL - _READS[draft.rule.kind])


def _asks_where_nothing_moves(draft: RuleDraft) -> str | None:
    actions = draft.rule.box.actions
    return _first(key for key, moving in _MOVES.items() if key in draft.keys and not actions & ACTION.union(moving))


def _needs_company(draft: RuleDraft) -> str | None:
    """A permit that holds only beside other data would make asking for less the worse request (invariant I14)."""
    opens = draft.by_default or draft.rule.kind in (RuleKind.PERMIT, RuleKind.REACH)
    return _first(draft.keys & {"beside"}) if opens else None


def _widened_by_a_no(draft: RuleDraft) -> str | None:
    """Whether withdrawing a consent, or adding a block, could open something (invariants I3 and I4)."""
    rule = draft.rule
    opens = {"need": rule.need, "unless": rule.unless}
    closes = {"if": rule.when}
    if rule.kind is RuleKind.PERMIT:
        opens, closes = opens | closes, {}
    return _first(
        key
        for conditions, on_no, on_yes in ((opens, _YES, _NO), (closes, _NO, _YES))
        for key, condition in conditions.items()
        if any(one.atom in (on_yes if one.wanted else on_no) for way in condition for one in way)
    )


_CHECKS = (
    _Check("R002", "names no action", "add a `do` line", _lacks("do")),
    _Check("R003", "names no data", "add a `data` line", _lacks("data")),
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
