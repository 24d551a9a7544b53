"""Deciding for a person who was given an older statement: what the newer one would open waits for their answer.

The statement in force decides, so whatever became stricter holds at once. A datum that only the newer one would let
through stays under the older one, unless a yes of the person that came after it is what opens it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from amanat.policy.decision import Decision, Outcome, Verdict
from amanat.policy.interpreter import Policy, fold
from amanat.policy.request import Request
from amanat.vocabulary.clauses import overlay_order

Requests = tuple[Request, ...]
Under = Callable[[str, Requests], Decision]
"""Decides requests under the statement with a digest."""


@dataclass(frozen=True, slots=True)
class Stale:
    """An older statement (by digest) on which something about the person still stands.

    `without_newer` are the requests as they would be without what the person agreed to after it; `without_older`
    those without what they agreed to under it, if they were given a newer statement since, and else None.
    """

    statement: str
    without_newer: Requests
    without_older: Requests | None = None


def decide_as_given(under: Under, in_force: str, requests: Requests, stale: tuple[Stale, ...]) -> Decision:
    """The decision under the statement in force, without what it adds to those that the person was given.

    Where something is held back, the decision bears the name of the oldest statement that holds it back.
    """
    now = under(in_force, requests)
    held: dict[str, Verdict] = {}
    by: list[Decision] = []
    for one in stale:
        wanted = set(now.permitted) - held.keys()
        then = under(one.statement, requests) if wanted else now
        lacking = {verdict.word: verdict for verdict in then.verdicts if _lacks(verdict, wanted)}
        kept = lacking.keys() - _excused(under, in_force, one, requests) if lacking else frozenset()
        if kept:
            by.append(then)
            held |= {word: lacking[word] for word in kept}
    return _merged(now, by, held) if by else now


def _lacks(verdict: Verdict, wanted: set[str]) -> bool:
    return verdict.word in wanted and verdict.outcome is not Outcome.PERMIT


def _excused(under: Under, in_force: str, stale: Stale, requests: Requests) -> frozenset[str]:
    """What a newer yes opens by itself, and what needs nothing that is older."""
    excused: set[str] = set()
    if stale.without_newer != requests:
        opened = under(in_force, stale.without_newer)
        excused |= {verdict.word for verdict in opened.verdicts} - set(opened.permitted)
    if stale.without_older is not None:
        excused |= set(under(in_force, stale.without_older).permitted)
    return frozenset(excused)


def _merged(now: Decision, by: list[Decision], held: Mapping[str, Verdict]) -> Decision:
    """One decision: what is held back says so in the words of the statement that holds it back."""
    named = Policy((), by[0].version, by[0].digest)
    whole = fold(named, tuple(held.get(verdict.word, verdict) for verdict in now.verdicts))
    overlays = {told for one in (now, *by) for told in one.overlays}
    return replace(whole, overlays=tuple(sorted(overlays, key=lambda told: overlay_order(told[0]))))
