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
from amanat.vocabulary.choices import OPT_OUTS, ChoiceKind

_TOWARDS: Final = {
    "payer_disclosure": "payer_here", "third_party_source": "source_here", "other_purpose": "other_here",
    "block_recipient": "blocked_recipient", "block_purpose": "blocked_purpose", "withhold": "withheld",
}  # fmt: skip
# A kind of choice → what shows in a request that such a choice was made: one for anybody, or towards this very one.
_SHOWN: Final[Mapping[str, tuple[int, ...]]] = {
    kind: tuple(BIT[name] for name in (f"consent:{kind}", f"chosen:{kind}", _TOWARDS.get(kind, "")) if name in BIT)
    for kind in (one.value for one in ChoiceKind)
}  # fmt: skip
_ANY_NO: Final = sum(sum(_SHOWN[kind.value]) for kind in OPT_OUTS)


def stretched_choices(old: Policy, new: Policy) -> frozenset[str]:
    """The kinds of choices that the new policy stretches.

    A choice is stretched if the new policy alone permits a request in which it is made, and either the new one would
    refuse that without the choice, or the old one permits it without. Each no is judged by itself, and each yes of a
    person without any: else a stop that falls would stretch whatever it stood in the way of. Raises `TooHardError`.
    """
    both, found = Both(old, new), set[str]()
    for region, turned, now, then in _turned(both):
        for kind, marks in _SHOWN.items():
            if kind not in found and signals_in(turned) & sum(marks):
                others = _ANY_NO & ~sum(marks)
                lost, freed = (given(one, 0, others | sum(marks)) for one in (now, then))
                rests = any_of([negated(lost), freed])
                if any(both.analysis.solve(region, all_of([given(turned, one, others), rests])).ways for one in marks):
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
