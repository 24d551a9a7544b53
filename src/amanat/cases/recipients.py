"""Whom a desk may think of telling about a person, and for what.

Offered are whoever pays for this very person, the firms with an agreement, sister companies, and whoever is near the
person: a clinic or doctor, the rescue services. What may really go to them is decided, not listed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from amanat.cases.lookup import purpose_of
from amanat.cases.models import Case, Kind, State
from amanat.custody.facts import Ask, Person, Recipient
from amanat.custody.unit import Unit
from amanat.database.queries import queries
from amanat.emergency.glass import HEALTH
from amanat.errors import AmanatError
from amanat.errors import Kind as ErrorKind
from amanat.policy.request import SENSITIVE, item
from amanat.vocabulary.terms import RECIPIENT_KIND

SQL = queries("amanat.cases")
IDENTITY = ("name", "birth_year", "language", "phone_home", "policy_number")
CASE = ("event_location", "case_log")
WORDS = (*IDENTITY, *CASE, *HEALTH)
NEAR = ("clinic_or_doctor", "emergency_local")
# Sorts of bodies that could do another's job, the likeliest first: near and medical for health, ours and hired else.
_FOR_HEALTH = ("emergency_local", "clinic_or_doctor", "provider.medical", "assistance_centre")
_FOR_THE_REST = ("assistance_centre", "provider.travel", "provider.logistics", "provider.medical", "provider.security")
_FAMILY_OF = {"employer": "employer_of_relative"}


class NoSuchRecipientError(AmanatError):
    """There is no such recipient for this person."""

    kind = ErrorKind.MALFORMED


@dataclass(frozen=True, slots=True)
class Option:
    """One body that could be told. Those near the person have a country and no name of their own."""

    leaf: str
    organisation: str = ""
    name: str = ""
    country: str = ""
    live: bool = True

    @property
    def key(self) -> str:
        return f"{self.leaf}@{self.organisation}"

    def recipient(self, country: str) -> Recipient:
        """As a decision names it; `country` says where somebody near the person is."""
        return Recipient(self.leaf, self.organisation, None if self.organisation else country)


def options_for(one: Unit, person: Person) -> list[Option]:
    """Everybody who could be told about `person`, in one statement."""
    payers = [organisation for _, organisation in person.relations if organisation]
    rows = one.rows(SQL["recipients"], {"payers": payers, "company": one.actor.company, "today": one.now.date()})
    family = any(kind == "dependant_of" for kind, _ in person.relations)
    named = [
        Option(_FAMILY_OF.get(leaf, leaf) if family and side == "payer" else leaf, code, name, country, live)
        for side, code, name, country, leaf, live in rows
    ]
    return [*named, *(Option(leaf) for leaf in NEAR)]


def recipient_of(key: str, country: str) -> Recipient:
    """The recipient that a key names, known or not: whether it is one of the options is for the caller to check."""
    leaf, _at, organisation = key.partition("@")
    if leaf not in RECIPIENT_KIND:
        raise NoSuchRecipientError
    return Option(leaf, organisation).recipient(country)


def find_option(options: Sequence[Option], key: str) -> Option | None:
    return next((one for one in options if one.key == key), None)


def ask_to_tell(row: Case, words: Sequence[str], recipient: Recipient) -> Ask:
    """The disclosure of `words` of this case, for what this recipient would need them."""
    return Ask("disclose", tuple(words), _purpose(row, recipient.leaf), recipient=recipient, record=row.id)


def _purpose(row: Case, leaf: str) -> str:
    if RECIPIENT_KIND[leaf] == "payer":
        return "case_coordination"
    if leaf == "emergency_local":
        return "emergency_care"
    return "treatment" if row.kind == Kind.MEDICAL and row.state == State.OPEN else purpose_of(row)


def without_health(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(word for word in words if not item(word).bit & SENSITIVE)


def others_worth_trying(options: Sequence[Option], words: Sequence[str], refused: Option, country: str) -> list[Option]:
    """Other bodies that could do the job instead, of each sort one, in that country if there is one."""
    order = _FOR_THE_REST if len(without_health(words)) == len(words) else _FOR_HEALTH
    near = sorted(options, key=lambda one: one.country != country)
    first: dict[str, Option] = {}
    for leaf in order:
        for one in near:
            if one.leaf == leaf and one.live and one != refused:
                first.setdefault(leaf, one)
    return list(first.values())
