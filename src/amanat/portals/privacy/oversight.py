"""Looks by staff that stand out: who, when, why they were flagged, and the officer's verdict. Members stay unnamed."""

import contextlib
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amanat.accounts.service import display_names
from amanat.custody.answers import AlreadyAnsweredError
from amanat.oversight import service
from amanat.portals.desk import words
from amanat.portals.form_key import key_of, new_key
from amanat.portals.routes import PortalRequest

SIGNALS: Final[Mapping[str, Any]] = {
    "outside_case": _("asked about somebody without holding a case"),
    "no_case": _("looked at a card, and no case was opened"),
    "again": _("and came back to the same person"),
    "by_name": _("found by surname and birth date"),
    "odd_hour": _("at an hour at which they hardly ever work"),
    "crowd": _("as several colleagues did"),
    "pretext": _("opened a case, looked at health, and closed it as none"),
    "many": _("looked at very many people that day"),
    "over_budget": _("was stopped by the budget of searches"),
}


def flags(request: PortalRequest) -> HttpResponse:
    """What stands out, the weightiest first."""
    listed = service.flags(request.actor)
    names = display_names({one.account for one in listed}) if listed else {}
    facts = {
        "flags": [
            (one, names.get(one.account, words.role_name(one.role)), [SIGNALS[signal] for signal in one.signals])
            for one in listed
        ],
        "own": request.actor.account,
        "judged": request.GET.get("said") == "judged",
        "form_key": new_key,
    }  # fmt: skip
    return render(request, "privacy/oversight/list.html", facts)


def judge(request: PortalRequest, act: UUID) -> HttpResponse:
    with contextlib.suppress(AlreadyAnsweredError):
        service.judge(request.actor, act, request.POST.get("verdict", ""), key_of(request))
    return HttpResponseRedirect(reverse("privacy:oversight") + "?said=judged")
