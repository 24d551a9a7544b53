"""What the pages ask of the published statement: the page itself, its words and versions, answers, and letters.

Nothing here asks who reads. Reading leaves no row; only a letter that somebody sends does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from amanat.custody import letters
from amanat.custody.actor import Actor
from amanat.custody.answers import Key
from amanat.custody.letters import Letter, OpenLetter
from amanat.errors import NotFoundError
from amanat.policy.decision import Decision, Outcome
from amanat.policy.request import Request
from amanat.publication import (
    changes,
    coming,
    directory,
    options,
    proofs,
    prose,
    questions,
    reasons,
)
from amanat.publication.changes import Changed
from amanat.publication.coming import Shelf
from amanat.publication.directory import Responsible
from amanat.publication.proofs import Proofs
from amanat.publication.prose import Part
from amanat.publication.questions import Answer, Question
from amanat.publication.reasons import Reasons
from amanat.publication.versions import Version
from amanat.statement.compile import Statement
from amanat.statement.words import ENGLISH

GROUP = "Amanat Medical Assistance"


@dataclass(frozen=True, slots=True)
class Edition:
    """A statement as one company publishes it. `company` is None only while the group has no company on record."""

    version: Version
    statement: Statement
    company: Responsible | None
    companies: list[Responsible]
    shelf: Shelf

    @property
    def named(self) -> str:
        return self.company.name if self.company else GROUP

    @property
    def parts(self) -> list[Part]:
        return prose.parts_of(self.statement, self.named)

    def answer(self, question: Question) -> Answer:
        """Hypothetical: decided and explained, and recorded nowhere."""
        return questions.ask(self.statement, question, self.named)

    def later(self, question: Question) -> list[tuple[Version, Outcome]]:
        """The same question under each version that follows the one in force."""
        follow = self.shelf.coming if self.version.in_force else []
        return [(one.version, questions.outcome_under(one.statement, question)) for one in follow]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from `old` to `new`; None if that is too hard to tell exactly."""

    old: Version
    new: Version
    changed: tuple[Changed, ...] | None
    edition: Edition


def edition(company: str = "", digest: str = "") -> Edition:
    """The statement in force, or the one with this digest, as `company` publishes it; one to come can be read too."""
    listed = directory.companies()
    chosen = directory.choose(listed, company)
    shelf = coming.shelf_of(chosen.code if chosen else "")
    version, statement = shelf.read(digest)
    return Edition(version, statement, chosen, listed, shelf)


def comparison(company: str, digest: str, since: str = "") -> Comparison:
    """What the version with this digest changed, against the one before it or the one with the digest `since`."""
    one = edition(company, digest)
    before = since or one.shelf.before(digest)
    if not before:
        raise NotFoundError
    pair = [(one.version, one.statement), one.shelf.read(before)]
    (old, old_text), (new, new_text) = sorted(pair, key=lambda each: each[0].since)
    return Comparison(old, new, changes.changes_between(old_text, new_text, one.named), one)


def question_in(form: Mapping[str, list[str]]) -> Question | None:
    return questions.read_question(form)


def vocabulary(spoken: str = ENGLISH) -> dict[str, options.Options]:
    return options.vocabulary(spoken)


def proofs_of(edition: Edition) -> Proofs | None:
    """What is proven of this edition; None while it is being worked out."""
    return proofs.proofs_of(edition.statement)


def reasons_of(requests: Sequence[Request], decision: Decision) -> Reasons:
    """Why an act was decided so: what stood against it, what came near, what would unlock it."""
    return reasons.reasons_of(requests, decision.digest, [digest for _, digest in decision.overlays])


def companies() -> list[Responsible]:
    return directory.companies()


def companies_without_contact() -> list[str]:
    """What breaks the promise that every company can be reached (0.10g), for the privacy desk to mend."""
    return directory.companies_without_contact(directory.companies())


def send_letter(company: str, kind: str, text: str, reply: str, key: Key) -> Letter:
    return letters.post_letter(company, kind, text, reply, key)


def letters_of(actor: Actor) -> list[Letter]:
    return letters.letters_of(actor)


def open_letter(actor: Actor, letter: UUID) -> OpenLetter:
    return letters.open_letter(actor, letter)


def close_letter(actor: Actor, letter: UUID, key: Key) -> None:
    letters.close_letter(actor, letter, key)
