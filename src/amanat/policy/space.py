"""The whole request space of a policy, cut into regions in which the same rules are near.

A request of this space names one datum, whatever else it names (more data never open more: invariant I14). Words that
no rule tells apart lie in one region, with their number; what a region leaves open (contexts and age, countries,
consents, agreement, tool …) is a few variables, so questions about all requests are questions about few values.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final, NamedTuple

from amanat.policy.cells import TAKING, TELLING, Cells, Table, purpose_signals, recipient_signals, source_signals
from amanat.policy.expressions import Expression, Variable, all_of, any_of, fact, negated
from amanat.policy.interpreter import Policy
from amanat.policy.rule import Box, Condition, Literal, Rule, RuleKind
from amanat.policy.signals import BIT, BY_WORDS, CONTEXTS, FIRST_K, NAMES, Cube, formula, looked_at
from amanat.policy.variables import AGES_IN_CONTEXT, BORDERS, COUNTRIES, GLASSES, GROUPED, IDENTITIES, TOOLS, switch
from amanat.vocabulary.terms import ACTION, CATEGORY, CHANNEL, CONTEXT, FIELD_LEAF, PURPOSE, RECIPIENT, RELATION, ROLE

# Shapes of a request, beside its signals: whether it tells somebody, and of a person.
TELLS, PERSONAL = 1 << FIRST_K + 2_000, 1 << FIRST_K + 2_001
_PARTIES: Final = (None, *RECIPIENT.leaves)
_CHANNELS: Final = (None, *CHANNEL.leaves)
_WORDS: Final = (*CATEGORY.leaves, *FIELD_LEAF)
# An open signal that is there only beside another.
_BESIDE: Final = {
    BIT["payer_here"]: BIT["to_somebody"], BIT["blocked_recipient"]: BIT["to_somebody"],
    BIT["source_here"]: BIT["from_somebody"], BIT["other_here"]: BIT["for_other"],
}  # fmt: skip
_SHAPE: Final = TELLS | PERSONAL
SIGNALS: Final = TELLS - 1

_EVERYTHING: Final = Rule("", RuleKind.FORBID, Box())
# Telling, receiving, taking: what goes with an action beside its data.
_SHAPES: Final = ((True, False, False), (False, True, True), (False, False, True), (False, False, False))

Example = tuple[tuple[str, Any], ...]
_Parties = list[str | None]
_Option = tuple[int, int, int, Example]  # rules admitted, signals, number of words, one of them


@dataclass(frozen=True, slots=True)
class Region:
    """Requests with the same rules near: what their words settle, how many they are, and one of them."""

    rules: int
    settled: int
    words: int
    example: Example


class Asked(NamedTuple):
    """What the rules near ask, by their place: a permit to apply, any other to stand back. Idle ones are left out."""

    permits: tuple[tuple[int, Expression], ...]
    stops: tuple[tuple[int, Expression], ...]


@lru_cache(maxsize=4096)
def absent(settled: int) -> int:
    """The signals that cannot be there where these are settled."""
    off = BY_WORDS & ~settled
    for signal, host in _BESIDE.items():
        off |= 0 if settled & host else signal
    return off


class Space:
    """The request space as the rules of some policy cut it, and as far as the rules of `also` look."""

    def __init__(self, policy: Policy, also: Iterable[Rule] = ()) -> None:
        self.rules = policy.rules
        self._cells = Cells(policy)
        self._also = 0
        for rule in also:
            self._also |= _looked_at(rule)
        self.permits = self.of(lambda rule: rule.kind is RuleKind.PERMIT)
        self._looked_at = [_looked_at(rule) for rule in policy.rules]
        self._settling = [seen & BY_WORDS | _hosts(seen) for seen in self._looked_at]
        self._reaches = self.of(lambda rule: rule.kind is RuleKind.REACH)
        self._every = (1 << len(policy.rules)) - 1
        self._telling_apart = Table(self._told_apart_by)
        self._parts: dict[tuple[int, int, int], Expression] = {}
        self._asked: dict[tuple[int, int], Asked] = {}
        self._permitted: dict[tuple[int, int], Expression] = {}

    def of(self, wanted: Callable[[Rule], bool]) -> int:
        """The rules for which `wanted` holds, a bit each."""
        return sum(1 << place for place, rule in enumerate(self.rules) if wanted(rule))

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """All regions in which some permit is near; everywhere else nothing is permitted."""
        return self.within(_EVERYTHING)

    def within(self, rule: Rule) -> tuple[Region, ...]:
        """The regions that the words of a rule name, as far as some permit is near."""
        found: dict[tuple[int, int], tuple[int, Example]] = {}
        purposes, people, data = self._purposes(rule), self._people(rule), self._data(rule)
        for telling, receiving, taking in _SHAPES:
            actions = self._actions(rule, (telling, receiving, taking))
            if actions:
                parties = self._parties(rule, telling=telling, receiving=receiving)
                steps = (actions, purposes, parties, self._channels(rule, taking=taking), people, data)
                self._merge(found, self._walk(steps))
        return tuple(Region(rules, settled, words, example) for (rules, settled), (words, example) in found.items())

    def _walk(self, steps: Iterable[list[_Option]]) -> list[_Option]:
        """Join the options of one axis after the other; what no permit reaches is dropped on the way."""
        way: list[_Option] = [(-1, 0, 1, ())]
        for options in steps:
            way = self._joined(way, options)
        return way

    def _joined(self, way: list[_Option], options: list[_Option]) -> list[_Option]:
        merged: dict[tuple[int, int], tuple[int, Example]] = {}
        permits, telling_apart = self.permits, self._telling_apart
        for rules, settled, words, example in way:
            for more, signals, number, word in options:
                near = rules & more
                if near & permits:
                    key = (near, (settled | signals) & telling_apart[near])
                    known = merged.get(key)
                    merged[key] = (known[0] + words * number, known[1]) if known else (words * number, example + word)
        return [(*key, *told) for key, told in merged.items()]

    def _merge(self, into: dict[tuple[int, int], tuple[int, Example]], options: Iterable[_Option]) -> None:
        for rules, settled, words, example in options:
            key = (rules, settled & self._telling_apart[rules])
            known = into.get(key)
            into[key] = (known[0] + words, known[1]) if known else (words, example)

    def _told_apart_by(self, rules: int) -> int:
        """The signals that rules look at."""
        known = _SHAPE | self._also & BY_WORDS | _hosts(self._also)
        for place, seen in enumerate(self._settling):
            if rules >> place & 1:
                known |= seen
        return known

    # the axes ---------------------------------------------------------------------------------------------------------

    def _classes(self, options: Iterable[_Option]) -> list[_Option]:
        """Options that nothing tells apart, as one."""
        merged: dict[tuple[int, int], tuple[int, Example]] = {}
        for rules, signals, words, example in options:
            key = (rules, signals & self._told_apart)
            known = merged.get(key)
            merged[key] = (known[0] + words, known[1]) if known else (words, example)
        return [(*key, *told) for key, told in merged.items()]

    @cached_property
    def _told_apart(self) -> int:
        return self._telling_apart[self._every]

    def _actions(self, rule: Rule, shape: tuple[bool, bool, bool]) -> list[_Option]:
        """Actions by what goes with them: a recipient, a source, a channel."""
        return self._classes(
            (self._cells.admitted("do", one), TELLS * shape[0], 1, (("action", one),))
            for one in ACTION.leaves_in(rule.box.actions)
            if (one in TELLING, one == "receive", one in TAKING) == shape
        )

    def _purposes(self, rule: Rule) -> list[_Option]:
        return self._classes(
            (self._cells.admitted("for", one), purpose_signals(one), 1, (("purpose", one),))
            for one in PURPOSE.leaves_in(rule.box.purposes)
        )

    def _people(self, rule: Rule) -> list[_Option]:
        return self._classes(
            (self._cells.people[actor, relation], 0, 1, (("actor", actor), ("relation", relation)))
            for actor in ROLE.leaves_in(rule.box.actors)
            for relation in RELATION.leaves_in(rule.box.relations)
        )

    def _data(self, rule: Rule) -> list[_Option]:
        data = [self._cells.data[word] for word in _WORDS]
        return self._classes(
            (one.alone, one.signals | PERSONAL * one.personal, 1, (("words", (one.word,)),))
            for one in data
            if rule.box.leaves & one.bit and (rule.box.fields is None or one.word in rule.box.fields)
        )

    def _channels(self, rule: Rule, *, taking: bool) -> list[_Option]:
        """Data that is taken through no known channel counts as taken online."""
        return self._classes(
            (
                self._cells.admitted("ch", one or "web_public") if taking else -1,
                BIT["by_feed"] * (one == "client_feed"), 1, (("channel", one),),
            )
            for one in _CHANNELS
            if not taking or rule.box.channels & CHANNEL.bit[one or "web_public"]
        )  # fmt: skip

    def _parties(self, rule: Rule, *, telling: bool, receiving: bool) -> list[_Option]:
        """Recipients with sources; that they are the same is told apart."""
        to = self._party("to", rule.box.recipients if telling else None, recipient_signals)
        from_ = self._party("from", rule.box.sources if receiving else None, source_signals)
        return self._classes(
            (rules & more, signals | others | echo, len(pairs), (("recipient", pairs[0][0]), ("source", pairs[0][1])))
            for (rules, signals), mine in to.items()
            for (more, others), theirs in from_.items()
            for echo, pairs in _pairs(mine, theirs)
        )

    def _party(
        self, axis: str, asked: int | None, signals: Callable[[str | None], int]
    ) -> dict[tuple[int, int], _Parties]:
        """The parties of one side by class; where the side is not asked about, everybody and nobody."""
        classes: dict[tuple[int, int], _Parties] = {}
        for one in _PARTIES if asked is None else RECIPIENT.leaves_in(asked):
            admitted = -1 if asked is None else self._cells.admitted(axis, one)
            classes.setdefault((admitted, signals(one) & self._told_apart), []).append(one)
        return classes

    def words(self, *, abroad: bool) -> int:
        """How many ways there are to choose words; those that may cross a border (telling, of a person) or the rest."""
        personal = sum(self._cells.data[word].personal for word in _WORDS)
        around = len(PURPOSE.leaves) * len(ROLE.leaves) * len(RELATION.leaves) * len(_CHANNELS)
        telling = len(TELLING) * len(RECIPIENT.leaves) * len(_PARTIES) * around
        if abroad:
            return telling * personal
        received = len(_PARTIES) * len(RECIPIENT.leaves) * around
        others = (len(ACTION.leaves) - len(TELLING) - 1) * len(_PARTIES) ** 2 * around
        return telling * (len(_WORDS) - personal) + (received + others) * len(_WORDS)

    # what a region leaves open ----------------------------------------------------------------------------------------

    def variables(self, region: Region) -> list[Variable]:
        """What requests with the same words can still differ in. A fact about nobody counts, and changes nothing."""
        borders = BORDERS if region.settled & TELLS and region.settled & PERSONAL else COUNTRIES
        return [AGES_IN_CONTEXT, borders, *self._others]

    @cached_property
    def _others(self) -> list[Variable]:
        switches = self._open & ~BY_WORDS & ~GROUPED & ((1 << len(NAMES)) - 1)
        return [TOOLS, IDENTITIES, GLASSES, self._sizes, *(switch(1 << place) for place in _places(switches))]

    @cached_property
    def _open(self) -> int:
        """All signals that some rule looks at."""
        seen = self._also
        for one in self._looked_at:
            seen |= one
        return seen

    def sees(self, rule: Rule) -> bool:
        """Whether all that a rule looks at is told apart."""
        return not _looked_at(rule) & ~self._open

    @cached_property
    def _sizes(self) -> Variable:
        """Group sizes, as far as some rule tells them apart."""
        sizes = [1 << place for place in _places(self._open >> FIRST_K << FIRST_K)]
        return Variable(tuple((sum(sizes[:reached]), 1) for reached in range(len(sizes) + 1)))

    def permitted(self, rules: int, region: Region) -> Expression:
        """When these of the rules permit a request of the region."""
        key = region.rules & (rules | ~self._every), region.settled  # the bits above: which reach is missed
        known = self._permitted.get(key)
        if known is None:
            asked = self.asked(region)
            permits = any_of([part for place, part in asked.permits if rules >> place & 1])
            known = all_of([permits, *(part for place, part in asked.stops if rules >> place & 1)])
            self._permitted[key] = known
        return known

    def asked(self, region: Region) -> "Asked":
        """What each rule near asks of a request of the region."""
        known = self._asked.get((region.rules, region.settled))
        if known is None:
            near, off = region.rules & self._every, absent(region.settled)
            missed = sum(1 << place for place in _places(near & self._reaches) if self._is_missed(region, place))
            permits = ((place, self.part(place, region.settled, off)) for place in _places(near & self.permits))
            rest = near & ~self.permits & ~self._reaches | missed
            stops = ((place, self.part(place, region.settled, off)) for place in _places(rest))
            known = Asked(
                tuple(one for one in permits if one[1] is not False), tuple(one for one in stops if one[1] is not True)
            )  # fmt: skip
            self._asked[region.rules, region.settled] = known
        return known

    def _is_missed(self, region: Region, reach: int) -> bool:
        return bool(region.rules >> self._cells.missed[reach] & 1)

    def part(self, place: int, on: int, off: int) -> Expression:
        """What one rule asks of a request for which `on` is settled: a permit to apply, any other to stand back."""
        seen = self._looked_at[place]
        key = (place, on & seen, off & seen)
        known = self._parts.get(key)
        if known is None:
            rule = self.rules[place]
            known = applies(rule, on, off) if rule.kind is RuleKind.PERMIT else stands_back(rule, on, off)
            self._parts[key] = known
        return known


def _hosts(seen: int) -> int:
    """The signals beside which alone some of these can be there."""
    found = 0
    for signal, host in _BESIDE.items():
        found |= host if seen & signal else 0
    return found


def _places(mask: int) -> Iterator[int]:
    while mask:
        bit = mask & -mask
        yield bit.bit_length() - 1
        mask ^= bit


def applies(rule: Rule, on: int, off: int) -> Expression:
    """When a rule that is near applies: in its contexts, under its conditions."""
    return all_of([_in_contexts(rule, on, off), met(rule.when, on, off)])


def stands_back(rule: Rule, on: int, off: int) -> Expression:
    """When a rule that is near does not stand against a permit."""
    lifted = rule.need if rule.kind in (RuleKind.REQUIRE, RuleKind.CONTROL) else rule.unless
    return any_of([negated(applies(rule, on, off)), met(lifted, on, off)])


def met(condition: Condition, on: int, off: int) -> Expression:
    return any_of(all_of(_literal(one, on, off) for one in way) for way in condition)


def _literal(one: Literal, on: int, off: int) -> Expression:
    seen = looked_at(one)
    said = fact(formula(one), on & seen, off & seen)
    return said if one.wanted else negated(said)


def _in_contexts(rule: Rule, on: int, off: int) -> Expression:
    if rule.box.contexts == CONTEXT.everything:
        return True
    return fact(_any_context(rule.box.contexts), on & CONTEXTS, off & CONTEXTS)


@lru_cache(maxsize=256)
def _any_context(mask: int) -> tuple[Cube, ...]:
    return tuple(Cube(CONTEXT.bit[one]) for one in CONTEXT.leaves_in(mask))


def _looked_at(rule: Rule) -> int:
    seen = 0
    for condition in (rule.when, rule.need, rule.unless):
        for way in condition:
            for literal in way:
                seen |= looked_at(literal)
    return seen


def _pairs(mine: _Parties, theirs: _Parties) -> Iterator[tuple[int, list[tuple[str | None, str | None]]]]:
    """Pairs of the same party, and pairs of two."""
    same: list[tuple[str | None, str | None]] = [(one, one) for one in mine if one is not None and one in theirs]
    apart = [(one, other) for one in mine for other in theirs if one != other or one is None]
    if same:
        yield BIT["echo"], same
    if apart:
        yield 0, apart
