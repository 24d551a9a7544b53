"""Break-glass: a few facts about a person in danger who cannot be asked. Opened for a reason, short, told, reviewed.

Each function works inside the unit of the one who calls it. Opening writes a mandate of kind `glass`; what it lets
through is decided by the rules of the statement (8.3, 8.6), never here, and only words of the emergency minimum pass.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from amanat.choices.models import ConsentRecord, State
from amanat.custody.facts import Ask, Person
from amanat.custody.handle import Handle
from amanat.custody.supposing import foresee
from amanat.custody.unit import Unit
from amanat.emergency.log import add_to_log, entry_of
from amanat.emergency.models import Ended, Glass, Impracticable, Reason
from amanat.errors import AmanatError, Kind, NotFoundError
from amanat.mandates.models import Kind as MandateKind
from amanat.mandates.models import Mandate
from amanat.policy.decision import Outcome
from amanat.vocabulary.choices import ChoiceKind
from amanat.vocabulary.terms import ROLE

PURPOSE = "emergency_care"
EMERGENCY = "emergency_medical"
HEALTH = ("allergies", "critical_conditions", "current_medicines", "blood_type", "treating_doctor_phone")
MINIMUM = ("name", "birth_year", "language", "cover_status", "event_location", *HEALTH, "nominee_phone")
REASONS, IMPRACTICABLE = Reason.values, Impracticable.values
ENDED = [one.value for one in Ended if one is not Ended.CASE_CLOSED]

HOURS = (1, 4, 12)  # what the desk may choose; the row itself allows 72
HOUSE_REVIEW = timedelta(hours=24)  # the statement allows 72 hours
_CARING = set(ROLE.leaves_in(ROLE.mask_of("caring")))
_TOLD_BY = ("8.3", "8.6")


class GlassRefusedError(AmanatError):
    """The glass cannot be broken here."""

    kind = Kind.REFUSED


@dataclass(frozen=True, slots=True)
class Checklist:
    """What the desk states before the glass breaks. `words` is the reason in the desk's own words, kept in the log."""

    reason: str
    impracticable: str
    hours: int
    words: str


@dataclass(frozen=True, slots=True)
class Opening:
    """A broken glass, or why it stays whole: `not_needed`, `no_emergency`, `role`, `refused`."""

    glass: UUID | None
    stays_whole: str = ""


@dataclass(frozen=True, slots=True)
class GlassState:
    """A glass as pages show it."""

    id: UUID
    opened_at: datetime
    until: datetime
    reason: str
    impracticable: str
    closed_at: datetime | None
    live: bool


def open_glass(one: Unit, subject: UUID, case: UUID, checklist: Checklist) -> Opening:
    """Break the glass for the holder of an emergency case, unless something keeps it whole.

    (1) the look is decided and recorded as it stands; (2) what keeps the glass whole is looked for, a refusal by the
    person among it; (3) mandate and row are written; (4) the rules must now let the health facts through, else all of
    it is undone; (5) the reason goes into the case log and (6) the person is told.
    """
    looked = one.ask(Ask("view", HEALTH, PURPOSE, record=case), [subject])  # (1)
    person = _holder_of(looked, subject, case)
    if looked.permits(subject):
        return Opening(None, "not_needed")
    if stays_whole := what_keeps_it_whole(one.actor.role, person):  # (2)
        return Opening(None, stays_whole)
    glass = _write(one, person, case, checklist)  # (3)
    (decision,) = foresee(one, subject, [Ask("view", HEALTH, PURPOSE, record=case)]).decisions  # (4)
    if decision.outcome is not Outcome.PERMIT:
        raise GlassRefusedError("the person's own choices keep these facts closed, also in an emergency")
    add_to_log(one, subject, case, PURPOSE, entry_of(one, "glass_opened", checklist.words))  # (5)
    told = {"glass": str(glass.id), "reason": glass.reason, "until": glass.until.isoformat(), "words": list(MINIMUM)}
    one.notify(subject, "glass_opened", told, _TOLD_BY)  # (6)
    return Opening(glass.id)


def what_keeps_it_whole(role: str, person: Person) -> str:
    """Why this holder may not break the glass for `person` now; empty if they may."""
    emergency = any(one.kind == MandateKind.CASE and EMERGENCY in one.contexts for one in person.mandates)
    if role not in _CARING:
        return "role"
    if not emergency:
        return "no_emergency"
    return "refused" if _has_refused(person) else ""


def _has_refused(person: Person) -> bool:
    """A capable adult who was asked and said no is obeyed; leaving a box empty or taking a yes back is no such no."""
    asked = ConsentRecord.objects.filter(subject=person.subject, kind=ChoiceKind.EMERGENCY_RECORD.value)
    newest = asked.order_by("-at").values_list("state", flat=True).first()
    return not person.minor and newest == State.REFUSED


def _holder_of(handle: Handle, subject: UUID, case: UUID) -> Person:
    handle.decision(subject)
    person = handle.people[subject]
    if not any(one.kind == MandateKind.CASE and one.record == case for one in person.mandates):
        raise NotFoundError
    return person


def _account(one: Unit) -> UUID:
    if one.actor.account is None:
        raise NotFoundError
    return one.actor.account


def _write(one: Unit, person: Person, case: UUID, checklist: Checklist) -> Glass:
    glass = Glass.objects.create(
        subject=person.subject, id=uuid4(), company=person.company, case=case, holder=_account(one),
        holder_company=one.actor.company, role=one.actor.role, reason=Reason(checklist.reason),
        impracticable=Impracticable(checklist.impracticable), opened_at=one.now,
        until=one.now + timedelta(hours=checklist.hours if checklist.hours in HOURS else HOURS[0]),
        told_at=one.now, review_due=one.now + HOUSE_REVIEW,
    )  # fmt: skip
    Mandate.objects.create(
        subject=person.subject, id=glass.id, company=person.company, holder_company=one.actor.company,
        holder=_account(one), kind=MandateKind.GLASS, record=case, contexts=[EMERGENCY],
        proof={"impracticable": True, "reason": glass.reason, "refusal_on_record": False,
               "until": glass.until.isoformat()},
        since=one.now, until=glass.until,
    )  # fmt: skip
    return glass


def glass_of(one: Unit, subject: UUID, case: UUID) -> GlassState | None:
    """The newest glass of this holder on this case."""
    held = Glass.objects.filter(subject=subject, case=case, holder=_account(one))
    glass = held.order_by("-opened_at").first()
    return _state(glass, one.now) if glass else None


def _state(glass: Glass, now: datetime) -> GlassState:
    live = glass.closed_at is None and glass.until > now
    return GlassState(glass.id, glass.opened_at, glass.until, glass.reason, glass.impracticable, glass.closed_at, live)


def glass_view(one: Unit, subject: UUID, case: UUID) -> Handle:
    """Decide and record a look through the glass. Who does not hold the case is told nothing."""
    handle = one.ask(Ask("view", MINIMUM, PURPOSE, record=case), [subject])
    _holder_of(handle, subject, case)
    return handle


def close_glass(one: Unit, subject: UUID, case: UUID, ended: str, words: str) -> bool:
    """End what is open, keep what was done in the log, and offer the person to confirm, limit or erase. False: none."""
    handle = add_to_log(one, subject, case, PURPOSE, entry_of(one, "glass_closed", words))
    _holder_of(handle, subject, case)
    open_ones = Glass.objects.filter(subject=subject, case=case, holder=_account(one), closed_at=None)
    closed = open_ones.update(closed_at=one.now, ended=Ended(ended))
    _end_mandates(one, subject, case)
    if closed:
        one.notify(subject, "glass_closed", {"case": str(case), "offers": ["confirm", "limit", "erase"]}, _TOLD_BY)
    return bool(closed)


def close_with_case(one: Unit, subject: UUID, case: UUID) -> None:
    """A case that ends takes every glass on it along."""
    Glass.objects.filter(subject=subject, case=case, closed_at=None).update(closed_at=one.now, ended=Ended.CASE_CLOSED)


def _end_mandates(one: Unit, subject: UUID, case: UUID) -> None:
    mine = Mandate.objects.filter(subject=subject, record=case, kind=MandateKind.GLASS, holder=_account(one))
    mine.filter(ended_at=None).update(ended_at=one.now)
