"""Legal holds: a law that makes us keep a person's data for a time. Their erasure waits and names the law (T.1, R.3).

Placing one and ending one are decisions, as restricting data is, by an officer; a hold always has an end.
"""

from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from amanat.custody.actor import Actor
from amanat.custody.erasing import EVERYTHING
from amanat.custody.facts import Ask
from amanat.custody.models import Hold
from amanat.custody.unit import Unit, unit
from amanat.errors import AmanatError, Kind, MalformedError, NotFoundError
from amanat.policy.decision import Decision, Outcome

_ASK: Final = Ask("restrict", EVERYTHING, "rights_fulfilment")


class HoldRefusedError(AmanatError):
    """The statement does not let this actor hold this person's data."""

    kind = Kind.REFUSED


def place_hold(actor: Actor, subject: UUID, law: str, until: datetime) -> UUID:
    """Hold a person's data under a law until a day. Raises `HoldRefusedError` once the refusal is on record."""
    with unit(actor, "rights_fulfilment") as one:
        if not law or until <= one.now:
            raise MalformedError("a hold names its law and an end that is still to come")
        decision = _decide(one, subject)
        placed = Hold(
            subject=subject, id=uuid4(), company=actor.company, law=law, placed_by=actor.account, since=one.now,
            until=until,
        )  # fmt: skip
        if decision.outcome is Outcome.PERMIT:
            placed.save(force_insert=True)
    _refuse(decision)
    return placed.id


def end_hold(actor: Actor, subject: UUID, hold: UUID) -> None:
    """End a hold before its day."""
    with unit(actor, "rights_fulfilment") as one:
        decision = _decide(one, subject)
        live = Hold.objects.filter(subject=subject, id=hold, ended_at=None)
        if decision.outcome is Outcome.PERMIT and not live.update(ended_at=one.now):
            raise NotFoundError
    _refuse(decision)


def _decide(one: Unit, subject: UUID) -> Decision:
    handle = one.ask(_ASK, [subject])
    decision = handle.decision(subject)
    if handle.people[subject].company != one.actor.company:
        raise NotFoundError
    return decision


def _refuse(decision: Decision) -> None:
    if decision.outcome is not Outcome.PERMIT:
        raise HoldRefusedError(hint="clauses " + ", ".join(decision.clauses))
