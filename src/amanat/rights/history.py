"""Who saw or received a person's data, clause by clause, and over which borders it went. For that person alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from amanat.custody.actor import Actor
from amanat.custody.facts import Ask
from amanat.custody.handle import Handle
from amanat.custody.history import Told, Wanted, told_of
from amanat.custody.proving import Checked, prove
from amanat.custody.unit import Unit, unit
from amanat.custody.words import statement_of
from amanat.errors import NotFoundError
from amanat.statement.compile import Statement

PAGE: Final = 25
OUTCOMES: Final = ("permit", "deny", "ask", "glass")
_LOOK = Ask("view", ("consent_choice",), "rights_fulfilment")


@dataclass(frozen=True, slots=True)
class Seen:
    """A page of the history, newest first. `older` is where the next page begins."""

    entries: tuple[Told, ...]
    older: datetime | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """One entry with the statement it was decided under."""

    entry: Told
    statement: Statement


def seen_by(
    actor: Actor, *, outcome: str = "", own: bool = False, told: bool = False, before: datetime | None = None
) -> Seen:
    """What happened with the person's data; with `own`, their own looks too; with `told`, only what went to others."""
    wanted = Wanted(outcome, before, None if own else actor.account, moved=told, most=PAGE + 1)
    with unit(actor, "rights_fulfilment", channel="web_account") as one:
        entries = told_of(one, *_look(one), wanted)
    shown = entries[:PAGE]
    return Seen(tuple(shown), shown[-1].at if len(entries) > PAGE else None)


def moves_of(actor: Actor) -> Seen:
    """Where the person's data went: to others, and to companies elsewhere, each with the lawful way it took."""
    with unit(actor, "rights_fulfilment", channel="web_account") as one:
        entries = told_of(one, *_look(one), Wanted(outcome="permit", moved=True, most=_MANY))
    return Seen(tuple(entry for entry in entries if entry.moves))


_MANY: Final = 200


def entry_of(actor: Actor, act: UUID) -> Opened:
    """One entry about the person; another's is not there."""
    with unit(actor, "rights_fulfilment", channel="web_account") as one:
        handle, subject = _look(one)
        found = told_of(one, handle, subject, Wanted(act=act, most=1))
        if not found:
            raise NotFoundError
        return Opened(found[0], statement_of(found[0].statement))


def proof_of(actor: Actor, act: UUID) -> Checked:
    """The file that proves the entry without us, checked as anybody can check it; without a text if there is none."""
    if actor.subject is None:
        raise NotFoundError
    with unit(actor, "rights_fulfilment", channel="web_account") as one:
        return prove(one, actor.subject, act)


def _look(one: Unit) -> tuple[Handle, UUID]:
    if one.actor.subject is None:
        raise NotFoundError
    handle = one.ask(_LOOK, [one.actor.subject])
    handle.decision(one.actor.subject)
    return handle, one.actor.subject
