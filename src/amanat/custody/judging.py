"""Judging: one decision per distinct set of facts, with all that its ledger entries share.

People with equal facts share a judgement: it is decided, masked and written out once for a page or a population.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from amanat.policy.canonical import pack
from amanat.policy.decision import Decision
from amanat.policy.request import Request
from amanat.policy.together import decide_together
from amanat.statement.compile import Statement
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


def judge(statement: Statement, asked: Mapping[UUID, tuple[Request, ...]]) -> dict[UUID, Judgement]:
    """Judge each subject's requests; equal ones are judged once."""
    distinct = {requests: _judge(statement, requests) for requests in set(asked.values())}
    return {subject: distinct[requests] for subject, requests in asked.items()}


def _judge(statement: Statement, requests: tuple[Request, ...]) -> Judgement:
    decision = decide_together(statement.decider, requests)
    opened = CATEGORY.union(FIELD_LEAF.get(word, word) for word in decision.permitted)
    named = CATEGORY.union(FIELD_LEAF.get(one.word, one.word) for one in decision.verdicts)
    return Judgement(requests, decision, pack(requests, decision), opened, named & ~opened)
