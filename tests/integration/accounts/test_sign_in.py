"""Signing in: what is accepted, what is refused alike, and what parallel attackers gain."""

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connection, transaction

from amanat.accounts import context, hasher, keyring, recovery, totp
from amanat.accounts.hasher import Argon2Hasher
from amanat.accounts.models import Account
from amanat.accounts.service import close_account, current_code
from amanat.accounts.sign_in import _NOBODY, LOCKED_AT, LONGEST_INPUT, authenticate, consume_step
from amanat.vocabulary import clock
from stage.accounts import PASSWORD, Holder, MovedClock, OpenAccount

COPIES = 50


def _row(account: UUID) -> Account:
    with transaction.atomic():
        context.see_accounts([account])
        return Account.objects.get(id=account)


def _fail(holder: Holder, times: int, moved: MovedClock) -> None:
    for _ in range(times):
        authenticate(holder.audience, holder.email, PASSWORD, "000000")
        moved.move(minutes=16)


def test_password_and_code_together_prove_the_account(basil: Holder) -> None:
    proven = authenticate("desk", basil.email, PASSWORD, basil.code)
    assert proven is not None
    assert proven.id == basil.account


def test_an_address_in_another_spelling_is_the_same_address(basil: Holder) -> None:
    assert authenticate("desk", f" {basil.email.upper()} ", PASSWORD, basil.code)


@pytest.mark.parametrize("wrong", ["password", "code", "email", "audience"])
def test_one_wrong_part_is_refused_like_another(basil: Holder, wrong: str) -> None:
    parts = {"audience": "desk", "email": basil.email, "password": PASSWORD, "code": basil.code}
    parts[wrong] = {"audience": "privacy", "code": "000000"}.get(wrong, "mallory@nowhere.example")
    assert authenticate(**parts) is None


def test_a_right_code_with_a_wrong_password_is_not_used_up(basil: Holder) -> None:
    code = basil.code
    assert authenticate("desk", basil.email, "a wrong lantern over water", code) is None
    assert authenticate("desk", basil.email, PASSWORD, code)


def test_of_fifty_parallel_copies_of_a_code_exactly_one_is_accepted(
    basil: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A replayed code, also in other spellings: spaces, full-width digits, another script's digits."""
    monkeypatch.setattr(hasher, "LONGEST_WAIT", 60)
    code = basil.code
    wide, arabic = ({ord("0") + digit: zero + digit for digit in range(10)} for zero in (0xFF10, 0x0660))
    spellings = (code, f" {code}", f"{code} ", code.translate(wide), code.translate(arabic))
    gate = threading.Barrier(10)

    def attempt(number: int) -> bool:
        gate.wait(timeout=30)
        try:
            return authenticate("desk", basil.email, PASSWORD, spellings[number % len(spellings)]) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as crowd:
        accepted = sum(crowd.map(attempt, range(COPIES)))
    assert accepted == 1


def test_of_fifty_parallel_uses_of_a_step_exactly_one_is_accepted(basil: Holder) -> None:
    """The same race at the statement that decides it, with no failure count in the way."""
    step = totp.step_at(_row(basil.account).created_at) + 1
    gate = threading.Barrier(COPIES)

    def attempt(_: int) -> bool:
        gate.wait(timeout=30)
        try:
            with transaction.atomic():
                context.see_accounts([basil.account])
                return consume_step(basil.account, step)
        finally:
            connection.close()

    with ThreadPoolExecutor(COPIES) as crowd:
        assert sum(crowd.map(attempt, range(COPIES))) == 1


def test_a_used_code_and_an_older_one_stay_refused(basil: Holder, moved_clock: MovedClock) -> None:
    older = basil.code
    moved_clock.move(seconds=totp.STEP_SECONDS)
    newer = basil.code
    assert authenticate("desk", basil.email, PASSWORD, newer)
    assert authenticate("desk", basil.email, PASSWORD, newer) is None
    assert authenticate("desk", basil.email, PASSWORD, older) is None


def test_a_clock_set_back_does_not_bring_a_used_code_back(basil: Holder, moved_clock: MovedClock) -> None:
    code = basil.code
    assert authenticate("desk", basil.email, PASSWORD, code)
    moved_clock.move(seconds=-totp.STEP_SECONDS)
    assert authenticate("desk", basil.email, PASSWORD, code) is None


def test_after_five_failures_each_next_try_waits_longer(basil: Holder, moved_clock: MovedClock) -> None:
    for _ in range(5):
        assert authenticate("desk", basil.email, PASSWORD, "000000") is None
    assert authenticate("desk", basil.email, PASSWORD, basil.code) is None, "the pause hears nobody"
    moved_clock.move(seconds=1.5)
    assert authenticate("desk", basil.email, PASSWORD, basil.code)
    assert _row(basil.account).failures == 0


def test_fifty_failures_in_a_row_lock_the_account_until_it_is_recovered(basil: Holder, moved_clock: MovedClock) -> None:
    codes = recovery.issue_recovery_codes(_row(basil.account))
    _fail(basil, LOCKED_AT, moved_clock)
    moved_clock.move(days=400)
    assert authenticate("desk", basil.email, PASSWORD, basil.code) is None
    assert authenticate("desk", basil.email, PASSWORD, codes[0])
    assert authenticate("desk", basil.email, PASSWORD, basil.code), "recovery lifts the lock"


def test_a_recovery_code_works_once_in_capitals_or_not_and_in_no_other_spelling(basil: Holder) -> None:
    first, second, *_ = recovery.issue_recovery_codes(_row(basil.account))
    wide = str.maketrans({letter: chr(ord(letter) + 0xFEE0) for letter in first if letter.isalnum()})
    for respelled in (f" {first}", first.replace("-", ""), first.translate(wide), first.lower().translate(wide)):
        assert authenticate("desk", basil.email, PASSWORD, respelled) is None
    assert authenticate("desk", basil.email, PASSWORD, first.lower())
    for used in (first, first.lower(), first.title()):
        assert authenticate("desk", basil.email, PASSWORD, used) is None
    assert authenticate("desk", basil.email, PASSWORD, second)


def test_new_recovery_codes_end_the_old_ones(basil: Holder) -> None:
    old = recovery.issue_recovery_codes(_row(basil.account))
    new = recovery.issue_recovery_codes(_row(basil.account))
    assert authenticate("desk", basil.email, PASSWORD, old[0]) is None
    assert authenticate("desk", basil.email, PASSWORD, new[0])


def test_a_recovery_code_of_somebody_else_opens_nothing(basil: Holder, open_account: OpenAccount) -> None:
    chandra = open_account("chandra", "desk", "assistance_coordinator")
    hers = recovery.issue_recovery_codes(_row(chandra.account))
    assert authenticate("desk", basil.email, PASSWORD, hers[0]) is None


def test_a_closed_account_is_refused(basil: Holder) -> None:
    code = basil.code
    close_account(basil.account)
    assert authenticate("desk", basil.email, PASSWORD, code) is None


def test_the_same_address_in_two_companies_opens_the_account_whose_code_it_is(
    basil: Holder, open_account: OpenAccount
) -> None:
    """Neither company can shut the other's person out by opening an account for the same address."""
    twin = open_account("basil", "desk", "assistance_coordinator", company="ama-ch", email=basil.email)
    with transaction.atomic():
        context.see_accounts([twin.account])
        secret = keyring.open_field(Account.objects.get(id=twin.account), "secret")
    proven = authenticate("desk", basil.email, PASSWORD, totp.code_of(secret, totp.step_at(clock.now())))
    assert proven is not None
    assert proven.id == twin.account


def test_input_beyond_any_honest_length_is_not_looked_at(basil: Holder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Argon2Hasher, "verify", lambda *_: pytest.fail("hashed"))
    assert authenticate("desk", basil.email, "x" * (LONGEST_INPUT + 1), basil.code) is None


def test_an_unknown_address_costs_one_hash_and_the_same_statements(
    basil: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    costs: list[str] = []
    verify = Argon2Hasher.verify

    def counted(self: Argon2Hasher, password: str, encoded: str) -> bool:
        costs.append(encoded.rsplit("$", 2)[0])
        return verify(self, password, encoded)

    monkeypatch.setattr(Argon2Hasher, "verify", counted)
    authenticate("desk", basil.email, "a wrong lantern over water", "000000")
    authenticate("desk", "nobody@nowhere.example", "a wrong lantern over water", "000000")
    assert costs[0] == costs[1]
    assert len(costs) == 2


def test_the_proof_of_nobody_costs_what_ours_cost() -> None:
    assert not Argon2Hasher().must_update(_NOBODY.encoded)
    assert not Argon2Hasher().verify(PASSWORD, _NOBODY.encoded)


def test_the_printed_code_is_one_that_was_not_used_yet(basil: Holder, moved_clock: MovedClock) -> None:
    assert authenticate("desk", basil.email, PASSWORD, basil.code)
    assert authenticate("desk", basil.email, PASSWORD, basil.code)
    third = current_code("desk", basil.email)
    assert third.usable_from > moved_clock.now()
    moved_clock.moment = third.usable_from
    assert authenticate("desk", basil.email, PASSWORD, third.digits)
