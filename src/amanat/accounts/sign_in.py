"""Proving an account with password and code together, so that no answer tells which of them was wrong.

The argument, step by step:
 (0) nothing longer than any honest input is looked at;
 (1) the attempt is counted under a row lock before anything is checked, so parallel guesses cannot outrun the count;
 (2) password and code are both checked, always, and for an unknown e-mail against a proof that nobody has;
 (3) the code is consumed by one conditional update: of many parallel copies exactly one passes;
 (4) success takes the count back; everything else is the same `None` after the same work.

A try is logged in (1), known e-mail or not, and (1) lasts equally long for both, so times do not tell them apart.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from amanat.accounts import context, events, keyring, recovery, totp
from amanat.accounts.hasher import Argon2Hasher
from amanat.accounts.models import Account, Event
from amanat.vocabulary import clock

LONGEST_INPUT: Final = 256
FREE_FAILURES: Final = 5
LOCKED_AT: Final = 50
LONGEST_DELAY: Final = timedelta(minutes=15)

# Several times what counting takes, so that every attempt takes the same.
_COUNTING_SECONDS: Final = 0.05
# One person may hold an account in several companies; more than this is an attack on the hash budget.
_MOST_ACCOUNTS: Final = 3


@dataclass(frozen=True)
class _Proof:
    """What an attempt is checked against. Without an account it can be checked but never pass."""

    account: Account | None
    encoded: str
    secret: str
    recovers: bool = False


# A hash of a random password that was thrown away, at the same cost as every other.
_NOBODY: Final = _Proof(
    None,
    "argon2$argon2id$v=19$m=47104,t=1,p=1$ZnZOWHlQM3NtYmgwRm5JMjhyc0ZuUw$NiRMw6pzSZXF5/mtsVJq36rkqCUYSjOejXSAlijgHpg",
    "RMNIJJHX2QRMGJMEJ3RU4LOQHAYEEGE7",
)


def authenticate(audience: str, email: str, password: str, code: str) -> Account | None:
    """Give the account that e-mail, password and code prove together, and None for every other outcome.

    `code` is a current TOTP code or a recovery code. Raises `SignInBusyError` when too many hashes are waiting.
    """
    if max(map(len, (email, password, code))) > LONGEST_INPUT:  # (0)
        return None
    moment = clock.now()
    with _lasting(_COUNTING_SECONDS):
        proofs = _count_attempt(audience, email, code, moment)  # (1)
    for proof in proofs:
        step = totp.matching_step(proof.secret, code, moment)  # (2)
        right = Argon2Hasher().verify(password, proof.encoded)
        # SECURITY: only a right code leads on to a statement, so no timing tells that the password was right.
        proven = right and (step is not None or proof.recovers)
        if proven and proof.account and _consume(proof.account, code, step):
            return proof.account
    return None  # (4)


@contextmanager
def _lasting(seconds: float) -> Iterator[None]:
    """Make the block last at least so long: reading and counting a known account takes a millisecond more."""
    end = time.monotonic() + seconds
    yield
    time.sleep(max(0.0, end - time.monotonic()))


def _count_attempt(audience: str, email: str, code: str, moment: datetime) -> list[_Proof]:
    token = keyring.email_token(audience, email)
    with transaction.atomic():
        context.see_sign_in(token)
        known = Account.objects.select_for_update().filter(audience=audience, email_token=token)
        accounts = list(known.order_by("created_at")[:_MOST_ACCOUNTS])
        context.see_accounts(account.id for account in accounts)
        recovering = recovery.holders(code, accounts)
        for holder in accounts or (None,):
            events.record(Event.SIGN_IN_TRIED, audience, holder)
        proofs = [_counted(account, moment, recovers=account.id in recovering) for account in accounts]
    return proofs or [_NOBODY]


def _counted(account: Account, moment: datetime, *, recovers: bool) -> _Proof:
    """Count one failure in advance; success takes it back. Attempts during a pause are neither counted nor heard."""
    admitted = _is_admitted(account, moment, recovers=recovers)
    if admitted:
        account.failures += 1
        account.wait_until = moment + _delay(account.failures)
        account.save(update_fields=["failures", "wait_until"])
    return _Proof(
        account if admitted else None,
        keyring.open_field(account, "password"),
        keyring.open_field(account, "secret"),
        recovers,
    )


def _is_admitted(account: Account, moment: datetime, *, recovers: bool) -> bool:
    """Nobody guesses a recovery code: it is heard during a pause, and is the way out of a lock."""
    if not account.is_open(moment):
        return False
    patient = account.wait_until is None or account.wait_until <= moment
    return recovers or (account.failures < LOCKED_AT and patient)


def _delay(failures: int) -> timedelta:
    """Nothing for the first few, then a second, doubled each time."""
    if failures < FREE_FAILURES:
        return timedelta()
    return min(timedelta(seconds=2 ** min(failures - FREE_FAILURES, 20)), LONGEST_DELAY)


def _consume(account: Account, code: str, step: int | None) -> bool:
    """Use the code up. The condition stands in the statement, so of parallel copies one finds it true."""  # (3)
    with transaction.atomic():
        context.see_accounts([account.id])
        if step is None:
            used, kind = recovery.consume(account, code), Event.SIGNED_IN_BY_RECOVERY
        else:
            used, kind = consume_step(account.id, step), Event.SIGNED_IN
        if used:
            Account.objects.filter(id=account.id).update(failures=0, wait_until=None)  # (4)
            events.record(kind, account.audience, account)
        return used


def consume_step(account: UUID, step: int) -> bool:
    """Move the account's last used step up to `step`, unless it is there already."""
    return Account.objects.filter(id=account, is_active=True, last_step__lt=step).update(last_step=step) == 1
