"""What an overlay must not be: anything that opens, reads as if it opened, or would displace something stricter.

By construction an overlay's rules only stop and oblige. These checks refuse those that pretend otherwise, so that
nobody believes in a permission, an exception or a longer time that no decision would ever give.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from string import ascii_lowercase
from typing import Final

from amanat.policy.interpreter import hours
from amanat.policy.rule import ALWAYS, Box, Condition, Literal, Obligation, Rule, RuleKind
from amanat.statement.declarations import Declaration, Duty
from amanat.statement.declaring import DeclarationDraft
from amanat.statement.diagnostics import Diagnostic
from amanat.statement.draft import RuleDraft
from amanat.statement.overlays import hours_allowed, same_matter
from amanat.vocabulary.clauses import clause_of
from amanat.vocabulary.terms import PURPOSE

_STRICTER_ONLY: Final = frozenset({RuleKind.FORBID, RuleKind.REQUIRE, RuleKind.CONTROL})
_STOPS: Final = _STRICTER_ONLY | {RuleKind.CHOICE}
# Of two such obligations one word alone would stay, and it might be the wrong one.
_WORDED: Final = frozenset({"propagate", "require_agreement"})
_UNTOUCHABLE: Final = PURPOSE.union(("rights_fulfilment", "legal_order"))


@dataclass(frozen=True, slots=True)
class _Look:
    """A rule of an overlay, the kind of the overlay, and the base rules of the clause it means to make stricter."""

    draft: RuleDraft
    kind: str
    base: tuple[Rule, ...]

    @property
    def rule(self) -> Rule:
        return self.draft.rule

    @property
    def stops(self) -> bool:
        return self.rule.kind is RuleKind.FORBID or self.rule.need != ALWAYS


_Fault = tuple[str, str, str]


def loosenings(draft: RuleDraft, kind: str, base: Iterable[Rule]) -> list[Diagnostic]:
    """All that is wrong with one rule of an overlay of this kind around these rules."""
    clause = _head(draft.rule.section)
    look = _Look(draft, kind, tuple(rule for rule in base if _head(rule.section) == clause))
    return [
        Diagnostic(draft.rule.line, clause, code, f"rule `{draft.rule.id}` {message}", hint)
        for check in _CHECKS
        for code, message, hint in check(look)
    ]


def slower(declared: Iterable[DeclarationDraft], clause: str, base: Iterable[Declaration]) -> Iterator[Diagnostic]:
    """What an overlay may not declare: anything but a duty, or a duty that takes longer than the clause's own."""
    known = [one for one in base if isinstance(one, Duty)]
    for draft in declared:
        duty = draft.declaration(clause)
        said = f"`{draft.kind} {draft.id}`"
        if not isinstance(duty, Duty):
            told = f"{said} is no duty, and of all declarations an overlay may hold duties alone"
            yield Diagnostic(draft.head.number, clause, "O003", told, "a `duty` with a shorter `within`")
            continue
        for other in known:
            if same_matter(duty, other) and hours_allowed(duty) > hours_allowed(other):
                told = f"{said} takes {duty.within or 'any time'} where the clause takes {other.within}"
                yield Diagnostic(draft.head.number, clause, "O005", told, f"`within {other.within}` or less")


def _head(section: str) -> str:
    return clause_of(section).rstrip(ascii_lowercase)


def _opens_outright(look: _Look) -> Iterator[_Fault]:
    if look.draft.by_default or look.rule.kind not in _STRICTER_ONLY:
        word = f"{look.rule.kind.value} … by default" if look.draft.by_default else look.rule.kind.value
        yield "O003", f"is a `{word}`, and an overlay may only stop or oblige", "one of control, forbid, require"


def _opens_more(look: _Look) -> Iterator[_Fault]:
    """An exception that the clause does not know, inside what the clause stops."""
    for rule in look.base:
        if rule.kind in _STOPS and look.stops and _looser(look.rule, rule):
            hint = "an overlay may ask for more than the clause; leave out what it does not know"
            yield "O004", f"lets pass what rule `{rule.id}` of the clause stops", hint
            return


def _looser(rule: Rule, base: Rule) -> bool:
    covered = _inside(rule.box, base.box) and (base.when == ALWAYS or _eases(rule.when, base.when))
    opens, known = _opens(rule), _opens(base)
    return covered and _eases(known, opens) and not _eases(opens, known)


def _opens(rule: Rule) -> Condition:
    """What gets past a stop: the exceptions of a prohibition, the demands of a requirement."""
    return rule.unless if rule.kind in (RuleKind.FORBID, RuleKind.CHOICE) else rule.need


def _eases(narrow: Condition, wide: Condition) -> bool:
    """Whether all that meets `narrow` meets `wide` as well, told from how they are written."""
    return all(any(_facts(other) <= _facts(way) for other in wide) for way in narrow)


def _facts(way: Iterable[Literal]) -> frozenset[tuple[str, str, bool]]:
    return frozenset((one.atom, one.parameter, one.wanted) for one in way)


def _inside(box: Box, other: Box) -> bool:
    """Whether each datum that lies in `box` lies in `other`."""
    if other.fields is not None and (box.fields is None or not box.fields <= other.fields):
        return False
    if other.beside and (not box.beside or box.beside & ~other.beside):
        return False
    masks = (one.name for one in fields(Box) if one.name not in ("fields", "beside"))
    return all(getattr(box, name) & ~getattr(other, name) == 0 for name in masks)


def _lengthens(look: _Look) -> Iterator[_Fault]:
    for duty in look.rule.then:
        for known in _duties(look.base, duty.name):
            if _slacker(duty, known):
                yield "O005", f"asks `{duty}` where the clause asks `{known}`", f"`{known}` or stricter"


def _duties(base: Iterable[Rule], name: str) -> Iterator[Obligation]:
    return (duty for rule in base for duty in rule.then if duty.name == name)


def _slacker(duty: Obligation, known: Obligation) -> bool:
    if not duty.parameter or not known.parameter:
        return bool(known.parameter)
    if duty.name == "aggregate_k":
        return int(duty.parameter) < int(known.parameter)
    return hours(duty.parameter) > hours(known.parameter)


def _counts_fewer(look: _Look) -> Iterator[_Fault]:
    known = max(_sizes(look.base), default=0)
    if any(size < known for size in _sizes([look.rule])):
        yield "O006", "counts smaller groups than the clause does", f"`k >= {known}` or more"


def _sizes(rules: Iterable[Rule]) -> Iterator[int]:
    for rule in rules:
        for way in (*rule.when, *rule.need, *rule.unless):
            yield from (int(one.parameter) for one in way if one.atom == "k")


def _displaces(look: _Look) -> Iterator[_Fault]:
    for duty in look.rule.then:
        if duty.name in _WORDED and duty.parameter:
            yield "O007", f"asks `{duty}`, which could displace another `{duty.name}`", "name nothing after it"


def _silences(look: _Look) -> Iterator[_Fault]:
    """Rights and orders are for the law alone to limit (1.4)."""
    if look.kind != "law" and look.stops and look.rule.box.purposes & _UNTOUCHABLE:
        hint = "add a `for` line without `rights_fulfilment` and `legal_order`, such as `for service`"
        yield "O008", "could silence a right or an order of the law, which only a law may limit", hint


def _blames(look: _Look) -> Iterator[_Fault]:
    if any(one.cites for way in (*look.rule.when, *look.rule.need, *look.rule.unless) for one in way):
        yield "O009", "names another clause to cite, so nobody would see the overlay", "leave out `as`"


_CHECKS: Final[tuple[Callable[[_Look], Iterator[_Fault]], ...]] = (
    _opens_outright, _opens_more, _lengthens, _counts_fewer, _displaces, _silences, _blames,
)  # fmt: skip
