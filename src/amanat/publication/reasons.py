"""Why something was decided: the rules that nearly allowed it, those that stood against it, and what would unlock it.

One shape for every page that shows a decision, whoever reads it. The words are those of the statement.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from amanat.custody.words import recorded_words
from amanat.policy.decision import Outcome
from amanat.policy.explain import Considered, Explanation, explain
from amanat.policy.interpreter import Policy
from amanat.policy.request import Request
from amanat.statement import words
from amanat.statement.overlays import Overlay, tightened
from amanat.statement.reasons import alternative_words, considered_words

_MOST_NEAR: Final = 3
_MOST_STOPS: Final = 6
_MOST_UNLOCKS: Final = 5
_OPEN: Final = (Outcome.PERMIT, Outcome.OUT_OF_SCOPE)


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule in plain words, and what it would have taken; nothing is missing if it holds as it stands."""

    clause: str
    rule: str
    missing: str


@dataclass(frozen=True, slots=True)
class Reasons:
    """`stops` stood against it, `nearly` would almost have allowed it, `unlocks` are changes that give a yes."""

    stops: tuple[Reason, ...] = ()
    nearly: tuple[Reason, ...] = ()
    unlocks: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.stops or self.nearly or self.unlocks)


def reasons_of(requests: Sequence[Request], statement: str, overlays: Iterable[str]) -> Reasons:
    """Why these requests were answered so under the statement and the overlays with these digests.

    Of an act that is several requests, each has its say; what was permitted has nothing to tell.
    """
    by = recorded_words(statement, list(overlays))
    told = [explain(_policy(by.statement.policy, by.overlays, one), one) for one in requests]
    return joined(one for one in told if one.decision.outcome not in _OPEN)


def _policy(base: Policy, overlays: Sequence[Overlay], request: Request) -> Policy:
    return tightened(base, overlays, frozenset(clause for one in overlays for clause in one.compelled(request)))


def joined(told: Iterable[Explanation]) -> Reasons:
    """The reasons of several explanations, each once, the nearest first."""
    listed = list(told)
    return Reasons(
        tuple(islice(dict.fromkeys(one for each in listed for one in stops_of(each)), _MOST_STOPS)),
        tuple(islice(dict.fromkeys(one for each in listed for one in nearly_of(each)), _MOST_NEAR)),
        tuple(islice(dict.fromkeys(one for each in listed for one in _unlocks(each)), _MOST_UNLOCKS)),
    )


def stops_of(told: Explanation) -> Iterator[Reason]:
    return (_reason(one, told.request) for one in told.stops)


def nearly_of(told: Explanation) -> Iterator[Reason]:
    """The permits that came close, for each datum that none of them holds; the others are stopped, not unallowed."""
    held = {one.word for one in told.permits if not one.distance}
    return (_reason(one, told.request) for one in told.permits if one.word not in held)


def _unlocks(told: Explanation) -> Iterator[str]:
    if told.decision.outcome is Outcome.GLASS:
        yield f"break the glass: {words.label('condition', 'glass')}"
    yield from map(alternative_words, told.alternatives)


def _reason(considered: Considered, request: Request) -> Reason:
    return Reason(considered.rule.section, words.sentence(considered.rule), considered_words(considered, request))
