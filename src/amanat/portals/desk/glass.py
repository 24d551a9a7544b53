"""Break-glass at the desk: a checklist, a question, the minimum with its deadline, and a close-out in two steps."""

import contextlib
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from amanat.cases import breaking
from amanat.cases.forms import (
    ENDED_LABELS,
    GLASS_REASON_LABELS,
    IMPRACTICABLE_LABELS,
    ChecklistForm,
    CloseOutForm,
)
from amanat.custody.answers import AlreadyAnsweredError
from amanat.emergency.glass import HOUSE_REVIEW, MINIMUM, Checklist, Opening
from amanat.portals.desk import words
from amanat.portals.desk.shown import errors_of, to_case
from amanat.portals.form_key import key_of, new_key
from amanat.portals.routes import PortalRequest
from amanat.vocabulary import clock


def open_glass(request: PortalRequest, case: UUID) -> HttpResponse:
    """The checklist; then what will be shown, told and when; then the glass breaks."""
    form = ChecklistForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and "confirmed" in request.POST:
        return _break(request, case, form.cleaned_data)
    before = breaking.before_glass(request.actor, case)
    facts = {"case": case, "before": before, "name": words.person_name(before.name), "form": form}
    if before.stays_whole:
        return render(request, "desk/glass/whole.html", facts | {"why": before.stays_whole}, status=403)
    if form.is_valid():
        return render(request, "desk/glass/confirm.html", facts | _question(form))
    facts |= {"errors": errors_of(form), "form_key": new_key()}
    return render(request, "desk/glass/open.html", facts, status=422 if form.errors else 200)


def _question(form: ChecklistForm) -> dict[str, Any]:
    typed = form.cleaned_data
    return {
        "minimum": [words.data_name(word) for word in MINIMUM],
        "until": clock.now() + timedelta(hours=typed["hours"]),
        "review": clock.now() + HOUSE_REVIEW,
        "reason": GLASS_REASON_LABELS[typed["reason"]],
        "impracticable": IMPRACTICABLE_LABELS[typed["impracticable"]],
        "typed": typed,
        "form_key": new_key(),
    }


def _break(request: PortalRequest, case: UUID, typed: dict[str, Any]) -> HttpResponse:
    checklist = Checklist(typed["reason"], typed["impracticable"], typed["hours"], typed["words"])
    try:
        opening = breaking.break_glass(request.actor, case, checklist, key_of(request))
    except AlreadyAnsweredError as before:
        opening = Opening(None, before.result["stays_whole"])
    if opening.stays_whole:
        return render(request, "desk/glass/whole.html", {"case": case, "why": opening.stays_whole}, status=403)
    return HttpResponseRedirect(reverse("desk:glass", kwargs={"case": case}))


def glass(request: PortalRequest, case: UUID) -> HttpResponse:
    """The minimum, while it lasts."""
    page = breaking.through_glass(request.actor, case)
    state = page.glass
    facts = {
        "case": case,
        "page": page,
        "state": state,
        "name": words.person_name(page.values.get("name")),
        "values": words.pairs(page.values, MINIMUM) if state and state.live else [],
        "reason": GLASS_REASON_LABELS[state.reason] if state else "",
    }
    return render(request, "desk/glass/glass.html", facts)


def close_glass(request: PortalRequest, case: UUID) -> HttpResponse:
    """First what came of it, then the question, then it ends."""
    form = CloseOutForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and "confirmed" in request.POST:
        return _close(request, case, form.cleaned_data)
    page = breaking.before_glass(request.actor, case)
    facts = {"case": case, "number": page.number, "form": form, "errors": errors_of(form), "form_key": new_key()}
    if form.is_valid():
        typed = form.cleaned_data
        facts |= {"typed": typed, "ended": ENDED_LABELS[typed["ended"]]}
        return render(request, "desk/glass/close_confirm.html", facts)
    return render(request, "desk/glass/close.html", facts, status=422 if form.errors else 200)


def _close(request: PortalRequest, case: UUID, typed: dict[str, Any]) -> HttpResponse:
    with contextlib.suppress(AlreadyAnsweredError):
        breaking.close_glass(request.actor, case, typed["ended"], typed["words"], key_of(request))
    return to_case(case, "glass_closed")
