"""What others send about a person: received if the person allowed that source, else sealed away unread (8.10).

Whoever takes a report in has it decided first. What only a permission is missing for goes into quarantine, under a
key that a web process has no part of. The worker has each one decided again, as received by the holder of its case:
with the permission it is sealed for the person like everything else; at the end of its time it is destroyed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction

from amanat.crypto.binding import bind
from amanat.crypto.derive import hkdf
from amanat.crypto.secret import SecretKey
from amanat.custody.actor import Actor
from amanat.custody.facts import Ask
from amanat.custody.handle import Handle
from amanat.custody.supposing import foresee
from amanat.custody.unit import Unit, unit
from amanat.errors import AmanatError, Kind, NotFoundError
from amanat.policy.decision import Decision, Outcome
from amanat.policy.permit import issue
from amanat.quarantine import keeping
from amanat.quarantine.keeping import LEAF, Frame
from amanat.vault import folders as vault
from amanat.vault.keys import company_key
from amanat.vocabulary import clock

KEPT: Final = timedelta(days=14)
CHANNEL: Final = "provider_message"
# What can still arrive; whatever else is missing makes it a refusal.
_ARRIVES: Final = frozenset({"attested_source", "medical_service", "third_party_source"})


class NotYetError(AmanatError):
    """The permission was taken back while a report was on its way; the report stays in quarantine."""

    kind = Kind.REFUSED


@dataclass(frozen=True, slots=True)
class Report:
    """What was sent, and by whom: a kind of source, and the organisation's code if it is on record."""

    source: str
    organisation: str
    text: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a report: kept for the person, in quarantine until a day, or (neither) refused and forgotten."""

    handle: Handle
    decision: Decision
    kept: bool
    until: datetime | None


def begin_quarantine(companies: Iterable[str]) -> None:
    """Give each company the pair of its quarantine. Run by the worker's log-in; repeating it changes nothing."""
    for company in companies:
        with transaction.atomic(durable=True):
            Unit(_gateway(company), "", "").reach([])
            keeping.begin_company(company, _wrapping(company))


def take_in(one: Unit, subject: UUID, report: Report, *, case: UUID, purpose: str) -> Taken:
    """Decide on a report for a case, in the open unit, and keep it, seal it away or refuse it."""
    entry, name = {"at": one.now.isoformat(timespec="seconds"), "from": report.organisation or report.source,
                   "text": report.text}, uuid4()  # fmt: skip
    ask = _ask(report.source, report.organisation, purpose, name)
    handle = one.keep(ask, subject, {LEAF: entry}, version_read=None)
    decision = handle.decision(subject)
    if decision.outcome is Outcome.PERMIT:
        one.result = {"kept": str(name)}
    if decision.outcome is Outcome.PERMIT or not waits_for_permission(decision):
        return Taken(handle, decision, decision.outcome is Outcome.PERMIT, None)
    if one.actor.account is None:
        raise NotFoundError
    frame = Frame(
        subject, name, handle.people[subject].company, report.source, report.organisation, purpose, case,
        one.actor.account, one.actor.role, one.now, one.now + KEPT,
    )  # fmt: skip
    keeping.put(frame, entry, handle._sealed[subject].unwrap().history)  # noqa: SLF001  (as in `unit`)
    one.notify(subject, "report_waiting", {}, decision.clauses)
    one.result = {"held": str(name)}
    return Taken(handle, decision, kept=False, until=frame.until)


def waits_for_permission(decision: Decision) -> bool:
    """Whether nothing stands against it but what the person, or its sender, can still give."""
    needs = [need.partition(":")[0] for need in decision.needs]
    return bool(needs) and "third_party_source" in needs and set(needs) <= _ARRIVES


def waiting_for(one: Unit, case: UUID) -> list[Frame]:
    """What waits sealed for a case of the acting company."""
    return keeping.frames(one.actor.company, one.now, record=case)


def waiting_unread(one: Unit) -> tuple[int, datetime | None]:
    """How many reports the actor's company holds unread, and when the first of them is destroyed."""
    return keeping.count(one.actor.company, one.now)


def release_permitted(company: str) -> int:
    """Receive what is permitted by now. Runs as the worker."""
    with transaction.atomic(durable=True):
        Unit(_gateway(company), "", "").reach([])
        listed = keeping.frames(company, clock.now())
    return sum(_release(frame) for frame in listed)


def drop_expired(company: str) -> int:
    """Destroy what nobody permitted in time. Runs as the worker."""
    with transaction.atomic(durable=True):
        Unit(_gateway(company), "", "").reach([])
        return keeping.drop_expired(company, clock.now())


def _release(frame: Frame) -> bool:
    """Whether it is the person's now. Decided without a record until it is permitted, then under lock and recorded."""
    holder = Actor(frame.account, frame.role, frame.company, None, None, "")
    ask = _ask(frame.source, frame.organisation, frame.purpose, frame.id)
    with unit(holder, frame.purpose, channel=CHANNEL) as one:
        seen = foresee(one, frame.subject, [ask])
        (decision,) = seen.decisions
        has_case = any(mandate.record == frame.record for mandate in seen.person.mandates)  # 3.2e asks for one
        if decision.outcome is not Outcome.PERMIT or not has_case:
            return False
        own = vault.fetch_sealed([frame.subject], (LEAF,))[frame.subject].unwrap().history
        value = keeping.take(issue(decision, frame.subject), frame, _wrapping(frame.company), own, one.now)
        if value is None:
            return False
        if not one.keep(ask, frame.subject, {LEAF: value}, version_read=None).permits(frame.subject):
            raise NotYetError
    return True


def _ask(source: str, organisation: str, purpose: str, report: UUID) -> Ask:
    return Ask(
        "receive", (LEAF,), purpose, CHANNEL, source=source, source_organisation=organisation, record=report
    )  # fmt: skip


def _gateway(company: str) -> Actor:
    return Actor(None, "web_system", company, None, None, "")


def _wrapping(company: str) -> SecretKey:
    """What the private half is sealed under: derived from the company's own key, which a turn wraps anew."""
    return SecretKey(hkdf(company_key(company, "history")[1], bind("quarantine", company)))
