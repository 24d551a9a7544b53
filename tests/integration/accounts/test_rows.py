"""What the account tables hold and whom they show: nothing readable, nobody else's, and a log that only grows."""

import uuid

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from amanat.accounts import context, keyring
from amanat.accounts.models import Account, RecoveryCode, SecurityEvent, Session
from amanat.accounts.recovery import issue_recovery_codes
from amanat.accounts.service import NewAccount, UnfitAccountError, create_account, create_accounts, display_names
from amanat.accounts.sessions import open_session
from amanat.accounts.sign_in import authenticate
from amanat.crypto.seal import SealError
from stage.accounts import OTHER_COMPANY, PASSWORD, Holder, OpenAccount
from stage.databases import AsLogin
from stage.server import Clone

TABLES = ("accounts_key", "accounts_account", "accounts_session", "accounts_recoverycode", "accounts_securityevent")


def _row(account: uuid.UUID) -> Account:
    with transaction.atomic():
        context.see_accounts([account])
        return Account.objects.get(id=account)


def _asked(statement: str, *values: object) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    return row[0] if row else None


def test_no_table_holds_a_readable_value(amina: Holder, as_login: AsLogin) -> None:
    row = _row(amina.account)
    codes = issue_recovery_codes(row)
    open_session(row)
    authenticate("member", amina.email, PASSWORD, "000000")
    secret = keyring.open_field(row, "secret")
    with as_login("owner"), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t")  # noqa: S608  # a constant
            dump = str(cursor.fetchone()).lower()
            assert len(dump) > 100, f"{table} shows rows to whom it was asked as"
            for value in (amina.email, "Amina", PASSWORD, secret, codes[0], "argon2"):
                for form in (value.lower(), value.encode().hex()):
                    assert form not in dump, (table, form)


def test_a_blob_moved_to_another_account_or_column_does_not_open(basil: Holder, open_account: OpenAccount) -> None:
    chandra = open_account("chandra", "desk", "assistance_coordinator")
    his, hers = _row(basil.account), _row(chandra.account)
    hers.sealed_name = his.sealed_name
    with pytest.raises(SealError):
        keyring.open_field(hers, "name")
    his.sealed_name = his.sealed_email
    with pytest.raises(SealError):
        keyring.open_field(his, "name")


def test_one_address_has_unrelated_tokens_in_two_audiences(accounts: None) -> None:
    assert keyring.email_token("desk", "a@b.example") != keyring.email_token("member", "a@b.example")


def test_a_company_sees_its_own_accounts_alone(basil: Holder, open_account: OpenAccount) -> None:
    open_account("emil", "desk", "clinician", company=OTHER_COMPANY)
    with transaction.atomic():
        context.see_company("ama-sg")
        assert [row.id for row in Account.objects.all()] == [basil.account]
    assert Account.objects.count() == 0


def test_every_account_table_forces_row_security(database: Clone, owner_connection: psycopg.Connection) -> None:
    forced = "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relrowsecurity AND relforcerowsecurity"
    found = {name for (name,) in owner_connection.execute(forced, (list(TABLES),))}
    assert found == set(TABLES) - {"accounts_key"}


@pytest.mark.parametrize("verb", ["UPDATE accounts_securityevent SET kind = 'signed_in'",
                                  "DELETE FROM accounts_securityevent", "TRUNCATE accounts_securityevent",
                                  "UPDATE accounts_account SET role = 'group_dpo'",
                                  "UPDATE accounts_account SET sealed_password = sealed_name",
                                  "DELETE FROM accounts_account", "DELETE FROM accounts_key",
                                  "UPDATE accounts_key SET wrapped = ''"])  # fmt: skip
def test_the_web_login_cannot(database: Clone, verb: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"):
        _asked(verb)


@pytest.mark.parametrize("table", ["accounts_account", "accounts_key", "accounts_recoverycode", "accounts_session"])
def test_the_auditor_does_not_read_accounts(basil: Holder, as_login: AsLogin, table: str) -> None:
    with as_login("audit"), pytest.raises(DatabaseError, match="permission denied"):
        _asked(f"SELECT count(*) FROM {table}")  # noqa: S608  # a constant


def test_the_auditor_reads_the_security_log_of_every_company(basil: Holder, as_login: AsLogin) -> None:
    authenticate("desk", "nobody@nowhere.example", PASSWORD, "000000")
    with as_login("audit"):
        kinds = list(SecurityEvent.objects.order_by("at").values_list("kind", "account"))
    assert kinds == [("account_created", basil.account), ("sign_in_tried", None)]


def test_each_try_and_each_success_stands_in_the_security_log(basil: Holder, as_login: AsLogin) -> None:
    for _ in range(3):
        authenticate("desk", basil.email, PASSWORD, "000000")
    authenticate("desk", basil.email, PASSWORD, basil.code)
    with as_login("audit"):
        kinds = list(SecurityEvent.objects.order_by("at").values_list("kind", flat=True))
    assert kinds == ["account_created", *["sign_in_tried"] * 4, "signed_in"]


def test_names_of_many_accounts_take_one_statement(basil: Holder, open_account: OpenAccount) -> None:
    others = [open_account(f"one{number}", "desk", "clinician", company=OTHER_COMPANY) for number in range(3)]
    wanted = [basil.account, *(other.account for other in others), uuid.uuid4()]
    assert sorted(display_names(wanted).values()) == ["Basil", "One0", "One1", "One2"]


@pytest.mark.parametrize(
    ("audience", "role"),
    [("desk", "Clinician"), ("desk", "clinician "), ("desk", "\uff43linician"), ("desk", "client_admin"),
     ("member", "privacy_officer"), ("public", "member"), ("desk", "root")],
)  # fmt: skip
def test_a_role_in_another_spelling_or_audience_is_refused(accounts: None, audience: str, role: str) -> None:
    with pytest.raises(UnfitAccountError):
        create_account(NewAccount(audience, "ama-sg", role, "Mallory", "m@x.example", PASSWORD))


def test_the_database_refuses_a_role_that_the_audience_does_not_know(basil: Holder) -> None:
    stranger = _row(basil.account)
    stranger.id, stranger.role, stranger.email_token = uuid.uuid4(), "Clinician", b"0" * 16
    with transaction.atomic():
        context.see_company("ama-sg")
        with pytest.raises(DatabaseError, match="account_role_fits_audience"):
            stranger.save(force_insert=True)
        transaction.set_rollback(True)  # Django's signature


@pytest.mark.parametrize("password", ["fourteen chars", "x" * 257])
def test_a_password_too_short_or_beyond_honest_length_is_refused(accounts: None, password: str) -> None:
    with pytest.raises(UnfitAccountError) as refused:
        create_account(NewAccount("desk", "ama-sg", "clinician", "Emil", "e@x.example", password))
    assert password not in str(refused.value)


def test_of_many_accounts_all_are_opened_or_none(accounts: None, as_login: AsLogin) -> None:
    fit = NewAccount("desk", "ama-sg", "clinician", "Emil", "emil@ama-sg.example", PASSWORD)
    with pytest.raises(DatabaseError):
        create_accounts([fit, fit])
    with transaction.atomic():
        context.see_company("ama-sg")
        assert not Account.objects.exists()
    assert len(create_accounts([fit])) == 1


def test_the_worker_sees_sessions_to_clear_and_no_account_unless_it_names_a_company(
    basil: Holder, as_login: AsLogin
) -> None:
    open_session(_row(basil.account))
    with as_login("worker"):
        assert Session.objects.count() == 1
        assert not Account.objects.exists()


def test_recovery_codes_of_others_are_not_seen(basil: Holder) -> None:
    issue_recovery_codes(_row(basil.account))
    assert not RecoveryCode.objects.exists()
