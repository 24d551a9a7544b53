"""One entry of a person's history as pages print it: who, what, what for, to whom, under which clauses.

Members of staff are shown by their role and company, never by name.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from amanat.custody.history import Move, Told
from amanat.custody.reading import is_partial
from amanat.portals.formats import country_name
from amanat.portals.member import words

REFUSED = frozenset({"deny", "ask", "glass"})


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry in words. `tried`: it was asked for and not given, or (with `closed`) not all of it was.

    `to` is whoever was told, if anybody was.
    """

    act: UUID
    when: datetime
    outcome: str
    clauses: tuple[str, ...]
    who: str
    company: str
    done: str
    what: list[str]
    closed: list[str]
    purpose: str
    to: str
    tried: bool
    glass: bool
    abandoned: bool
    moves: tuple[str, ...]


def shown(entry: Told) -> Shown:
    tried, partly = entry.outcome in REFUSED, _is_partial(entry)
    return Shown(
        entry.act, entry.at, "partly" if partly else entry.outcome, entry.clauses,
        who=words.role(entry.role),
        company=entry.acting,
        done=_("asked for") if tried and not partly else words.action(entry.action),
        what=list(dict.fromkeys(words.all_data(entry.opened if partly else entry.words))),
        closed=words.all_data(entry.refused) if partly else [],
        purpose=words.purpose(entry.purpose),
        to=_to(entry),
        tried=tried,
        glass=entry.glass,
        abandoned=entry.state == "abandoned",
        moves=tuple(_move(move) for move in entry.moves),
    )  # fmt: skip


def _is_partial(entry: Told) -> bool:
    return is_partial(entry.outcome, entry.action, opened=bool(entry.opened))


def _to(entry: Told) -> str:
    if not entry.recipient:
        return ""
    kind = words.recipient(entry.recipient)
    return _("%(name)s (%(kind)s)") % {"name": entry.other, "kind": kind} if entry.other else kind


def _move(move: Move) -> str:
    """From where to where, and what made it lawful."""
    return pgettext("border", "%(origin)s → %(destination)s, carried by: %(tool)s") % {
        "origin": country_name(move.origin),
        "destination": country_name(move.destination) if move.destination else _("an unknown country"),
        "tool": words.tool(move.tool),
    }
