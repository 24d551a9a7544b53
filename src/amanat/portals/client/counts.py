"""C2: the fixed monthly tables, and how they are made. Nothing here can be asked for by day, group or person."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from amanat.custody.unit import unit
from amanat.portals.formats import alphabetical, country_name, format_month
from amanat.portals.routes import PortalRequest
from amanat.statistics.service import PURPOSE, Covered, monthly_tables
from amanat.statistics.suppression import Lines


def counts(request: PortalRequest) -> HttpResponse:
    with unit(request.actor, PURPOSE) as one:
        tables = monthly_tables(one)
    facts = {
        "tables": tables,
        "covered": [(format_month(month.month), _parts(month)) for month in reversed(tables.figures.covered)],
        "living": _lines(tables.figures.living),
        "travelling": _lines(tables.figures.travelling),
    }
    return render(request, "client/counts/counts.html", facts)


def method(request: PortalRequest) -> HttpResponse:
    return render(request, "client/counts/method.html")


def _parts(month: Covered) -> list[Any]:
    """All, in their own right, as dependants: a figure, None for fewer than ten, or why it is not shown."""
    people = month.people
    if people.whole is None or people.one is not None:
        return [people.whole, people.one, people.other]
    return [people.whole, _("not shown"), _("not shown")]


def _lines(table: Lines) -> list[tuple[str, list[int | None]]]:
    """Countries by name, never by size: an order of size would tell more than the figures."""
    lines: list[tuple[str, list[int | None]]] = [(country_name(code), [people]) for code, people in table.lines]
    lines.sort(key=lambda line: alphabetical(line[0]))
    return [*lines, (_("All other countries"), [table.rest])] if lines else []
