"""Cases from the first call to the end: who calls, what is opened, what is noted, when it is an emergency.

Opening a case writes the mandate of its holder; closing it ends every mandate that hangs on it. All that is personal
comes from custody and goes to it; a row here holds codes.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from amanat.cases.lookup import find_case, holds, purpose_of, refuse_strangers
from amanat.cases.models import Case, EmergencyReason, Kind, Outcome, Reason, State
from amanat.choices.models import State as ChoiceState
from amanat.custody import budgets, searching
from amanat.custody.actor import Actor
from amanat.custody.answers import Key
from amanat.custody.choosing import Answer, Asked, choose
from amanat.custody.facts import Ask, Person
from amanat.custody.handle import Handle
from amanat.custody.judging import Judgement
from amanat.custody.supposing import foresee
from amanat.custody.unit import Unit, unit
from amanat.database.queries import queries
from amanat.emergency import glass
from amanat.emergency.log import add_to_log, entry_of
from amanat.errors import AmanatError, NotFoundError
from amanat.errors import Kind as ErrorKind
from amanat.mandates.models import Kind as MandateKind
from amanat.mandates.models import Mandate
from amanat.policy.decision import Decision
from amanat.policy.request import Request
from amanat.vocabulary.choices import Choice, ChoiceKind

SQL = queries("amanat.cases")
CHANNEL = "phone"
CARD = ("name", "birth_year", "cover_status")
SCREEN = ("name", "language", "phone_home", "phone_work", "event_location", "case_log")
# A forgotten case does not open a person for ever.
LASTS = timedelta(days=90)
MOST_CASES = 50

REASONS: Mapping[str, tuple[str, ...]] = {
    Kind.MEDICAL.value: (Reason.ILLNESS.value, Reason.ACCIDENT.value, Reason.MEDICINE.value),
    Kind.SECURITY.value: (Reason.THEFT.value, Reason.THREAT.value),
    Kind.UNREST.value: (Reason.UNREST.value, Reason.DISASTER.value),
    Kind.ADVICE.value: (Reason.QUESTION.value,),
}
EMERGENCY_REASONS: Mapping[str, tuple[str, ...]] = {
    Kind.MEDICAL.value: (EmergencyReason.GRAVE_ILLNESS.value, EmergencyReason.ACCIDENT.value),
    Kind.SECURITY.value: (EmergencyReason.ORDER_BROKE_DOWN.value,),
    Kind.UNREST.value: (EmergencyReason.ORDER_BROKE_DOWN.value, EmergencyReason.DISASTER.value),
    Kind.ADVICE.value: (),
}
OUTCOMES = tuple(Outcome.values)
_CONTEXT = {Kind.MEDICAL: "emergency_medical", Kind.SECURITY: "emergency_unrest", Kind.UNREST: "emergency_unrest"}
_MAY_OPEN = {
    "assistance_coordinator": frozenset(Kind.values),
    "clinician": frozenset({Kind.MEDICAL.value, Kind.ADVICE.value}),
    "security_specialist": frozenset({Kind.SECURITY.value, Kind.UNREST.value}),
}


class CaseRefusedError(AmanatError):
    """A case cannot be opened like that."""

    kind = ErrorKind.REFUSED


@dataclass(frozen=True, slots=True)
class Caller:
    """A person who may be calling: pseudonym, and as much as the intake may see. `card` is empty if that is nothing."""

    subject: UUID
    card: Mapping[str, Any]
    decision: Decision


@dataclass(frozen=True, slots=True)
class Opening:
    """What the desk states when it opens a case. `recording`: the caller agreed that the call is recorded."""

    kind: str
    reason: str
    emergency: str = ""
    recording: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """The new case, or the decision that refused it."""

    case: UUID | None
    decision: Decision
    requests: tuple[Request, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case of the actor's own, as their list shows it."""

    id: UUID
    number: str
    kind: str
    state: str
    reason: str
    opened_at: datetime
    name: Any


@dataclass(frozen=True, slots=True)
class CasePage:
    """The minimum screen of a case: what may be seen, the log with the version that was read, and the refused rest."""

    id: UUID
    number: str
    kind: str
    state: str
    reason: str
    opened_at: datetime
    emergency_at: datetime | None
    emergency_reason: str
    recorded: bool
    values: Mapping[str, Any]
    version: int
    decision: Decision
    glass_until: str


def kinds_for(role: str) -> frozenset[str]:
    """Which cases a role opens."""
    return _MAY_OPEN.get(role, frozenset())


def find_callers(actor: Actor, field: str, value: str) -> list[Caller]:
    """The people of this company found by exactly this value, at most three, with name, birth year and cover alone."""
    with unit(actor, "eligibility", channel=CHANNEL) as one:
        found = searching.search(one, field, value)
        handle = one.ask(Ask("view", CARD, "eligibility"), found) if found else None
    return [_caller(handle, subject) for subject in found if subject in handle.people] if handle else []


def caller_of(actor: Actor, subject: UUID) -> Caller:
    """One of them again, while the case is being opened."""
    with unit(actor, "eligibility", channel=CHANNEL) as one:
        budgets.spend(one, budgets.LOOK_UPS)
        handle = one.ask(Ask("view", CARD, "eligibility"), [subject])
        handle.decision(subject)
    return _caller(handle, subject)


def _caller(handle: Handle, subject: UUID) -> Caller:
    return Caller(subject, handle.values(subject), handle.decision(subject))


def open_case(actor: Actor, subject: UUID, opening: Opening, key: Key) -> Opened:
    """Open a case and give its holder a mandate. Who may see nothing opens nothing, save in a medical emergency."""
    _check(actor, opening)
    with unit(actor, "eligibility", channel=CHANNEL, key=key) as one:
        handle = one.ask(Ask("view", CARD, "eligibility"), [subject])
        decision = handle.decision(subject)
        if not decision.permitted and not (opening.emergency and opening.kind == Kind.MEDICAL):
            return Opened(None, decision, handle.requests[subject])
        row = _write_case(one, handle.people[subject], opening)
        _write_mandate(one, row)
        if opening.recording:
            _agree_to_recording(one, row)
        one.result = {"case": str(row.id)}
    return Opened(row.id, decision)


def _check(actor: Actor, opening: Opening) -> None:
    """The form offers nothing else; a message that says otherwise is refused before anything is asked."""
    reasons, emergencies = REASONS.get(opening.kind, ()), EMERGENCY_REASONS.get(opening.kind, ())
    if opening.kind not in kinds_for(actor.role):
        raise CaseRefusedError("your role does not open this kind of case", hint="hand the call to a colleague")
    if opening.reason not in reasons or (opening.emergency and opening.emergency not in emergencies):
        raise CaseRefusedError("this reason does not belong to this kind of case")


def _write_case(one: Unit, person: Person, opening: Opening) -> Case:
    row = Case(
        subject=person.subject, id=uuid4(), company=person.company, number=_number(one), kind=opening.kind,
        state=State.OPEN, reason=opening.reason, opened_at=one.now, opened_by=account_of(one),
        opened_role=one.actor.role,
    )  # fmt: skip
    if opening.emergency:
        _declare(one, row, opening.emergency)
    row.save(force_insert=True)
    return row


def _number(one: Unit) -> str:
    """What people say on the telephone: no counter, so that it tells nothing about how many there are."""
    return f"{one.now:%y}-{''.join(secrets.choice('0123456789') for _ in range(6))}"


def _declare(one: Unit, row: Case, reason: str) -> None:
    row.state, row.contexts = State.EMERGENCY, [_CONTEXT[Kind(row.kind)]]
    row.emergency_at, row.emergency_by, row.emergency_role = one.now, one.actor.account, one.actor.role
    row.emergency_reason = EmergencyReason(reason)


def _write_mandate(one: Unit, row: Case) -> None:
    Mandate.objects.create(
        subject=row.subject, id=uuid4(), company=row.company, holder_company=one.actor.company,
        holder=one.actor.account, kind=MandateKind.CASE, record=row.id, contexts=row.contexts,
        proof={"case": row.number, "reason": row.reason}, since=one.now, until=one.now + LASTS,
    )  # fmt: skip


def _agree_to_recording(one: Unit, row: Case) -> None:
    """The call is recorded only after a yes of its own (3.6a)."""
    asked = Asked("call_recording", "intake-1", "en", proof=f"case {row.number}")
    handle = choose(one, row.subject, [Answer(Choice(ChoiceKind.CALL_RECORDING), ChoiceState.GIVEN)], asked)
    taken = one.ask(Ask("collect", ("call_recording",), purpose_of(row), record=row.id), [row.subject])
    if handle.permits(row.subject) and taken.permits(row.subject):
        Case.objects.filter(subject=row.subject, id=row.id).update(recorded=True)


def my_cases(actor: Actor) -> list[CaseLine]:
    """The open cases of the one who asks, newest first, each with as much of the name as may be seen."""
    with unit(actor, "case_coordination", channel=CHANNEL) as one:
        rows = one.rows(
            SQL["held"], {"company": actor.company, "account": actor.account, "now": one.now, "most": MOST_CASES}
        )
        handle = one.ask(Ask("view", ("name",), "case_coordination"), [row[1] for row in rows]) if rows else None
    return [_line(row, handle) for row in rows] if handle else []


def _line(row: Any, handle: Handle) -> CaseLine:
    case, subject, number, kind, state, reason, opened_at = row
    return CaseLine(case, number, kind, state, reason, opened_at, handle.values(subject).get("name"))


def case_page(actor: Actor, case: UUID) -> CasePage:
    """The minimum screen. A colleague without a mandate gets what a wrong address gets, and the look is recorded."""
    with unit(actor, "case_coordination", channel=CHANNEL) as one:
        row = find_case(case)
        handle = one.ask(Ask("view", SCREEN, purpose_of(row), record=case), [row.subject])
    refuse_strangers(handle, row)
    broken = handle.people[row.subject].holds(MandateKind.GLASS)
    return CasePage(
        row.id, row.number, row.kind, row.state, row.reason, row.opened_at, row.emergency_at, row.emergency_reason,
        row.recorded, handle.values(row.subject), handle.version(row.subject, "case"), handle.decision(row.subject),
        str(broken.proof.get("until", "")) if broken else "",
    )  # fmt: skip


def add_note(actor: Actor, case: UUID, text: str, place: Mapping[str, str], version_read: int, key: Key) -> Judgement:
    """Add to the log and, with `place`, say where the person is. Raises `ConflictError` if the case has moved on."""
    beside = {"event_location": dict(place)} if place.get("place") else None
    with unit(actor, "case_coordination", channel=CHANNEL, key=key) as one:
        row = find_case(case)
        note = entry_of(one, "note", text)
        handle = add_to_log(one, row.subject, case, purpose_of(row), note, version_read=version_read, beside=beside)
        refuse_strangers(handle, row)
    return handle.judged[row.subject]


def declare_emergency(actor: Actor, case: UUID, reason: str, key: Key) -> None:
    """Make an open case an emergency: by a role that may, for a reason, from now on."""
    with unit(actor, "case_coordination", channel=CHANNEL, key=key) as one:
        row = held_case(one, case)
        _check(actor, Opening(row.kind, row.reason, reason))
        _declare(one, row, reason)
        row.save(force_update=True)
        live = Mandate.objects.filter(subject=row.subject, record=case, kind=MandateKind.CASE, ended_at=None)
        live.update(contexts=row.contexts)


def close_case(actor: Actor, case: UUID, outcome: str, key: Key) -> None:
    """End a case, and with it every mandate and every glass that hangs on it."""
    with unit(actor, "case_coordination", channel=CHANNEL, key=key) as one:
        row = held_case(one, case)
        row.state, row.outcome = State.CLOSED, Outcome(outcome)
        row.closed_at, row.closed_by = one.now, one.actor.account
        row.save(force_update=True)
        glass.close_with_case(one, row.subject, case)
        Mandate.objects.filter(subject=row.subject, record=case, ended_at=None).update(ended_at=one.now)


def held_case(one: Unit, case: UUID) -> Case:
    """A case that the actor holds, for a change that asks for no datum of the person. Nothing is opened."""
    row = find_case(case)
    if not holds(foresee(one, row.subject, ()).person, case):
        raise NotFoundError
    return row


def account_of(one: Unit) -> UUID:
    if one.actor.account is None:
        raise NotFoundError
    return one.actor.account
