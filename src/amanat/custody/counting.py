"""Counting people without naming any: who may be counted is decided on the facts of each, and so is the number shown.

Two acts without a person stand behind every figure: the counting (3.5), decided once per distinct set of facts, and the
showing (3.5a), decided on the size of the smallest group in it. Both are recorded, the refused showing as well.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, LiteralString
from uuid import UUID

from amanat.crypto.secret import SecretKey
from amanat.custody.actor import Actor
from amanat.custody.facts import Ask, Person, read_scenes
from amanat.custody.matters import Matter, answer, matter_of
from amanat.custody.unit import Unit
from amanat.policy.decision import Decision, Outcome
from amanat.policy.request import Facts, Request, item
from amanat.vault.keys import company_key

SHOWN = ("aggregate",)
_GATEWAY = "web_system"
_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Crowd:
    """People alike to every rule and to the table: `place` says where in the table they are counted."""

    place: tuple[str, ...]
    people: int


@dataclass(frozen=True, slots=True)
class _Alike:
    """Which data of theirs are counted, and the facts that a rule may ask about. `answered` is JSON."""

    words: tuple[str, ...]
    choices: tuple[str, ...]
    statement: str
    answered: str
    minor: bool
    relation: str
    residence: str


class Counting:
    """The counting and showing of one unit: one purpose, one client, one scene."""

    def __init__(self, unit: Unit, purpose: str) -> None:
        self._unit, self._purpose = unit, purpose
        self._gateway = replace(unit.actor, account=None, role=_GATEWAY)
        asks = ((self._gateway, Ask("aggregate", (), purpose)), (unit.actor, Ask("view", SHOWN, purpose)))
        self._counting, self._showing = read_scenes(asks, unit.now)
        self._words = unit.words(self._showing)

    def count(self, counted: LiteralString, values: Mapping[str, Any]) -> list[Crowd]:
        """Count in SQL and leave out those whose data may not be counted. Recorded as an act of the platform.

        `counted` gives rows of words, choices, statement, answered, minor, relation, residence, place, people.
        """
        rows = [
            (_Alike(tuple(words), tuple(choices), *facts), Crowd(tuple(place), people))
            for words, choices, *facts, place, people in self._unit.rows(counted, values)
        ]
        decided = {alike: self._decide_on(alike) for alike in {alike for alike, _ in rows}}
        if decided:
            self._record("aggregate", decided.values(), self._gateway)
        return [crowd for alike, crowd in rows if decided[alike].outcome is Outcome.PERMIT]

    def _decide_on(self, alike: _Alike) -> Decision:
        person = Person(
            subject=_NOBODY, company=self._unit.actor.company, home=self._counting.country, residence=alike.residence,
            minor=alike.minor, choices=alike.choices, version=0,
            relations=((alike.relation, self._unit.actor.organisation or ""),), entitled=True, mandates=(),
            statement=alike.statement, answered=json.loads(alike.answered),
        )  # fmt: skip
        ask = Ask("aggregate", alike.words, self._purpose)
        return answer(self._words, matter_of(self._words, self._gateway, self._counting, person, ask))

    def show(self, smallest: Mapping[str, int]) -> dict[str, Decision]:
        """Decide for each table, by the size of the smallest group in it, whether it may be seen. One act for all."""
        clients = self._words.clients & {self._unit.actor.organisation or ""}
        matters = {table: Matter((self._request(people),), clients) for table, people in smallest.items()}
        decided = {table: answer(self._words, matter) for table, matter in matters.items()}
        self._record("view", decided.values(), self._unit.actor)
        return decided

    def _request(self, people: int) -> Request:
        return Request(
            actor=self._unit.actor.role,
            company=self._showing.country,
            action="view",
            items=tuple(item(word) for word in SHOWN),
            purpose=self._purpose,
            facts=Facts(k=people),
        )

    def _record(self, action: str, decisions: Iterable[Decision], actor: Actor) -> None:
        ask = Ask(action, SHOWN, self._purpose, source_organisation=self._unit.actor.organisation or "")
        act = self._unit.act_of(ask, self._words.statement, decisions)
        self._unit.record_bare(replace(act, account=actor.account, role=actor.role), self._history)

    @cached_property
    def _history(self) -> SecretKey:
        return company_key(self._unit.actor.company, "history")[1]
