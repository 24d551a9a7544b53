"""Finding a case, and who may work on it: the holder of a live mandate for exactly this case, and nobody else.

A case of another company is found under a mandate alone. Not there, not yours and closed are one answer.
"""

from uuid import UUID

from amanat.cases.models import Case, Kind, State
from amanat.custody.facts import Person
from amanat.custody.handle import Handle
from amanat.errors import NotFoundError
from amanat.mandates.models import Kind as MandateKind

_PURPOSE = {
    Kind.MEDICAL.value: "patient_support",
    Kind.SECURITY.value: "security_advice",
    Kind.UNREST.value: "civil_unrest_response",
    Kind.ADVICE.value: "medical_advice",
}
# All that a look at some case can be for.
PURPOSES = (*_PURPOSE.values(), "emergency_care")


def find_case(case: UUID) -> Case:
    """The row of a case, before it is known whether the actor holds it."""
    row = Case.objects.filter(id=case).exclude(state=State.CLOSED).first()
    if row is None:
        raise NotFoundError
    return row


def purpose_of(row: Case) -> str:
    """What a look at this case is for. Emergency care asks for no cover first (6.1)."""
    if row.kind == Kind.MEDICAL and row.state == State.EMERGENCY:
        return "emergency_care"
    return _PURPOSE[row.kind]


def holds(person: Person, case: UUID) -> bool:
    return any(one.kind == MandateKind.CASE and one.record == case for one in person.mandates)


def refuse_strangers(handle: Handle, row: Case) -> None:
    """Raise `NotFoundError` unless the actor holds the case. After the unit, so that the look is recorded."""
    handle.decision(row.subject)
    if not holds(handle.people[row.subject], row.id):
        raise NotFoundError
