"""What a desk types about a case. Each form keeps what was typed when something is wrong with it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from amanat.cases.models import EmergencyReason, Outcome, Reason
from amanat.cases.recipients import WORDS
from amanat.cases.service import EMERGENCY_REASONS, REASONS, kinds_for
from amanat.custody.searching import surname_and_birth_date
from amanat.emergency.glass import ENDED, HOURS
from amanat.emergency.log import LONGEST
from amanat.emergency.models import Impracticable
from amanat.emergency.models import Reason as GlassReason

_COUNTRY = r"^[A-Z]{2}$"
_EARLIEST_BIRTH = 1900  # two digits of a year are no year

FIELD_LABELS = (
    ("policy_number", _("Policy number")),
    ("email", _("E-mail address")),
    ("phone", _("Telephone number")),
    ("surname_birth_date", _("Surname and date of birth")),
)
REASON_LABELS: Mapping[str, Any] = {
    Reason.ILLNESS: _("Somebody is ill"),
    Reason.ACCIDENT: _("An accident"),
    Reason.MEDICINE: _("Medicine is needed"),
    Reason.THEFT: _("Something was stolen"),
    Reason.THREAT: _("Somebody is threatened"),
    Reason.UNREST: _("Unrest around the person"),
    Reason.DISASTER: _("A natural disaster"),
    Reason.QUESTION: _("A question or advice"),
}
EMERGENCY_LABELS: Mapping[str, Any] = {
    EmergencyReason.GRAVE_ILLNESS: _("Grave illness"),
    EmergencyReason.ACCIDENT: _("Grave accident"),
    EmergencyReason.ORDER_BROKE_DOWN: _("Public order has broken down"),
    EmergencyReason.DISASTER: _("Disaster"),
}
OUTCOME_LABELS: Mapping[str, Any] = {
    Outcome.HELPED: _("Helped"),
    Outcome.HANDED_OVER: _("Handed over to somebody else"),
    Outcome.NO_HELP_NEEDED: _("No help was needed"),
    Outcome.OPENED_BY_MISTAKE: _("Opened by mistake"),
}
GLASS_REASON_LABELS: Mapping[str, Any] = {
    GlassReason.GRAVE_ILLNESS: _("Grave illness"),
    GlassReason.ACCIDENT: _("Grave accident"),
    GlassReason.MISSING_ILL: _("Missing, and known to need medicine"),
    GlassReason.VIOLENCE: _("Hurt by violence"),
}
IMPRACTICABLE_LABELS: Mapping[str, Any] = {
    Impracticable.UNCONSCIOUS: _("Unconscious"),
    Impracticable.CONFUSED: _("Too confused or too weak to answer"),
    Impracticable.UNREACHABLE: _("Cannot be reached"),
    Impracticable.NO_TIME: _("Asking would cost the time that saves the life"),
}
ENDED_LABELS: Mapping[str, Any] = {
    "care_arranged": _("Care was arranged"),
    "handed_over": _("Handed over to those who treat the person"),
    "person_answers": _("The person can answer again"),
    "not_needed": _("It turned out not to be needed"),
    "case_closed": _("The case was closed"),
}


class SearchForm(forms.Form):
    """One exact value. A surname needs a date of birth: alone it finds too many."""

    field = forms.ChoiceField(
        label=_("What does the caller give you?"), choices=FIELD_LABELS, widget=forms.RadioSelect,
        initial="policy_number",
    )  # fmt: skip
    value = forms.CharField(
        label=_("As they say it"),
        max_length=120,
        help_text=_("The whole number, address or surname. Parts find nothing."),
    )
    birth_day = forms.CharField(required=False)
    birth_month = forms.CharField(required=False)
    birth_year = forms.CharField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("field") == "surname_birth_date" and cleaned.get("value"):
            cleaned["value"] = self._with_birth_date(cleaned)
        return cleaned

    def _with_birth_date(self, cleaned: dict[str, Any]) -> str:
        """The search token's form. The three boxes are one answer, so that what is wrong is said once and at them."""
        try:
            born = date(*(int(cleaned.get(f"birth_{part}") or 0) for part in ("year", "month", "day")))
        except (ValueError, OverflowError):
            born = date.min
        if born.year < _EARLIEST_BIRTH:
            self.add_error("birth_day", forms.ValidationError(_("Give the whole date of birth, as on the calendar.")))
            return ""
        return surname_and_birth_date(cleaned["value"], born.isoformat())


class OpenForm(forms.Form):
    """Kind and reason are one answer, so that no pair can be wrong."""

    subject = forms.UUIDField(widget=forms.HiddenInput)
    about = forms.ChoiceField(label=_("What has happened?"), widget=forms.RadioSelect)
    emergency = forms.ChoiceField(
        label=_("Is it an emergency?"), required=False, widget=forms.RadioSelect, initial="",
        help_text=_("Only if life, health or safety is in danger now. Your name, role and reason are kept with it."),
        choices=[("", pgettext_lazy("emergency", "No")), *EMERGENCY_LABELS.items()],
    )  # fmt: skip
    recording = forms.BooleanField(
        label=_("The caller said yes: record this call"), required=False,
        help_text=_("Recording is off. Ask first; a no changes nothing."),
    )  # fmt: skip

    def __init__(self, *args: Any, role: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"].choices = [  # type: ignore[attr-defined]
            (f"{kind}:{reason}", REASON_LABELS[Reason(reason)])
            for kind, reasons in REASONS.items()
            if kind in kinds_for(role)
            for reason in reasons
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind, _colon, cleaned["reason"] = cleaned.get("about", "").partition(":")
        cleaned["kind"] = kind
        if kind and cleaned.get("emergency") and cleaned["emergency"] not in EMERGENCY_REASONS[kind]:
            self.add_error("emergency", _("This emergency does not belong to what has happened."))
        return cleaned


class NoteForm(forms.Form):
    text = forms.CharField(label=_("New note"), required=False, max_length=LONGEST, widget=forms.Textarea)
    place = forms.CharField(
        label=_("Where the person is"), required=False, max_length=200,
        help_text=_("Place, street or hotel, as far as it helps to reach them."),
    )  # fmt: skip
    country = forms.RegexField(_COUNTRY, label=_("Country"), required=False)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("text") and not cleaned.get("place"):
            self.add_error("text", _("Write a note, or say where the person is."))
        return cleaned


class EmergencyForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why is it an emergency?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = [(one, EMERGENCY_LABELS[EmergencyReason(one)]) for one in EMERGENCY_REASONS[kind]]
        self.fields["reason"].choices = labels  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("How did it end?"), widget=forms.RadioSelect, choices=list(OUTCOME_LABELS.items())
    )


class AnswerForm(forms.Form):
    agrees = forms.ChoiceField(
        label=_("What did they say?"), widget=forms.RadioSelect,
        choices=[("yes", _("Yes, they agree")), ("no", _("No, they do not agree"))],
    )  # fmt: skip


class ShareForm(forms.Form):
    words = forms.MultipleChoiceField(
        choices=[(word, word) for word in WORDS], error_messages={"required": _("Choose what to tell.")}
    )
    to = forms.CharField(max_length=80, error_messages={"required": _("Choose whom to tell.")})
    country = forms.RegexField(_COUNTRY)


class ChecklistForm(forms.Form):
    """Break-glass: all of it must be true, and is signed with the name of who says so."""

    at_stake = forms.BooleanField(label=_("The person's life or health is at stake, now"))
    reason = forms.ChoiceField(
        label=_("What has happened to them?"), widget=forms.RadioSelect, choices=list(GLASS_REASON_LABELS.items())
    )
    impracticable = forms.ChoiceField(
        label=_("Why can nobody ask them?"), widget=forms.RadioSelect, choices=list(IMPRACTICABLE_LABELS.items())
    )
    nobody_refused = forms.BooleanField(label=_("As far as I know they never said no to this"))
    words = forms.CharField(
        label=_("Say in a sentence or two why you need it"), max_length=LONGEST, widget=forms.Textarea,
        help_text=_("It is kept in the log of the case, and read by the person and by the privacy officer."),
    )  # fmt: skip
    hours = forms.TypedChoiceField(label=_("For how long?"), coerce=int, choices=[(hours, hours) for hours in HOURS])


class CloseOutForm(forms.Form):
    ended = forms.ChoiceField(
        label=_("What came of it?"), widget=forms.RadioSelect, choices=[(one, ENDED_LABELS[one]) for one in ENDED]
    )
    words = forms.CharField(
        label=_("What was done with what you saw?"), max_length=LONGEST, widget=forms.Textarea,
        help_text=_("Whom you told, and what they did. It is kept in the log of the case."),
    )  # fmt: skip


class ReportForm(forms.Form):
    """A report as it came. Who sent it is one of those who can have sent it."""

    sender = forms.ChoiceField(label=_("Who sent it?"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("The report, as it came"), max_length=20_000, widget=forms.Textarea,
        help_text=_("Unless the person has allowed this sender, it is sealed at once: you will not see it again."),
    )  # fmt: skip

    def __init__(self, *args: Any, senders: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sender"].choices = senders  # type: ignore[attr-defined]
