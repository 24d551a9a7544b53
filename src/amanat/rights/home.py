"""The member's first page: who answers for them, their cover, how far their yes goes, and who looked last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from amanat.custody.actor import Actor
from amanat.custody.facts import Ask
from amanat.custody.history import Told, Wanted, told_of
from amanat.custody.unit import unit
from amanat.database.queries import queries
from amanat.errors import NotFoundError

_SQL = queries("amanat.rights")
WORDS: Final = ("name", "policy_number", "cover_status", "language")
_LATEST: Final = 3


@dataclass(frozen=True, slots=True)
class Answerable:
    """The company that answers for the person, and where its privacy desk is reached."""

    name: str
    country: str
    contact: str


@dataclass(frozen=True, slots=True)
class Cover:
    """One live cover. `relation` is how the person comes to it."""

    scheme: str
    since: date
    until: date | None
    organisation: str
    relation: str


@dataclass(frozen=True, slots=True)
class Home:
    """What the first page shows. `values` are those of `WORDS` that the person did not hold back."""

    values: Mapping[str, Any]
    company: Answerable
    covers: tuple[Cover, ...]
    choices: tuple[str, ...]
    latest: tuple[Told, ...]


def home_of(actor: Actor) -> Home:
    subject = actor.subject
    if subject is None:
        raise NotFoundError
    with unit(actor, "rights_fulfilment", channel="web_account") as one:
        handle = one.ask(Ask("view", WORDS, "rights_fulfilment"), [subject])
        handle.decision(subject)
        person = handle.people[subject]
        rows = one.rows(_SQL["covers"], {"subject": subject, "company": person.company, "today": one.now.date()})
        latest = told_of(one, handle, subject, Wanted(unless_by=actor.account, most=_LATEST))
    company = Answerable(*rows[0][:3])
    covers = tuple(Cover(*row[3:]) for row in rows if row[3] is not None)
    return Home(handle.values(subject), company, covers, person.choices, tuple(latest))
