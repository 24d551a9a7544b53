"""A new group company's beginning: its epoch root and its own keys. Repeating it changes nothing."""

from collections.abc import Iterable

from django.db import transaction

from amanat.custody.quarantining import begin_quarantine
from amanat.vault.keys import begin_company
from amanat.vault.periods import begin_periods


def begin_companies(companies: Iterable[str]) -> None:
    """Give each company the keys without which nothing can be entrusted to it. Run by the worker's log-in."""
    listed = list(companies)
    for company in listed:
        with transaction.atomic(durable=True):
            begin_company(company)
            begin_periods(company)
    begin_quarantine(listed)
