"""What a member types into their emergency record. Short, free text: every field may stay empty."""

from django import forms
from django.utils.translation import gettext_lazy as _

from amanat.emergency.service import FIELDS

_LONGEST = 500


class RecordForm(forms.Form):
    allergies = forms.CharField(
        label=_("Allergies"),
        help_text=_("What you react to, and how."),
        widget=forms.Textarea,
    )
    blood_type = forms.CharField(label=_("Blood type"), help_text=_("Such as O- or AB+, if you know it."))
    current_medicines = forms.CharField(
        label=_("Medicines you take"),
        help_text=_("Name, strength and how often."),
        widget=forms.Textarea,
    )
    critical_conditions = forms.CharField(
        label=_("Conditions that a rescuer must know of"),
        help_text=_("Such as diabetes, epilepsy or a heart valve."),
        widget=forms.Textarea,
    )
    treating_doctor_phone = forms.CharField(label=_("Telephone of your doctor"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name in FIELDS:
            self.fields[name].required = False
            self.fields[name].max_length = _LONGEST  # type: ignore[attr-defined]
