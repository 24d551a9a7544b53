"""Finding a person at the desk: exact, by one field, within a budget, at most three hits, each search recorded.

What was typed is turned into a token and forgotten. A search without result is recorded too; absent and not yours are
one answer.
"""

from datetime import timedelta
from uuid import UUID

from amanat.custody.unit import Unit
from amanat.custody.words import newest
from amanat.database.queries import queries
from amanat.errors import MalformedError, RateLimitedError
from amanat.statement.compile import Statement
from amanat.vault.keys import company_keys
from amanat.vault.tokens import FIELDS, Index, surname_and_birth_date

__all__ = ["FIELDS", "SearchBudgetError", "search", "surname_and_birth_date"]

BUDGET = 60
PERIOD = timedelta(hours=1)
MOST_HITS = 3

_LEDGER = queries("amanat.ledger")


class SearchBudgetError(RateLimitedError):
    """The searches of this hour are used up; ask a colleague or your privacy officer."""


def search(unit: Unit, field: str, value: str) -> list[UUID]:
    """The people of the acting company found by exactly this value: at most three; more count as none."""
    if field not in FIELDS:
        raise MalformedError(f"there is no search by `{field[:40]}`", hint="one of " + ", ".join(FIELDS))
    statement = _spend(unit)
    keys = company_keys(unit.actor.company, ("index", "history"))
    hits = Index(unit.actor.company, *keys["index"]).find(field, value, most=MOST_HITS + 1)
    unit.record_search(field, len(hits), statement, keys["history"][1])
    return hits if len(hits) <= MOST_HITS else []


def _spend(unit: Unit) -> Statement:
    """Refuse once the hour's searches are used up; else the statement by which this one is recorded."""
    asked = {"account": unit.actor.account, "action": "search", "since": unit.now - PERIOD, "now": unit.now,
             "company": unit.actor.company}  # fmt: skip
    ((searches, digests),) = unit.rows(_LEDGER["search_budget"], asked)
    if searches >= BUDGET:
        raise SearchBudgetError
    return newest(digests)
