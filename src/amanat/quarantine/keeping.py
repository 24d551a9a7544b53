"""Putting into quarantine and taking out: in with the public key, out with a `Permit` and the private half.

Two layers: the outer one opens with the company's private half, the inner one with a key of the person's own, so that
their erasure reaches copies in backups too. There is no way to look: what is taken out is deleted in the same
statement, and the caller's transaction seals it for the person, or puts it back by ending in an error.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from amanat.crypto.binding import bind
from amanat.crypto.derive import hkdf
from amanat.crypto.seal import seal, unseal
from amanat.crypto.sealedbox import new_pair, open_box, seal_to
from amanat.crypto.secret import SecretKey
from amanat.database.queries import queries
from amanat.errors import IntegrityError, UnavailableError
from amanat.policy.permit import Permit

SQL = queries("amanat.quarantine")
LEAF = "report"
FIRST = 1


class NoQuarantineError(UnavailableError):
    """The company has no key for its quarantine yet; nothing was kept."""


class NotPermittedError(IntegrityError):
    """A report was to be taken out without a permit for it."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What is known of a report that nobody may read. `account` and `role` are those who took it in."""

    subject: UUID
    id: UUID
    company: str
    source: str
    organisation: str
    purpose: str
    record: UUID
    account: UUID
    role: str
    at: datetime
    until: datetime


def begin_company(company: str, wrapping: SecretKey) -> None:
    """Give a company its pair, the private half sealed under `wrapping`. Repeating it changes nothing."""
    public, private = new_pair()
    wrapped = seal(wrapping, FIRST, private.raw, bind("quarantine pair", company, FIRST))
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"company": company, "version": FIRST, "public": public, "wrapped": wrapped}
        cursor.execute(SQL["insert_pair"], values)


def put(frame: Frame, value: Any, own: SecretKey) -> None:
    """Seal what was sent, under a key of the person's `own` and then for the company's pair, and forget it."""
    with connection.cursor() as cursor:
        cursor.execute(SQL["public_key"], {"company": frame.company})
        row = cursor.fetchone()
        if row is None:
            raise NoQuarantineError(hint="start the worker: amanat worker")
        place = _place(frame, row[0])
        inner = seal(_inner(own), row[0], json.dumps(value, ensure_ascii=False).encode(), place)
        body = seal_to(bytes(row[1]), inner, place)
        cursor.execute(SQL["insert_item"], {**_columns(frame), "version": row[0], "body": body})


def take(permit: Permit | None, frame: Frame, wrapping: SecretKey, own: SecretKey, now: datetime) -> Any | None:
    """Take a report out under a permit for it; None if it is there no more."""
    if permit is None or permit.subject != frame.subject or not permit.covers(LEAF):
        raise NotPermittedError
    with connection.cursor() as cursor:
        cursor.execute(SQL["take_item"], {"subject": frame.subject, "id": frame.id, "now": now})
        row = cursor.fetchone()
        if row is None:
            return None
        version, body = row[0], bytes(row[1])
        cursor.execute(SQL["private_key"], {"company": frame.company, "version": version})
        ((wrapped,),) = cursor.fetchall()
    private = SecretKey(unseal(wrapping, bytes(wrapped), bind("quarantine pair", frame.company, version)))
    place = _place(frame, version)
    return json.loads(unseal(_inner(own), open_box(private, body, place), place))


def _inner(own: SecretKey) -> SecretKey:
    return SecretKey(hkdf(own, bind("quarantine")))


def frames(company: str, now: datetime, *, record: UUID | None = None, most: int = 1_000) -> list[Frame]:
    """What waits in a company, or for one case of it, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(SQL["waiting"], {"company": company, "now": now, "record": record, "most": most})
        return [Frame(*row) for row in cursor.fetchall()]


def count(company: str, now: datetime) -> tuple[int, datetime | None]:
    """How many wait, and when the first of them is destroyed."""
    with connection.cursor() as cursor:
        cursor.execute(SQL["count"], {"company": company, "now": now})
        ((number, first),) = cursor.fetchall()
        return number, first


def drop_expired(company: str, now: datetime) -> int:
    return _delete("drop_expired", {"company": company, "now": now})


def drop_of(subject: UUID) -> int:
    """Drop all that waits about a person: their erasure reaches what nobody has read, too."""
    return _delete("drop_subject", {"subject": subject})


def _delete(name: str, values: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(SQL[name], values)
        return int(cursor.rowcount)


def _columns(frame: Frame) -> dict[str, Any]:
    names: Sequence[str] = Frame.__slots__
    return {name: getattr(frame, name) for name in names}


def _place(frame: Frame, version: int) -> bytes:
    """What a box is tied to: moved to another person, company, source or case, it does not open."""
    parts = (frame.company, frame.subject, frame.id, frame.source, frame.organisation, frame.record, version)
    return bind("quarantine", *parts)
