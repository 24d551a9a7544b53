"""What the pages ask of the published statement: the page itself, its words and versions, answers, and letters.

Nothing here asks who reads. Reading leaves no row; only a letter that somebody sends does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from amanat.custody import letters
from amanat.custody.actor import Actor
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
    versions,
)
from amanat.publication.changes import Changed
from amanat.publication.coming import Coming
from amanat.publication.directory import Responsible
from amanat.publication.proofs import Proofs
from amanat.publication.prose import Part
from amanat.publication.questions import Answer, Question
from amanat.publication.reasons import Reasons
from amanat.publication.versions import Version
from amanat.statement.compile import Statement

GROUP = "Amanat Medical Assistance"


@dataclass(frozen=True, slots=True)
class Edition:
    """A statement as one company publishes it. `company` is None only while the group has no company on record."""

    version: Version
    statement: Statement
    company: Responsible | None
    companies: list[Responsible]

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
        follow = coming_versions(self.company.code if self.company else "") if self.version.in_force else []
        return [(one.version, questions.outcome_under(one.statement, question)) for one in follow]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from `old` to `new`, and every version that could be compared instead, newest first."""

    old: Version
    new: Version
    changed: tuple[Changed, ...]
    known: list[Version]
    edition: Edition


def edition(company: str = "", digest: str = "") -> Edition:
    """The statement in force, or the one with this digest, as `company` publishes it; one to come can be read too."""
    listed = directory.companies()
    chosen = directory.choose(listed, company)
    code = chosen.code if chosen else ""
    version, statement = _coming_with(digest, code) or versions.read(digest, code)
    return Edition(version, statement, chosen, listed)


def _coming_with(digest: str, company: str) -> tuple[Version, Statement] | None:
    if not digest:
        return None
    follow = coming_versions(company)
    return next(((one.version, one.statement) for one in follow if one.version.digest == digest), None)


def comparison(company: str, digest: str, since: str = "") -> Comparison:
    """What the version with this digest changed, against the one before it or the one with the digest `since`."""
    new = edition(company, digest)
    code = new.company.code if new.company else ""
    listed = versions.versions(code)
    follow = coming_versions(code, listed)
    known = [*(one.version for one in reversed(follow)), *listed]
    place = next(place for place, one in enumerate(known) if one.digest == digest)
    old = next((one for one in known if one.digest == since), None) if since else next(iter(known[place + 1 :]), None)
    if old is None:
        raise NotFoundError
    texts = {one.version.digest: one.statement for one in follow}
    before = texts.get(old.digest) or versions.read(old.digest, code)[1]
    pair = [(old, before), (new.version, new.statement)]
    (first, from_text), (last, to_text) = sorted(pair, key=lambda one: one[0].since)
    changed = changes.changes_between(from_text, to_text, new.named)
    return Comparison(first, last, changed, known, new)


def question_in(form: Mapping[str, list[str]]) -> Question | None:
    return questions.read_question(form)


def vocabulary() -> dict[str, options.Options]:
    return options.vocabulary()


def all_versions(company: str = "") -> list[Version]:
    """Every version that was in force for a company, newest first."""
    return versions.versions(company)


def coming_versions(company: str = "", listed: list[Version] | None = None) -> list[Coming]:
    """What follows the version in force for a company, the nearest first."""
    listed = versions.versions(company) if listed is None else listed
    return coming.coming(company, listed[0]) if listed else []


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


def send_letter(company: str, kind: str, text: str, reply: str) -> Letter:
    return letters.post_letter(company, kind, text, reply)


def letters_of(actor: Actor) -> list[Letter]:
    return letters.letters_of(actor)


def open_letter(actor: Actor, letter: UUID) -> OpenLetter:
    return letters.open_letter(actor, letter)


def close_letter(actor: Actor, letter: UUID) -> None:
    letters.close_letter(actor, letter)
