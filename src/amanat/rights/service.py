"""A person's consents and choices: what is in force, what a change would do, changing it, and the receipt.

Each verb is one unit. A change takes effect with its commit: the next decision reads it. Nobody but the person is told.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from amanat.choices.models import State
from amanat.custody.actor import Actor
from amanat.custody.answers import Key
from amanat.custody.choosing import Answer, Asked, after, choose
from amanat.custody.comparing import Choices
from amanat.custody.facts import Ask, Person
from amanat.custody.handle import Handle
from amanat.custody.models import Message
from amanat.custody.unit import Unit, unit
from amanat.database.queries import queries
from amanat.errors import ConflictError, MalformedError, NotFoundError
from amanat.policy.consequences import Preview
from amanat.rights.options import Option, Payer, answers_for, find, options_of
from amanat.rights.preview import Surroundings, foresee
from amanat.vocabulary.choices import Choice, ChoiceKind
from amanat.vocabulary.terms import CATEGORY

CHANNEL: Final = "web_account"
FORM_VERSION: Final = "choices-1"
QUESTION_LASTS: Final = timedelta(days=30)
_SQL = queries("amanat.rights")
_LOOK = Ask("view", ("consent_choice",), "rights_fulfilment")


@dataclass(frozen=True, slots=True)
class Standing:
    """How one choice stands. `state` is that of the newest answer, empty if none was ever given."""

    option: Option
    in_force: bool
    state: str = ""
    since: datetime | None = None
    record: UUID | None = None
    language: str = ""
    wording: str = ""

    def seen(self, *, in_force: bool) -> "Standing":
        """The same, with what the person's standing says: it decides, and the record proves."""
        return replace(self, in_force=in_force)


@dataclass(frozen=True, slots=True)
class Board:
    """All choices of one person, and what their organisations are called. `asked` wait for an answer to a desk."""

    standings: tuple[Standing, ...]
    names: Mapping[str, str]
    asked: tuple[Standing, ...] = ()

    def of(self, group: str) -> list[Standing]:
        return [one for one in self.standings if one.option.meaning.group == group]


@dataclass(frozen=True, slots=True)
class Foretold:
    """One choice with what changing it will do. `held` are the leaves on record, `cases` the starts of open cases."""

    standing: Standing
    names: Mapping[str, str]
    preview: Preview
    held: frozenset[str]
    cases: tuple[datetime, ...]

    @property
    def to_talk_about(self) -> tuple[datetime, ...]:
        """The open cases in which those who run them could do less."""
        return self.cases if self.preview.touches_casework else ()


class AlreadySoError(ConflictError):
    """Your choice already stands so; it was changed in another window."""


class AskedElsewhereError(MalformedError):
    """The yes to this is asked beside the data it is about, on the page of the record."""


def board_of(actor: Actor) -> Board:
    """Every choice the person has, in the order of the board."""
    with unit(actor, "rights_fulfilment", channel=CHANNEL) as one:
        person = _look(one)
        payers = surroundings_of(one, person).payers
        standings = _standings(one, person, options_of(person, payers))
        asked = _asked(one, person)
    waiting = [one for one in standings if not one.in_force and _is_asked(one.option, asked)]
    return Board(tuple(standings), _names(payers), tuple(waiting))


def _asked(one: Unit, person: Person) -> list[tuple[str, str]]:
    """(choice, towards) for all that a desk asked of the person lately."""
    questions = Message.objects.filter(
        subject=person.subject, kind="consent_asked", due__gte=one.now - QUESTION_LASTS
    ).values_list("facts", flat=True)
    return [(need, facts.get("organisation", "")) for facts in questions for need in facts.get("needs", ())]


def _is_asked(option: Option, asked: Sequence[tuple[str, str]]) -> bool:
    beside = option.asked_beside_its_field
    return any(str(option.choice) == need and (beside or option.towards in ("", towards)) for need, towards in asked)


def foretell(actor: Actor, slug: str) -> Foretold:
    """What turning one choice round would do: taking back what is in force, or giving what is not."""
    with unit(actor, "rights_fulfilment", channel=CHANNEL) as one:
        person = _look(one)
        around = surroundings_of(one, person)
        option = find(options_of(person, around.payers), slug)
        standing, held, cases = _standing_and_held(one, person, option)
        state = State.WITHDRAWN if standing.in_force else State.GIVEN
        preview = foresee(one, person, around, changing(answers_for(option, person, state)))
    return Foretold(standing, _names(around.payers), preview, held, cases)


Put = Callable[[Option, Mapping[str, str]], Asked]


def change(actor: Actor, slug: str, state: State, put: Put, key: Key | None = None) -> UUID:
    """Give or take back one choice and give the id of its record. The person is told, and nobody else.

    `put` says how the choice was put, given the option and what its organisations are called. Raises `AlreadySoError`
    if it stands so already and `AlreadyAnsweredError` if `key` was used before.
    """
    with unit(actor, "rights_fulfilment", channel=CHANNEL, key=key) as one:
        person = _look(one)
        payers = surroundings_of(one, person).payers
        option = _changeable(one, person, payers, slug)
        if (option.written in person.choices) is (state is State.GIVEN):
            raise AlreadySoError
        if state is State.GIVEN and option.asked_beside_its_field:
            raise AskedElsewhereError
        answers = answers_for(option, person, state)
        choose(one, person.subject, answers, put(option, _names(payers)))
        told = {"state": state.value, "choices": [answer.written for answer in answers]}
        one.notify(person.subject, "choice_changed", told, (option.meaning.clause,))
        record = _newest(one, person.subject)[option].record
        one.result = {"receipt": str(record)}
    return _there(record)


def changing(answers: Sequence[Answer]) -> Callable[[Choices], Choices]:
    """What answers do to the choices in force."""
    return lambda choices: after(choices, answers)


def surroundings_of(one: Unit, person: Person) -> Surroundings:
    """Who pays for the person, and one organisation for each other kind of recipient."""
    clients = {organisation: kind for kind, organisation in person.relations if organisation}
    values = {"clients": sorted(clients), "company": person.company, "today": one.now.date()}
    rows = one.rows(_SQL["recipients"], values)
    payers = [Payer(_as_seen_by(leaf, clients[code]), code, name) for leaf, code, name, _ in rows if code in clients]
    return Surroundings(tuple(payers), {leaf: code for leaf, code, _, _ in rows if code not in clients})


def _as_seen_by(leaf: str, relation: str) -> str:
    """The employer of one is the employer of a relative to another (6.10b)."""
    return "employer_of_relative" if (leaf, relation) == ("employer", "dependant_of") else leaf


def _changeable(one: Unit, person: Person, payers: Sequence[Payer], slug: str) -> Option:
    """The choice behind an address. A yes to all about the record is known here after it left the board."""
    try:
        return find(options_of(person, payers), slug)
    except NotFoundError:
        return find([option for option in _newest(one, person.subject) if option.asked_beside_its_field], slug)


def _look(one: Unit) -> Person:
    """The person who is signed in, after their look at their own choices was decided and recorded."""
    subject = _there(one.actor.subject)
    handle: Handle = one.ask(_LOOK, [subject])
    handle.decision(subject)
    return handle.people[subject]


def _standings(one: Unit, person: Person, options: Sequence[Option]) -> list[Standing]:
    newest = _newest(one, person.subject)
    in_force = frozenset(person.choices)
    return [
        newest.get(option, Standing(option, in_force=False)).seen(in_force=option.written in in_force)
        for option in options
    ]


def _standing_and_held(
    one: Unit, person: Person, option: Option
) -> tuple[Standing, frozenset[str], tuple[datetime, ...]]:
    choice = option.choice
    values = {"subject": person.subject, "kind": choice.kind.value, "parameter": choice.parameter,
              "organisation": option.towards, "now": one.now}  # fmt: skip
    ((leaves, cases, *answer),) = one.rows(_SQL["one_standing"], values)
    standing = _standing(answer) if answer[0] else Standing(option, in_force=False)
    held = frozenset(CATEGORY.leaves[leaf] for leaf in leaves or ())
    return standing.seen(in_force=option.written in person.choices), held, tuple(cases or ())


def _newest(one: Unit, subject: UUID) -> dict[Option, Standing]:
    rows = one.rows(_SQL["newest_answers"], {"subject": subject})
    standings = [_standing(row) for row in rows]
    return {standing.option: standing for standing in standings}


def _standing(row: Sequence[Any]) -> Standing:
    record, kind, parameter, towards, state, at, language, wording = row
    option = Option(Choice(ChoiceKind(kind), parameter), towards)
    return Standing(option, state == State.GIVEN, state, at, record, language, wording)


def _names(payers: Sequence[Payer]) -> dict[str, str]:
    return {payer.code: payer.name for payer in payers}


def _there(id_: UUID | None) -> UUID:
    if id_ is None:
        raise NotFoundError
    return id_
