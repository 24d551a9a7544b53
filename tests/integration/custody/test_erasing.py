"""Erasure of a person: nothing of theirs opens or is found again, the ledger still stands, the list knows."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from amanat.custody import erasing
from amanat.custody.actor import Actor
from amanat.custody.erasing import (
    ErasureHeldError,
    ErasureRefusedError,
    SecondPersonError,
    ask_erasure,
    confirm_erasure,
    erase_myself,
    finish_erasures,
)
from amanat.custody.erasure_proof import proof_of_erasure, verify_erasure
from amanat.custody.facts import Ask, Recipient
from amanat.custody.holding import end_hold, place_hold
from amanat.custody.models import Hold
from amanat.custody.searching import search
from amanat.custody.unit import unit
from amanat.database.erasures import ErasureListError, Line, Mark, append_line, list_path, read_list
from amanat.database.home import Home
from amanat.errors import NotFoundError
from amanat.ledger.signing import public_keys
from amanat.organisations.models import StaffRole
from amanat.retention.reach import OUTLIVES, erasable, tables_about_people
from amanat.vocabulary import clock
from amanat.worker.duties import follow_erasures
from stage.accounts import PASSWORD, OpenAccount
from stage.databases import AsLogin
from stage.group import ORYX, Group

CARD = Ask("view", ("name",), "eligibility")
Owner = psycopg.Connection[Any]


def count(owner: Owner, table: str, subject: UUID) -> int:
    from psycopg import sql  # noqa: PLC0415

    found = sql.SQL("SELECT count(*) FROM {} WHERE subject = %s").format(sql.Identifier(table))
    row = owner.execute(found, (subject,)).fetchone()
    return int(row[0]) if row else 0


def second_officer(as_login: AsLogin) -> Actor:
    account = uuid4()
    with as_login("worker"):
        StaffRole.objects.create(
            account=account, company_id="ama-ch", role="privacy_officer", trained=["ordinary", "medical"],
            trained_until=clock.now().date() + timedelta(days=9),
        )  # fmt: skip
    return Actor(account, "privacy_officer", "ama-ch", None, None, "session-doris")


def opens(group: Group, subject: UUID) -> bool:
    with unit(group.actor("basil"), "eligibility") as one:
        handle = one.ask(CARD, [subject])
    return subject in handle.decisions and bool(handle.values(subject))


# what goes ------------------------------------------------------------------------------------------------------------


def test_an_erased_person_is_neither_found_nor_opened(group: Group, owner_connection: Owner) -> None:
    erase_myself(group.actor("amina"))
    with unit(group.actor("basil"), "eligibility") as one:
        assert search(one, "policy_number", "OX-1001") == []
    assert not opens(group, group.amina)
    assert opens(group, group.mallory)
    assert count(owner_connection, "keys_subject", group.amina) == 0
    assert count(owner_connection, "ledger_entry", group.amina) >= 2


def test_the_worker_takes_every_row_away_that_need_not_stay(
    group: Group, as_login: AsLogin, owner_connection: Owner
) -> None:
    erase_myself(group.actor("amina"))
    with as_login("worker"):
        assert follow_erasures() == 1
        assert follow_erasures() == 0
    left = {model._meta.db_table: count(owner_connection, model._meta.db_table, group.amina) for model, _ in erasable()}
    assert set(left.values()) == {0}, left
    assert count(owner_connection, "vault_folder", group.mallory) > 0


def test_what_outlives_an_erasure_is_named_with_its_reason() -> None:
    assert {model._meta.db_table for model, _ in tables_about_people()} >= set(OUTLIVES)


def test_an_account_is_shut_at_once_and_its_sealed_parts_go(
    group: Group, open_account: OpenAccount, as_login: AsLogin, owner_connection: Owner
) -> None:
    holder = open_account("amina", "member", "member", company="ama-ch")
    owner_connection.execute("UPDATE accounts_account SET subject = %s WHERE id = %s", (group.amina, holder.account))
    assert PASSWORD
    erase_myself(group.actor("amina"))
    state = owner_connection.execute("SELECT is_active FROM accounts_account WHERE id = %s", (holder.account,))
    assert state.fetchone() == (False,)
    assert owner_connection.execute("SELECT count(*) FROM accounts_session").fetchone() == (0,)
    with as_login("worker"):
        follow_erasures()
    left = owner_connection.execute("SELECT count(*) FROM accounts_account WHERE id = %s", (holder.account,))
    assert left.fetchone() == (0,)


def test_past_recipients_are_noted_to_be_told(group: Group, as_login: AsLogin, owner_connection: Owner) -> None:
    tell = Ask("disclose", ("entitlement",), "billing", recipient=Recipient("employer", ORYX))
    with unit(group.actor("basil"), "billing") as one:
        told = one.ask(tell, [group.amina])
    entries = owner_connection.execute(
        "SELECT e.act FROM ledger_entry e JOIN ledger_act a ON a.id = e.act "
        "WHERE e.subject = %s AND a.action = 'disclose' AND e.outcome = 'permit'", (group.amina,),
    ).fetchall()  # fmt: skip
    if not entries:
        owner_connection.execute("UPDATE ledger_entry SET outcome = 'permit' WHERE act = %s", (told.act,))
    erase_myself(group.actor("amina"))
    with as_login("worker"):
        follow_erasures()
    rows = owner_connection.execute("SELECT state, facts FROM custody_message WHERE subject = %s", (group.amina,))
    ((state, facts),) = rows.fetchall()
    assert (state, facts["organisation"], facts["acts"]) == ("to_recipient", ORYX, [str(told.act)])


def test_the_number_of_statements_depends_on_nothing_that_was_left(group: Group) -> None:
    def statements(subject: UUID) -> int:
        with CaptureQueriesContext(connection) as ran:
            erase_myself(group.as_member(subject))
        return len(ran)

    ask = Ask("correct", ("email",), "rights_fulfilment", channel="web_account")
    for number in range(5):
        with unit(group.actor("amina"), "rights_fulfilment") as one:
            one.keep(ask, group.amina, {"email": f"{number}@example.org"}, version_read=None)
    statements(group.child)
    assert statements(group.amina) == statements(group.mallory) <= 40


# who may --------------------------------------------------------------------------------------------------------------


def test_a_coordinator_erases_nobody(group: Group) -> None:
    with pytest.raises(ErasureRefusedError):
        ask_erasure(group.actor("basil"), group.amina)
    assert opens(group, group.amina)


@pytest.mark.clause("9.3e")
def test_nobody_erases_another_alone(group: Group, as_login: AsLogin) -> None:
    dina = group.actor("dina")
    asked = ask_erasure(dina, group.amina)
    assert opens(group, group.amina)
    with pytest.raises(SecondPersonError):
        confirm_erasure(dina, group.amina, asked)
    assert opens(group, group.amina)
    confirm_erasure(second_officer(as_login), group.amina, asked)
    assert not opens(group, group.amina)


def test_a_hold_that_comes_between_the_two_makes_the_second_wait(group: Group, as_login: AsLogin) -> None:
    asked = ask_erasure(group.actor("dina"), group.amina)
    hold = place_hold(group.actor("dina"), group.amina, "CO 958f", clock.now() + timedelta(days=30))
    with pytest.raises(ErasureHeldError):
        confirm_erasure(second_officer(as_login), group.amina, asked)
    assert opens(group, group.amina)
    end_hold(group.actor("dina"), group.amina, hold)
    confirm_erasure(second_officer(as_login), group.amina, asked)
    assert not opens(group, group.amina)


def test_what_nobody_asked_for_cannot_be_agreed_to(group: Group, as_login: AsLogin) -> None:
    with pytest.raises(NotFoundError):
        confirm_erasure(second_officer(as_login), group.amina, uuid4())


def test_a_law_that_makes_us_keep_it_makes_an_erasure_wait(group: Group) -> None:
    with unit(group.actor("dina"), "legal_order") as one:
        Hold.objects.create(
            subject=group.amina, id=uuid4(), company="ama-ch", law="CO 958f", since=one.now,
            until=one.now + timedelta(days=30),
        )  # fmt: skip
    with pytest.raises(ErasureHeldError, match="CO 958f"):
        erase_myself(group.actor("amina"))
    assert opens(group, group.amina)


# the list and the proof -----------------------------------------------------------------------------------------------


def test_each_erasure_is_a_line_of_the_list_and_the_mark_follows(group: Group, home: Home) -> None:
    first = erase_myself(group.actor("amina"))
    second = erase_myself(group.as_member(group.mallory))
    mark, lines = read_list(list_path(home.folder))
    assert [line.subject for line in lines] == [group.amina, group.mallory]
    assert (first.mark.count, second.mark) == (1, mark)


def test_an_erasure_cut_off_after_its_line_is_finished_at_the_next_start(
    group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(home: Home, after: Mark, line: Line) -> Mark:
        append_line(home, after, line)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(erasing, "append_line", die)
        erase_myself(group.actor("amina"))
    assert opens(group, group.amina)
    assert finish_erasures() == 1
    assert not opens(group, group.amina)
    assert finish_erasures() == 0


def test_what_a_power_cut_left_of_a_line_is_cut_off(group: Group, home: Home) -> None:
    erase_myself(group.actor("amina"))
    with list_path(home.folder).open("a") as file:
        file.write("2 2026-11-24T03")
    assert finish_erasures() == 0
    erase_myself(group.as_member(group.mallory))
    assert read_list(list_path(home.folder))[0].count == 2


@pytest.mark.parametrize("harm", ["lost", "older", "another's", "altered"])
def test_without_its_list_nothing_starts(group: Group, home: Home, harm: str) -> None:
    path = list_path(home.folder)
    older = path.read_text()
    erase_myself(group.actor("amina"))
    whole = path.read_text()
    path.unlink()
    if harm == "older":
        path.write_text(older)
    if harm == "another's":
        path.write_text(f"amanat-erasures-1 {uuid4()}\n")
    if harm == "altered":
        path.write_text(whole.replace(str(group.amina), str(group.mallory)))
    with pytest.raises(ErasureListError):
        finish_erasures()
    assert opens(group, group.mallory)


def test_the_person_keeps_a_proof_that_anybody_can_check(group: Group, home: Home) -> None:
    erased = erase_myself(group.actor("amina"))
    proof = proof_of_erasure(home, erased)
    told = verify_erasure(proof, public_keys(home).values())
    assert told["person"] == str(group.amina)
    assert told["decision"] == str(erased.act)
    with pytest.raises(Exception, match="not valid"):
        verify_erasure(proof.replace(str(group.amina), str(group.mallory)), public_keys(home).values())
