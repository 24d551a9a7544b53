"""Finding a person at the desk: exact, by one field, within a budget, at most three hits, each search recorded.

What was typed is turned into a token and forgotten. A search without result is recorded too; absent and not yours are
one answer.
"""

from uuid import UUID

from amanat.custody import budgets
from amanat.custody.budgets import SearchBudgetError
from amanat.custody.unit import Unit
from amanat.errors import MalformedError
from amanat.vault.keys import company_keys
from amanat.vault.tokens import FIELDS, Index, surname_and_birth_date

__all__ = ["FIELDS", "SearchBudgetError", "search", "surname_and_birth_date"]

MOST_HITS = 3


def search(unit: Unit, field: str, value: str) -> list[UUID]:
    """The people of the acting company found by exactly this value: at most three; more count as none."""
    if field not in FIELDS:
        raise MalformedError(f"there is no search by `{field[:40]}`", hint="one of " + ", ".join(FIELDS))
    statement = budgets.spend(unit, budgets.SEARCHES, about=field)
    keys = company_keys(unit.actor.company, ("index", "history"))
    hits = Index(unit.actor.company, *keys["index"]).find(field, value, most=MOST_HITS + 1)
    unit.record_search(field, len(hits), statement, keys["history"][1])
    return hits if len(hits) <= MOST_HITS else []
