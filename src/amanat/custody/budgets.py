"""Budgets: how many people an account may search for and look up, in an hour and in one session.

They are counted from the ledger, so nothing forgets them. What is refused for lack of budget is recorded too, and costs
nothing of it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection

from amanat.custody.facts import Ask
from amanat.custody.unit import Unit
from amanat.custody.words import newest
from amanat.errors import RateLimitedError
from amanat.statement.compile import Statement

PERIOD: Final = timedelta(hours=1)
OVER: Final = "over_budget"
# One that is counted by its account counts since the session began as well: two sessions of an account share it.
_SPENT: Final = """
WITH session AS (
    SELECT COALESCE((SELECT started_at FROM accounts_session WHERE id = %(session)s::uuid), %(since)s) AS began
)
SELECT count(*) FILTER (WHERE at > %(since)s), count(*) FILTER (WHERE at >= session.began),
       min(at) FILTER (WHERE at > %(since)s),
       (SELECT array_agg(digest ORDER BY since, company) FROM ledger_publication
        WHERE overlay = '' AND company IN ('', %(company)s) AND since <= %(now)s)
FROM ledger_act, session
WHERE account = %(account)s::uuid AND action = %(action)s AND (%(purpose)s = '' OR purpose = %(purpose)s)
  AND outcome <> %(over)s AND at > LEAST(%(since)s, session.began)
"""


class SearchBudgetError(RateLimitedError):
    """The searches of this hour are used up; ask a colleague or your privacy officer."""


class SessionBudgetError(RateLimitedError):
    """So many people were looked up since you signed in that we stop here; ask your privacy officer."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Acts of one kind: how many in an hour, and how many in one session."""

    action: str
    purpose: str
    an_hour: int
    a_session: int


SEARCHES: Final = Budget("search", "", 60, 240)
LOOK_UPS: Final = Budget("view", "eligibility", 120, 480)


def spend(unit: Unit, budget: Budget, about: str = "") -> Statement:
    """The statement in force, by which an act of this budget is recorded.

    Raises `SearchBudgetError` or `SessionBudgetError` if nothing of the budget is left; the refusal is recorded.
    """
    hour, session, first, digests = _spent(unit, budget)
    if hour < budget.an_hour and session < budget.a_session:
        return newest(digests)
    ask = Ask(budget.action, (), budget.purpose or unit.purpose, unit.channel)
    act = unit.act_of(ask, newest(digests), [])
    unit.record_bare(replace(act, organisation=about, outcome=OVER, clauses=("9.2",)))
    if hour < budget.an_hour or first is None:
        raise SessionBudgetError
    raise SearchBudgetError(retry_after=max(1, int((first + PERIOD - unit.now).total_seconds())))


def _spent(unit: Unit, budget: Budget) -> tuple[int, int, datetime | None, list[str]]:
    values = {
        "account": unit.actor.account, "action": budget.action, "purpose": budget.purpose, "over": OVER,
        "since": unit.now - PERIOD, "now": unit.now, "company": unit.actor.company,
        "session": _session(unit.actor.session),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_SPENT, values)
        ((hour, session, first, digests),) = cursor.fetchall()
    return hour, session, first, digests


def _session(written: str) -> UUID | None:
    """The session's public id; the gateway and commands have none."""
    try:
        return UUID(written)
    except ValueError:
        return None
