"""Budgets of searches and look-ups: by the hour and by the session, refused kindly, each refusal on record."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from amanat.cases.service import caller_of, find_callers
from amanat.custody import budgets
from amanat.custody.budgets import SearchBudgetError, SessionBudgetError
from stage.accounts import MovedClock
from stage.group import Group

Owner = psycopg.Connection[Any]


def refused(owner: Owner) -> list[tuple[str, str, int]]:
    return owner.execute(
        "SELECT action, state, count(*) FROM ledger_act WHERE outcome = 'over_budget' GROUP BY 1, 2 ORDER BY 1"
    ).fetchall()


def search(group: Group, who: str = "basil", session: str = "") -> int:
    return len(find_callers(replace(group.actor(who), session=session), "policy_number", "OX-1001"))


def begin_session(owner: Owner, group: Group) -> str:
    """A session of Basil's, as its sign-in writes it."""
    account, session = group.actor("basil").account, uuid4()
    owner.execute(
        "INSERT INTO accounts_account (id, audience, company, role, email_token, sealed_email, sealed_name,"
        " sealed_password, sealed_secret, last_step, failures, is_active, created_at) VALUES (%s, 'desk', 'ama-ch',"
        " 'assistance_coordinator', 't', '', '', '', '', 0, 0, true, now())", (account,),
    )  # fmt: skip
    owner.execute(
        "INSERT INTO accounts_session (id, digest, account_id, audience, company, started_at, seen_at)"
        " VALUES (%s, %s, %s, 'desk', 'ama-ch', now() - interval '3 hours', now())", (session, str(session), account),
    )  # fmt: skip
    return str(session)


def test_the_hour_s_searches_end_and_come_back(
    group: Group, monkeypatch: pytest.MonkeyPatch, moved_clock: MovedClock, owner_connection: Owner
) -> None:
    monkeypatch.setattr(budgets, "SEARCHES", replace(budgets.SEARCHES, an_hour=2))
    assert [search(group), search(group)] == [1, 1]
    moved_clock.move(minutes=20)
    for _ in range(3):
        with pytest.raises(SearchBudgetError) as caught:
            search(group)
        assert caught.value.retry_after == 40 * 60
    assert refused(owner_connection) == [("search", "abandoned", 3)]
    assert search(group, "chandra") == 1
    moved_clock.move(minutes=41)
    assert search(group) == 1, "what was refused cost nothing"


def test_a_session_has_a_budget_of_its_own(
    group: Group, monkeypatch: pytest.MonkeyPatch, owner_connection: Owner
) -> None:
    monkeypatch.setattr(budgets, "SEARCHES", replace(budgets.SEARCHES, a_session=3))
    session = begin_session(owner_connection, group)
    owner_connection.execute(
        "INSERT INTO ledger_act (id, company, at, account, role, action, purpose, statement, outcome, clauses, people,"
        " channel, recipient, organisation, state)"
        " SELECT gen_random_uuid(), 'ama-ch', now() - interval '2 hours', %s, 'x', 'search', 'eligibility', '', 'none',"
        " '{}', 0, '', '', '', 'recorded' FROM generate_series(1, 2)", (group.actor("basil").account,),
    )  # fmt: skip
    assert search(group, session=session) == 1
    with pytest.raises(SessionBudgetError):
        search(group, session=session)
    assert refused(owner_connection) == [("search", "abandoned", 1)]


def test_looking_people_up_has_a_budget(group: Group, monkeypatch: pytest.MonkeyPatch, owner_connection: Owner) -> None:
    monkeypatch.setattr(budgets, "LOOK_UPS", replace(budgets.LOOK_UPS, an_hour=2))
    for _ in range(2):
        caller_of(group.actor("basil"), group.amina)
    with pytest.raises(SearchBudgetError):
        caller_of(group.actor("basil"), group.amina)
    assert refused(owner_connection) == [("view", "abandoned", 1)]


def test_without_the_count_nothing_would_end(group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault that the first test would find."""
    monkeypatch.setattr(budgets, "SEARCHES", replace(budgets.SEARCHES, an_hour=1))
    counted = budgets._spent
    monkeypatch.setattr(budgets, "_spent", lambda *asked: (0, 0, *counted(*asked)[2:]))
    assert [search(group) for _ in range(3)] == [1, 1, 1]


def test_a_session_that_is_no_id_is_none() -> None:
    assert budgets._session("session-basil") is None
    assert isinstance(budgets._session(str(uuid4())), UUID)
