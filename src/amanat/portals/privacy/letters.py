"""What visitors wrote to the company: the queue, and one letter at a time."""

import contextlib
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from amanat.custody.answers import AlreadyAnsweredError
from amanat.errors import NotFoundError
from amanat.portals.form_key import key_of, new_key
from amanat.portals.privacy.home import DESK
from amanat.portals.routes import PortalRequest
from amanat.publication import service


def letters(request: PortalRequest) -> HttpResponse:
    _require_desk(request)
    facts = {"letters": service.letters_of(request.actor), "answered": request.GET.get("said") == "answered"}
    return render(request, "privacy/letters/list.html", facts)


def letter(request: PortalRequest, letter: UUID) -> HttpResponse:
    """One letter, opened by a decision of its own; or the note that it was answered."""
    _require_desk(request)
    if request.method == "POST":
        with contextlib.suppress(AlreadyAnsweredError):
            service.close_letter(request.actor, letter, key_of(request))
        return HttpResponseRedirect(reverse("privacy:letters") + "?said=answered")
    return render(
        request,
        "privacy/letters/letter.html",
        {"opened": service.open_letter(request.actor, letter), "form_key": new_key()},
    )


def _require_desk(request: PortalRequest) -> None:
    if request.actor.role not in DESK:
        raise NotFoundError
