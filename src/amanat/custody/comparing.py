"""Comparing: how a list of acts would be decided under one set of choices and under another. Nothing is recorded.

The preview of a choice is made of this, by the same decider as every real act, so it cannot promise anything else.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from amanat.custody.actor import Actor
from amanat.custody.facts import Ask, Mandate, Person, Recipient, Scene, read_people, read_scenes
from amanat.custody.matters import answer, matter_of, supposing
from amanat.custody.unit import Unit
from amanat.custody.words import statement_of
from amanat.errors import NotFoundError
from amanat.policy.decision import Decision
from amanat.policy.rule import Rule

Choices = frozenset[str]
Place = tuple[Recipient | None, str]


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


class Ground:
    """What decisions about one person stand on, towards each of `places` (a recipient, an organisation as source)."""

    def __init__(self, unit: Unit, person: Person, places: Iterable[Place]) -> None:
        listed: list[Place] = list(dict.fromkeys([(None, ""), *places]))
        company = Actor(None, "", person.company, None, None, "")
        asks = (Ask("", (), "", recipient=recipient, source_organisation=source) for recipient, source in listed)
        scenes = read_scenes([(company, ask) for ask in asks], unit.now)
        self._person, self._words = person, unit.words(scenes[0])
        self._scenes = dict(zip(listed, scenes, strict=True))

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules that can have a say: of the statement in force, those the person was given, and the overlays."""
        given = {self._person.statement, *self._person.answered.values()} & {*self._words.digests}
        statements = [self._words.statement, *(statement_of(digest) for digest in sorted(filter(None, given)))]
        texts = (*(one.policy.rules for one in statements), *(one.rules for one in self._words.overlays))
        return tuple(dict.fromkeys(rule for rules in texts for rule in rules))

    def decide(self, acts: Sequence[Supposed], change: Callable[[Choices], Choices]) -> list[Decision]:
        """Each of `acts` decided with the person's choices changed.

        A case on file is supposed, so that the answer speaks of the rules and not of today's desk.
        """
        words = self._words
        changed = supposing(self._person, change(frozenset(self._person.choices)), words.statement.digest)
        return [answer(words, matter_of(words, *self._asked(changed, act))) for act in acts]

    def _asked(self, person: Person, act: Supposed) -> tuple[Actor, Scene, Person, Ask]:
        scene = self._scenes[act.ask.recipient, act.ask.source_organisation]
        supposed = Mandate(UUID(int=0), "case", None, act.contexts)
        return act.actor, scene, replace(person, mandates=(*person.mandates, supposed)), act.ask
