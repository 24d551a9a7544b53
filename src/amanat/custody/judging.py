"""Judging: one decision per distinct set of facts, with all that its ledger entries share.

People with equal facts share a judgement: it is decided, masked and written out once for a page or a population.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from amanat.custody.matters import Matter, answer
from amanat.custody.words import Words
from amanat.policy.canonical import pack
from amanat.policy.decision import Decision
from amanat.policy.request import Request
from amanat.vocabulary.terms import CATEGORY, FIELD_LEAF

_MOST: Final = 10_000


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
    """Judge each subject's matter. Equal ones have one answer under the same words, so it is remembered with them."""
    return {subject: _judgement(words, matter) for subject, matter in asked.items()}


def _judgement(words: Words, matter: Matter) -> Judgement:
    known: Judgement | None = words.judged.get(matter)
    if known is None:
        if len(words.judged) >= _MOST:
            words.judged.clear()
        known = words.judged[matter] = _judge(words, matter)
    return known


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
