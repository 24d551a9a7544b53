"""Sweeps: one act over a population, carried out in units of a thousand people, each with its own decision.

One decision serves everybody with the same facts; what it refuses is not stored and is counted by clause. Units commit
one by one; the cursor is part of each, so an interrupted sweep goes on where it stopped and repeats nobody.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from amanat.custody.actor import Actor
from amanat.custody.facts import SQL, Ask, Person, Scene, read_scene
from amanat.custody.judging import Judgement, judge
from amanat.custody.matters import matter_of
from amanat.custody.unit import Unit, entry_of
from amanat.custody.words import Words
from amanat.ledger.append import append
from amanat.policy.decision import Outcome
from amanat.statement.compile import Statement
from amanat.vault import folders as vault
from amanat.vault.keys import Keyring, enrol
from amanat.vault.periods import OPEN, Periods, period_keys
from amanat.vault.tokens import INDEX_OF, open_index, store_tokens
from amanat.vocabulary import clock

UNIT = 1_000
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person who enters with a client's word: pseudonym, facts for the fact rooms, values for the vault.

    `values` maps leaves to values; `findable` are the (field, value) pairs they may be looked up by; `other` is the
    subject of the employee a dependant belongs to.
    """

    subject: UUID
    residence: str
    minor_until: date | None
    relation: str
    scheme: str
    since: date
    until: date | None
    values: Mapping[str, Any]
    findable: tuple[tuple[str, str], ...]
    other: UUID | None = None
    stay: tuple[str, date, date] | None = None


@dataclass(slots=True)
class Swept:
    """What a sweep did: people taken in, people refused whole, and refused data by clause."""

    act: UUID
    total: int
    taken: int = 0
    refused: int = 0
    by_clause: Counter[str] = field(default_factory=Counter)


def enrol_people(
    actor: Actor,
    ask: Ask,
    newcomers: Sequence[Newcomer],
    *,
    organisation: str,
    evidence: str,
    act: UUID | None = None,
    progress: Progress | None = None,
) -> Swept:
    """Take people in, unit by unit in the order given, in id order within each. `act` is the id the sweep shall have.

    `ask.words` are ignored: each person is asked about for exactly what was sent. What `progress` raises stops the
    sweep; the units before it stay.
    """
    swept = Swept(act or uuid4(), len(newcomers))
    _begin(actor, swept, organisation)
    for start in range(0, len(newcomers), UNIT):
        people = sorted(newcomers[start : start + UNIT], key=lambda one: one.subject)
        _enrol_unit(actor, ask, people, swept, (organisation, evidence))
        if progress is not None:
            progress(start + len(people), len(newcomers))
    return swept


def _begin(actor: Actor, swept: Swept, organisation: str) -> None:
    with transaction.atomic(durable=True):
        Unit(actor, "", "").reach([])
        values = {"act": swept.act, "company": actor.company, "kind": "roster", "organisation": organisation,
                  "total": swept.total, "now": clock.now()}  # fmt: skip
        _execute("begin_sweep", values)


def _advance(swept: Swept) -> None:
    cursor = swept.taken + swept.refused
    state = "done" if cursor == swept.total else "running"
    counts = {"taken": swept.taken, "refused": swept.refused, "by_clause": dict(swept.by_clause)}
    _execute("advance_sweep", {"act": swept.act, "cursor": cursor, "counts": Jsonb(counts), "state": state})


def _enrol_unit(actor: Actor, ask: Ask, people: Sequence[Newcomer], swept: Swept, origin: tuple[str, str]) -> None:
    with transaction.atomic(durable=True):
        unit = Unit(actor, ask.purpose, ask.channel)
        unit.reach([])
        scene = read_scene(actor, ask, unit.now)
        words = unit.words(scene)
        statement = words.statement
        judged = _judge(actor, scene, words, ask, people, origin[0])
        taken = [one for one in people if _permitted(judged[one.subject][1])]
        _count(swept, people, judged)
        _advance(swept)
        if not taken:
            unit.record_bare(unit.act_of(ask, statement, [decision.decision for _, decision in judged.values()]))
            return
        keys = enrol(actor.company, [one.subject for one in taken])
        _store_facts(actor.company, taken, origin, statement)
        _store_stays(actor.company, taken, origin[0], judged)
        _store_folders(taken, keys, judged)
        _store_tokens(actor.company, taken, judged)
        _record(unit, ask, statement, taken, keys, judged)


_Judged = Mapping[UUID, tuple[Person, Judgement]]


def _judge(
    actor: Actor, scene: Scene, words: Words, ask: Ask, people: Sequence[Newcomer], organisation: str
) -> _Judged:
    """Decide each newcomer on the facts they arrive with; equal facts are decided once."""
    arriving = {one.subject: _as_person(actor, scene, one, organisation) for one in people}
    matters = {
        one.subject: matter_of(
            words, actor, scene, arriving[one.subject], replace(ask, words=tuple(sorted(one.values)))
        )
        for one in people
    }
    return {subject: (arriving[subject], judged) for subject, judged in judge(words, matters).items()}


def _as_person(actor: Actor, scene: Scene, one: Newcomer, organisation: str) -> Person:
    today = clock.now().date()
    return Person(
        subject=one.subject, company=actor.company, home=scene.country, residence=one.residence,
        minor=one.minor_until is not None and one.minor_until > today, choices=(), version=1,
        relations=((one.relation, organisation),),
        entitled=one.since <= today and (one.until is None or one.until >= today), mandates=(),
    )  # fmt: skip


def _permitted(judged: Judgement) -> frozenset[str]:
    return frozenset(judged.decision.permitted)


def _count(swept: Swept, people: Sequence[Newcomer], judged: _Judged) -> None:
    for one in people:
        for verdict in judged[one.subject][1].decision.verdicts:
            if verdict.outcome is not Outcome.PERMIT:
                swept.by_clause.update(verdict.clauses)
        if _permitted(judged[one.subject][1]):
            swept.taken += 1
        else:
            swept.refused += 1


def _store_facts(company: str, people: Sequence[Newcomer], origin: tuple[str, str], statement: Statement) -> None:
    """What decisions will stand on; the newcomers were given the statement that they come in under."""
    organisation, evidence = origin
    columns: dict[str, Any] = {
        "company": company,
        "organisation": organisation,
        "evidence": evidence,
        "statement": statement.digest,
        "subjects": [one.subject for one in people],
        "residences": [one.residence for one in people],
        "minor_untils": [one.minor_until for one in people],
        "kinds": [one.relation for one in people],
        "schemes": [one.scheme for one in people],
        "others": [one.other for one in people],
        "sinces": [one.since for one in people],
        "untils": [one.until for one in people],
    }
    for name in ("insert_standings", "insert_relations", "insert_entitlements"):
        _execute(name, columns)


def _store_stays(company: str, people: Sequence[Newcomer], organisation: str, judged: _Judged) -> None:
    """Where and when, under the pseudonym, of those whose itinerary was let in."""
    going = [
        (one.subject, *one.stay) for one in people if one.stay and "itinerary" in _permitted(judged[one.subject][1])
    ]
    if going:
        subjects, countries, sinces, untils = (list(column) for column in zip(*going, strict=True))
        values = {"company": company, "organisation": organisation, "subjects": subjects, "countries": countries,
                  "ids": [trip_of(subject) for subject in subjects]}  # fmt: skip
        _execute("insert_stays", {**values, "sinces": sinces, "untils": untils})


def _store_folders(people: Sequence[Newcomer], keys: Keyring, judged: _Judged) -> None:
    """Row security refuses COPY, so sealed rows travel in one pipelined batch."""
    leaves = {leaf for one in people for leaf in one.values}
    periods = period_keys(keys[people[0].subject].company, ((leaf, OPEN) for leaf in leaves))
    sealed = [folder for one in people for folder in _sealed(one, keys, periods, _permitted(judged[one.subject][1]))]
    vault.insert_folders(sealed)


def trip_of(subject: UUID) -> UUID:
    """The record of the one trip that a newcomer brings: its stay and its folder end together."""
    return uuid5(subject, "trip")


def _sealed(one: Newcomer, keys: Keyring, periods: Periods, permitted: frozenset[str]) -> Iterator[vault.SealedFolder]:
    values = {leaf: value for leaf, value in one.values.items() if leaf in permitted}
    for folder in vault.folders_of(values):
        part = {leaf: value for leaf, value in values.items() if vault.FOLDER_OF[leaf] == folder}
        record = vault.NO_RECORD if folder == "core" else trip_of(one.subject) if folder == "trip" else uuid4()
        yield vault.seal_folder(keys[one.subject], folder, record, 1, part, periods=periods)


# A value is findable only if every leaf it is made of was let in.
_FOUND_BY = {
    "policy_number": {"policy_number"},
    "email": {"email"},
    "phone_work": {"phone_work"},
    "phone_home": {"phone_home"},
    "surname_birth_date": {"name", "birth_date"},
}


def _store_tokens(company: str, people: Sequence[Newcomer], judged: _Judged) -> None:
    index = open_index(company)
    store_tokens(
        [
            token
            for one in people
            for token in index.tokens_of(
                one.subject,
                [
                    (INDEX_OF.get(field_name, field_name), value)
                    for field_name, value in one.findable
                    if _FOUND_BY[field_name] <= _permitted(judged[one.subject][1])
                ],
            )
        ]
    )


def _record(
    unit: Unit,
    ask: Ask,
    statement: Statement,
    people: Sequence[Newcomer],
    keys: Keyring,
    judged: _Judged,
) -> None:
    decisions = [judged[one.subject][1].decision for one in people]
    act = unit.act_of(ask, statement, decisions)
    entries = [entry_of(act, *judged[one.subject], keys[one.subject].history) for one in people]
    append(act, entries)


def _execute(name: str, values: Mapping[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SQL[name], values)
