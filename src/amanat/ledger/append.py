"""Appending to the ledger: one act and an entry per person, in one INSERT, inside the transaction of the unit.

What the log gets of it is in `leaves`: that something was recorded, not about whom.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection

from amanat.crypto.binding import bind
from amanat.crypto.derive import commitment, hkdf
from amanat.crypto.seal import seal, unseal
from amanat.crypto.secret import SecretKey
from amanat.database.arrays import blobs, integers, texts, uuids
from amanat.database.queries import queries
from amanat.ledger.leaves import ACT_FACTS, leaf_of, public_facts
from amanat.ledger.packing import pack_record, unpack_record

SQL = queries("amanat.ledger")


@dataclass(frozen=True, slots=True)
class Act:
    """One decision as recorded: who, what, what for, to whom, under which words. No person.

    `opening` is not part of what the log commits to: it only finds the act again, see `openings`.
    """

    id: UUID
    company: str
    at: datetime
    account: UUID | None
    role: str
    action: str
    purpose: str
    channel: str
    recipient: str
    organisation: str
    statement: str
    outcome: str
    clauses: tuple[str, ...]
    state: str = "recorded"
    opening: bytes | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What the act meant for one person. `opened` and `refused` are masks of categories; `body` is sealed."""

    subject: UUID
    company: str
    outcome: str
    clauses: tuple[str, ...]
    opened: int
    refused: int
    commitment: bytes
    body: bytes


def make_entry(
    act: UUID,
    subject: UUID,
    company: str,
    history: SecretKey,
    record: bytes,
    told: tuple[str, tuple[str, ...]],
    masks: tuple[int, int],
) -> Entry:
    """Commit to `record` with a salt from the person's history key, and seal it under the same key.

    `told` is (outcome, clauses), `masks` (opened, refused).
    """
    committed = commitment(salt_of(history, act), record)
    body = seal(history, 1, pack_record(record), bind("entry", subject, act))
    return Entry(subject, company, *told, *masks, committed, body)


def salt_of(history: SecretKey, act: UUID) -> bytes:
    return hkdf(history, bind("salt", act))


def open_body(history: SecretKey, subject: UUID, act: UUID, body: bytes) -> bytes:
    """The canonical record of an entry; gone for ever once the person's history key is."""
    return unpack_record(unseal(history, body, bind("entry", subject, act)))


def append(act: Act, entries: Sequence[Entry], *, bare: bytes | None = None) -> None:
    """Insert the act, its entries and their leaves. `bare` is the commitment of an act that names nobody."""
    values: dict[str, Any] = {
        "id": act.id, "company": act.company, "at": act.at, "account": act.account, "role": act.role,
        "action": act.action, "purpose": act.purpose, "channel": act.channel, "recipient": act.recipient,
        "organisation": act.organisation, "statement": act.statement, "outcome": act.outcome,
        "clauses": texts(act.clauses), "people": len(entries), "state": act.state, "bare": bare,
        "opening": act.opening,
    }  # fmt: skip
    facts = [act.clauses if name == "clauses" else values[name] for name in _ACT_COLUMNS]
    leaves = _leaves(act.id, facts, act.at, entries, bare)
    with connection.cursor() as cursor:
        cursor.execute(SQL["append"], values | {"leaves": blobs(leaves)} | _entry_columns(entries))


_ACT_COLUMNS = ("id", *ACT_FACTS[1:])


def _leaves(
    act: UUID, facts: Sequence[object], at: datetime, entries: Sequence[Entry], bare: bytes | None
) -> Iterator[bytes]:
    for one in entries:
        sealed = sha256(one.body).digest()
        own = (one.subject, one.company, at, one.outcome, one.clauses, one.opened, one.refused, sealed)
        yield leaf_of(act, one.commitment, public_facts(one.commitment, facts, own))
    if bare is not None:
        yield leaf_of(act, bare, public_facts(bare, facts))


def _entry_columns(entries: Sequence[Entry]) -> dict[str, str]:
    return {
        "subjects": uuids(entry.subject for entry in entries),
        "companies": texts(entry.company for entry in entries),
        "outcomes": texts(entry.outcome for entry in entries),
        "clause_lists": texts(" ".join(entry.clauses) for entry in entries),
        "opened": integers(entry.opened for entry in entries),
        "refused": integers(entry.refused for entry in entries),
        "commitments": blobs(entry.commitment for entry in entries),
        "bodies": blobs(entry.body for entry in entries),
    }
