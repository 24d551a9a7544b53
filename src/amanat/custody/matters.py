"""What is judged about one person: the requests, whose contracts have a say, and which older statements still hold.

A person stays under the statement they were given, and a yes under the one it was given under, as far as a newer one
would open more. All of it follows from facts that were read anyway, so it costs no statement of its own.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from amanat.custody.actor import Actor
from amanat.custody.facts import Ask, Person, Scene
from amanat.custody.requesting import requests_for
from amanat.custody.words import Words
from amanat.policy.decision import Decision
from amanat.policy.pinning import Stale, decide_as_given
from amanat.policy.request import Request
from amanat.vocabulary.choices import OPT_INS

_OPT_INS = frozenset(kind.value for kind in OPT_INS)


@dataclass(frozen=True, slots=True)
class Matter:
    """All that a decision about one person stands on. Equal matters have one answer."""

    requests: tuple[Request, ...]
    clients: frozenset[str] = frozenset()
    stale: tuple[Stale, ...] = ()


def matter_of(words: Words, actor: Actor, scene: Scene, person: Person, ask: Ask) -> Matter:
    """What is to be judged if `actor` does what `ask` says with data of `person`."""
    requests = requests_for(actor, scene, person, ask)
    clients = words.clients & {actor.organisation, *(organisation for _, organisation in person.relations)}
    stale = tuple(_stale_of(words, actor, scene, person, ask))
    return Matter(requests, clients, stale)


def answer(words: Words, matter: Matter) -> Decision:
    """The decision, recorded by nobody yet."""

    def under(digest: str, requests: tuple[Request, ...]) -> Decision:
        return words.under(digest, requests, matter.clients)

    return decide_as_given(under, words.statement.digest, matter.requests, matter.stale)


def supposing(person: Person, choices: Iterable[str], digest: str) -> Person:
    """The person with these choices instead; those not made yet would be made under the statement `digest`."""
    listed = tuple(sorted(choices))
    anew = {choice: digest for choice in listed if choice not in person.choices}
    return replace(person, choices=listed, answered={**person.answered, **anew})


def _stale_of(words: Words, actor: Actor, scene: Scene, person: Person, ask: Ask) -> Iterator[Stale]:
    """The older statements that still hold for the person and that the one in force is wider than."""
    if person.statement is None or (person.statement == words.statement.digest and not person.answered):
        return
    given = person.statement or words.digests[0]
    agreed = {one: person.answered.get(one, given) or words.digests[0] for one in person.choices if _is_opt_in(one)}
    place = {digest: place for place, digest in enumerate(words.digests)}
    unknown = len(place)  # of a statement that was never in force here nothing counts as newer

    def asked_without(choices: set[str]) -> tuple[Request, ...]:
        left = tuple(choice for choice in person.choices if choice not in choices)
        return requests_for(actor, scene, replace(person, choices=left), ask)

    for digest in sorted({given, *agreed.values()}, key=lambda one: (place.get(one, unknown), one)):
        if words.widens(digest):
            since = place.get(digest, unknown)
            newer = {choice for choice, under in agreed.items() if place.get(under, unknown) > since}
            later = place.get(given, unknown) > since
            yield Stale(digest, asked_without(newer), asked_without(agreed.keys() - newer) if later else None)


def _is_opt_in(choice: str) -> bool:
    return choice.partition("@")[0].partition(":")[0] in _OPT_INS
