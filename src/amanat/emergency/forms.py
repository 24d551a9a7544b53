"""What a member types into their emergency record, every field free to stay empty; and a reviewer's verdict."""

from typing import Any, Final

from django import forms
from django.core.validators import RegexValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amanat.emergency.models import Verdict

_LONGEST: Final = 500


def _text(label: Promise, help_text: Promise, **more: Any) -> forms.CharField:
    errors = {"max_length": _("Write at most 500 characters")}
    texts: dict[str, Any] = {"label": label, "help_text": help_text, "error_messages": errors}
    return forms.CharField(**texts, required=False, max_length=_LONGEST, **more)


def _phone(label: Promise) -> forms.CharField:
    """A number somebody can dial in the night, however it is spaced."""
    wrong = _("Write a telephone number such as +41 44 555 01 17, or leave it empty")
    dialled = RegexValidator(r"^\D*(\d\D*){5,}$", wrong)
    return _text(label, _("With the country code, such as +41."), validators=[dialled])


class RecordForm(forms.Form):
    allergies = _text(_("Allergies"), _("What you react to, and how."), widget=forms.Textarea)
    blood_type = _text(_("Blood type"), _("Such as O- or AB+, if you know it."))
    current_medicines = _text(_("Medicines you take"), _("Name, strength and how often."), widget=forms.Textarea)
    critical_conditions = _text(
        _("Conditions that a rescuer must know of"),
        _("Such as diabetes, epilepsy or a heart valve."),
        widget=forms.Textarea,
    )
    treating_doctor_phone = _phone(_("Telephone of your doctor"))


class NomineeForm(forms.Form):
    """Whom to tell when the member is in trouble."""

    prefix = "nominee"
    name = _text(_("Name of the person"), _("Somebody who knows that you name them here."))
    phone = _phone(_("Telephone of the person"))


class VerdictForm(forms.Form):
    """What a reviewer finds about a broken glass."""

    verdict = forms.ChoiceField(
        label=_("What do you find?"),
        widget=forms.RadioSelect,
        choices=[
            (Verdict.JUSTIFIED.value, _("Justified: life was at stake, and no more was seen than needed")),
            (Verdict.TOO_WIDE.value, _("Too wide: rightly broken, but seen or kept open more than needed")),
            (Verdict.NOT_JUSTIFIED.value, _("Not justified: it should have stayed whole")),
        ],
    )
