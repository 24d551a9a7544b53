"""What the worker does unasked, and how often."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from amanat.custody import quarantining
from amanat.custody.keykeeping import turn_due
from amanat.custody.letters import drop_expired_letters
from amanat.custody.retaining import TRIP, end_trips
from amanat.database.keycopy import renew_copy
from amanat.errors import AmanatError
from amanat.ledger import incidents
from amanat.ledger.fold import fold, waiting_companies
from amanat.ledger.witness import cosign
from amanat.oversight import service as oversight
from amanat.retention.service import sweep_erased
from amanat.vocabulary import clock
from amanat.vocabulary.needs import Need
from amanat.worker.companies import SQL, names_of_companies, within
from amanat.worker.outbox import ASK, PURPOSE, send_due
from amanat.worker.watch import tell

log = logging.getLogger("amanat.worker")

# Answers settle repeated messages for seven days at least; sessions last twelve hours at most.
ANSWERS_KEPT = timedelta(days=8)
SESSIONS_KEPT = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Duty:
    """Something done again and again, `every` so many seconds; it gives the number of things done.

    `needs` are what it does to personal data; one that comes to the vault and opens nobody's says why instead.
    """

    name: str
    every: float
    carry_out: Callable[[], int]
    needs: tuple[Need, ...] = ()
    about_nobody: str = ""


def fold_ledgers() -> int:
    """Fold every company's log until nothing waits. One that cannot be folded does not hold up the others."""
    folded = 0
    for company in waiting_companies():
        try:
            while taken := fold(company):
                folded += taken
        except AmanatError as error:
            log.warning("the ledger of %s is not folded: %s", company, type(error).__name__)
    return folded


def witness() -> int:
    """Let every company cosign what is new in the others' logs. A log that does not continue is an incident."""
    done = cosign(list(names_of_companies()))
    incidents.note(done.refused)
    return done.lines


def expire() -> int:
    """Let go of what has served its time. Mandates need none of this: they end by their own date."""
    now = clock.now()
    gone = _delete("expire_sessions", "", now - SESSIONS_KEPT) + drop_expired_letters()
    for company in names_of_companies():
        with within(company):
            gone += _delete("expire_answers", company, now - ANSWERS_KEPT)
    return gone


def watch_quarantine() -> int:
    """Receive the reports that are permitted by now, and destroy those whose time is over."""
    companies = names_of_companies()
    quarantining.begin_quarantine(companies)
    return sum(
        quarantining.release_permitted(company) + quarantining.drop_expired(company) for company in companies
    )  # fmt: skip


def _delete(name: str, company: str, before: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(SQL[name], {"company": company, "before": before})
        return int(cursor.rowcount)


def follow_erasures() -> int:
    """Delete the rows of people who were erased; nothing of them opens since the erasure itself."""
    gone = 0
    for company in names_of_companies():
        with within(company):
            gone += sweep_erased()
    return gone


def oversee() -> int:
    """Score what the staff of every company looked at; how many flags are new."""
    flagged = 0
    for company in names_of_companies():
        with within(company):
            flagged += oversight.oversee(company)
    return flagged


def end_due_trips() -> int:
    """Delete the trips whose time under T.1 is over."""
    return sum(end_trips(company) for company in names_of_companies())


def renew_key_copy() -> int:
    """Let the copy of the keys follow each new root and each line of the erasure list."""
    return int(renew_copy(settings.HOME, unless_current=True))


_SEND = Need("contact", PURPOSE, ASK.words, roles=("web_system",))
_LET_GO = Need("erase", "rights_fulfilment", ("enquiry", "complaint", "email"), roles=("web_system",), duty="T.1")
_RELEASE = tuple(
    Need("receive", purpose, ("report",), roles=("assistance", "clinician"), sources=("provider.medical",))
    for purpose in ("patient_support", "medical_advice", "emergency_care")
)

_END = Need("erase", "rights_fulfilment", TRIP, roles=("web_system",), duty="T.1")

# A leaf is to be under a signed head within 10 s, so the fold also has to outrun one turn of the others.
DUTIES = (
    Duty("fold", 2.0, fold_ledgers),
    Duty("witness", 5.0, witness),
    Duty("tell", 5.0, tell),
    Duty("send", 5.0, send_due, (_SEND,)),
    Duty("quarantine", 30.0, watch_quarantine, _RELEASE),
    Duty("oversee", 3600.0, oversee),
    Duty("expire", 3600.0, expire, (_LET_GO,)),
    Duty("erase", 5.0, follow_erasures),
    Duty("copy keys", 60.0, renew_key_copy),
    Duty("turn", 3600.0, turn_due, about_nobody="it wraps keys anew, and opens nobody's data"),
    Duty("retain", 3600.0, end_due_trips, (_END,)),
)
