"""Could any clause ever permit this? Asked of a declaration, before there is a request, by boxes and not by trying.

A need is possible for a datum if the box of some permit meets it somewhere that no prohibition covers for good. What
no permit's box meets is never accepted. Not seen, and so accepted: conditions that exclude each other across rules, a
requirement that no fact can meet together with the permit, prohibitions that stop a datum only beside another one or
only together by their contexts, and whether one request could hold all data of the need at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from amanat.policy.interpreter import Policy
from amanat.policy.request import purpose_of
from amanat.policy.rule import Condition, Rule, RuleKind, in_clause_order
from amanat.vocabulary.needs import Need, data_in, mask_of
from amanat.vocabulary.terms import ACTION, CATEGORY, CHANNEL, CONTEXT, PURPOSE, RECIPIENT, RELATION, ROLE

# The open axes of a need whose action, purpose and datum are fixed: actors, recipients, sources, channels, relations.
_Region = tuple[int, ...]
_ALL: _Region = (
    ROLE.everything, RECIPIENT.everything, RECIPIENT.everything, CHANNEL.everything, RELATION.everything,
)  # fmt: skip
_PLACES = CONTEXT.union(("same_country", "cross_border"))


@dataclass(frozen=True, slots=True)
class Chance:
    """The clauses that could permit one datum of a need; none of them, if none could."""

    word: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Act:
    """One datum under one action for one purpose, as bits."""

    word: str
    leaf: int
    action: str
    purpose: int
    beside: int

    def meets(self, rule: Rule) -> bool:
        """Whether the rule's box holds the datum at all, whoever acts."""
        box = rule.box
        named = box.fields is None or self.word in box.fields
        return named and bool(
            box.actions & ACTION.bit[self.action] and box.purposes & self.purpose and box.leaves & self.leaf
        )

    def open_axes(self, region: _Region) -> _Region:
        """Axes that play no part in this action are no limit: recipients are told, sources and channels supply."""
        tells, takes = self.action in ("disclose", "transfer"), self.action in ("collect", "receive")
        asked = (True, tells, self.action == "receive", takes, True)
        return tuple(part if asks else whole for part, whole, asks in zip(region, _ALL, asked, strict=True))

    @property
    def contexts(self) -> int:
        """Every context that such a request can be in: only what leaves the company crosses a border."""
        tells = self.action in ("disclose", "transfer")
        return CONTEXT.everything if tells else CONTEXT.everything & ~CONTEXT.bit["cross_border"]


def could_permit(policy: Policy, need: Need) -> tuple[Chance, ...]:
    """For each category of the need, in its order, the clauses whose permits could let some of it through."""
    return tuple(Chance(word, in_clause_order(_sections(policy, need, word))) for word in need.categories)


def purposes_that_could(policy: Policy, need: Need, word: str) -> tuple[str, ...]:
    """The purposes for which one datum of the need could be permitted instead, by as few names as cover them."""
    return tuple(
        PURPOSE.cover(
            PURPOSE.union(
                purpose
                for purpose in PURPOSE.leaves
                if purpose != "other" and any(_sections(policy, replace(need, purpose=purpose), word))
            )
        )
    )


def _sections(policy: Policy, need: Need, category: str) -> Iterator[str]:
    wanted = _wanted(need)
    for act in _acts(need, category):
        near = [rule for rule in policy.rules if act.meets(rule)]
        for rule in near:
            if rule.kind is RuleKind.PERMIT and _opens(rule, act, act.open_axes(wanted), near):
                yield rule.section


def _wanted(need: Need) -> _Region:
    return (
        mask_of(ROLE, need.roles),
        mask_of(RECIPIENT, need.recipients),
        mask_of(RECIPIENT, need.sources),
        mask_of(CHANNEL, need.channels),
        RELATION.everything,
    )


def _acts(need: Need, category: str) -> Iterator[_Act]:
    purpose = PURPOSE.bit[purpose_of(need.purpose)[0]]
    named = CATEGORY.union(leaf for one in need.categories for _, leaf in data_in(one))
    for word, leaf in data_in(category):
        bit = CATEGORY.bit[leaf]
        yield _Act(word, bit, need.action, purpose, named & ~bit)


def _opens(permit: Rule, act: _Act, wanted: _Region, near: Sequence[Rule]) -> bool:
    """Whether something of what is wanted lies in the permit's box and outside all that stops it for good."""
    if not _can_hold(permit.when) or not permit.box.contexts & act.contexts:
        return False
    if permit.box.beside and not permit.box.beside & act.beside:
        return False
    here = tuple(mine & its for mine, its in zip(wanted, act.open_axes(_region(permit)), strict=True))
    left = [here] if all(here) else []
    for rule in near:
        stopped = _stopped_by(rule, permit, act)
        if stopped is not None:
            left = [piece for region in left for piece in _without(region, act.open_axes(stopped))]
    return bool(left)


def _region(rule: Rule) -> _Region:
    box = rule.box
    return (box.actors, box.recipients, box.sources, box.channels, box.relations)


def _stopped_by(rule: Rule, permit: Rule, act: _Act) -> _Region | None:
    """What a rule stops whatever the facts are, under every context that the permit could be used in."""
    if rule.box.beside or not _unavoidable(rule.box.contexts, permit.box.contexts, act.contexts):
        return None
    if rule.kind is RuleKind.REACH:
        return (ROLE.everything & ~rule.box.actors, *_region(rule)[1:])
    lifted = {
        RuleKind.FORBID: rule.unless, RuleKind.CHOICE: rule.unless,
        RuleKind.REQUIRE: rule.need, RuleKind.CONTROL: rule.need,
    }.get(rule.kind)  # fmt: skip
    if lifted is None or _can_hold(lifted) or () not in rule.when:
        return None
    return _region(rule)


def _unavoidable(stopping: int, permitting: int, possible: int) -> bool:
    """Whether every request in the permit's contexts is in the stopping ones: a place, and something else, it has."""
    free = possible & ~stopping
    return not (free & permitting and free & _PLACES and free & ~_PLACES)


def _can_hold(condition: Condition) -> bool:
    """False only for a condition whose every way asks for a fact and for its opposite."""
    return any(
        not any((one.atom, one.parameter, not one.wanted) in stated for one in way)
        for way in condition
        for stated in [{(one.atom, one.parameter, one.wanted) for one in way}]
    )


def _without(region: _Region, gone: _Region) -> Iterator[_Region]:
    """The boxes that are left of one box after another is cut out of it."""
    if not all(mine & its for mine, its in zip(region, gone, strict=True)):
        yield region
        return
    for axis, (mine, its) in enumerate(zip(region, gone, strict=True)):
        if mine & ~its:
            shared = tuple(one & other for one, other in zip(region[:axis], gone[:axis], strict=True))
            yield (*shared, mine & ~its, *region[axis + 1 :])
