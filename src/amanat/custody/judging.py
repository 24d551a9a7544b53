"""Judging: one decision per distinct set of facts, with all that its ledger entries share.

People with equal facts share a judgement: it is decided, masked and written out once for a page or a population.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from amanat.custody.matters import Matter, answer
from amanat.custody.words import Words
from amanat.policy.canonical import pack
from amanat.policy.decision import Decision
from amanat.policy.request import Request
from amanat.vocabulary.terms import CATEGORY, FIELD_LEAF


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was asked, what was decided, its canonical bytes, and the masks of categories opened and refused."""

    requests: tuple[Request, ...]
    decision: Decision
    record: bytes
    opened: int
    refused: int

    @property
    def told(self) -> tuple[str, tuple[str, ...]]:
        return self.decision.outcome.value, self.decision.clauses


def judge(words: Words, asked: Mapping[UUID, Matter]) -> dict[UUID, Judgement]:
    """Judge each subject's matter; equal ones are judged once."""
    distinct = {matter: _judge(words, matter) for matter in set(asked.values())}
    return {subject: distinct[matter] for subject, matter in asked.items()}


def _judge(words: Words, matter: Matter) -> Judgement:
    decision, requests = answer(words, matter), matter.requests
    opened = CATEGORY.union(FIELD_LEAF.get(word, word) for word in decision.permitted)
    named = CATEGORY.union(FIELD_LEAF.get(one.word, one.word) for one in decision.verdicts)
    return Judgement(requests, decision, record_of(words, matter, decision), opened, named & ~opened)


def record_of(words: Words, matter: Matter, decision: Decision) -> bytes:
    """The canonical record; one of a decision that an older statement held back says what it was held against."""
    in_force = words.statement.digest
    held = (in_force, matter.stale) if decision.digest != in_force else ()
    return pack(matter.requests, decision, *held)
