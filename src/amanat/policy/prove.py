"""Proofs over all requests: whether something is ever permitted, how much is, and which rules do nothing.

Exact, without drawing lots and without a solver from outside: the request space is cut into regions (`policy.space`)
and each region's question is solved (`policy.solving`). A property that does not hold comes with a request that the
interpreter permits against it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from amanat.policy.expressions import Expression, Variable, all_of, any_of, implies, negated
from amanat.policy.interpreter import Policy
from amanat.policy.request import Request
from amanat.policy.rule import Rule, RuleKind
from amanat.policy.solving import Effort, Solution, Solver
from amanat.policy.space import PERSONAL, SIGNALS, TELLS, Asked, Region, Space, absent, stands_back
from amanat.policy.witness import request_of


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether no request is permitted that a prohibition would stop; else how many are, and one of them."""

    asked: Rule
    ways: int
    counterexample: Request | None

    @property
    def holds(self) -> bool:
        return self.counterexample is None


@dataclass(frozen=True, slots=True)
class Idle:
    """A rule without which nothing changes. `dead`: nothing that it permits is permitted in the end."""

    rule: Rule
    dead: bool


class Analysis:
    """What can be said of all requests under one policy. Rules that will be asked about may be given in `also`.

    Raises `TooHardError` where an answer would take too long.
    """

    def __init__(self, policy: Policy, also: Iterable[Rule] = ()) -> None:
        self.policy = policy
        self.space = Space(policy, also)
        self.effort = Effort()
        self._solvers: dict[Variable, Solver] = {}

    def never(self, asked: Rule) -> Proof:
        """Prove that no request is permitted which this prohibition would stop."""
        if not self.space.sees(asked):
            return Analysis(self.policy, (asked,)).never(asked)
        self.effort.begin()
        ways, example = 0, None
        for region in self.space.within(asked):
            spared = stands_back(asked, region.settled, absent(region.settled))
            if _is_plain(self.space.asked(region), spared):
                continue
            found = self.solve(region, all_of([self.space.permitted(-1, region), negated(spared)]))
            if found.ways:
                ways += found.ways * region.words
                example = example or witness(region, found)
        return Proof(asked, ways, example)

    def solve(self, region: Region, expression: Expression) -> Solution:
        """In how many ways, and in which one, an expression holds in a region."""
        variables = self.space.variables(region)
        solver = self._solvers.get(variables[1])
        if solver is None:
            solver = self._solvers[variables[1]] = Solver(variables, self.effort)
        return solver.solve(expression)

    @cached_property
    def permitted(self) -> int:
        """How many requests are permitted."""
        self.effort.begin()
        return sum(
            self.solve(region, self.space.permitted(-1, region)).ways * region.words for region in self.space.regions
        )

    @cached_property
    def size(self) -> int:
        """How many requests there are: each way to choose words, times each way to choose all else."""
        everything = Solver(self.space.variables(Region(0, 0, 0, ()))).space
        abroad = Solver(self.space.variables(Region(0, TELLS | PERSONAL, 0, ()))).space
        return self.space.words(abroad=False) * everything + self.space.words(abroad=True) * abroad

    def idle(self) -> Iterator[Idle]:
        """Permits that never matter and stops that never stop. Rules about data side by side are not judged."""
        self.effort.begin()
        kinds = self._kinds_of_region()
        for place, rule in enumerate(self.policy.rules):
            if rule.box.beside:
                continue
            mine = [(region, asked) for region, asked, places in kinds if place in places]
            if rule.kind is RuleKind.PERMIT:
                if not any(self._permits_alone(region, asked, place) for region, asked in mine):
                    yield Idle(rule, dead=not any(self._takes_part(region, asked, place) for region, asked in mine))
            elif not any(self._stops_alone(region, asked, place) for region, asked in mine):
                yield Idle(rule, dead=False)

    def _kinds_of_region(self) -> list[tuple[Region, Asked, frozenset[int]]]:
        """One region of each kind: the others ask the same, with the same left open."""
        kinds = {(self.space.asked(one), self.space.variables(one)[1]): one for one in self.space.regions}
        return [
            (region, asked, frozenset(place for place, _ in (*asked.permits, *asked.stops)))
            for (asked, _), region in kinds.items()
        ]  # fmt: skip

    def _takes_part(self, region: Region, asked: Asked, place: int) -> bool:
        """Whether something is permitted here to which this permit applies."""
        return self._can(region, [part for one, part in asked.permits if one == place], asked.stops)

    def _permits_alone(self, region: Region, asked: Asked, place: int) -> bool:
        """Whether something is permitted here that no other rule would permit."""
        permits = [part if one == place else negated(part) for one, part in asked.permits]
        return self._can(region, permits, asked.stops)

    def _stops_alone(self, region: Region, asked: Asked, place: int) -> bool:
        """Whether something is refused here that would be permitted without this rule."""
        permitted = any_of([part for _, part in asked.permits])
        stops = [(one, negated(part) if one == place else part) for one, part in asked.stops]
        return self._can(region, [permitted], stops)

    def _can(self, region: Region, parts: Iterable[Expression], stops: Iterable[tuple[int, Expression]]) -> bool:
        return bool(self.solve(region, all_of([*parts, *(part for _, part in stops)])).ways)


def _is_plain(near: Asked, spared: Expression) -> bool:
    """Whether some stop, or each permit, plainly asks for what is to be proved."""
    return any(implies(stop, spared) for _, stop in near.stops) or all(
        implies(permit, spared) for _, permit in near.permits
    )


def witness(region: Region, found: Solution) -> Request:
    """A request of the region with the signals that were found."""
    return request_of(**dict(region.example), known=found.known | region.settled & SIGNALS)
