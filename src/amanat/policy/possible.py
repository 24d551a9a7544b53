"""Could any clause ever permit this? Asked of a declaration, before there is a request, and answered exactly.

For each datum of a need by itself: is there a request in the whole request space that the interpreter permits? Not
asked is whether one request could hold all data of the need at once. The clauses that are named with a yes are those
whose permits hold the datum by their box.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from amanat.policy.interpreter import Policy
from amanat.policy.prove import Analysis
from amanat.policy.request import purpose_of
from amanat.policy.rule import Box, Rule, RuleKind, in_clause_order
from amanat.vocabulary.needs import Need, data_in, mask_of
from amanat.vocabulary.terms import ACTION, CATEGORY, CHANNEL, PURPOSE, RECIPIENT, ROLE


@dataclass(frozen=True, slots=True)
class Chance:
    """The clauses that could permit one datum of a need; none of them, if none could."""

    word: str
    clauses: tuple[str, ...]


def could_permit(policy: Policy, need: Need) -> tuple[Chance, ...]:
    """For each category of the need, in its order, the clauses whose permits could let some of it through."""
    return tuple(Chance(word, _clauses(policy, need, word)) for word in need.categories)


def purposes_that_could(policy: Policy, need: Need, word: str) -> tuple[str, ...]:
    """The purposes for which one datum of the need could be permitted instead, by as few names as cover them."""
    others = (one for one in PURPOSE.leaves if one != "other")
    return tuple(
        PURPOSE.cover(PURPOSE.union(one for one in others if _clauses(policy, replace(need, purpose=one), word)))
    )


def _clauses(policy: Policy, need: Need, category: str) -> tuple[str, ...]:
    wanted = _box(need, category)
    beside = CATEGORY.union(leaf for one in need.categories for _, leaf in data_in(one))
    near = {rule.section for rule in _permits_of(policy) if _meet(rule.box, wanted, beside)}
    if not near or _analysis(policy).never(Rule("0.0", RuleKind.FORBID, wanted)).holds:
        return ()
    return in_clause_order(near)


def _permits_of(policy: Policy) -> Iterator[Rule]:
    return (rule for rule in policy.rules if rule.kind is RuleKind.PERMIT)


@lru_cache(maxsize=8)
def _analysis(policy: Policy) -> Analysis:
    """One for all needs of a policy: what it has cut and solved serves the next."""
    return Analysis(policy)


def _box(need: Need, category: str) -> Box:
    """The requests that a need speaks of, for one of its categories. A leaf, or a group of leaves, has all its fields.

    Who is told, who supplies and by which channel play a part only in what is told and taken.
    """
    named = data_in(category)
    tells, receives = need.action in ("disclose", "transfer"), need.action == "receive"
    takes = need.action in ("collect", "receive")
    return Box(
        actors=mask_of(ROLE, need.roles),
        actions=ACTION.bit[need.action],
        leaves=CATEGORY.union(leaf for _, leaf in named),
        fields=None if category in CATEGORY.groups else frozenset(word for word, _ in named),
        recipients=mask_of(RECIPIENT, need.recipients if tells else ()),
        sources=mask_of(RECIPIENT, need.sources if receives else ()),
        purposes=PURPOSE.bit[purpose_of(need.purpose)[0]],
        channels=mask_of(CHANNEL, need.channels if takes else ()),
    )


def _meet(permit: Box, wanted: Box, data: int) -> bool:
    """Whether a permit holds something of what is wanted; one for data side by side, only beside what is named too."""
    axes = (
        (permit.actors, wanted.actors), (permit.actions, wanted.actions), (permit.leaves, wanted.leaves),
        (permit.recipients, wanted.recipients), (permit.sources, wanted.sources),
        (permit.purposes, wanted.purposes), (permit.channels, wanted.channels),
    )  # fmt: skip
    named = permit.fields is None or wanted.fields is None or bool(permit.fields & wanted.fields)
    together = permit.beside == 0 or bool(permit.beside & data & ~wanted.leaves)
    return named and together and all(mine & its for mine, its in axes)
