"""Supposing: what would be decided, without doing it. Nothing is opened and nothing is recorded.

The preview of a choice is the difference between two such answers, made by the same decider as the real ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from amanat.custody.actor import Actor
from amanat.custody.facts import Ask, Mandate, Person, Recipient, Scene, read_people, read_scene, read_scenes
from amanat.custody.matters import answer, matter_of, supposing
from amanat.custody.unit import Unit
from amanat.errors import NotFoundError
from amanat.policy.decision import Decision
from amanat.policy.request import Request


def suppose(
    unit: Unit, actors: Sequence[Actor], subject: UUID, asks: Sequence[Ask], choices: frozenset[str] | None = None
) -> list[Decision]:
    """Decide each of `asks` as each paired actor would meet it, with `choices` instead of those in force if given.

    A case on file is supposed for staff, so that the answer speaks of the rules and not of today's desk.
    """
    person = read_people(unit.actor, [subject], unit.now).get(subject)
    if person is None:
        raise NotFoundError
    scenes: dict[tuple[str, Recipient | None, str], Scene] = {}
    decisions = []
    for actor, ask in zip(actors, asks, strict=True):
        place = (actor.company, ask.recipient, ask.source_organisation)
        if place not in scenes:
            scenes[place] = read_scene(replace(actor, account=None), ask, unit.now)
        scene = scenes[place]
        words = unit.words(scene)
        supposed = person if choices is None else supposing(person, choices, words.statement.digest)
        decisions.append(answer(words, matter_of(words, actor, scene, with_case(supposed), ask)))
    return decisions


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One person's facts, and how each ask would be decided now."""

    person: Person
    requests: tuple[tuple[Request, ...], ...]
    decisions: tuple[Decision, ...]


def foresee(unit: Unit, subject: UUID, asks: Sequence[Ask], *, known: Person | None = None) -> Foreseen:
    """What this very actor would be answered now, with the mandates they really hold. Nothing is opened or recorded.

    `known` are the person's facts, if this unit has read them and written nothing since.
    """
    person = known or _read(unit, subject)
    if not asks:
        return Foreseen(person, (), ())
    scenes = read_scenes([(unit.actor, ask) for ask in asks], unit.now)
    words = unit.words(scenes[0])
    matters = [
        matter_of(words, unit.actor, scene, person, replace(ask, channel=ask.channel or unit.channel))
        for ask, scene in zip(asks, scenes, strict=True)
    ]
    return Foreseen(person, tuple(one.requests for one in matters), tuple(answer(words, one) for one in matters))


def _read(unit: Unit, subject: UUID) -> Person:
    unit.reach([subject])
    person = read_people(unit.actor, [subject], unit.now).get(subject)
    if person is None:
        raise NotFoundError
    return person


def with_case(person: Person) -> Person:
    supposed = Mandate(UUID(int=0), "case", None, frozenset())
    return replace(person, mandates=(*person.mandates, supposed))
