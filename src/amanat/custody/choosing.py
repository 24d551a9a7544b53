"""Recording a person's choice: a proof appended, the standing changed, both in the unit that decided it.

A choice towards one organisation is written `kind:parameter@organisation` in the standing. Withdrawing takes effect
with the commit: the next decision reads the new standing.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from amanat.choices.models import ConsentRecord, State, StatementAnswer, Wording
from amanat.custody.facts import Ask, Person
from amanat.custody.handle import Handle
from amanat.custody.unit import Unit, execute
from amanat.custody.words import statement_of
from amanat.errors import MalformedError
from amanat.ledger.append import Act
from amanat.policy.decision import Outcome
from amanat.policy.request import Request
from amanat.vocabulary.choices import Choice, parse_choice

ASK = Ask("collect", ("consent_choice",), "rights_fulfilment")


class LastingChoiceError(MalformedError):
    """Under this choice the person could not choose any more."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How a choice was put: the sentence shown, the form's version, the language, the channel's proof.

    `wording` is the sentence of every answer that brings none of its own.
    """

    wording: str
    form_version: str
    language: str
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person decided: a choice, towards whom (empty: anyone of that kind), given, refused or withdrawn."""

    choice: Choice
    state: State
    organisation: str = ""
    wording: str = ""

    @property
    def written(self) -> str:
        return f"{self.choice}@{self.organisation}" if self.organisation else str(self.choice)


def choose(unit: Unit, subject: UUID, answers: Iterable[Answer], asked: Asked) -> Handle:
    """Record `answers` of one person in the open unit. Nothing is recorded unless the handle permits.

    Raises `LastingChoiceError` for a choice under which none could be recorded any more, itself taken back included.
    """
    listed = [replace(one, choice=parse_choice(str(one.choice))) for one in answers]
    handle = unit.ask(ASK, [subject])
    if not handle.permits(subject):
        return handle
    person = handle.people[subject]
    act = unit.last_act
    _refuse_what_would_last(handle.requests[subject], listed, act.statement)
    ConsentRecord.objects.bulk_create([_record(unit, act, person.company, subject, one, asked) for one in listed])
    _keep_wordings({one.wording or asked.wording for one in listed})
    in_force = after(person.choices, listed)
    answered = Jsonb(_answered(person, in_force, listed, act.statement))
    execute("change_choices", {"subject": subject, "choices": sorted(in_force), "answered": answered})
    return handle


def _refuse_what_would_last(requests: Iterable[Request], answers: Iterable[Answer], statement: str) -> None:
    decider = statement_of(statement).decider
    for written in (str(one.choice) for one in answers if one.state is State.GIVEN):
        under_it = (replace(request, choices=request.choices | {written}) for request in requests)
        if any(decider.decide(request).outcome is not Outcome.PERMIT for request in under_it):
            raise LastingChoiceError(
                f"`{written}` could never be taken back", hint="name an aim or data that it spares"
            )


def _answered(person: Person, in_force: frozenset[str], answers: Iterable[Answer], statement: str) -> dict[str, str]:
    """The choices in force that were made under another statement than the one the person was given: under which."""
    under = {**person.answered, **{one.written: statement for one in answers if one.state is State.GIVEN}}
    return {choice: digest for choice, digest in under.items() if choice in in_force and digest != person.statement}


def answer_statement(unit: Unit, subject: UUID, state: State, asked: Asked) -> Handle:
    """Record what a person answers to the statement in force. A yes moves them to it; each earlier yes stays as it was.

    A yes to the statement is no new yes to what they agreed to under an older one: that is asked by itself.
    """
    handle = unit.ask(ASK, [subject])
    if not handle.permits(subject):
        return handle
    person, act = handle.people[subject], unit.last_act
    StatementAnswer.objects.create(
        subject=subject, id=uuid4(), company=person.company, statement=act.statement, state=state.value, at=unit.now,
        wording=digest_of(asked.wording), form_version=asked.form_version, language=asked.language,
        channel=act.channel, proof=asked.proof,
    )  # fmt: skip
    _keep_wordings({asked.wording})
    if state is State.GIVEN and person.statement != act.statement:
        under = {choice: person.answered.get(choice, person.statement or "") for choice in person.choices}
        answered = {choice: digest for choice, digest in under.items() if digest != act.statement}
        execute(
            "give_statement", {"subject": subject, "statement": act.statement, "answered": Jsonb(answered)}
        )  # fmt: skip
    return handle


def _keep_wordings(texts: Iterable[str]) -> None:
    Wording.objects.bulk_create([Wording(digest=digest_of(one), text=one) for one in texts], ignore_conflicts=True)


def digest_of(wording: str) -> str:
    """How a consent record names the sentence that was shown."""
    return hashlib.sha256(wording.encode()).hexdigest()


def after(choices: Iterable[str], answers: Iterable[Answer]) -> frozenset[str]:
    """The choices in force once `answers` are given."""
    in_force = set(choices)
    for answer in answers:
        if answer.state is State.GIVEN:
            in_force.add(answer.written)
        else:
            in_force.discard(answer.written)
    return frozenset(in_force)


def _record(unit: Unit, act: Act, company: str, subject: UUID, answer: Answer, asked: Asked) -> ConsentRecord:
    return ConsentRecord(
        subject=subject,
        id=uuid4(),
        company=company,
        kind=answer.choice.kind.value,
        parameter=answer.choice.parameter,
        organisation=answer.organisation,
        state=answer.state.value,
        at=unit.now,
        statement=act.statement,
        wording=digest_of(answer.wording or asked.wording),
        form_version=asked.form_version,
        language=asked.language,
        channel=act.channel,
        proof=asked.proof,
    )
