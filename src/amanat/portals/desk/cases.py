"""The cases of whoever is signed in: the list, the minimum screen, notes, the emergency, the end."""

import contextlib
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from amanat.cases import service, sharing
from amanat.cases.forms import (
    EMERGENCY_LABELS,
    REASON_LABELS,
    AnswerForm,
    CloseForm,
    EmergencyForm,
    NoteForm,
)
from amanat.cases.reports import KINDS as REPORTED
from amanat.cases.service import CasePage
from amanat.custody.answers import AlreadyAnsweredError
from amanat.errors import ConflictError
from amanat.portals import formats
from amanat.portals.desk import words
from amanat.portals.desk.shown import entries, errors_of, said, to_case
from amanat.portals.form_key import key_of, new_key
from amanat.portals.routes import PortalRequest
from amanat.publication.service import reasons_of

_SEEN = ("name", "language", "phone_home", "phone_work", "event_location")
# The sentence that is read out, as it is kept with the answer: one language, whatever the page is written in.
QUESTION = (
    "May we use your emergency record and show it to those who treat you: our group, the medical firms that work with "
    "us, and doctors near you?"
)


def home(request: PortalRequest) -> HttpResponse:
    """The open cases of the one who asks."""
    held = service.my_cases(request.actor)
    facts = {
        "cases": [
            {"line": one, "name": words.person_name(one.name), "kind": words.kind_name(one.kind),
             "reason": REASON_LABELS[one.reason]}
            for one in held
        ],
        "notice": said(request),
    }  # fmt: skip
    return render(request, "desk/cases/list.html", facts)


def case(request: PortalRequest, case: UUID) -> HttpResponse:
    """The case, and a note to add to it."""
    if request.method == "POST":
        return _note(request, case)
    page = service.case_page(request.actor, case)
    return _case_page(request, page, NoteForm(initial={"version": page.version, **_place(page)}))


def _note(request: PortalRequest, case: UUID) -> HttpResponse:
    """Keep the note. Who is second finds their words again beside what the first wrote."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _case_page(request, service.case_page(request.actor, case), form, status=422)
    typed = form.cleaned_data
    place = {"place": typed["place"], "country": typed["country"]}
    try:
        judged = service.add_note(request.actor, case, typed["text"], place, typed["version"], key_of(request))
    except AlreadyAnsweredError:
        return to_case(case, "noted")
    except ConflictError:
        return _overtaken(request, service.case_page(request.actor, case), form)
    if not judged.decision.permitted:
        facts = {
            "decision": judged.decision,
            "needs": [words.need_name(need) for need in judged.decision.needs],
            "told": reasons_of(judged.requests, judged.decision),
            "case": case,
            "typed": typed["text"],
        }
        return render(request, "desk/cases/not_kept.html", facts, status=403)
    return to_case(case, "noted")


def _overtaken(request: PortalRequest, page: CasePage, form: NoteForm) -> HttpResponse:
    """Show the newer log with the words that were not kept still in the form, ready to be added to it."""
    again = NoteForm({**form.data.dict(), "version": page.version})  # type: ignore[attr-defined]
    return _case_page(request, page, again, status=409, overtaken=True)


def _place(page: CasePage) -> dict[str, str]:
    place = page.values.get("event_location")
    return dict(place) if isinstance(place, dict) else {}


def _case_page(
    request: PortalRequest, page: CasePage, form: NoteForm, *, status: int = 200, overtaken: bool = False
) -> HttpResponse:
    facts = {
        "page": page,
        "name": words.person_name(page.values.get("name")),
        "kind": words.kind_name(page.kind),
        "reason": REASON_LABELS[page.reason],
        "emergency": EMERGENCY_LABELS[page.emergency_reason] if page.emergency_reason else "",
        "seen": words.pairs(page.values, _SEEN),
        "log": entries(page.values.get("case_log", ()), request.actor.account),
        "glass_until": datetime.fromisoformat(page.glass_until) if page.glass_until else None,
        "form": form,
        "errors": errors_of(form),
        "countries": [("", "—"), *words.countries()],
        "form_key": new_key(),
        "notice": said(request),
        "overtaken": overtaken,
        "has_reports": page.kind in REPORTED,
        "can_declare": page.state == "open" and bool(service.EMERGENCY_REASONS[page.kind]),
        "can_break": page.state == "emergency" and page.kind == "medical",
    }
    return render(request, "desk/cases/case.html", facts, status=status)


def emergency(request: PortalRequest, case: UUID) -> HttpResponse:
    """Declare an emergency: which reason, by whom, from now on."""
    page = service.case_page(request.actor, case) if request.method == "GET" else None
    if page is not None:
        return _question(request, case, EmergencyForm(kind=page.kind), "desk/cases/emergency.html")
    return _declared(request, case)


def _declared(request: PortalRequest, case: UUID) -> HttpResponse:
    reason = request.POST.get("reason", "")
    if reason not in EMERGENCY_LABELS:
        form = EmergencyForm(request.POST, kind=service.case_page(request.actor, case).kind)
        return _question(request, case, form, "desk/cases/emergency.html")
    try:
        service.declare_emergency(request.actor, case, reason, key_of(request))
    except AlreadyAnsweredError:
        return to_case(case, "emergency")
    return to_case(case, "emergency")


def close(request: PortalRequest, case: UUID) -> HttpResponse:
    """End a case."""
    form = CloseForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        service.case_page(request.actor, case)
        return _question(request, case, form, "desk/cases/close.html")
    with contextlib.suppress(AlreadyAnsweredError):
        service.close_case(request.actor, case, form.cleaned_data["outcome"], key_of(request))
    return HttpResponseRedirect(reverse("desk:home") + "?said=closed")


def answer(request: PortalRequest, case: UUID) -> HttpResponse:
    """Note what the person says on the telephone about their emergency record."""
    form = AnswerForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        service.case_page(request.actor, case)
        return _question(request, case, form, "desk/cases/answer.html")
    agrees = form.cleaned_data["agrees"] == "yes"
    with contextlib.suppress(AlreadyAnsweredError):
        sharing.record_answer(
            request.actor, case, agrees=agrees, wording=QUESTION, language=formats.language(), key=key_of(request)
        )
    return to_case(case, "yes" if agrees else "no")


def _question(request: PortalRequest, case: UUID, form: Any, template: str) -> HttpResponse:
    """A page with one form about a case."""
    facts = {"case": case, "form": form, "errors": errors_of(form), "form_key": new_key()}
    return render(request, template, facts, status=422 if form.errors else 200)
