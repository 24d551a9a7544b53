"""Sending what waits: each notice is decided again, under lock, at the moment it leaves.

The try is noted in the transaction that records the decision, and the address is opened only after its commit. A
worker that dies in between leaves a message that is tried again later: one letter twice is better than none.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.mail.backends.smtp import EmailBackend
from django.db import connection

from amanat.custody.actor import Actor
from amanat.custody.facts import Ask
from amanat.custody.handle import Handle
from amanat.custody.unit import unit
from amanat.errors import AmanatError
from amanat.vocabulary import clock
from amanat.worker import mail
from amanat.worker.companies import SQL, names_of_companies, within
from amanat.worker.letters import Letter, UnknownLetterError, write_letter

log = logging.getLogger("amanat.worker")

PURPOSE = "service_message"
ASK = Ask("contact", ("email", "language"), PURPOSE, "e_mail")
TRY_AGAIN_AFTER = timedelta(minutes=5)
_MOST = 100
# The ledger is folded by the same worker: a long queue is sent in turns.
_LONGEST_TURN = 3.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """One message that is due, and where it belongs."""

    company: str
    sender: str
    subject: UUID
    id: UUID


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a message says, once this worker has taken it."""

    kind: str
    clauses: list[str]
    since: datetime


def send_due() -> int:
    """Send what is due, as far as one turn goes; give the number of letters handed over.

    Raises `MailServerError` if the server cannot be reached: nothing was tried then.
    """
    server = mail.find_server()
    waiting = _due() if server else []
    if server is None or not waiting:
        return 0
    sent, ends = 0, time.monotonic() + _LONGEST_TURN
    with mail.connected(server) as backend:
        for one in waiting:
            sent += _try_to_send(one, backend)
            if time.monotonic() > ends:
                break
    return sent


def _try_to_send(one: Waiting, backend: EmailBackend) -> bool:
    """A message that cannot be decided waits on, and holds up no other; a lost mail server ends the turn."""
    try:
        return _send(one, backend)
    except mail.MailServerError:
        raise
    except AmanatError as error:
        log.warning("message %s is not decided: %s", one.id, type(error).__name__)
        return False


def _due() -> list[Waiting]:
    found = []
    for company, sender in names_of_companies().items():
        values: dict[str, Any] = {
            "company": company,
            "now": clock.now(),
            "tried_before": _tried_before(),
            "most": _MOST,
        }
        with within(company), connection.cursor() as cursor:
            cursor.execute(SQL["due"], values)
            found += [Waiting(company, sender, subject, message) for subject, message in cursor.fetchall()]
    return found


def _send(one: Waiting, backend: EmailBackend) -> bool:
    with unit(Actor(None, "web_system", one.company, None, None, ""), PURPOSE, channel="e_mail") as current:
        claimed = _claim(one)
        if claimed is None:
            return False
        handle = current.ask(ASK, [one.subject])
        if not _may_write(handle, one.subject):
            _settle(one, "refused")
            return False
    values = handle.values(one.subject)
    state = _deliver(one, claimed, values.get("email"), values.get("language") or "", backend)
    with within(one.company):
        _settle(one, state)
    return state == "sent"


def _may_write(handle: Handle, subject: UUID) -> bool:
    """The address alone decides; without the language the letter is in English."""
    return subject in handle.decisions and "email" in handle.decision(subject).permitted


def _deliver(one: Waiting, claimed: Claimed, address: str | None, language: str, backend: EmailBackend) -> str:
    """Hand the letter over and give the state that the message is in after it."""
    if not address:
        return "no_address"
    try:
        letter = _letter(one, claimed, language)
        mail.post(backend, address, letter.subject, letter.body)
    except (UnknownLetterError, mail.RecipientRefusedError) as error:
        later = isinstance(error, mail.RecipientRefusedError) and not error.for_good
        log.warning("message %s of kind %s was not taken: %s", one.id, claimed.kind, error.detail)
        return "sending" if later else "failed"
    return "sent"


def _letter(one: Waiting, claimed: Claimed, language: str) -> Letter:
    return write_letter(claimed.kind, language, company=one.sender, on=claimed.since, clauses=claimed.clauses)


def _claim(one: Waiting) -> Claimed | None:
    values: dict[str, Any] = {"subject": one.subject, "id": one.id, "now": clock.now(), "tried_before": _tried_before()}
    with connection.cursor() as cursor:
        cursor.execute(SQL["claim"], values)
        row = cursor.fetchone()
    return Claimed(*row) if row else None


def _settle(one: Waiting, state: str) -> None:
    values: dict[str, Any] = {"subject": one.subject, "id": one.id, "state": state, "now": clock.now()}
    with connection.cursor() as cursor:
        cursor.execute(SQL["settle"], values)


def _tried_before() -> datetime:
    return clock.now() - TRY_AGAIN_AFTER
