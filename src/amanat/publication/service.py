"""What the pages ask of the published statement: the page itself, its words and versions, answers, and letters.

Nothing here asks who reads. Reading leaves no row; only a letter that somebody sends does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from amanat.custody import letters
from amanat.custody.actor import Actor
from amanat.custody.letters import Letter, OpenLetter
from amanat.publication import directory, glossary, options, prose, questions, versions
from amanat.publication.directory import Responsible
from amanat.publication.glossary import Word
from amanat.publication.prose import Meaning, Part
from amanat.publication.questions import Answer, Question
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

    def word(self, kind: str, term: str) -> Word:
        return glossary.open_word(self.statement, kind, term)

    @property
    def words(self) -> dict[str, list[Meaning]]:
        return glossary.glossary(self.statement)

    def answer(self, question: Question) -> Answer:
        """Hypothetical: decided and explained, and recorded nowhere."""
        return questions.ask(self.statement, question, self.named)


def edition(company: str = "", digest: str = "") -> Edition:
    """The statement in force, or the one with this digest, as `company` publishes it."""
    version, statement = versions.read(digest, company)
    listed = directory.companies()
    return Edition(version, statement, directory.choose(listed, company), listed)


def question_in(form: Mapping[str, list[str]]) -> Question | None:
    return questions.read_question(form)


def vocabulary() -> dict[str, options.Options]:
    return options.vocabulary()


def all_versions() -> list[Version]:
    return versions.versions()


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
