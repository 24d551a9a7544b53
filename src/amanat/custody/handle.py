"""The outcome of one act, as its asker holds it: decisions at once, values only when their record is durable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from amanat.custody.facts import Person
from amanat.custody.judging import Judgement
from amanat.errors import AmanatError, Kind, NotFoundError
from amanat.policy.decision import Decision, Outcome
from amanat.policy.permit import issue
from amanat.policy.request import Request
from amanat.vault import folders as vault


class NotCommittedError(AmanatError):
    """Values were asked for before the record of their opening was durable."""

    kind = Kind.INTEGRITY


@dataclass
class Handle:
    """The outcome of one act: decisions now, values only after the commit."""

    act: UUID
    judged: Mapping[UUID, Judgement]
    people: Mapping[UUID, Person]
    _sealed: Mapping[UUID, vault.Sealed]
    _words: frozenset[str]
    _open: bool = field(default=False)

    def decision(self, subject: UUID) -> Decision:
        """What was decided for `subject`; one who is not here for this actor is not found."""
        try:
            return self.judged[subject].decision
        except KeyError:
            raise NotFoundError from None

    @property
    def decisions(self) -> Mapping[UUID, Decision]:
        return {subject: one.decision for subject, one in self.judged.items()}

    @property
    def requests(self) -> Mapping[UUID, tuple[Request, ...]]:
        return {subject: one.requests for subject, one in self.judged.items()}

    def permits(self, subject: UUID) -> bool:
        """Whether everything asked for was permitted."""
        return self.decision(subject).outcome is Outcome.PERMIT

    def folders(self, subject: UUID) -> list[vault.OpenFolder]:
        """(5) The permitted words of each folder of `subject`. Raises `NotCommittedError` inside the unit."""
        if not self._open:
            raise NotCommittedError
        permit = issue(self.decision(subject), subject)
        sealed = self._sealed.get(subject)
        return vault.open_sealed(permit, sealed, take=self._words) if permit and sealed else []

    def values(self, subject: UUID) -> dict[str, Any]:
        """The permitted words of `subject` over all folders asked for."""
        return {word: value for folder in self.folders(subject) for word, value in folder.values.items()}

    def version(self, subject: UUID, folder: str) -> int:
        """The version of a folder that was read; 0 if the person has none yet."""
        sealed = self._sealed.get(subject)
        return max((one.version for one in sealed.folders if one.folder == folder), default=0) if sealed else 0
