"""Reading the ledger inside a unit: a person's own history, and a company's journal. Rows as values, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from amanat.custody.unit import Unit
from amanat.database.queries import queries
from amanat.vocabulary.terms import CATEGORY

_SQL = queries("amanat.ledger")


@dataclass(frozen=True, slots=True)
class Line:
    """One act as it touched a person, or (with `people`) as the journal lists it."""

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


def history_of(unit: Unit, subject: UUID, *, before: datetime | None = None, most: int = 50) -> list[Line]:
    """What happened with one person's data. The unit must reach the person: themself, or under a mandate."""
    rows = unit.rows(_SQL["about_person"], {"subject": subject, "before": before or _far(unit), "most": most})
    return [
        Line(
            act, at, company, account, role, action, purpose, recipient, organisation, channel, outcome, tuple(clauses),
            tuple(CATEGORY.leaves_in(opened)), tuple(CATEGORY.leaves_in(refused)), state,
        )
        for act, at, company, account, role, action, purpose, recipient, organisation, channel, outcome, clauses, opened,
        refused, state in rows
    ]  # fmt: skip


def journal_of(unit: Unit, *, outcome: str = "", before: datetime | None = None, most: int = 50) -> list[Line]:
    """The decisions of the acting company."""
    values = {"company": unit.actor.company, "before": before or _far(unit), "outcome": outcome, "most": most}
    return [
        Line(
            act, at, unit.actor.company, account, role, action, purpose, recipient, organisation, "", told,
            tuple(clauses), (), (), state, people,
        )
        for act, at, account, role, action, purpose, recipient, organisation, told, clauses, people, state
        in unit.rows(_SQL["journal"], values)
    ]  # fmt: skip


def act_of(unit: Unit, act: UUID) -> Line | None:
    """One act of the acting company, or None."""
    rows = unit.rows(_SQL["act"], {"act": act})
    return None if not rows else _act(rows[0])


def _act(row: Sequence[Any]) -> Line:
    (
        act,
        at,
        company,
        account,
        role,
        action,
        purpose,
        recipient,
        organisation,
        channel,
        digest,
        told,
        clauses,
        people,
        state,
    ) = row
    return Line(
        act, at, company, account, role, action, purpose, recipient, organisation, channel, told, tuple(clauses), (), (),
        state, people, digest,
    )  # fmt: skip


def _far(unit: Unit) -> datetime:
    return unit.now.replace(year=unit.now.year + 1)
