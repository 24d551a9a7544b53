"""Break-glass from the desk: found by its case, done by `emergency.glass` inside one unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from amanat.cases.lookup import find_case, purpose_of, refuse_strangers
from amanat.cases.service import CHANNEL
from amanat.custody.actor import Actor
from amanat.custody.answers import Key
from amanat.custody.facts import Ask
from amanat.custody.unit import unit
from amanat.emergency import glass
from amanat.emergency.glass import Checklist, GlassState, Opening
from amanat.policy.decision import Decision

_NAME = ("name",)


@dataclass(frozen=True, slots=True)
class BeforeGlass:
    """The person's name as far as it may be seen, and what keeps the glass whole, if anything."""

    number: str
    name: Any
    stays_whole: str


@dataclass(frozen=True, slots=True)
class GlassPage:
    """A glass of this case: open with the minimum, or over with nothing but its own facts. None: there was none."""

    number: str
    glass: GlassState | None
    values: Mapping[str, Any]
    decision: Decision


def before_glass(actor: Actor, case: UUID) -> BeforeGlass:
    """What the checklist page needs."""
    with unit(actor, "case_coordination", channel=CHANNEL) as one:
        row = find_case(case)
        handle = one.ask(Ask("view", _NAME, purpose_of(row), record=case), [row.subject])
        known = handle.people.get(row.subject)
        stays_whole = glass.what_keeps_it_whole(actor.role, known) if known else ""
    refuse_strangers(handle, row)
    return BeforeGlass(row.number, handle.values(row.subject).get("name"), stays_whole)


def break_glass(actor: Actor, case: UUID, checklist: Checklist, key: Key) -> Opening:
    """Break the glass, or say why it stays whole; either is recorded."""
    with unit(actor, glass.PURPOSE, channel=CHANNEL, key=key) as one:
        row = find_case(case)
        opening = glass.open_glass(one, row.subject, case, checklist)
        one.result = {"glass": str(opening.glass or ""), "stays_whole": opening.stays_whole}
    return opening


def through_glass(actor: Actor, case: UUID) -> GlassPage:
    """Look through an open glass; one that is over shows no more than the case's own page does."""
    with unit(actor, glass.PURPOSE, channel=CHANNEL) as one:
        row = find_case(case)
        newest = glass.glass_of(one, row.subject, case)
        if newest and newest.live:
            handle = glass.glass_view(one, row.subject, case)
        else:
            handle = one.ask(Ask("view", _NAME, purpose_of(row), record=case), [row.subject])
    refuse_strangers(handle, row)
    return GlassPage(row.number, newest, handle.values(row.subject), handle.decision(row.subject))


def close_glass(actor: Actor, case: UUID, ended: str, words: str, key: Key) -> bool:
    """End it and tell what was done. False if there was nothing to close out."""
    with unit(actor, glass.PURPOSE, channel=CHANNEL, key=key) as one:
        row = find_case(case)
        closed = glass.close_glass(one, row.subject, case, ended, words)
        one.result = {"closed": closed}
    return closed
