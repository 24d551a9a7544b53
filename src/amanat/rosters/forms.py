"""The one thing a client's administrator hands in: a file."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RosterForm(forms.Form):
    roster = forms.FileField(
        label=_("Roster file"),
        help_text=_("CSV with comma, semicolon or tab, in UTF-8 or Windows-1252; at most 50,000 rows and 16 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
        error_messages={
            "required": _("Choose the file that you want to send."),
            "empty": _("The file is empty. Choose one with a line of column names and a row for each person."),
        },
    )
