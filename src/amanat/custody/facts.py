"""Facts: what decisions stand on, read from the fact rooms in one query for all people of the page.

A request carries claims, never facts: whatever a rule asks about cover, choices, agreements, mandates or training comes
from here. Nothing here opens a folder.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from amanat.custody.actor import Actor
from amanat.database.arrays import texts, uuids
from amanat.database.queries import queries
from amanat.errors import UndecidableError

SQL = queries("amanat.custody")


class NotOnRecordError(UndecidableError):
    """The acting company is not on record, so nothing can be decided for it."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told: a leaf of the vocabulary and, on the platform, the organisation by code (or its country alone)."""

    leaf: str
    organisation: str = ""
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """What an act is about. `words` are leaves or fields; `source` names who supplied the data, with their code."""

    action: str
    words: tuple[str, ...]
    purpose: str
    channel: str = ""
    recipient: Recipient | None = None
    source: str | None = None
    source_organisation: str = ""
    record: UUID | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """What holds for the whole act: the acting company, the actor, the other side.

    `digests` are the statements in force so far, the one that is in force last; `overlays` marks the overlays in force.
    """

    country: str
    bound: bool
    role: str | None
    trained: frozenset[str]
    digests: tuple[str, ...]
    overlays: str
    other_country: str | None
    other_kind: str | None
    source_kind: str | None
    comparable: frozenset[str] | None
    registered: bool
    terms: frozenset[str]
    agreement: str
    other_bound: bool
    attested: bool
    tools: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Mandate:
    """A live reason of this actor to act for one person.

    `refused`: of a glass, that the person's newest answer about the emergency record is a no, also if it came later.
    """

    id: UUID
    kind: str
    record: UUID | None
    contexts: frozenset[str]
    proof: dict[str, Any] = field(default_factory=dict)
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """One subject's facts. `relations` are (kind, organisation).

    `statement` is the one that they were given, empty for the first there was, None for somebody whom none was given;
    `answered` says for each choice that was made under another statement, under which.
    """

    subject: UUID
    company: str
    home: str
    residence: str
    minor: bool
    choices: tuple[str, ...]
    version: int
    relations: tuple[tuple[str, str], ...]
    entitled: bool
    mandates: tuple[Mandate, ...]
    statement: str | None = None
    answered: Mapping[str, str] = field(default_factory=dict)

    def holds(self, kind: str) -> Mandate | None:
        return next((one for one in self.mandates if one.kind == kind), None)


def read_scene(actor: Actor, ask: Ask, now: datetime) -> Scene:
    return read_scenes([(actor, ask)], now)[0]


def read_scenes(acts: Sequence[tuple[Actor, Ask]], now: datetime) -> list[Scene]:
    """The scene of each act, in one query for all of them. Raises `NotOnRecordError` if a company is unknown."""
    with connection.cursor() as cursor:
        cursor.execute(SQL["scene"], scene_values(acts, now))
        return scenes_of(acts, cursor.fetchall())


def scene_values(acts: Sequence[tuple[Actor, Ask]], now: datetime) -> dict[str, Any]:
    """What the query `scene` asks for: each distinct place once."""
    companies, accounts, organisations, destinations, sources = zip(*_places(acts), strict=True)
    return {
        "companies": texts(companies), "accounts": uuids(accounts), "organisations": texts(organisations),
        "destinations": texts(destinations), "sources": texts(sources), "today": now.date(), "now": now,
    }  # fmt: skip


def scenes_of(acts: Sequence[tuple[Actor, Ask]], rows: Sequence[Sequence[Any]]) -> list[Scene]:
    """The scene of each act, from the rows of the query `scene`."""
    distinct = _places(acts)
    if len(rows) < len(distinct):
        raise NotOnRecordError
    found = {place: _scene(row) for place, row in zip(distinct, rows, strict=True)}
    return [found[_place(actor, ask)] for actor, ask in acts]


def _places(acts: Sequence[tuple[Actor, Ask]]) -> list["_Place"]:
    return list(dict.fromkeys(_place(actor, ask) for actor, ask in acts))


_Place = tuple[str, UUID | None, str, str | None, str]


def _place(actor: Actor, ask: Ask) -> _Place:
    """What a scene depends on."""
    recipient = ask.recipient or Recipient("")
    return (actor.company, actor.account, recipient.organisation, recipient.country, ask.source_organisation)


def _scene(row: Sequence[Any]) -> Scene:
    (
        country, bound, role, trained, fresh, digests, overlays, other, kind, source, comparable, registered, terms,
        live, sister, attested, tools,
    ) = row  # fmt: skip
    return Scene(
        country=country,
        bound=bool(bound),
        role=role,
        trained=frozenset(trained or ()) if fresh else frozenset(),
        digests=tuple(digests or ()),
        overlays=overlays or "",
        other_country=other,
        other_kind=kind,
        source_kind=source,
        comparable=None if comparable is None else frozenset(comparable),
        registered=registered is not False,
        terms=frozenset(terms or ()),
        agreement="none" if live is None else "live" if live else "expired",
        other_bound=bool(sister),
        attested=attested,
        tools=tuple(tuple(one) for one in _json(tools)),
    )


def read_people(actor: Actor, subjects: Sequence[UUID], now: datetime) -> dict[UUID, Person]:
    """The facts of each subject, in id order. A subject without a standing is missing, and so refused."""
    with connection.cursor() as cursor:
        cursor.execute(SQL["facts"], people_values(actor, subjects, now))
        return people_of(cursor.fetchall(), now)


def people_values(actor: Actor, subjects: Sequence[UUID], now: datetime) -> dict[str, Any]:
    """What the query `facts` asks for."""
    return {
        "subjects": uuids(sorted(set(subjects))),
        "company": actor.company,
        "account": actor.account,
        "today": now.date(),
        "now": now,
    }


def people_of(rows: Sequence[Sequence[Any]], now: datetime) -> dict[UUID, Person]:
    return {row[0]: _person(row, now) for row in rows}


def _person(row: Sequence[Any], now: datetime) -> Person:
    (
        subject, company, home, residence, minor_until, choices, version, statement, answered, relations, entitled,
        mandates,
    ) = row  # fmt: skip
    return Person(
        subject=subject,
        company=company,
        home=home,
        residence=residence,
        minor=minor_until is not None and minor_until > now.date(),
        choices=tuple(choices),
        version=version,
        relations=tuple(
            (kind, organisation) for kind, _, organisation in (one.partition("@") for one in relations or ())
        ),
        entitled=entitled,
        mandates=tuple(_mandate(one) for one in _json(mandates)),
        statement=statement,
        answered=json.loads(answered) if answered != "{}" else {},
    )


def _json(text: str | None) -> list[Any]:
    """Django hands jsonb over as text; no row is no text."""
    return list(json.loads(text)) if text else []


def _mandate(row: dict[str, Any]) -> Mandate:
    record = UUID(row["record"]) if row["record"] else None
    return Mandate(UUID(row["id"]), row["kind"], record, frozenset(row["contexts"]), row["proof"], row["refused"])
