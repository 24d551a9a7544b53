"""The permit: the only thing the vault opens for. Made here, from a decision, and nowhere else."""

from dataclasses import dataclass
from uuid import UUID

from amanat.policy.decision import Decision, Outcome
from amanat.vocabulary.terms import FIELD_LEAF


@dataclass(frozen=True, slots=True)
class Permit:
    """Exactly the words (leaves or fields) that one decision let through for one subject."""

    subject: UUID
    words: frozenset[str]

    def covers(self, leaf: str) -> bool:
        """Whether any word of this leaf may be read."""
        return any(FIELD_LEAF.get(word, word) == leaf for word in self.words)


def issue(decision: Decision, subject: UUID) -> Permit | None:
    """The permit for what `decision` permits of `subject`; None if it permits nothing."""
    words = frozenset(one.word for one in decision.verdicts if one.outcome is Outcome.PERMIT)
    return Permit(subject, words) if words else None
