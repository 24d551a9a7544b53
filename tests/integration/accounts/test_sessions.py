"""Sessions: lifetimes on a moved clock, sign-out on the server, and closing an account at once."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from amanat.accounts import context
from amanat.accounts.models import Account, Session
from amanat.accounts.service import NewAccount, UnfitAccountError, close_account, create_account
from amanat.accounts.sessions import LIFETIMES, end_session, open_session, read_session
from amanat.accounts.sign_in import authenticate
from stage.accounts import PASSWORD, ROOM_LASTS, Holder, MovedClock, OpenAccount

ROLES = {
    "member": "member", "desk": "clinician", "client": "client_admin", "privacy": "privacy_officer", "audit": "auditor",
}  # fmt: skip


def _open(account: UUID) -> str:
    with transaction.atomic():
        context.see_accounts([account])
        row = Account.objects.get(id=account)
    return open_session(row)


def test_a_session_tells_who_signed_in_by_ids(basil: Holder) -> None:
    held = read_session("desk", _open(basil.account))
    assert held is not None
    assert (held.account, held.role, held.company, held.name) == (
        basil.account, "assistance_coordinator", "ama-sg", "Basil",
    )  # fmt: skip


def test_a_session_of_one_audience_is_nothing_to_another(amina: Holder) -> None:
    secret = _open(amina.account)
    assert read_session("member", secret)
    for audience in ("desk", "client", "privacy", "public"):
        assert read_session(audience, secret) is None


@pytest.mark.parametrize("audience", sorted(ROLES))
def test_a_session_ends_after_its_idle_time(audience: str, open_account: OpenAccount, moved_clock: MovedClock) -> None:
    secret = _open(open_account("emil", audience, ROLES[audience]).account)
    idle = LIFETIMES[audience].idle  # type: ignore[index]  # a text choice is its text
    moved_clock.move(seconds=idle.total_seconds() - 1)
    assert read_session(audience, secret)
    moved_clock.move(seconds=idle.total_seconds())
    assert read_session(audience, secret) is None


@pytest.mark.parametrize("audience", sorted(ROLES))
def test_a_session_in_use_still_ends_after_its_overall_time(
    audience: str, open_account: OpenAccount, moved_clock: MovedClock
) -> None:
    secret = _open(open_account("emil", audience, ROLES[audience]).account)
    start, overall = moved_clock.now(), LIFETIMES[audience].overall  # type: ignore[index]  # as above
    while moved_clock.now() + timedelta(minutes=10) < start + overall:
        moved_clock.move(minutes=10)
        assert read_session(audience, secret)
    moved_clock.moment = start + overall
    assert read_session(audience, secret) is None


def test_an_expired_session_does_not_come_back_with_the_clock(amina: Holder, moved_clock: MovedClock) -> None:
    secret = _open(amina.account)
    moved_clock.move(hours=1)
    assert read_session("member", secret) is None
    moved_clock.move(hours=-1)
    assert read_session("member", secret) is None


def test_a_session_that_was_ended_is_worth_nothing(amina: Holder) -> None:
    secret = _open(amina.account)
    end_session("member", secret)
    assert read_session("member", secret) is None


@pytest.mark.parametrize("role", sorted(ROLES))
def test_closing_an_account_ends_it_on_the_next_request(role: str, open_account: OpenAccount) -> None:
    holder = open_account("emil", role, ROLES[role])
    secret = _open(holder.account)
    close_account(holder.account)
    assert read_session(role, secret) is None


def test_an_auditors_account_ends_by_itself_with_every_session(
    open_account: OpenAccount, moved_clock: MovedClock
) -> None:
    """Nobody has to remember to close it; the door does not open again either."""
    yvonne = open_account("yvonne", "audit", "auditor")
    moved_clock.move(seconds=ROOM_LASTS.total_seconds() - 60)
    secret = _open(yvonne.account)
    assert read_session("audit", secret)
    moved_clock.move(seconds=60)
    assert read_session("audit", secret) is None
    assert authenticate("audit", yvonne.email, PASSWORD, yvonne.code) is None


def test_no_account_of_an_auditor_is_left_open(accounts: None) -> None:
    new = NewAccount("audit", "ama-sg", "auditor", "Yvonne", "yvonne@example.org", PASSWORD)
    with pytest.raises(UnfitAccountError):
        create_account(new)


def test_reading_a_session_and_its_account_takes_two_statements(basil: Holder) -> None:
    secret = _open(basil.account)
    with CaptureQueriesContext(connection) as statements:
        assert read_session("desk", secret)
    assert len([one for one in statements if one["sql"] not in {"BEGIN", "COMMIT"}]) == 2


def test_the_row_holds_a_digest_and_no_secret(basil: Holder) -> None:
    secret = _open(basil.account)
    with transaction.atomic():
        context.see_accounts([basil.account])
        row = Session.objects.get(account=basil.account)
    assert secret.encode() not in bytes(row.digest)
    assert {field.name for field in Session._meta.fields} == {
        "id", "digest", "account", "audience", "company", "started_at", "seen_at",
    }  # fmt: skip


def test_without_the_cookie_no_session_row_is_seen(basil: Holder) -> None:
    _open(basil.account)
    assert Session.objects.count() == 0
    assert Account.objects.count() == 0
