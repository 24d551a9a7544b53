"""What a member types into their emergency record. Short, free text: every field may stay empty."""

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

_LONGEST: Final = 500


def _text(label: str, help_text: str, **more: object) -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=_LONGEST, **more)  # type: ignore[arg-type]


class RecordForm(forms.Form):
    allergies = _text(_("Allergies"), _("What you react to, and how."), widget=forms.Textarea)
    blood_type = _text(_("Blood type"), _("Such as O- or AB+, if you know it."))
    current_medicines = _text(_("Medicines you take"), _("Name, strength and how often."), widget=forms.Textarea)
    critical_conditions = _text(
        _("Conditions that a rescuer must know of"),
        _("Such as diabetes, epilepsy or a heart valve."),
        widget=forms.Textarea,
    )
    treating_doctor_phone = _text(_("Telephone of your doctor"), _("With the country code, such as +41."))


class NomineeForm(forms.Form):
    """Whom to tell when the member is in trouble."""

    prefix = "nominee"
    name = _text(_("Name of the person"), _("Somebody who knows that you name them here."))
    phone = _text(_("Telephone of the person"), _("With the country code, such as +41."))
