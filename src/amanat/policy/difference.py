"""What changes between two policies, exactly: which requests a changed clause lets through, and which it stops.

Each clause is judged alone: the old policy with this one clause as it is in the new one. What the rules of both say of
a request is compared over the whole request space, so a changed word that changes nothing is told apart from one that
opens a door. Requests of that space name one datum, so rules about data side by side are compared as rules, and what
they may open or stop is told without a number.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace

from amanat.policy.expressions import Expression, all_of, negated
from amanat.policy.interpreter import Policy
from amanat.policy.prove import Analysis, witness
from amanat.policy.request import Request
from amanat.policy.rule import Box, Obligation, Rule, RuleKind, in_clause_order
from amanat.policy.space import Region
from amanat.policy.widening import widened
from amanat.vocabulary.terms import ROLE


@dataclass(frozen=True, slots=True)
class Shift:
    """Requests whose answer turns: how many, and one of them."""

    ways: int
    example: Request


@dataclass(frozen=True, slots=True)
class Change:
    """What one clause changes. `widened` were refused and are now permitted; `narrowed` the reverse.

    `looser` and `stricter` speak of data side by side: what rules about them stop less, or more. They may be told where
    nothing changes, and are never left out where something does.
    """

    clause: str
    widened: Shift | None
    narrowed: Shift | None
    duties_added: tuple[Obligation, ...]
    duties_dropped: tuple[Obligation, ...]
    looser: bool = False
    stricter: bool = False

    @property
    def widens(self) -> bool:
        return self.widened is not None or self.looser

    @property
    def narrows(self) -> bool:
        return self.narrowed is not None or self.stricter

    @property
    def is_silent(self) -> bool:
        """Whether the rules were written otherwise and yet say the same."""
        return not (self.widens or self.narrows or self.duties_added or self.duties_dropped)


def changed_clauses(old: Policy, new: Policy) -> tuple[str, ...]:
    """The clauses whose rules are not the same in both."""
    before, after = _by_clause(old), _by_clause(new)
    return in_clause_order(one for one in before.keys() | after.keys() if before.get(one) != after.get(one))


def compare(old: Policy, new: Policy) -> list[Change]:
    """Every clause that changed, in order, with what its change does to the old policy."""
    both = Both(old, new)
    return [both.change(clause) for clause in both.changed]


def widened_clauses(old: Policy, new: Policy) -> frozenset[str]:
    """The clauses under which something is permitted that was not."""
    return frozenset(one.clause for one in compare(old, new) if one.widens)


class Both:
    """The rules of two policies in one space; those that both have stand there once. `old` and `new` are their bits."""

    def __init__(self, old: Policy, new: Policy) -> None:
        rules = dict.fromkeys(_plain(rule) for rule in (*old.rules, *new.rules))
        self._place = {rule: place for place, rule in enumerate(rules)}
        self.analysis = Analysis(replace(old, rules=tuple(rules)))
        above = -1 << len(rules)  # where the space keeps which reaches are missed: no rule of one policy alone
        self.old, self.new = (above | self._bits(_plain(rule) for rule in which.rules) for which in (old, new))
        self.changed = changed_clauses(old, new)
        self._clauses = _by_clause(old), _by_clause(new)

    def _bits(self, rules: Iterable[Rule]) -> int:
        return sum({1 << self._place[rule] for rule in rules})

    def _of(self, clause: str) -> tuple[frozenset[Rule], frozenset[Rule]]:
        """The rules of a clause before and after."""
        before, after = (which.get(clause, frozenset()) for which in self._clauses)
        return before, after

    def change(self, clause: str) -> Change:
        before, after = self._of(clause)
        instead = self.old & ~self._bits(before) | self._bits(after)
        told, untold = _duties(after), _duties(before)
        return Change(
            clause, self._shift(clause, self.old, instead), self._shift(clause, instead, self.old),
            tuple(one for one in told if one not in untold), tuple(one for one in untold if one not in told),
            looser=self.opens_together(clause), stricter=self._opens(after, before),
        )  # fmt: skip

    def opens_together(self, clause: str) -> bool:
        """Whether the rules of a clause about data side by side may stop less than they did."""
        return self._opens(*self._of(clause))

    def near(self, clause: str) -> Iterator[Region]:
        """The regions in which some rule is near that the clause has in one of the policies alone."""
        before, after = self._of(clause)
        bits = self._bits(before ^ after)
        return (one for one in self.analysis.space.within(_around(before ^ after)) if one.rules & bits)

    def _opens(self, before: frozenset[Rule], after: frozenset[Rule]) -> bool:
        policy = self.analysis.policy
        old, new = (replace(policy, rules=tuple(one for one in rules if one.box.beside)) for rules in (before, after))
        return bool(widened(old, new))

    def _shift(self, clause: str, refused: int, permitted: int) -> Shift | None:
        """What the one set of rules refuses and the other permits, where a clause changed."""
        self.analysis.effort.begin()
        space = self.analysis.space
        ways, example = 0, None
        for region in self.near(clause):
            turned: Expression = all_of([space.permitted(permitted, region), negated(space.permitted(refused, region))])
            found = self.analysis.solve(region, turned)
            if found.ways:
                ways += found.ways * region.words
                example = example or witness(region, found)
        return Shift(ways, example) if example else None


def _by_clause(policy: Policy) -> dict[str, frozenset[Rule]]:
    found: dict[str, set[Rule]] = {}
    for rule in policy.rules:
        found.setdefault(rule.section, set()).add(_plain(rule))
    return {clause: frozenset(rules) for clause, rules in found.items()}


def _plain(rule: Rule) -> Rule:
    """A rule without where it was written."""
    return replace(rule, line=0)


def _duties(rules: Iterable[Rule]) -> tuple[Obligation, ...]:
    return tuple(sorted({duty for rule in rules for duty in rule.then}, key=str))


def _around(rules: frozenset[Rule]) -> Rule:
    """A rule whose box holds all that these are about; a reach is about those whom it does not name."""
    whole = {one.name: 0 for one in fields(Box) if one.name not in ("fields", "beside")}
    for rule in rules:
        for name in whole:
            whole[name] |= getattr(rule.box, name)
        if rule.kind is RuleKind.REACH:
            whole["actors"] = ROLE.everything
    first = next(iter(rules))
    return replace(first, box=Box(**whole, fields=None))
