"""The member's own emergency record: written and read only under the opt-in of 8.4, for each kind of recipient apart.

The yes is `emergency_record@self` for keeping and using it, and `emergency_record@<kind>` for each kind of recipient
that was ticked (docs/decisions). A box left empty is no yes: the record is not shown there, and nothing else changes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from amanat.choices.models import State
from amanat.custody.actor import Actor
from amanat.custody.choosing import Answer, Asked, choose
from amanat.custody.facts import Ask, read_people
from amanat.custody.unit import Key, Unit, unit
from amanat.errors import NotFoundError
from amanat.policy.decision import Decision
from amanat.vocabulary.choices import Choice, ChoiceKind

CHANNEL = "web_account"
FORM_VERSION = "emergency-record-1"
FIELDS = ("allergies", "blood_type", "current_medicines", "critical_conditions", "treating_doctor_phone")
RECIPIENTS = ("group", "provider.medical", "local_clinician")

_OPT_IN = Choice(ChoiceKind.EMERGENCY_RECORD)
_VIEW = Ask("view", ("emergency_record",), "emergency_record")
_WRITE = Ask("collect", ("emergency_record",), "emergency_record", channel=CHANNEL)


@dataclass(frozen=True, slots=True)
class RecordPage:
    """What a member sees of their record: nothing without their yes, and then how far that yes goes."""

    values: Mapping[str, str]
    version: int
    opted_in: bool
    recipients: frozenset[str]
    decision: Decision


@dataclass(frozen=True, slots=True)
class Saved:
    """The answer to saving: not kept unless the decision is a permit. `act` and `at` are for the receipt."""

    decision: Decision
    kept: bool
    act: UUID
    at: datetime


def record_of(actor: Actor) -> RecordPage:
    """The record of the member who is signed in."""
    subject = _own(actor)
    with unit(actor, "emergency_record", channel=CHANNEL) as one:
        handle = one.ask(_VIEW, [subject])
    told = told_to(handle.people[subject].choices) if subject in handle.people else frozenset()
    values = handle.values(subject).get("emergency_record", {}) if handle.permits(subject) else {}
    return RecordPage(
        {name: values.get(name, "") for name in FIELDS},
        handle.version(subject, "emergency"),
        "self" in told,
        told - {"self"},
        handle.decision(subject),
    )


def save_record(
    actor: Actor,
    values: Mapping[str, str],
    version_read: int,
    *,
    opted_in: bool,
    recipients: Iterable[str],
    asked: Asked,
    key: Key | None = None,
) -> Saved:
    """Keep a new version of the record; with `opted_in`, first record the yes and exactly the kinds that were ticked.

    Without a yes, now or before, nothing is kept and the decision says what it needs. Raises `ConflictError` if the
    record has a newer version than `version_read`, and `AlreadyAnsweredError` if `key` was used before.
    """
    subject = _own(actor)
    written = {name: values[name].strip() for name in FIELDS if values.get(name, "").strip()}
    with unit(actor, "emergency_record", channel=CHANNEL, key=key) as one:
        if opted_in:
            _opt_in(one, subject, {"self", *recipients} & {"self", *RECIPIENTS}, asked)
        handle = one.keep(_WRITE, subject, {"emergency_record": written}, version_read=version_read)
        act = one.last_act
        one.result = {"act": str(act.id), "kept": handle.permits(subject)}
    return Saved(handle.decision(subject), handle.permits(subject), act.id, act.at)


def told_to(choices: Iterable[str]) -> frozenset[str]:
    """Towards whom the record's opt-in is in force: `self` and kinds of recipient. One that names nobody means all."""
    named = {choice.partition("@")[2] for choice in choices if choice.partition("@")[0] == str(_OPT_IN)}
    return frozenset({"self", *RECIPIENTS} if "" in named else named)


def _opt_in(one: Unit, subject: UUID, ticked: set[str], asked: Asked) -> None:
    person = read_people(one.actor, [subject], one.now).get(subject)
    if person is None:
        raise NotFoundError
    before = {choice.partition("@")[2] for choice in person.choices if choice.partition("@")[0] == str(_OPT_IN)}
    given = [Answer(_OPT_IN, State.GIVEN, towards) for towards in sorted(ticked - before)]
    taken_back = [Answer(_OPT_IN, State.WITHDRAWN, towards) for towards in sorted(before - ticked)]
    if given or taken_back:
        choose(one, subject, [*given, *taken_back], asked)


def _own(actor: Actor) -> UUID:
    if actor.subject is None:
        raise NotFoundError
    return actor.subject
