"""Recovery codes: eighty random bits each, kept as keyed hashes, each good for one sign-in."""

import base64
import re
import secrets
from typing import Final
from uuid import UUID

from django.db import transaction

from amanat.accounts import context, events, keyring
from amanat.accounts.models import Account, Event, RecoveryCode
from amanat.vocabulary import clock

NUMBER_OF_CODES: Final = 10

_NOBODY: Final = UUID(int=0)
# The one printed form, in capitals or not: any other spelling of a code is no code at all.
_CODE = re.compile(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){3}", re.ASCII)


def issue_recovery_codes(account: Account) -> list[str]:
    """Replace the unused codes of `account` by new ones and give these out, this once."""
    codes = [_new_code() for _ in range(NUMBER_OF_CODES)]
    with transaction.atomic():
        context.see_accounts([account.id])
        RecoveryCode.objects.filter(account=account, used_at=None).delete()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(account=account, company=account.company, digest=keyring.recovery_digest(account.id, code))
            for code in codes
        )
        events.record(Event.RECOVERY_CODES_ISSUED, account.audience, account)
    return codes


def holders(code: str, accounts: list[Account]) -> set[UUID]:
    """The accounts among `accounts` that `code` could still recover; with none to ask, the same work is done."""
    printed = _printed(code)
    if _CODE.fullmatch(printed) is None:
        return set()
    digests = [keyring.recovery_digest(account, printed) for account in [a.id for a in accounts] or [_NOBODY]]
    unused = RecoveryCode.objects.filter(digest__in=digests, used_at=None)
    return set(unused.values_list("account_id", flat=True))


def consume(account: Account, code: str) -> bool:
    """Use `code` up, in the caller's transaction, and say whether it was there to be used."""
    digest = keyring.recovery_digest(account.id, _printed(code))
    unused = RecoveryCode.objects.filter(account=account, digest=digest, used_at=None)
    return unused.update(used_at=clock.now()) == 1


def _printed(code: str) -> str:
    """`code` as it was printed: whoever types it from paper need not hold the shift key."""
    return code.upper() if code.isascii() else code


def _new_code() -> str:
    letters = base64.b32encode(secrets.token_bytes(10)).decode()
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))
