"""Small parts that several pages of the desk show: errors by field, notices after a change, entries of a log."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from amanat.portals.desk import words


def errors_of(form: forms.Form) -> list[tuple[str, str]]:
    """(id of the control, its label and what is wrong) for each wrong field, as the error summary prints them."""
    return [(_control(form, name), _message(form, name, str(listed[0]))) for name, listed in form.errors.items()]


def _message(form: forms.Form, name: str, wrong: str) -> str:
    label = form.fields[name].label
    return f"{label} — {wrong}" if label else wrong


def _control(form: forms.Form, name: str) -> str:
    """The id of a field's first control: a group of ticks or radios has none of its own."""
    bound = form[name]
    return bound.id_for_label or f"field-{bound.html_name}"


def said(request: HttpRequest) -> str:
    """The notice for what was just done, named in the address by a code; any other code says nothing."""
    notices = {
        "opened": _("The case is open, and it is yours."),
        "noted": _("The note is kept."),
        "emergency": _("The case is an emergency now."),
        "asked": _("The question is on its way. The answer comes by the person's own page or by telephone."),
        "yes": _("Their yes is kept and in force."),
        "no": _("Their no is kept. Nobody opens these facts, also not in an emergency."),
        "told": _("This was told already; nothing was told twice."),
        "glass_closed": _("The glass is whole again. The person is told, and asked to confirm, limit or erase."),
        "report_kept": _("The report is kept. The person allowed this sender."),
        "report_held": _("The report is sealed and unread. The person is asked whether they allow this sender."),
        "closed": _("The case is closed, and with it every look into it."),
    }
    return notices.get(request.GET.get("said", ""), "")


def to_case(case: UUID, code: str) -> HttpResponse:
    """Back to the case, with a notice."""
    return HttpResponseRedirect(reverse("desk:case", kwargs={"case": case}) + f"?said={code}")


def entries(log: Iterable[Mapping[str, Any]], own: UUID | None) -> list[dict[str, Any]]:
    """The entries of a case's log, newest first: when, who by role, and what."""
    about = {
        "glass_opened": _("Glass broken"),
        "glass_closed": _("Glass closed"),
        "told": _("Told to somebody"),
    }
    return [
        {
            "at": datetime.fromisoformat(str(entry["at"])),
            "who": _("You") if entry["by"] == str(own) else words.role_name(str(entry["role"])),
            "about": about.get(str(entry["about"]), ""),
            "text": str(entry["text"]),
        }
        for entry in reversed(list(log))
    ]
