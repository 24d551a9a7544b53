"""What an erasure reaches: every table that says of itself that its rows are about a person, but for those named here.

The tables are found through Django's registry by their `governed`, so a new one is reached without anybody thinking of
it; one that is to outlive an erasure has to give its reason here.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.apps import apps
from django.db.models import Model

OUTLIVES: Final[Mapping[str, str]] = {
    "ledger_entry": "the log may not forget that something happened; whose and what is silent without the history key",
    "choices_consentrecord": "proof of what was asked and answered, under a pseudonym that leads nowhere",
    "choices_statementanswer": "the same",
    "custody_erasure": "proof that and when the person was erased",
    "custody_hold": "proof of the law that an erasure waited for",
}


def tables_about_people() -> Iterator[tuple[type[Model], str]]:
    """Each governed model and the name of its column with the person."""
    for model in apps.get_models():
        governed: Any = getattr(model, "governed", None)
        if governed is not None:
            yield model, governed[2]


def erasable() -> Iterator[tuple[type[Model], str]]:
    """Those whose rows go with the person."""
    return ((model, column) for model, column in tables_about_people() if model._meta.db_table not in OUTLIVES)  # noqa: SLF001  # Django's public API, by its documentation
