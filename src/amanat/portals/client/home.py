"""The first page of a client's administrator: how many are covered, the last files, and the way to both."""

from typing import Final

from django.http import HttpResponse
from django.shortcuts import render

from amanat.custody.unit import unit
from amanat.portals.client import words
from amanat.portals.routes import PortalRequest
from amanat.rosters.service import recent_files
from amanat.statistics.service import PURPOSE, monthly_tables

_FEW: Final = 5


def home(request: PortalRequest) -> HttpResponse:
    with unit(request.actor, PURPOSE) as one:
        tables = monthly_tables(one)
        files = recent_files(one, most=_FEW)
    facts = {"tables": tables, "files": [(file, words.state(file.state)) for file in files]}
    return render(request, "client/home/home.html", facts)
