"""Answers kept by idempotency key: a message that comes again gets the answer of the first and has no second effect."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import OperationalError, connection
from psycopg.types.json import Jsonb

from amanat.crypto.binding import bind
from amanat.custody.actor import Actor
from amanat.custody.facts import SQL
from amanat.errors import AmanatError, ConflictError, Effect, Kind


class AlreadyAnsweredError(AmanatError):
    """The message was already carried out; the answer it got then comes with this."""

    kind = Kind.CONFLICT
    effect = Effect.DONE

    def __init__(self, result: Mapping[str, Any]) -> None:
        super().__init__()
        self.result = result


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key and the digest of what was asked under it."""

    value: str
    asked: str

    @classmethod
    def over(cls, value: str, body: bytes) -> "Key":
        return cls(value[:80], hashlib.sha256(body).hexdigest())


def refuse_repeat(actor: Actor, key: Key) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SQL["answered"], {"company": actor.company, "key": key.value})
        row = cursor.fetchone()
    if row is None:
        return
    if row[0] != _asked(actor, key):
        raise ConflictError("this key was used for another message", hint="use a new key for a new message")
    raise AlreadyAnsweredError(json.loads(row[1]))


def _asked(actor: Actor, key: Key) -> str:
    """What was asked, and by whom: the answer to one is nobody else's, though they knew key and words."""
    return hashlib.sha256(bind(key.asked, str(actor.account), actor.role)).hexdigest()


def settle(actor: Actor, key: Key, result: Mapping[str, Any], at: datetime) -> None:
    values: dict[str, Any] = {
        "company": actor.company, "key": key.value, "asked": _asked(actor, key), "result": Jsonb(result), "at": at,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(SQL["answer"], values)
        if cursor.fetchone() is None:
            raise OperationalError("another message with this key was faster")
