"""Telling somebody about a case: foreseen without a record, then done with one; a refusal says what else works.

Every alternative that a refusal offers has been decided beforehand and permits: pressing it succeeds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from amanat.cases.lookup import find_case, holds, purpose_of, refuse_strangers
from amanat.cases.models import Case
from amanat.cases.recipients import (
    WORDS,
    NoSuchRecipientError,
    Option,
    ask_to_tell,
    find_option,
    options_for,
    others_worth_trying,
    recipient_of,
    without_health,
)
from amanat.cases.service import CHANNEL
from amanat.choices.models import State as ChoiceState
from amanat.custody.actor import Actor
from amanat.custody.answers import Key
from amanat.custody.choosing import Answer, Asked, choose
from amanat.custody.facts import Ask, Person
from amanat.custody.handle import Handle
from amanat.custody.supposing import Foreseen, foresee
from amanat.custody.unit import Unit, unit
from amanat.emergency.glass import HEALTH, MINIMUM, what_keeps_it_whole
from amanat.emergency.log import add_to_log, entry_of
from amanat.emergency.service import told_to
from amanat.errors import AmanatError, Kind, NotFoundError
from amanat.policy.decision import Decision, Outcome
from amanat.policy.request import Request
from amanat.vocabulary.choices import Choice, ChoiceKind
from amanat.vocabulary.terms import PROFILE

_QUESTION = Ask("contact", ("email",), "service_message")
_MOST_OTHERS = 2  # bodies offered instead: a choice, and no list to search


class ReasonMissingError(AmanatError):
    """Telling this needs a reason in words, and there is none. Nothing was told."""

    kind = Kind.MALFORMED


@dataclass(frozen=True, slots=True)
class Way:
    """Something else that can be done, and works: `ask`, `answer`, `subset`, `other` or `glass`."""

    kind: str
    words: tuple[str, ...] = ()
    option: Option | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A look or a disclosure that was not permitted, with everything its page explains."""

    words: tuple[str, ...]
    decision: Decision
    requests: tuple[Request, ...]
    ways: tuple[Way, ...]
    option: Option | None = None


@dataclass(frozen=True, slots=True)
class ShareForm:
    """What the form offers: the person's name as far as it may be seen, the options, and where the person may be."""

    number: str
    name: Any
    options: tuple[Option, ...]
    country: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be decided. `refusal` is there unless all of it is permitted."""

    number: str
    option: Option
    words: tuple[str, ...]
    country: str
    decision: Decision
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was told, after its record is durable: to be read out or sent, with the receipt's facts."""

    number: str
    option: Option
    values: dict[str, Any]
    decision: Decision
    act: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class HealthPage:
    """The health facts of a case's person, as far as permitted, or the refusal."""

    number: str
    values: dict[str, Any]
    clauses: tuple[str, ...]
    refusal: Refusal | None


def share_form(actor: Actor, case: UUID) -> ShareForm:
    """Whom this case could be told to."""
    with unit(actor, "case_coordination", channel=CHANNEL) as one:
        row = find_case(case)
        words = ("name", "event_location")
        handle = one.ask(Ask("view", words, purpose_of(row), record=case), [row.subject])
        options = options_for(one, handle.people[row.subject]) if row.subject in handle.people else []
    refuse_strangers(handle, row)
    place = handle.values(row.subject).get("event_location", {})
    country = place.get("country") or handle.people[row.subject].residence
    return ShareForm(row.number, handle.values(row.subject).get("name"), tuple(options), country)


def preview(actor: Actor, case: UUID, words: Sequence[str], to: str, country: str) -> Preview:
    """What would be decided if this were told now. Nothing is opened and nothing is recorded."""
    with unit(actor, "case_coordination", channel=CHANNEL) as one:
        row, person = _held(one, case)
        options = options_for(one, person)
        option, known = _chosen(options, to), _known(words)
        tried = others_worth_trying(options, known, option, country)
        # What alone passes while a glass is broken; and what is left when a single health fact sinks the whole.
        less = (tuple(word for word in known if word in MINIMUM), without_health(known))
        asks = [ask_to_tell(row, known, other.recipient(country)) for other in (option, *tried)]
        asks += [_QUESTION, *(ask_to_tell(row, part, option.recipient(country)) for part in less)]
        seen = foresee(one, row.subject, asks, known=person)
        decision = seen.decisions[0]
        refusal = _refusal(one, seen, known, option, tried, less) if decision.outcome is not Outcome.PERMIT else None
    return Preview(row.number, option, known, country, decision, refusal)


def _held(one: Unit, case: UUID) -> tuple[Case, Person]:
    row = find_case(case)
    person = foresee(one, row.subject, ()).person
    if not holds(person, case):
        raise NotFoundError
    return row, person


def _chosen(options: Sequence[Option], key: str) -> Option:
    option = find_option(options, key)
    if option is None:
        raise NoSuchRecipientError
    return option


def _known(words: Sequence[str]) -> tuple[str, ...]:
    """The words of the form, in its order, each once; others are left out."""
    return tuple(word for word in WORDS if word in set(words))


def _refusal(
    one: Unit,
    seen: Foreseen,
    words: tuple[str, ...],
    option: Option | None = None,
    tried: Sequence[Option] = (),
    less: Sequence[tuple[str, ...]] = (),
) -> Refusal:
    """`seen` holds the decisions on what was asked, on each body tried, on a question, and on each lesser part."""
    decision, *decided = seen.decisions
    others, question, parts = decided[: len(tried)], decided[len(tried)], decided[len(tried) + 1 :]
    fitting = [part for part, small in zip(less, parts, strict=True) if part and small.outcome is Outcome.PERMIT]
    fits = fitting[0] if fitting else decision.permitted
    ways = [*([Way("subset", fits)] if fits and option else []), *_elsewhere(words, tried, others)]
    if decision.outcome is Outcome.ASK:
        ways += _asking(decision, question)
    if _breakable(decision) and not what_keeps_it_whole(one.actor.role, seen.person):
        ways.append(Way("glass"))
    return Refusal(words, decision, seen.requests[0], tuple(ways), option)


def _elsewhere(words: tuple[str, ...], tried: Sequence[Option], decisions: Sequence[Decision]) -> list[Way]:
    return [
        Way("other", words, other)
        for other, decided in zip(tried, decisions, strict=True)
        if decided.outcome is Outcome.PERMIT
    ][:_MOST_OTHERS]


def _asking(decision: Decision, question: Decision) -> list[Way]:
    ways = [Way("ask")] if question.outcome is Outcome.PERMIT else []
    return [*ways, Way("answer")] if ChoiceKind.EMERGENCY_RECORD.value in decision.needs else ways


def _breakable(decision: Decision) -> bool:
    """Whether a broken glass would help: something refused is in the emergency minimum, and only a yes is missing."""
    waiting = [one.word for one in decision.verdicts if one.outcome in (Outcome.ASK, Outcome.GLASS)]
    return any(word in PROFILE["emergency_minimum"] and word in HEALTH for word in waiting)


def disclose(actor: Actor, case: UUID, words: Sequence[str], to: str, country: str, why: str, key: Key) -> Sheet | None:
    """Tell it: decided again under lock and recorded, then opened. None: it is refused now, and that is recorded.

    A permit may carry duties: to note why, and to tell the person; both are done in the same unit, or it is not told.
    """
    with unit(actor, "case_coordination", channel=CHANNEL, key=key) as one:
        row = find_case(case)
        handle = one.ask(ask_to_tell(row, _known(words), recipient_of(to, country)), [row.subject])
        refuse_strangers(handle, row)
        option, act = _chosen(options_for(one, handle.people[row.subject]), to), one.last_act
        decision = handle.decision(row.subject)
        if handle.permits(row.subject):
            _do_duties(one, row, decision, option, why)
            one.result = {"act": str(act.id)}
    if decision.outcome is not Outcome.PERMIT:
        return None
    return Sheet(row.number, option, handle.values(row.subject), decision, act.id, act.at)


def _do_duties(one: Unit, row: Case, decision: Decision, option: Option, why: str) -> None:
    duties = {duty.name for duty in decision.obligations}
    if "record_reason" in duties and not why.strip():
        raise ReasonMissingError
    if "notify_subject" in duties:
        facts = {"recipient": option.leaf, "organisation": option.organisation, "case": str(row.id)}
        one.notify(row.subject, "told_in_emergency", facts, decision.clauses)
    if why.strip():
        add_to_log(one, row.subject, row.id, purpose_of(row), entry_of(one, "told", why))


def look_at_health(actor: Actor, case: UUID) -> HealthPage:
    """A look at the health facts, decided and recorded; refused, it says why and what else works."""
    with unit(actor, "case_coordination", channel=CHANNEL) as one:
        row = find_case(case)
        handle = one.ask(Ask("view", HEALTH, purpose_of(row), record=case), [row.subject])
        refusal = _refused_look(one, row, handle)
    refuse_strangers(handle, row)
    return HealthPage(row.number, handle.values(row.subject), handle.decision(row.subject).clauses, refusal)


def _refused_look(one: Unit, row: Case, handle: Handle) -> Refusal | None:
    if row.subject not in handle.decisions or handle.permits(row.subject):
        return None
    decision = handle.decision(row.subject)
    seen = foresee(one, row.subject, [_QUESTION], known=handle.people[row.subject])
    requests = (handle.requests[row.subject], *seen.requests)
    return _refusal(one, Foreseen(seen.person, requests, (decision, *seen.decisions)), HEALTH)


def ask_member(actor: Actor, case: UUID, words: Sequence[str], to: str, country: str, key: Key) -> Decision:
    """Queue a question to the person: whether they agree to what is missing. They answer in their own portal."""
    with unit(actor, "service_message", channel=CHANNEL, key=key) as one:
        row, person = _held(one, case)
        option = _chosen(options_for(one, person), to) if to else None
        known = _known(words)
        ask = (
            ask_to_tell(row, known, option.recipient(country))
            if option
            else Ask("view", known or HEALTH, purpose_of(row), record=case)
        )
        (decision,) = foresee(one, row.subject, [ask]).decisions
        handle = one.ask(_QUESTION, [row.subject])
        if handle.permits(row.subject):
            facts = {"needs": list(decision.needs), "organisation": option.organisation if option else ""}
            one.notify(row.subject, "consent_asked", {**facts, "case": str(case)}, decision.clauses)
    return handle.decision(row.subject)


def record_answer(actor: Actor, case: UUID, *, agrees: bool, wording: str, language: str, key: Key) -> Decision:
    """Record what the person said on the telephone about their emergency record. An adult's no is kept and obeyed."""
    state = ChoiceState.GIVEN if agrees else ChoiceState.REFUSED
    with unit(actor, "rights_fulfilment", channel=CHANNEL, key=key) as one:
        row, person = _held(one, case)
        asked = Asked(wording, "answer-by-phone-1", language, proof=f"case {row.number}, by telephone")
        towards = {""} if agrees else {"", *told_to(person.choices)}
        answers = [Answer(Choice(ChoiceKind.EMERGENCY_RECORD), state, named) for named in sorted(towards)]
        handle = choose(one, row.subject, answers, asked)
    return handle.decision(row.subject)
