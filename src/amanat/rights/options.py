"""Which choices a person can make here: all that the vocabulary knows, as far as each can concern this person.

A choice is shown under an opaque name, so no address of a page says what somebody chose about whom.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from amanat.choices.models import State
from amanat.custody.choosing import Answer
from amanat.custody.facts import Person
from amanat.errors import NotFoundError
from amanat.rights.meaning import MEANING, Meaning, forbids
from amanat.vocabulary.choices import Choice, ChoiceKind, parse_choice

KEEPING: Final = "self"
_RECORD_FOR: Final = (KEEPING, "group", "provider.medical", "local_clinician")
_SOURCES: Final = (
    "clinic_or_doctor", "hospital", "provider.medical", "medical_insurer", "insurer", "assistance_company",
)  # fmt: skip
_BLOCKABLE_RECIPIENTS: Final = ("payer", "client", "local_clinician", "authority")
_BLOCKABLE_PURPOSES: Final = ("newsletter", "survey", "site_analytics", "advertising")
_WITHHOLDABLE: Final = (
    "phone_home", "phone_work", "email", "postal_address", "nationality", "gender", "itinerary", "mental_health",
    "religion_if_stated",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Payer:
    """An organisation through which the person is covered. `leaf` is what it is to them (6.10)."""

    leaf: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Option:
    """One choice that can be made: towards one organisation or kind of recipient, or (empty) in general."""

    choice: Choice
    towards: str = ""

    @property
    def written(self) -> str:
        return f"{self.choice}@{self.towards}" if self.towards else str(self.choice)

    @property
    def slug(self) -> str:
        return hashlib.sha256(self.written.encode()).hexdigest()[:16]

    @property
    def meaning(self) -> Meaning:
        return MEANING[self.choice.kind]

    @property
    def forbids(self) -> bool:
        return forbids(self.choice.kind)

    @property
    def asked_beside_its_field(self) -> bool:
        """Whether the yes is given where the data is typed, and not on the board (8.3b)."""
        return self.choice.kind in (ChoiceKind.EMERGENCY_RECORD, ChoiceKind.NOMINEE)


def option_of(written: str) -> Option:
    """A choice in force, as an option."""
    choice, _, towards = written.partition("@")
    return Option(parse_choice(choice), towards)


def options_of(person: Person, payers: Sequence[Payer]) -> list[Option]:
    """What the board offers, and whatever else is in force, so that nothing given can get out of reach."""
    in_force = {option_of(one) for one in person.choices}
    general = Option(Choice(ChoiceKind.EMERGENCY_RECORD))
    covered = {Option(general.choice, towards) for towards in _RECORD_FOR} if general in in_force else set()
    listed = [one for one in _offered(payers) if one not in covered]
    return listed + sorted(in_force - set(listed), key=lambda one: one.written)


def _offered(payers: Sequence[Payer]) -> Iterator[Option]:
    for kind in ChoiceKind:
        if kind is ChoiceKind.EMERGENCY_RECORD:
            yield from (Option(Choice(kind), towards) for towards in _RECORD_FOR)
        elif kind is ChoiceKind.PAYER_DISCLOSURE:
            yield from (Option(Choice(kind, one.leaf), one.code) for one in payers)
        elif kind in _PARAMETERS:
            yield from (Option(Choice(kind, parameter)) for parameter in _PARAMETERS[kind])
        elif kind is not ChoiceKind.OTHER_PURPOSE:  # one aim at a time, asked when it comes up; never a blanket
            yield Option(Choice(kind))


_PARAMETERS: Final = {
    ChoiceKind.THIRD_PARTY_SOURCE: _SOURCES,
    ChoiceKind.BLOCK_RECIPIENT: _BLOCKABLE_RECIPIENTS,
    ChoiceKind.BLOCK_PURPOSE: _BLOCKABLE_PURPOSES,
    ChoiceKind.WITHHOLD: _WITHHOLDABLE,
}


def find(options: Sequence[Option], slug: str) -> Option:
    """The option behind an address; anything else is not there."""
    found = next((one for one in options if one.slug == slug), None)
    if found is None:
        raise NotFoundError
    return found


def answers_for(option: Option, person: Person, state: State) -> list[Answer]:
    """The answers that a change of `option` is. Who takes back the keeping of the record takes back its showing."""
    concerned = [option]
    if state is State.WITHDRAWN and option.choice.kind is ChoiceKind.EMERGENCY_RECORD and option.towards == KEEPING:
        concerned = [one for one in map(option_of, person.choices) if one.choice == option.choice]
    return [Answer(one.choice, state, one.towards) for one in concerned]
