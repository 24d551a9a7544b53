"""Looks by staff, scored by the worker over what the ledger holds, and judged by the privacy desk."""

import re
from typing import Any

import psycopg
import pytest
from django.test import Client

from amanat.cases.service import case_page, close_case, find_callers
from amanat.cases.sharing import look_at_health
from amanat.custody import budgets
from amanat.errors import NotFoundError
from amanat.oversight import service
from amanat.worker.duties import oversee
from stage.accounts import MovedClock, OpenAccount, sign_in
from stage.databases import AsLogin
from stage.desk import key, lend, open_for
from stage.group import Group

Owner = psycopg.Connection[Any]


def flagged(owner: Owner) -> list[tuple[str, list[str], int]]:
    return owner.execute("SELECT role, signals, acts FROM oversight_flag ORDER BY at").fetchall()


@pytest.mark.clause("9.2")
def test_a_look_outside_a_case_is_refused_and_flagged_the_same_day(
    group: Group, as_login: AsLogin, owner_connection: Owner
) -> None:
    case = open_for(group)
    case_page(group.actor("basil"), case)
    with pytest.raises(NotFoundError):
        case_page(group.actor("chandra"), case)
    with as_login("worker"):
        assert (oversee(), oversee()) == (1, 0)
    assert flagged(owner_connection) == [("assistance_coordinator", ["outside_case"], 1)]
    account = owner_connection.execute("SELECT account FROM oversight_flag").fetchone()
    assert account == (group.actor("chandra").account,)


def test_work_in_ones_own_case_and_under_a_hand_over_is_left_alone(
    group: Group, as_login: AsLogin, moved_clock: MovedClock, owner_connection: Owner
) -> None:
    assert find_callers(group.actor("basil"), "policy_number", "OX-1001")
    case = open_for(group)
    case_page(group.actor("basil"), case)
    lend(group, "chandra", case)
    case_page(group.actor("chandra"), case)
    close_case(group.actor("basil"), case, "helped", key())
    moved_clock.move(hours=2)
    with as_login("worker"):
        assert oversee() == 0
    assert flagged(owner_connection) == []


def test_coming_back_to_a_card_without_a_case_is_flagged(
    group: Group, as_login: AsLogin, moved_clock: MovedClock, owner_connection: Owner
) -> None:
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415

    born = f"{datetime.now(UTC).year - 38}-03-14"
    for _ in range(2):
        assert find_callers(group.actor("basil"), "surname_birth_date", f"Haddad|{born}")
        moved_clock.move(hours=3)
    with as_login("worker"):
        assert oversee() == 1
    ((_, signals, _),) = flagged(owner_connection)
    assert signals == ["no_case", "again", "by_name"]
    assert timedelta(hours=6) < service.DAY


def test_a_card_that_was_just_looked_at_waits_for_its_case(group: Group, as_login: AsLogin) -> None:
    find_callers(group.actor("basil"), "policy_number", "OX-1001")
    with as_login("worker"):
        assert oversee() == 0


def test_whoever_was_stopped_by_the_budget_is_flagged(
    group: Group, as_login: AsLogin, monkeypatch: pytest.MonkeyPatch, owner_connection: Owner
) -> None:
    from dataclasses import replace  # noqa: PLC0415

    monkeypatch.setattr(budgets, "SEARCHES", replace(budgets.SEARCHES, an_hour=0))
    for _ in range(2):
        with pytest.raises(budgets.SessionBudgetError):
            find_callers(group.actor("basil"), "policy_number", "OX-1001")
    with as_login("worker"):
        assert oversee() == 1
    assert flagged(owner_connection) == [("assistance_coordinator", ["over_budget"], 2)]


def test_a_case_opened_for_a_look_is_flagged(
    group: Group, as_login: AsLogin, moved_clock: MovedClock, owner_connection: Owner
) -> None:
    case = open_for(group)
    look_at_health(group.actor("basil"), case)
    moved_clock.move(minutes=5)
    close_case(group.actor("basil"), case, "opened_by_mistake", key())
    moved_clock.move(hours=2)
    with as_login("worker"):
        assert oversee() == 1
    assert [signals for _, signals, _ in flagged(owner_connection)] == [["pretext"]]


@pytest.fixture
def officer(group: Group, open_account: OpenAccount) -> Client:
    return sign_in(open_account("dora", "privacy", "privacy_officer", company="ama-ch"))


def test_the_officer_sees_why_and_gives_a_verdict_once(
    group: Group, as_login: AsLogin, officer: Client, owner_connection: Owner
) -> None:
    with pytest.raises(NotFoundError):
        case_page(group.actor("chandra"), open_for(group))
    with as_login("worker"):
        oversee()
    assert "1" in re.findall(r'<p class="count">(\d+)</p>', officer.get("/privacy/").content.decode())
    page = officer.get("/privacy/oversight/").content.decode()
    assert "asked about somebody without holding a case" in page
    assert str(group.amina) not in page
    (address,) = re.findall(r'action="(/privacy/oversight/[0-9a-f-]+/)"', page)
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[0]
    said = {"csrfmiddlewaretoken": token, "form_key": "none", "verdict": "whatever"}
    assert officer.post(address, said).status_code == 400
    said |= {"form_key": "one", "verdict": "improper"}
    assert [officer.post(address, said).status_code for _ in range(2)] == [302, 302]
    said |= {"form_key": "two", "verdict": "proper"}
    assert officer.post(address, said).status_code == 404
    assert owner_connection.execute("SELECT verdict FROM oversight_flag").fetchall() == [("improper",)]
    with as_login("worker"):
        assert oversee() == 0


def test_nobody_else_reads_or_judges_flags(group: Group, as_login: AsLogin) -> None:
    from uuid import uuid4  # noqa: PLC0415

    for who in ("basil", "chandra", "emil"):
        with pytest.raises(NotFoundError):
            service.flags(group.actor(who))
        with pytest.raises(NotFoundError):
            service.judge(group.actor(who), uuid4(), "proper", key())
