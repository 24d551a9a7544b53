"""The decisions of a company as its privacy desk and an auditor read them, and any of them decided again.

The journal names no member and shows no value. A replay shows what a decision was made from; custody records each one.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from amanat.accounts.service import display_names
from amanat.custody import replaying
from amanat.custody.actor import Actor
from amanat.custody.letters import waiting_letters
from amanat.custody.quarantining import waiting_unread
from amanat.custody.reading import Line, act_of, journal_of
from amanat.custody.replaying import Finding, Replayed
from amanat.custody.unit import unit
from amanat.custody.words import statement_of
from amanat.errors import NotFoundError
from amanat.ledger.models import Act
from amanat.oversight import service as oversight
from amanat.policy.decision import Decision, Outcome
from amanat.policy.rule import Obligation
from amanat.publication import directory, prose, sayings
from amanat.publication.prose import Clause
from amanat.publication.reasons import Reasons, reasons_of
from amanat.statement import words
from amanat.vocabulary.terms import ROLE

PURPOSE: Final = "audit"
READERS: Final = frozenset({"privacy_officer", "group_dpo", "security_officer", "auditor"})
REPLAYERS: Final = READERS - {"security_officer"}
OUTCOMES: Final = tuple(outcome.value for outcome in Outcome if outcome is not Outcome.OUT_OF_SCOPE)
PAGE: Final = 30
_DAY: Final = timedelta(days=1)
_MEMBERS: Final = frozenset({*ROLE.leaves_in(ROLE.mask_of("person")), "nominee"})


@dataclass(frozen=True, slots=True)
class Journal:
    """One page of the journal. `names` are those of staff; `older` is the act after which the next page begins."""

    lines: list[Line]
    names: dict[UUID, str]
    older: UUID | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """One act with the words of the version it was decided under. `replayable` is whether the reader may see more."""

    line: Line
    name: str
    clauses: tuple[Clause, ...]
    version: str
    replayable: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """What was recorded about one person, and what the same rules say to it now. Words, but for the clause numbers.

    `given` is what held when it was decided: the person's choices, and the facts of the case.
    """

    person: UUID
    finding: Finding
    asked: tuple[str, ...]
    given: tuple[str, ...]
    then: "Told | None"
    now: "Told | None"
    reasons: Reasons


@dataclass(frozen=True, slots=True)
class Told:
    """A decision as a comparison shows it: `parts` are (data, outcome, clauses)."""

    outcome: str
    clauses: tuple[str, ...]
    needs: tuple[str, ...]
    duties: tuple[str, ...]
    parts: tuple[tuple[str, str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """An act decided again. `unseen` entries are about other companies' people: their officers may replay them."""

    recorded: Recorded
    compared: tuple[Compared, ...]
    unseen: int


@dataclass(frozen=True, slots=True)
class Overview:
    """What waits, and how the last day went: decisions by outcome."""

    letters: int
    today: dict[str, int]
    unreachable: list[str]
    sealed: int
    first_destroyed: datetime | None
    flagged: int


def overview(actor: Actor) -> Overview:
    _require(actor, READERS)
    with unit(actor, PURPOSE) as one:
        letters = waiting_letters(one)
        since = Act.objects.filter(company=actor.company, at__gt=one.now - _DAY)
        today = Counter(since.values_list("outcome", flat=True).order_by())
        sealed, first = waiting_unread(one)
        flagged = oversight.waiting(one)
    return Overview(
        letters, dict(today), directory.companies_without_contact(directory.companies()), sealed, first, flagged
    )


def journal(actor: Actor, outcome: str = "", after: UUID | None = None) -> Journal:
    """The newest decisions, or those before the act `after`; of one outcome if it is named."""
    _require(actor, READERS)
    with unit(actor, PURPOSE) as one:
        before = _found(act_of(one, after)) if after else None
        lines = journal_of(one, outcome=outcome, before=before, most=PAGE + 1)
    older = lines[PAGE - 1].act if len(lines) > PAGE else None
    return Journal(lines[:PAGE], _names(lines), older)


def _names(lines: Iterable[Line]) -> dict[UUID, str]:
    """Who acted, by name. A member who looks at their own data stays without one, here as everywhere in the journal."""
    return display_names({line.account for line in lines if line.account and line.role not in _MEMBERS})


def recorded(actor: Actor, act: UUID) -> Recorded:
    """One act, with the clauses as they read in the version it was decided under."""
    _require(actor, READERS)
    with unit(actor, PURPOSE) as one:
        line = _found(act_of(one, act))
    return _recorded(actor, line)


def _recorded(actor: Actor, line: Line) -> Recorded:
    statement = statement_of(line.statement)
    name = _names([line]).get(line.account, "") if line.account else ""
    clauses = [prose.clause_of(statement, clause, line.company) for clause in line.clauses]
    unique = tuple({clause.id: clause for clause in clauses if clause}.values())
    return Recorded(line, name, unique, statement.version, bool(line.people) and actor.role in REPLAYERS)


def replay(actor: Actor, act: UUID) -> Replay:
    """Decide `act` again, entry by entry, under the statement of its day."""
    _require(actor, REPLAYERS)
    with unit(actor, PURPOSE) as one:
        line = _found(act_of(one, act))
        found = replaying.replay(one, line)
    listed = min(line.people, replaying.MOST)
    return Replay(_recorded(actor, line), tuple(map(_compared, found)), listed - len(found))


def _require(actor: Actor, roles: frozenset[str]) -> None:
    if actor.role not in roles:
        raise NotFoundError


def _found(line: Line | None) -> Line:
    if line is None:
        raise NotFoundError
    return line


def _compared(one: Replayed) -> Compared:
    asked = tuple(sayings.asked(request) for request in one.requests)
    given = tuple(dict.fromkeys(said for request in one.requests for said in sayings.given(request)))
    return Compared(one.subject, one.finding, asked, given, _then(one.recorded), _now(one.decision), _reasons(one))


def _reasons(one: Replayed) -> Reasons:
    if one.decision is None:
        return Reasons()
    return reasons_of(one.requests, one.decision.digest, [digest for _, digest in one.decision.overlays])


def _then(record: dict[str, Any]) -> Told | None:
    if not record:
        return None
    return Told(
        record["outcome"], tuple(record["clauses"]), _needs(record["needs"]), _duties(record["obligations"]),
        sayings.parts(record["verdicts"]),
    )  # fmt: skip


def _now(decision: Decision | None) -> Told | None:
    if decision is None:
        return None
    verdicts = [(one.word, one.outcome.value, one.clauses) for one in decision.verdicts]
    duties = _duties(str(duty) for duty in decision.obligations)
    return Told(decision.outcome.value, decision.clauses, _needs(decision.needs), duties, sayings.parts(verdicts))


def _needs(needs: Iterable[str]) -> tuple[str, ...]:
    return tuple(words.label("need", need) for need in needs)


def _duties(written: Iterable[str]) -> tuple[str, ...]:
    """`review(72h)` in words."""
    split = (duty.rstrip(")").partition("(") for duty in written)
    return tuple(words.duty_words(Obligation(name, parameter)) for name, _, parameter in split)
