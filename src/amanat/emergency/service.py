"""The member's own emergency record: kept and shown only under the opt-in of 8.4, for each kind of recipient apart.

The yes is `emergency_record@self` for keeping and using it, and `emergency_record@<kind>` for each kind of recipient
that was ticked. A box left empty is no yes: the record is not shown there, and nothing else changes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from amanat.choices.models import ConsentRecord, State
from amanat.custody.actor import Actor
from amanat.custody.answers import Key
from amanat.custody.choosing import Answer, Asked, choose
from amanat.custody.facts import Ask, Person, read_people
from amanat.custody.handle import Handle
from amanat.custody.unit import Unit, unit
from amanat.errors import AmanatError, Kind, NotFoundError
from amanat.vocabulary.choices import Choice, ChoiceKind

CHANNEL = "web_account"
# A yes given before the form had its present questions does not answer them (8.3b).
FORM_VERSION, FORM_SINCE = "emergency-record-1", datetime(2026, 11, 1, tzinfo=UTC)
FIELDS = ("allergies", "blood_type", "current_medicines", "critical_conditions", "treating_doctor_phone")
NOMINEE_FIELDS = ("name", "phone")
KEEPING: Final = "self"
RECIPIENTS = ("group", "provider.medical", "local_clinician")

_OPT_IN, _NOMINEE = Choice(ChoiceKind.EMERGENCY_RECORD), Choice(ChoiceKind.NOMINEE)
# Their own record is theirs to see, also while nobody else may (2.5a).
_VIEW = Ask("view", ("emergency_record", "next_of_kin"), "rights_fulfilment")
_WRITE = Ask("collect", ("emergency_record",), "emergency_record", channel=CHANNEL)
_NAME = Ask("correct", ("next_of_kin",), "rights_fulfilment", channel=CHANNEL)


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A member's record and how far their yes goes. `outdated`: the yes is older than the form and is asked again."""

    values: Mapping[str, str]
    nominee: Mapping[str, str]
    version: int
    agreed: frozenset[str]
    named: bool
    outdated: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed and ticked. `ticked` holds `self` and kinds of recipient; `naming` is the box of the nominee."""

    values: Mapping[str, str]
    version_read: int
    nominee: Mapping[str, str] = field(default_factory=dict)
    ticked: frozenset[str] = frozenset()
    naming: bool = False

    @property
    def written(self) -> dict[str, str]:
        return _filled(FIELDS, self.values)

    @property
    def nominated(self) -> dict[str, str]:
        return _filled(NOMINEE_FIELDS, self.nominee)


@dataclass(frozen=True, slots=True)
class Saved:
    """The answer to saving. Not `kept`: nothing was stored, and `clauses` say why. `receipt`: if a yes was new."""

    kept: bool
    clauses: tuple[str, ...]
    receipt: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Yes:
    """What the person has agreed to so far."""

    person: Person
    agreed: frozenset[str]
    named: bool
    outdated: bool


class _NotKeptError(AmanatError):
    """A yes was given and the rules still kept the record out, so the yes is not taken either."""

    kind = Kind.REFUSED

    def __init__(self, clauses: tuple[str, ...]) -> None:
        super().__init__()
        self.clauses = clauses


def record_of(actor: Actor) -> RecordPage:
    """The record of the member who is signed in."""
    subject = _own(actor)
    with unit(actor, "rights_fulfilment", channel=CHANNEL) as one:
        handle = one.ask(_VIEW, [subject])
        handle.decision(subject)
        yes = _yes_of(handle.people[subject])
    return _page(handle, yes)


def _page(handle: Handle, yes: _Yes) -> RecordPage:
    subject = yes.person.subject
    values = handle.values(subject)
    record, nominee = values.get("emergency_record", {}), values.get("next_of_kin", {})
    return RecordPage(
        {name: record.get(name, "") for name in FIELDS},
        {name: nominee.get(name, "") for name in NOMINEE_FIELDS},
        handle.version(subject, "emergency"),
        yes.agreed,
        named=yes.named,
        outdated=yes.outdated,
    )


def save_record(actor: Actor, draft: Draft, asked: Asked, wordings: Mapping[str, str], key: Key | None = None) -> Saved:
    """Keep a new version of the record and, in the same unit, each yes that was newly ticked, with its own wording.

    Without a yes to keeping it, now or before, nothing is stored. Raises `ConflictError` if the record has a newer
    version than was read, and `AlreadyAnsweredError` if `key` was used before.
    """
    subject = _own(actor)
    try:
        with unit(actor, "emergency_record", channel=CHANNEL, key=key) as one:
            yes = _yes_of(_person(one, subject))
            refused = _unasked(yes, draft)
            saved = Saved(kept=False, clauses=refused) if refused else _store(one, yes, draft, asked, wordings)
            one.result = {"kept": saved.kept, "receipt": str(saved.receipt or "")}
    except _NotKeptError as refusal:
        return Saved(kept=False, clauses=refusal.clauses)
    return saved


def _unasked(yes: _Yes, draft: Draft) -> tuple[str, ...]:
    """Why the boxes do not carry what was typed: the yes is older than the form, or nobody may tell the nominee."""
    if yes.outdated and KEEPING not in draft.ticked:
        return ("8.3b",)
    return ("E.1",) if draft.nominated and not (draft.naming or yes.named) else ()


def _store(one: Unit, yes: _Yes, draft: Draft, asked: Asked, wordings: Mapping[str, str]) -> Saved:
    subject = yes.person.subject
    answers = _answers(yes, draft, wordings) if KEEPING in yes.agreed | draft.ticked else []
    if answers:
        choose(one, subject, answers, asked)
        one.notify(subject, "choice_changed", {"given": [answer.written for answer in answers]}, ("8.4",))
    handle = one.keep(_WRITE, subject, {"emergency_record": draft.written}, version_read=draft.version_read)
    clauses = handle.decision(subject).clauses
    if not handle.permits(subject):
        if answers:
            raise _NotKeptError(clauses)
        return Saved(kept=False, clauses=clauses)
    if draft.naming or yes.named:
        one.keep(_NAME, subject, {"next_of_kin": draft.nominated}, version_read=draft.version_read + 1)
    return Saved(kept=True, clauses=clauses, receipt=_receipt(one, subject) if answers else None)


def _answers(yes: _Yes, draft: Draft, wordings: Mapping[str, str]) -> list[Answer]:
    """The boxes that were ticked and are not answered yet, or were answered on an older form."""
    new = draft.ticked - (frozenset() if yes.outdated else yes.agreed)
    answers = [
        Answer(_OPT_IN, State.GIVEN, towards, wordings[towards]) for towards in (KEEPING, *RECIPIENTS) if towards in new
    ]
    if draft.naming and not yes.named:
        answers.append(Answer(_NOMINEE, State.GIVEN, wording=wordings["nominee"]))
    return answers


def told_to(choices: Iterable[str]) -> frozenset[str]:
    """Towards whom the record's opt-in is in force: `self` and kinds of recipient. One that names nobody means all."""
    named = {choice.partition("@")[2] for choice in choices if choice.partition("@")[0] == str(_OPT_IN)}
    return frozenset({KEEPING, *RECIPIENTS} if "" in named else named)


def _yes_of(person: Person) -> _Yes:
    given = ConsentRecord.objects.filter(subject=person.subject, kind=_OPT_IN.kind.value, state=State.GIVEN)
    newest = given.order_by("-at").values_list("at", flat=True).first()
    agreed = told_to(person.choices)
    outdated = KEEPING in agreed and newest is not None and newest < FORM_SINCE
    return _Yes(person, agreed, str(_NOMINEE) in person.choices, outdated)


def _receipt(one: Unit, subject: UUID) -> UUID:
    written = ConsentRecord.objects.filter(subject=subject, at=one.now).order_by("organisation", "kind")
    return written.values_list("id", flat=True)[0]


def _person(one: Unit, subject: UUID) -> Person:
    person = read_people(one.actor, [subject], one.now).get(subject)
    if person is None:
        raise NotFoundError
    return person


def _filled(names: Iterable[str], values: Mapping[str, str]) -> dict[str, str]:
    return {name: values[name].strip() for name in names if values.get(name, "").strip()}


def _own(actor: Actor) -> UUID:
    if actor.subject is None:
        raise NotFoundError
    return actor.subject
