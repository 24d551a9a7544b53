"""Feedback, questions and complaints from anybody, named or not: a letter to a company, and a receipt for it."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core import signing
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from amanat.custody.letters import Letter
from amanat.portals.form_key import key_of, new_key
from amanat.portals.routes import PortalRequest
from amanat.publication import service

LONGEST = 4000
_SIGNER = signing.TimestampSigner(salt="receipt of a letter")


class LetterForm(forms.Form):
    """What a visitor may write. Only the message has to be there."""

    kind = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[("enquiry", _("A question, or what you think")), ("complaint", _("A complaint"))],
        widget=forms.RadioSelect, initial="enquiry", error_messages={"required": _("Choose one of the two")},
    )  # fmt: skip
    company = forms.ChoiceField(label=_("To which company?"))
    text = forms.CharField(
        label=_("Your message"), max_length=LONGEST, widget=forms.Textarea,
        help_text=_("Leave out what concerns your health: anything medical belongs in your record, or on the phone."),
        error_messages={"required": _("Write your message"), "max_length": _("Write at most 4,000 characters")},
    )  # fmt: skip
    reply = forms.EmailField(
        label=_("E-mail address for the answer"), required=False, max_length=254,
        help_text=_("Leave this empty and nobody knows who wrote. Then nobody can answer you either."),
        error_messages={"invalid": _("Write an e-mail address such as name@example.org, or nothing")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        company = self.fields["company"]
        assert isinstance(company, forms.ChoiceField)  # noqa: S101  # for the type checker
        company.choices = [(one.code, one.name) for one in service.companies()]


def write(request: PortalRequest) -> HttpResponse:
    if request.method == "POST":
        return _send(request, LetterForm(request.POST))
    form = LetterForm(initial={"company": request.GET.get("company", "")})
    return render(request, "public/letters/write.html", {"form": form, "errors": [], "form_key": new_key()})


def received(request: PortalRequest) -> HttpResponse:
    """The receipt. It is read from the address, which we signed: nothing about the writer is kept to show it."""
    try:
        facts = _SIGNER.unsign_object(request.GET.get("receipt", ""))
    except signing.BadSignature:
        raise Http404 from None
    facts["when"], facts["until"] = (datetime.fromisoformat(facts[name]) for name in ("when", "until"))
    return render(request, "public/letters/received.html", facts)


def _send(request: PortalRequest, form: LetterForm) -> HttpResponse:
    if not form.is_valid():
        errors = [(field.id_for_label, field.errors[0]) for field in form if field.errors]
        return render(
            request, "public/letters/write.html", {"form": form, "errors": errors, "form_key": new_key()}, status=422
        )
    said = form.cleaned_data
    letter = service.send_letter(said["company"], said["kind"], said["text"], said["reply"], key_of(request))
    receipt = _SIGNER.sign_object(_receipt(letter, dict(form.fields["company"].choices)[letter.company]))  # type: ignore[attr-defined]
    return HttpResponseRedirect("/feedback/received/?" + urlencode({"receipt": receipt}))


def _receipt(letter: Letter, company: str) -> dict[str, Any]:
    return {
        "number": letter.number, "company": company, "kind": letter.kind, "clauses": letter.clauses,
        "when": letter.at.isoformat(), "until": letter.until.isoformat(),
    }  # fmt: skip
