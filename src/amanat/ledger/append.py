"""Appending to the ledger: one act and an entry per person, in one INSERT, inside the transaction of the unit.

A leaf of the log is `version ‖ act ‖ commitment`: it says that something was recorded, not about whom.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from amanat.crypto.binding import bind
from amanat.crypto.derive import commitment, hkdf
from amanat.crypto.seal import seal, unseal
from amanat.crypto.secret import SecretKey
from amanat.database.queries import queries

SQL = queries("amanat.ledger")
LEAF_VERSION = b"\x01"


@dataclass(frozen=True, slots=True)
class Act:
    """One decision as recorded: who, what, what for, to whom, under which words. No person."""

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
    body = seal(history, 1, record, bind("entry", subject, act))
    return Entry(subject, company, *told, *masks, committed, body)


def salt_of(history: SecretKey, act: UUID) -> bytes:
    return hkdf(history, bind("salt", act))


def open_body(history: SecretKey, subject: UUID, act: UUID, body: bytes) -> bytes:
    """The canonical record of an entry; gone for ever once the person's history key is."""
    return unseal(history, body, bind("entry", subject, act))


def leaf_of(act: UUID, committed: bytes) -> bytes:
    return LEAF_VERSION + act.bytes + committed


def append(act: Act, entries: Sequence[Entry], *, bare: bytes | None = None) -> None:
    """Insert the act, its entries and their leaves. `bare` is the commitment of an act that names nobody."""
    leaves = [leaf_of(act.id, entry.commitment) for entry in entries]
    if bare is not None:
        leaves.append(leaf_of(act.id, bare))
    values = {
        "id": act.id, "company": act.company, "at": act.at, "account": act.account, "role": act.role,
        "action": act.action, "purpose": act.purpose, "channel": act.channel, "recipient": act.recipient,
        "organisation": act.organisation, "statement": act.statement, "outcome": act.outcome,
        "clauses": list(act.clauses), "people": len(entries), "state": act.state, "leaves": leaves,
        **_entry_columns(entries),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(SQL["append"], values)


def _entry_columns(entries: Sequence[Entry]) -> dict[str, list[object]]:
    return {
        "subjects": [entry.subject for entry in entries],
        "companies": [entry.company for entry in entries],
        "outcomes": [entry.outcome for entry in entries],
        "clause_lists": [" ".join(entry.clauses) for entry in entries],
        "opened": [entry.opened for entry in entries],
        "refused": [entry.refused for entry in entries],
        "commitments": [entry.commitment for entry in entries],
        "bodies": [entry.body for entry in entries],
    }
