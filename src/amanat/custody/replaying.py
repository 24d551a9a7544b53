"""Deciding a past decision again, under the statement of its day, from the ledger alone.

A decision of a person who was not erased replays byte for byte. Of an erased person the entry proves only that it was.
"""

import enum
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from amanat.crypto.derive import commitment
from amanat.custody.unit import Unit
from amanat.custody.words import statement_of
from amanat.database.queries import queries
from amanat.errors import NotFoundError
from amanat.ledger.append import open_body, salt_of
from amanat.policy.canonical import pack, unpack
from amanat.policy.decision import Decision
from amanat.policy.request import Request
from amanat.policy.together import decide_together
from amanat.vault.folders import fetch_sealed

_LEDGER = queries("amanat.ledger")
MOST = 50


class Finding(enum.Enum):
    SAME = "same"
    DIFFERENT = "different"
    ERASED = "erased"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Replayed:
    """One entry, decided again. `decision` and `requests` are empty if the person was erased."""

    subject: UUID
    finding: Finding
    recorded: dict[str, Any]
    requests: tuple[Request, ...]
    decision: Decision | None
    version: str


def replay(unit: Unit, act: UUID) -> list[Replayed]:
    """Decide each entry of `act` again and compare the canonical bytes."""
    statement = statement_of(_digest_of(unit, act))
    rows = unit.rows(_LEDGER["entries_of_act"], {"act": act, "most": MOST})
    sealed = fetch_sealed([row[0] for row in rows], ())
    replayed = []
    for subject, _, _, _, _, _, committed, body in rows:
        known = sealed.get(subject)
        if known is None:
            replayed.append(Replayed(subject, Finding.ERASED, {}, (), None, statement.version))
            continue
        history = known.unwrap().history
        record = open_body(history, subject, act, bytes(body))
        requests, recorded = unpack(record)
        decision = decide_together(statement.policy, requests)
        whole = commitment(salt_of(history, act), record) == bytes(committed)
        same = pack(requests, decision) == record
        finding = Finding.BROKEN if not whole else Finding.SAME if same else Finding.DIFFERENT
        replayed.append(Replayed(subject, finding, recorded, requests, decision, statement.version))
    return replayed


def _digest_of(unit: Unit, act: UUID) -> str:
    rows = unit.rows(_LEDGER["act"], {"act": act})
    if not rows:
        raise NotFoundError
    return str(rows[0][-1])
