"""The accounts' own key: how personal values of an account are sealed, opened and found again.

One key, wrapped by a provider of its own, with two uses derived from it: sealing and index tokens. A blob is tied to
company, account and field, so a blob moved to another row or column does not open.
"""

import unicodedata
from typing import Final, Literal
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from amanat.accounts.models import Account, AccountsKey
from amanat.crypto.binding import bind
from amanat.crypto.derive import blind_token, hkdf
from amanat.crypto.seal import seal, unseal
from amanat.crypto.secret import SecretKey, new_key
from amanat.errors import UnavailableError
from amanat.keys.cache import KeyCache
from amanat.keys.escrow import Escrow
from amanat.keys.opening import create_provider, open_provider
from amanat.keys.provider import EpochRoot
from amanat.vocabulary import clock

Field = Literal["email", "name", "password", "secret"]

KEY_ID: Final = 1
ACCOUNTS: Final = "accounts"

_cache = KeyCache()


class AccountsKeyMissingError(UnavailableError):
    """The accounts have no key yet; run `amanat database prepare`."""


def ensure_key() -> None:
    """Make provider and key if there are none. Runs as the worker or the owner, at installation."""
    folder = settings.HOME.keys / ACCOUNTS
    with transaction.atomic():
        if AccountsKey.objects.filter(id=KEY_ID).exists():
            return
        provider = open_provider(folder) if folder.exists() else create_provider(folder)
        wrapped = provider.wrap(ACCOUNTS, new_key().raw)
        AccountsKey.objects.create(id=KEY_ID, wrapped=wrapped, created_at=clock.now())


def escrow_key() -> None:
    """Seal the accounts' key for the recovery key, if both are there."""
    escrow = Escrow(settings.HOME.keys / "escrow")
    if AccountsKey.objects.filter(id=KEY_ID).exists():
        escrow.keep(ACCOUNTS, EpochRoot(KEY_ID, _unwrap()))


def restore_key(key: SecretKey) -> None:
    """Wrap the accounts' key, as it came back from escrow, under a new provider. Runs as the owner."""
    provider = create_provider(settings.HOME.keys / ACCOUNTS, replacing_lost=True)
    AccountsKey.objects.filter(id=KEY_ID).update(wrapped=provider.wrap(ACCOUNTS, key.raw))
    _cache.forget()


def prove_key() -> None:
    """Open the accounts' key, if this database has one. Raises if the file that opens it is lost or another's."""
    if AccountsKey.objects.filter(id=KEY_ID).exists():
        _unwrap()


def seal_field(company: str, account: UUID, field: Field, value: str) -> bytes:
    return seal(_derived(b"seal"), KEY_ID, value.encode(), _place(company, account, field))


def open_field(account: Account, field: Field) -> str:
    """Open one sealed column of `account`. Raises `SealError` when the blob is not this account's own."""
    blob = bytes(getattr(account, f"sealed_{field}"))
    return unseal(_derived(b"seal"), blob, _place(account.company, account.id, field)).decode()


def email_token(audience: str, email: str) -> bytes:
    """The index token of an e-mail address; addresses that differ in case or width alone are one."""
    canonical = unicodedata.normalize("NFKC", email).strip().casefold()
    return blind_token(_derived(b"index"), f"accounts.email.{audience}", canonical)


def recovery_digest(account: UUID, code: str) -> bytes:
    return blind_token(_derived(b"index"), f"accounts.recovery.{account}", code)


def _place(company: str, account: UUID, field: Field) -> bytes:
    return bind("accounts", company, account, field)


def _derived(use: bytes) -> SecretKey:
    # The database's name keeps two databases of one process apart.
    name = str(connection.settings_dict["NAME"]).encode()
    return SecretKey(hkdf(_cache.get(name, _unwrap), b"amanat accounts " + use))


def _unwrap() -> SecretKey:
    row = AccountsKey.objects.filter(id=KEY_ID).first()
    if row is None:
        raise AccountsKeyMissingError
    return SecretKey(open_provider(settings.HOME.keys / ACCOUNTS).unwrap(ACCOUNTS, bytes(row.wrapped)))
