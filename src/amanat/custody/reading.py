"""Reading the ledger inside a unit: a person's own history, and a company's journal. Rows as values, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from amanat.custody.unit import Unit
from amanat.database.queries import queries
from amanat.policy.decision import Outcome
from amanat.vocabulary.terms import CATEGORY

_SQL = queries("amanat.ledger")


@dataclass(frozen=True, slots=True)
class Line:
    """One act as it touched a person, or (with `people`) as the journal lists it.

    `partly` is whether some of what was asked for was let through although not all of it was.
    """

    act: UUID
    at: datetime
    company: str
    account: UUID | None
    role: str
    action: str
    purpose: str
    recipient: str
    organisation: str
    channel: str
    outcome: str
    clauses: tuple[str, ...]
    opened: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    state: str = "recorded"
    people: int = 1
    statement: str = ""
    partly: bool = False


# Acts of which each datum is let through by itself; of any other, nothing happens unless all of it may.
_PIECEMEAL = frozenset({"view", "receive"})

# What every query about acts begins with.
_TOLD = (
    "act", "at", "company", "account", "role", "action", "purpose", "recipient", "organisation", "channel", "outcome",
)  # fmt: skip


def history_of(unit: Unit, subject: UUID, *, before: datetime | None = None, most: int = 50) -> list[Line]:
    """What happened with one person's data. The unit must reach the person: themself, or under a mandate."""
    rows = unit.rows(_SQL["about_person"], {"subject": subject, "before": before or _far(unit), "most": most})
    return [_about_person(row) for row in rows]


def _about_person(row: Sequence[Any]) -> Line:
    clauses, opened, refused, state = row[len(_TOLD) :]
    leaves = CATEGORY.leaves_in
    told = dict(zip(_TOLD, row, strict=False))
    return Line(
        **told, clauses=tuple(clauses), opened=tuple(leaves(opened)), refused=tuple(leaves(refused)), state=state,
        partly=is_partial(told["outcome"], told["action"], opened=bool(opened)),
    )  # fmt: skip


def journal_of(unit: Unit, *, outcome: str = "", before: Line | None = None, most: int = 50) -> list[Line]:
    """The decisions of the acting company, those after `before` in the list if it is given."""
    place = (before.at, before.act) if before else (_far(unit), UUID(int=0))
    values = {"company": unit.actor.company, "before": place[0], "after": place[1], "outcome": outcome, "most": most}
    return [_act(row) for row in unit.rows(_SQL["journal"], values)]


def act_of(unit: Unit, act: UUID) -> Line | None:
    """One act of the acting company, or None."""
    rows = unit.rows(_SQL["act"], {"act": act})
    return _act(rows[0]) if rows else None


def _act(row: Sequence[Any]) -> Line:
    clauses, people, state, statement, opened = row[len(_TOLD) :]
    told = dict(zip(_TOLD, row, strict=False))
    partly = is_partial(told["outcome"], told["action"], opened=opened)
    return Line(**told, clauses=tuple(clauses), state=state, people=people, statement=statement, partly=partly)


def is_partial(outcome: str, action: str, *, opened: bool) -> bool:
    """Whether an act whose worst answer is `outcome` let some of what was asked for through all the same."""
    return opened and action in _PIECEMEAL and outcome != Outcome.PERMIT.value


def _far(unit: Unit) -> datetime:
    return unit.now.replace(year=unit.now.year + 1)
