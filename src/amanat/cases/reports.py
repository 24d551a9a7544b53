"""Reports that others send for a case: taken in at the desk without being kept there, and read once they are permitted.

Named senders alone are offered, for what an unknown one sends can never be permitted (3.3). A report without the
person's permission is sealed away: the desk then sees that one waits, and until when.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from amanat.cases.lookup import find_case, holds, purpose_of, refuse_strangers
from amanat.cases.models import Case, Kind
from amanat.cases.recipients import NoSuchRecipientError, Option, options_for
from amanat.cases.service import CHANNEL, CaseRefusedError
from amanat.custody import quarantining
from amanat.custody.actor import Actor
from amanat.custody.answers import Key
from amanat.custody.facts import Ask
from amanat.custody.quarantining import Report
from amanat.custody.unit import unit
from amanat.policy.decision import Decision
from amanat.policy.request import Request
from amanat.quarantine.keeping import LEAF

LONGEST: Final = 20_000
_SENDERS: Final = frozenset({"medical_insurer", "insurer"})
KINDS: Final = frozenset({Kind.MEDICAL.value, Kind.ADVICE.value})


@dataclass(frozen=True, slots=True)
class Waiting:
    """A report that nobody may read: who sent it, when it came, when it is destroyed."""

    sender: str
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class ReportsPage:
    """The reports of a case: what may be read, what waits sealed, and who may have sent another."""

    number: str
    read: tuple[Mapping[str, Any], ...]
    waiting: tuple[Waiting, ...]
    senders: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of a report."""

    kept: bool
    until: datetime | None
    decision: Decision
    requests: tuple[Request, ...]


def reports_page(actor: Actor, case: UUID) -> ReportsPage:
    """The reports of a case that the actor holds. Reading them is decided and recorded; what waits is not read."""
    with unit(actor, "case_coordination", channel=CHANNEL) as one:
        row = _medical(case)
        handle = one.ask(Ask("view", (LEAF,), purpose_of(row)), [row.subject])
        known = handle.people.get(row.subject)
        senders = _senders(options_for(one, known)) if known and holds(known, case) else []
        waiting = quarantining.waiting_for(one, case)
    refuse_strangers(handle, row)
    read = [folder.values[LEAF] for folder in handle.folders(row.subject) if folder.values]
    listed = (Waiting(one.organisation or one.source, one.at, one.until) for one in waiting)
    return ReportsPage(row.number, tuple(read), tuple(listed), tuple(senders))


def take_report(actor: Actor, case: UUID, sender: str, text: str, key: Key) -> Intake:
    """Take in what a sender sent for a case: kept, sealed away, or refused."""
    with unit(actor, "case_coordination", channel=CHANNEL, key=key) as one:
        row = _medical(case)
        seen = one.ask(Ask("view", ("name",), purpose_of(row), record=case), [row.subject])
        refuse_strangers(seen, row)
        option = _chosen(_senders(options_for(one, seen.people[row.subject])), sender)
        report = Report(option.leaf, option.organisation, text.strip()[:LONGEST])
        taken = quarantining.take_in(one, row.subject, report, case=case, purpose=purpose_of(row))
    return Intake(taken.kept, taken.until, taken.decision, taken.handle.requests[row.subject])


def _medical(case: UUID) -> Case:
    """A case that a report about health can belong to."""
    row = find_case(case)
    if row.kind not in KINDS:
        raise CaseRefusedError("health reports belong to cases about health", hint="open a medical case")
    return row


def _senders(options: list[Option]) -> list[Option]:
    """The medical firms that work for us, and an insurer who pays for this person."""
    return [one for one in options if one.organisation and (one.leaf in _SENDERS or one.leaf == "provider.medical")]


def _chosen(senders: list[Option], key: str) -> Option:
    found = next((one for one in senders if one.key == key), None)
    if found is None:
        raise NoSuchRecipientError("there is no such sender for this case")
    return found
