"""My emergency record: the fields, and beside them the empty boxes without which nothing of it is kept."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amanat.custody.answers import AlreadyAnsweredError
from amanat.custody.choosing import Asked
from amanat.emergency import service
from amanat.emergency.forms import NomineeForm, RecordForm
from amanat.emergency.service import KEEPING, RECIPIENTS, Draft, RecordPage, Saved
from amanat.errors import ConflictError
from amanat.portals.form_key import key_of, new_key
from amanat.portals.member import choice_words
from amanat.portals.routes import PortalRequest

_BOX = "yes"
_FIELD = {KEEPING: "keep", "group": "group", "provider.medical": "medical_firms", "local_clinician": "doctors"}
_NAMING = "naming"


def record(request: PortalRequest) -> HttpResponse:
    if request.method == "POST":
        return _save(request)
    page = service.record_of(request.actor)
    forms = RecordForm(initial=dict(page.values)), NomineeForm(initial=dict(page.nominee))
    return _show(request, page, *forms, saved="saved" in request.GET)


def _save(request: PortalRequest) -> HttpResponse:
    form, nominee = RecordForm(request.POST), NomineeForm(request.POST)
    if not (form.is_valid() and nominee.is_valid()):
        return _show(request, service.record_of(request.actor), form, nominee, status=422)
    wordings = {towards: sentence for towards, sentence, _meaning in _questions()} | {"nominee": _naming_question()}
    asked = Asked(wordings[KEEPING], service.FORM_VERSION, get_language() or "en")
    try:
        saved = service.save_record(request.actor, _draft(request, form, nominee), asked, wordings, key_of(request))
    except AlreadyAnsweredError as before:
        return _kept(before.result["receipt"])
    except ConflictError:
        page = service.record_of(request.actor)
        return _show(request, page, form, nominee, status=409, overtaken=True)
    if saved.kept:
        return _kept(str(saved.receipt or ""))
    return _show(request, service.record_of(request.actor), form, nominee, status=422, refused=saved)


def _draft(request: PortalRequest, form: RecordForm, nominee: NomineeForm) -> Draft:
    version = request.POST.get("version", "")
    return Draft(
        form.cleaned_data,
        int(version) if version.isdecimal() and len(version) < 9 else 0,
        nominee.cleaned_data,
        frozenset(towards for towards, field in _FIELD.items() if request.POST.get(field) == _BOX),
        naming=request.POST.get(_NAMING) == _BOX,
    )


def _kept(receipt: str) -> HttpResponse:
    """To the receipt if a yes was given, else back to the record."""
    if receipt:
        return HttpResponseRedirect(reverse("member:receipt", kwargs={"record": receipt}) + "?saved=record")
    return HttpResponseRedirect(reverse("member:record") + "?saved")


def _show(
    request: PortalRequest, page: RecordPage, form: RecordForm, nominee: NomineeForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The form. What was typed and ticked stays; nothing is ticked by us."""
    refused: Saved | None = more.get("refused")
    missing = _missing(refused)
    facts = {
        "page": page,
        "form": form,
        "nominee": nominee,
        "boxes": _boxes(request, page),
        "agreed": [choice_words.keeping(towards) for towards in (KEEPING, *RECIPIENTS) if towards in _standing(page)],
        "naming": _naming_box(request, page),
        "errors": [*_errors(form), *_errors(nominee), *missing],
        "unticked": dict(missing),
        "clauses": refused.clauses if refused else (),
        "asked_again": page.outdated,
        "theirs": [*_theirs(page.values, form), *_theirs(page.nominee, nominee)] if more.get("overtaken") else [],
        "overtaken": bool(more.get("overtaken")),
        "saved": bool(more.get("saved")),
        "form_key": new_key(),
    }
    return render(request, "member/record/record.html", facts, status=status)


def _standing(page: RecordPage) -> frozenset[str]:
    """The boxes that need no new answer."""
    return frozenset() if page.outdated else page.agreed


def _boxes(request: PortalRequest, page: RecordPage) -> list[dict[str, Any]]:
    """One empty box for each kind of recipient that has not been agreed to on this form."""
    return [
        {"name": _FIELD[towards], "label": sentence, "explanation": meaning, "clause": "8.4",
         "checked": request.POST.get(_FIELD[towards]) == _BOX}
        for towards, sentence, meaning in _questions()
        if towards not in _standing(page)
    ]  # fmt: skip


def _questions() -> list[tuple[str, str, str]]:
    return [(towards, *choice_words.record_question(towards)) for towards in (KEEPING, *RECIPIENTS)]


def _naming_question() -> str:
    return _("I agree that you tell this person who and where I am if I am in a medical emergency.")


def _naming_box(request: PortalRequest, page: RecordPage) -> list[dict[str, Any]]:
    if page.named:
        return []
    meaning = _("They hear nothing about your health. Without the tick, we keep no name here and tell nobody.")
    ticked = request.POST.get(_NAMING) == _BOX
    return [{"name": _NAMING, "label": _naming_question(), "explanation": meaning, "clause": "E.1", "checked": ticked}]


def _errors(form: RecordForm | NomineeForm) -> list[tuple[str, str]]:
    return [(form[name].id_for_label, str(wrong)) for name, listed in form.errors.items() for wrong in listed]


def _missing(refused: Saved | None) -> list[tuple[str, str]]:
    """Why nothing was kept, and which box would change that."""
    if refused is None:
        return []
    sentences = {
        "8.4": ("opt-in-keep", _("Nothing was saved: clause 8.4 asks for your tick before we keep any of it.")),
        "8.3b": (
            "opt-in-keep",
            _("Nothing was saved: the questions have changed since your yes, so clause 8.3 has us ask you again."),
        ),
        "E.1": (
            "naming-naming",
            _("Nothing was saved: clause E.1 asks for your tick before we keep whom you name."),
        ),
    }
    found = next((sentences[clause] for clause in refused.clauses if clause in sentences), None)
    return [found or ("id_allergies", _("Nothing was saved: one of your own choices keeps these facts out."))]


def _theirs(saved: Mapping[str, str], form: RecordForm | NomineeForm) -> list[tuple[str, str]]:
    """What was saved meanwhile, where it differs from what was typed."""
    typed: Mapping[str, str] = form.cleaned_data
    return [(str(form[name].label), text or "—") for name, text in saved.items() if text != typed.get(name, "")]
