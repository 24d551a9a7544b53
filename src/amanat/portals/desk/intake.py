"""Intake by telephone: the spoken notice, the search for the caller, and the opening of a case.

What was typed into the search stands in no address and is not kept. Nobody found, and somebody who is not this
desk's, are one answer.
"""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from amanat.cases import service
from amanat.cases.forms import OpenForm, SearchForm
from amanat.cases.service import Caller, Opening
from amanat.custody.answers import AlreadyAnsweredError
from amanat.errors import NotFoundError, RateLimitedError
from amanat.portals.desk import words
from amanat.portals.desk.shown import errors_of
from amanat.portals.form_key import key_of, new_key
from amanat.portals.routes import PortalRequest
from amanat.publication.service import reasons_of


def intake(request: PortalRequest) -> HttpResponse:
    """The search, and what it found."""
    form = SearchForm(request.POST or None)
    searched = request.method == "POST" and form.is_valid()
    found: list[Caller] = []
    spent: RateLimitedError | None = None
    if searched:
        try:
            found = service.find_callers(request.actor, form.cleaned_data["field"], form.cleaned_data["value"])
        except RateLimitedError as over:
            searched, spent = False, over
    facts = {
        "form": form,
        "errors": errors_of(form),
        "searched": searched,
        "spent": spent,
        "minutes": -(-(spent.retry_after or 0) // 60) if spent else 0,
        "found": [(one, words.pairs(one.card, service.CARD)) for one in found],
    }
    answer = render(request, "desk/intake/intake.html", facts, status=429 if spent else 422 if form.errors else 200)
    if spent and spent.retry_after:
        answer["Retry-After"] = str(spent.retry_after)
    return answer


def caller(request: PortalRequest) -> HttpResponse:
    """The caller was chosen: ask what has happened."""
    subject = _subject(request)
    form = OpenForm(initial={"subject": subject}, role=request.actor.role)
    return _open_page(request, form, subject)


def open_case(request: PortalRequest) -> HttpResponse:
    """Open the case, and go to it."""
    subject = _subject(request)
    form = OpenForm(request.POST, role=request.actor.role)
    if not form.is_valid():
        return _open_page(request, form, subject)
    said = form.cleaned_data
    opening = Opening(said["kind"], said["reason"], said["emergency"], recording=said["recording"])
    try:
        opened = service.open_case(request.actor, subject, opening, key_of(request))
    except AlreadyAnsweredError as before:
        return _to_case(UUID(before.result["case"]))
    if opened.case is None:
        facts = {
            "decision": opened.decision,
            "needs": [words.need_name(need) for need in opened.decision.needs],
            "told": reasons_of(opened.requests, opened.decision),
        }
        return render(request, "desk/intake/refused.html", facts, status=403)
    return _to_case(opened.case)


def _subject(request: PortalRequest) -> UUID:
    """The pseudonym of the chosen caller; anything else is nobody."""
    try:
        return UUID(request.POST.get("subject", ""))
    except ValueError:
        raise NotFoundError from None


def _open_page(request: PortalRequest, form: OpenForm, subject: UUID) -> HttpResponse:
    found = service.caller_of(request.actor, subject)
    facts = {
        "form": form,
        "errors": errors_of(form),
        "person": found,
        "card": words.pairs(found.card, service.CARD),
        "form_key": new_key(),
    }
    return render(request, "desk/intake/open.html", facts, status=422 if form.errors else 200)


def _to_case(case: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:case", kwargs={"case": case}) + "?said=opened")
