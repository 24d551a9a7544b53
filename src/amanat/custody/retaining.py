"""Keeping no longer than the statement says: trips end so many days after the return, and a leaf can go early.

How many days is the duty of clause T.1 in force, or of a client's contract where it is stricter; nothing here knows a
number. An open case or a law that makes us keep the data holds a trip back until it is over.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from amanat.custody.actor import Actor
from amanat.custody.erasing import ErasureRefusedError
from amanat.custody.facts import Ask, read_scene
from amanat.custody.unit import Unit, run, unit
from amanat.custody.words import Words
from amanat.errors import UndecidableError
from amanat.statement.declarations import Duty
from amanat.statement.overlays import EVERYWHERE, Overlay, time_allowed
from amanat.vault.rekeying import rekey_subject
from amanat.vocabulary.duties import hours_of

TRIP: Final = ("destinations", "itinerary", "accommodation")
_ASK: Final = Ask("erase", TRIP, "rights_fulfilment")
_EVENT: Final = "trip_ended"
# All versions of a trip's folder go with its stay. `clients` and `days` stand beside each other; '' is everybody else.
_END_TRIPS: Final = """
    WITH over AS (
        DELETE FROM people_stay s
        USING unnest(%(clients)s::text[], %(days)s::int[]) AS term (client, days)
        WHERE s.company = %(company)s AND s.until + term.days < %(today)s
          AND (term.client = s.organisation
               OR (term.client = '' AND s.organisation <> ALL (array_remove(%(clients)s::text[], ''))))
          AND NOT EXISTS (SELECT FROM cases_case c WHERE c.subject = s.subject AND c.state <> 'closed')
          AND NOT EXISTS (SELECT FROM custody_hold h WHERE h.subject = s.subject
                          AND h.until > %(now)s AND COALESCE(h.ended_at > %(now)s, true))
        RETURNING s.subject, s.id
    ), gone AS (
        DELETE FROM vault_folder f USING over
        WHERE f.subject = over.subject AND f.folder = 'trip' AND f.record = over.id
    )
    SELECT count(*) FROM over
"""


class NoTermError(UndecidableError):
    """The statement in force does not say how long trips are kept, so none is deleted."""


@dataclass(frozen=True, slots=True)
class Term:
    """How long after its event something is kept, and the clause that says so. `client` is empty for everybody."""

    client: str
    days: int
    clause: str


def terms_of_trips(words: Words) -> list[Term]:
    """The terms in force: everybody's, and those of each client whose contract is stricter."""
    duties = [one for one in words.statement.declarations if isinstance(one, Duty) and one.event == _EVENT]
    if not duties:
        raise NoTermError
    general = [one for one in words.overlays if one.kind != "contract" and EVERYWHERE in one.applies]
    contracts = [one for one in words.overlays if one.kind == "contract"]
    everybody = _term("", duties[0], general)
    clients = (_term(client, duties[0], [*general, one]) for one in contracts for client in sorted(one.applies))
    return [everybody, *(one for one in clients if one.days < everybody.days)]


def _term(client: str, duty: Duty, overlays: Sequence[Overlay]) -> Term:
    within, clause = time_allowed(duty, overlays)
    return Term(client, int(hours_of(within) // 24), clause)


def end_trips(company: str) -> int:
    """Delete the company's trips whose time is over; how many. Runs as the worker; that it did is on record."""
    actor = Actor(None, "web_system", company, None, None, "")
    with transaction.atomic(durable=True):
        one = Unit(actor, "rights_fulfilment", "")
        one.reach([])
        words = one.words(read_scene(actor, _ASK, one.now))
        terms = terms_of_trips(words)
        values: dict[str, Any] = {
            "company": company, "today": one.now.date(), "now": one.now,
            "clients": [term.client for term in terms], "days": [term.days for term in terms],
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(_END_TRIPS, values)
            ((ended,),) = cursor.fetchall()
        if ended:
            act = one.act_of(_ASK, words.statement, [])
            one.record_bare(replace(act, outcome="permit", clauses=tuple(dict.fromkeys(term.clause for term in terms))))
        return int(ended)


def erase_leaves(actor: Actor, subject: UUID, leaves: Sequence[str]) -> int:
    """Erase some of what a person entrusted, before its time: decided, recorded, and the rest sealed under a new key.

    Runs as the worker; how many sealed parts went. They open nowhere from the commit on, and after the next turn of
    the epoch in no older copy either. Raises `ErasureRefusedError` once the refusal is on record.
    """

    def erase() -> int:
        with unit(actor, "rights_fulfilment") as one:
            handle = one.ask(Ask("erase", tuple(leaves), "rights_fulfilment"), [subject])
            decision = handle.decision(subject)
            gone = rekey_subject(subject, without=leaves) if handle.permits(subject) else 0
        if not handle.permits(subject):
            raise ErasureRefusedError(hint="clauses " + ", ".join(decision.clauses))
        return gone

    return run(erase)
