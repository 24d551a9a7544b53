"""Telling somebody about a case, and looking at health facts: decided first, done then, and explained when refused."""

import contextlib
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from amanat.cases import sharing
from amanat.cases.forms import ShareForm
from amanat.cases.recipients import CASE, IDENTITY
from amanat.cases.sharing import Preview
from amanat.custody.answers import AlreadyAnsweredError
from amanat.emergency.glass import HEALTH
from amanat.portals.desk import words
from amanat.portals.desk.panel import panel
from amanat.portals.desk.shown import to_case
from amanat.portals.form_key import key_of, new_key
from amanat.portals.routes import PortalRequest


def share(request: PortalRequest, case: UUID) -> HttpResponse:
    """Whom to tell, and what."""
    return _form_page(request, case, None)


def preview(request: PortalRequest, case: UUID) -> HttpResponse:
    """What would be decided: a question before it is told, or the refusal."""
    form = _typed(request)
    if not form.is_valid():
        return _form_page(request, case, form)
    typed = form.cleaned_data
    seen = sharing.preview(request.actor, case, typed["words"], typed["to"], typed["country"])
    return _preview_page(request, case, seen)


def _preview_page(request: PortalRequest, case: UUID, seen: Preview, wrong: str = "") -> HttpResponse:
    facts = {
        "case": case,
        "seen": seen,
        "who": words.option_name(seen.option),
        "what": [words.data_name(word) for word in seen.words],
        "duties": words.duty_names(seen.decision.obligations),
        "must_say_why": any(duty.name == "record_reason" for duty in seen.decision.obligations),
        "panel": panel(case, seen.refusal, seen.country) if seen.refusal else None,
        "wrong": wrong,
        "form_key": new_key(),
    }
    return render(request, "desk/sharing/preview.html", facts, status=403 if seen.refusal else 422 if wrong else 200)


def send(request: PortalRequest, case: UUID) -> HttpResponse:
    """Tell it, and show what was told with its receipt."""
    form = _typed(request)
    if not form.is_valid():
        return _form_page(request, case, form)
    typed, why = form.cleaned_data, request.POST.get("why", "")
    try:
        sheet = sharing.disclose(
            request.actor, case, typed["words"], typed["to"], typed["country"], why, key_of(request)
        )
    except AlreadyAnsweredError:
        return to_case(case, "told")
    except sharing.ReasonMissingError:
        seen = sharing.preview(request.actor, case, typed["words"], typed["to"], typed["country"])
        return _preview_page(request, case, seen, _("Say in a sentence why they need it."))
    if sheet is None:
        return preview(request, case)
    facts = {
        "case": case,
        "sheet": sheet,
        "who": words.option_name(sheet.option),
        "values": words.pairs(sheet.values, typed["words"]),
        "duties": words.duty_names(sheet.decision.obligations),
    }
    return render(request, "desk/sharing/sheet.html", facts)


def ask(request: PortalRequest, case: UUID) -> HttpResponse:
    """Put the missing question to the person."""
    listed = request.POST.get("words", "").split(",")
    to, country = request.POST.get("to", ""), request.POST.get("country", "")[:2]
    with contextlib.suppress(AlreadyAnsweredError):
        sharing.ask_member(request.actor, case, listed, to, country, key_of(request))
    return to_case(case, "asked")


def health(request: PortalRequest, case: UUID) -> HttpResponse:
    """The health facts, or why not and what else works."""
    page = sharing.look_at_health(request.actor, case)
    facts = {
        "case": case,
        "page": page,
        "values": words.pairs(page.values, HEALTH) if page.refusal is None else words.pairs(page.values, page.values),
        "panel": panel(case, page.refusal) if page.refusal else None,
    }
    return render(request, "desk/sharing/health.html", facts, status=403 if page.refusal else 200)


def _typed(request: PortalRequest) -> ShareForm:
    """The form as typed; an alternative's button names its words in one hidden field."""
    data = request.POST.copy()
    data.setlist("words", [word for listed in data.getlist("words") for word in listed.split(",") if word])
    return ShareForm(data)


def _form_page(request: PortalRequest, case: UUID, form: ShareForm | None) -> HttpResponse:
    page = sharing.share_form(request.actor, case)
    typed = form.data if form else {}
    wrong = {name: str(form.errors[name][0]) if form and name in form.errors else "" for name in ("to", "words")}
    facts = {
        "case": case,
        "page": page,
        "name": words.person_name(page.name),
        "groups": [_group(listed) for listed in (IDENTITY, CASE, HEALTH)],
        "chosen": typed.getlist("words") if form else [],  # type: ignore[attr-defined]
        "options": [("", "—"), *((one.key, words.option_name(one)) for one in page.options)],
        "to": typed.get("to", ""),
        "country": typed.get("country") or page.country,
        "countries": words.countries(),
        "errors": [(f"field-{name}", message) for name, message in wrong.items() if message],
        "wrong": wrong,
        "form_key": new_key(),
    }
    return render(request, "desk/sharing/share.html", facts, status=422 if form else 200)


def _group(listed: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(word, words.data_name(word)) for word in listed]
