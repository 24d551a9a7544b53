"""Which choices mean something else under a new policy: a yes that opens more, a no that stops less.

Exact, over all requests, and the policies are compared whole. Whoever made such a choice is asked again.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from amanat.policy.difference import Both
from amanat.policy.expressions import Expression, Variable, all_of, any_of, negated, signals_in
from amanat.policy.interpreter import Policy
from amanat.policy.signals import BIT
from amanat.policy.solving import given
from amanat.policy.space import Region

# What shows in a request that a choice was made → its kind.
_KINDS: Final[Mapping[int, str]] = {
    **{BIT[name]: name.partition(":")[2] for name in BIT if name.startswith(("consent:", "chosen:"))},
    BIT["payer_here"]: "payer_disclosure", BIT["source_here"]: "third_party_source",
    BIT["other_here"]: "other_purpose", BIT["blocked_recipient"]: "block_recipient",
    BIT["blocked_purpose"]: "block_purpose", BIT["withheld"]: "withhold",
}  # fmt: skip


def stretched_choices(old: Policy, new: Policy) -> frozenset[str]:
    """The kinds of choices that the new policy stretches.

    A choice is stretched if the new policy alone permits a request in which it is made, and either the new one would
    refuse that without the choice, or the old one permits it without. Raises `TooHardError`.
    """
    both, found = Both(old, new), set[str]()
    for region, turned, now, then in _turned(both):
        for choice, kind in _KINDS.items():
            if kind not in found and signals_in(turned) & choice:
                lost, freed = negated(given(now, 0, choice)), given(then, 0, choice)
                if both.analysis.solve(region, all_of([given(turned, choice, 0), any_of([lost, freed])])).ways:
                    found.add(kind)
    return frozenset(found)


def _turned(both: Both) -> Iterator[tuple[Region, Expression, Expression, Expression]]:
    """Where rules changed: when the new policy alone permits, when it does, and when the old one does.

    Requests of the space name one datum. Where data side by side are stopped less, all that is permitted counts.
    """
    space, seen = both.analysis.space, set[tuple[Expression, Expression, Variable]]()
    for clause in both.changed:
        both.analysis.effort.begin()
        looser = both.opens_together(clause)
        for region in both.near(clause):
            now, then = space.permitted(both.new, region), False if looser else space.permitted(both.old, region)
            alike = (now, then, space.variables(region)[1])
            if now is not False and alike not in seen:
                seen.add(alike)
                yield region, all_of([now, negated(then)]), now, then
