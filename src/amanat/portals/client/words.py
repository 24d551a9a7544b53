"""Texts of the roster pages: faults by line, columns by name, refusals, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from amanat.portals.formats import format_list, format_number
from amanat.rosters.report import Rejection, RosterRefusedError


@dataclass(frozen=True)
class Column:
    """A column that is asked for: its name in the example file, whether it must be there, and what to write."""

    header: str
    needed: bool
    what: str


def fault(one: Rejection) -> tuple[str, str, str, str]:
    """Line, column, what is wrong, how to mend it."""
    what = _(one.fault.what) % {"lines": _lines(one.others)}
    return format_number(one.line), one.column or _("the whole row"), _opened(what), _opened(_(one.fault.mend))


def _opened(text: str) -> str:
    """With a capital, as a sentence begins; the rest stays, for it may hold codes."""
    return text[:1].upper() + text[1:]


def _lines(numbers: tuple[int, ...]) -> str:
    if not numbers:
        return _("another line")
    listed = format_list([format_number(number) for number in numbers])
    return ngettext("line %(lines)s", "lines %(lines)s", len(numbers)) % {"lines": listed}


def refusal(refused: RosterRefusedError) -> str:
    """Why a file is no roster, and how to mend that."""
    return _("%(what)s: %(mend)s.") % {
        "what": _opened(_(refused.text) % refused.places),
        "mend": _(refused.mend),
    }


def not_kept(by_clause: Mapping[str, int]) -> list[tuple[str, int, str]]:
    """Clause, how many values it kept out, and why in a sentence."""
    why = {
        "M.1": _("A list may say who somebody under eighteen is and how they are covered, and nothing more."),
        "6.12": _("No clause lets a sender of your kind tell us this."),
    }
    return [(clause, count, why.get(clause, "")) for clause, count in sorted(by_clause.items())]


def state(of: str) -> str:
    return {
        "loading": pgettext("file", "Being taken in"),
        "loaded": pgettext("file", "Read"),
        "refused": pgettext("file", "Refused"),
        "stopped": pgettext("file", "Stopped half-way"),
    }[of]


def columns() -> list[Column]:
    """What a roster may hold, in the order of the example file."""
    day = _("A day, such as 2026-04-03")
    return [
        Column("Policy number", needed=True, what=_("The number on their card")),
        Column("First name", needed=True, what=_("As in their passport, in any script")),
        Column("Last name", needed=True, what=_("As in their passport, in any script")),
        Column("Date of birth", needed=True, what=day),
        Column("Country", needed=True, what=_("Where they live: two letters such as CH, or the name")),
        Column("Relation", needed=True, what=_("employee, dependant, member or beneficiary")),
        Column("Valid from", needed=True, what=_("The first day of cover")),
        Column("Valid until", needed=False, what=_("The last day of cover; empty if there is none")),
        Column("Dependant of", needed=False, what=_("For a dependant: the policy number of the person they belong to")),
        Column("E-mail", needed=False, what=_("Needed for everybody but dependants")),
        Column("Work phone", needed=False, what=_("With the country code, such as +41 44 668 18 00")),
        Column("Home phone", needed=False, what=_("With the country code; a phone of unknown kind counts as private")),
        Column("Gender", needed=False, what=_("female, male or other")),
        Column("Nationality", needed=False, what=_("Two letters such as CH, or the name")),
        Column("Language", needed=False, what=_("A language tag, such as fr or pt-BR, or the name")),
        Column("Employee number", needed=False, what=_("The number you give them, if any")),
        Column("Plan", needed=False, what=_("The scheme they are covered by")),
        Column("Mobility", needed=False, what=_("expatriate, traveller or local")),
        Column("Industry", needed=False, what=_("The trade they work in")),
        Column("Destination", needed=False, what=_("The country of a trip; a trip needs all three")),
        Column("Departure", needed=False, what=_("The first day of the trip")),
        Column("Return", needed=False, what=_("The last day of the trip")),
    ]
