"""Letting rows go: those of people who were erased, and folders whose time is over. Runs as the worker.

An erased person's rows open nothing since the commit of the erasure; here they go too, with the sealed parts of their
accounts. What was noted for past recipients stays, for it is addressed to them.
"""

from typing import Any, Final

from django.db.models import QuerySet

from amanat.accounts.leaving import delete_accounts_of
from amanat.custody.erasing import TO_RECIPIENT
from amanat.custody.models import Erasure
from amanat.retention.reach import erasable

MOST: Final = 500


def sweep_erased() -> int:
    """Delete what is left of erased people of the company whose row context is set; how many people that were."""
    waiting = Erasure.objects.select_for_update(skip_locked=True).filter(state="erased").order_by("number")[:MOST]
    subjects = [one.subject for one in waiting]
    if not subjects:
        return 0
    for model, column in erasable():
        rows: QuerySet[Any] = model._default_manager.filter(**{f"{column}__in": subjects})  # noqa: SLF001  # the documented manager
        _without_notices(rows).delete()
    for subject in subjects:
        delete_accounts_of(subject)
    Erasure.objects.filter(subject__in=subjects, state="erased").update(state="swept")
    return len(subjects)


def _without_notices(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """All rows, but for the notices that wait for past recipients."""
    return rows.exclude(state=TO_RECIPIENT) if rows.model._meta.db_table == "custody_message" else rows  # noqa: SLF001  # Django's public API, by its documentation
