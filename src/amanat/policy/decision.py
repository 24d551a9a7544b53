"""The answer to a request: an outcome with its reasons. Never a bare boolean."""

import enum
from dataclasses import dataclass

from amanat.policy.rule import Obligation


class Outcome(enum.Enum):
    """Ordered from worst to best: the worst leaf of a request answers for all of it."""

    DENY = "deny"
    GLASS = "glass"
    ASK = "ask"
    PERMIT = "permit"
    OUT_OF_SCOPE = "out_of_scope"

    @property
    def rank(self) -> int:
        return _RANK[self]


_RANK = {outcome: rank for rank, outcome in enumerate(Outcome)}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided for one datum. `clauses` is never empty; `needs` is empty exactly on a permit."""

    word: str
    outcome: Outcome
    clauses: tuple[str, ...]
    obligations: tuple[Obligation, ...]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """The folded answer, and the verdict of each datum it was folded from.

    `overlays` are those that were consulted, as (id, digest), in the order in which they are told.
    """

    outcome: Outcome
    clauses: tuple[str, ...]
    obligations: tuple[Obligation, ...]
    needs: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    version: str
    digest: str
    overlays: tuple[tuple[str, str], ...] = ()

    @property
    def permitted(self) -> tuple[str, ...]:
        """The words that may pass on their own."""
        return tuple(one.word for one in self.verdicts if one.outcome is Outcome.PERMIT)
