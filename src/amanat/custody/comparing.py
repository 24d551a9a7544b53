"""Comparing: how a list of acts would be decided under one set of choices and under another. Nothing is recorded.

The preview of a choice is made of this, by the same decider as every real act, so it cannot promise anything else.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from amanat.custody.actor import Actor
from amanat.custody.facts import Ask, Mandate, Person, read_people, read_scenes
from amanat.custody.matters import answer, matter_of, supposing
from amanat.custody.unit import Unit
from amanat.errors import NotFoundError
from amanat.policy.decision import Decision

Choices = frozenset[str]
NOT_ASKED = frozenset({"emergency_medical", "incapacity"})


@dataclass(frozen=True, slots=True)
class Supposed:
    """An act that might happen: who would do what, in which contexts of a case."""

    actor: Actor
    ask: Ask
    contexts: frozenset[str] = frozenset()


def person_of(unit: Unit, subject: UUID) -> Person:
    """The facts that decisions about one person stand on."""
    person = read_people(unit.actor, [subject], unit.now).get(subject)
    if person is None:
        raise NotFoundError
    return person


def compare(
    unit: Unit, person: Person, acts: Sequence[Supposed], under: Iterable[Callable[[Choices], Choices]]
) -> list[list[Decision]]:
    """Each of `acts` decided under each of the ways to change the person's choices.

    A case on file is supposed, so that the answer speaks of the rules and not of today's desk.
    """
    scenes = read_scenes([(one.actor, one.ask) for one in acts], unit.now)
    by = [unit.words(scene) for scene in scenes]
    answers = []
    for change in under:
        changed = supposing(person, change(frozenset(person.choices)), by[0].statement.digest)
        asked = [
            matter_of(words, one.actor, scene, _with_case(changed, one.contexts), one.ask)
            for one, scene, words in zip(acts, scenes, by, strict=True)
        ]
        answers.append([answer(words, matter) for words, matter in zip(by, asked, strict=True)])
    return answers


def _with_case(person: Person, contexts: frozenset[str]) -> Person:
    supposed = Mandate(UUID(int=0), "case", None, contexts)
    return replace(person, mandates=(*person.mandates, supposed))
