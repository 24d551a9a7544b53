"""Openings: what the same person looks at again within a quarter of an hour is decided each time and written once.

The ledger itself is the memory. An act carries a mark of who looks, in which session, for what; and an entry's
commitment says whether the record of the new decision is the recorded one, byte for byte: facts, mask, clauses,
statement. Whatever differs is a new entry. Only looks can be openings; what leaves or changes is written each time.
"""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from amanat.crypto.binding import bind
from amanat.crypto.derive import commitment, hkdf
from amanat.crypto.secret import SecretKey
from amanat.database.queries import queries

QUERY: Final = queries("amanat.ledger")["openings"]
LASTS: Final = timedelta(minutes=15)
LOOKS: Final = frozenset({"view", "use"})
_MARK_LENGTH: Final = 16


@dataclass(frozen=True, slots=True)
class Opening:
    """An entry that a repeated look may stand on."""

    subject: UUID
    act: UUID
    opened: int
    refused: int
    commitment: bytes


def mark_of(session: str, mandates: Iterable[UUID], *matter: str) -> bytes | None:
    """The mark of an act: a digest of the session, the mandates relied on, and what the look is about (action, purpose,
    channel, recipient, record). None without a session: then there is nobody who could look again.
    """
    if not session:
        return None
    relied_on = sorted(str(one) for one in mandates)
    return sha256(bind("opening", session, str(len(relied_on)), *relied_on, *matter)).digest()[:_MARK_LENGTH]


def values_of(subjects: Any, account: UUID | None, mark: bytes | None, now: datetime) -> dict[str, Any]:
    """The parameters of `QUERY`. `subjects` in whichever form the caller binds arrays."""
    return {"subjects": subjects, "account": account, "opening": mark, "since": now - LASTS}


def read(rows: Sequence[tuple[Any, ...]]) -> dict[UUID, list[Opening]]:
    """What `QUERY` found, by person."""
    found: dict[UUID, list[Opening]] = {}
    for subject, act, opened, refused, committed in rows:
        found.setdefault(subject, []).append(Opening(subject, act, opened, refused, bytes(committed)))
    return found


def opening_of(
    candidates: Iterable[Opening], history: SecretKey, record: bytes, masks: tuple[int, int]
) -> Opening | None:
    """The entry that already says exactly this; None if the look must be written. `masks` are (opened, refused)."""
    for one in candidates:
        salt = hkdf(history, bind("salt", one.act))
        if (one.opened, one.refused) == masks and hmac.compare_digest(commitment(salt, record), one.commitment):
            return one
    return None


def act_of_repeat(
    found: Mapping[UUID, Sequence[Opening]], looks: Mapping[UUID, tuple[SecretKey, bytes, tuple[int, int]]]
) -> UUID | None:
    """The act that a whole look repeats: each person's newest entry says the same, and nothing has to be written.

    `looks` are history key, record and masks of each person. None if there is nobody, or anybody has something new.
    """
    standing = [opening_of(reversed(found.get(subject, ())), *look) for subject, look in looks.items()]
    acts = [one.act for one in standing if one is not None]
    return acts[-1] if acts and len(acts) == len(looks) else None
