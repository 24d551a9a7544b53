"""The verbs on accounts that other rooms use: open them, close them, name their holders, recover.

Signing in is `sign_in`, staying signed in is `sessions`.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from amanat.accounts import context, events, keyring, totp
from amanat.accounts.hasher import Argon2Hasher
from amanat.accounts.models import ROLES_OF, Account, Audience, Event, Session
from amanat.accounts.sign_in import LONGEST_INPUT
from amanat.errors import MalformedError, NotFoundError
from amanat.vocabulary import clock

SHORTEST_PASSWORD: Final = 15


class UnfitAccountError(MalformedError):
    """No account can be opened with these particulars."""


@dataclass(frozen=True)
class NewAccount:
    """What it takes to open an account. `subject` names the member, `organisation` the client, where there is one.

    `ends_at` is when it closes by itself: an auditor's always does.
    """

    audience: str
    company: str
    role: str
    name: str
    email: str
    password: str
    organisation: str | None = None
    subject: UUID | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True)
class SignInCode:
    """A code that was not used yet, and the moment from which the door takes it."""

    digits: str
    usable_from: datetime


def create_account(new: NewAccount) -> UUID:
    return create_accounts([new])[0]


def create_accounts(news: Iterable[NewAccount]) -> list[UUID]:
    """Open all of them or none, and give their ids in the same order. Raises `UnfitAccountError`."""
    rows = [_row(new) for new in news]
    with transaction.atomic():
        for row in rows:
            context.see_company(row.company)
            row.save(force_insert=True)
            events.record(Event.ACCOUNT_CREATED, row.audience, row)
    return [row.id for row in rows]


def close_account(account: UUID) -> None:
    """Shut `account` and every session of it; the next request finds nobody."""
    with transaction.atomic():
        context.see_accounts([account])
        closed = Account.objects.select_for_update().filter(id=account).first()
        if closed is None:
            raise NotFoundError
        Account.objects.filter(id=account).update(is_active=False)
        Session.objects.filter(account=closed).delete()
        events.record(Event.ACCOUNT_CLOSED, closed.audience, closed)


def display_names(accounts: Iterable[UUID]) -> dict[UUID, str]:
    """The names of the holders of `accounts`, to show who did what. One statement, however many; the unknown miss."""
    wanted = list(accounts)
    with transaction.atomic():
        context.see_accounts(wanted)
        held = Account.objects.filter(id__in=wanted).only("id", "company", "sealed_name")
        return {account.id: keyring.open_field(account, "name") for account in held}


def own_email(account: UUID) -> str:
    """The address that `account` signs in with, for asking its holder to prove it once more."""
    with transaction.atomic():
        context.see_accounts([account])
        return keyring.open_field(Account.objects.get(id=account), "email")


def current_code(audience: str, email: str) -> SignInCode:
    """Give a sign-in code of this account that still works. Needs the accounts' key, as the door does."""
    token, now = keyring.email_token(audience, email), clock.now()
    with transaction.atomic():
        context.see_sign_in(token)
        account = Account.objects.filter(audience=audience, email_token=token).order_by("created_at").first()
    if account is None:
        raise NotFoundError
    step = max(totp.step_at(now), account.last_step + 1)
    heard_from = (step - totp.LEEWAY_STEPS) * totp.STEP_SECONDS
    return SignInCode(
        totp.code_of(keyring.open_field(account, "secret"), step), datetime.fromtimestamp(heard_from, UTC)
    )


def enrolment_address(account: UUID) -> str:
    """What the holder's authenticator is set up with. Once they have signed in, nobody is told any more."""
    with transaction.atomic():
        context.see_accounts([account])
        fresh = Account.objects.filter(id=account, last_step=0).first()
        if fresh is None:
            raise NotFoundError
        return totp.address_of(keyring.open_field(fresh, "secret"), keyring.open_field(fresh, "email"))


def _row(new: NewAccount) -> Account:
    _check(new)
    account, hasher = uuid.uuid4(), Argon2Hasher()

    def sealed(field: keyring.Field, value: str) -> bytes:
        return keyring.seal_field(new.company, account, field, value)

    return Account(
        id=account, audience=new.audience, company=new.company, role=new.role, subject=new.subject,
        organisation=new.organisation, created_at=clock.now(), ends_at=new.ends_at,
        email_token=keyring.email_token(new.audience, new.email),
        sealed_email=sealed("email", new.email),
        sealed_name=sealed("name", new.name),
        sealed_password=sealed("password", hasher.encode(new.password, hasher.salt())),
        sealed_secret=sealed("secret", totp.new_secret()),
    )  # fmt: skip


def _check(new: NewAccount) -> None:
    """Refuse a role that the audience does not know, and lengths beyond any honest input. Values are not repeated."""
    if new.role not in ROLES_OF.get(new.audience, frozenset()):
        raise UnfitAccountError("the role does not belong to the audience", hint="see ROLES_OF in accounts.models")
    if new.audience == Audience.AUDIT and new.ends_at is None:
        raise UnfitAccountError("the account of an auditor has an end", hint="say when the room closes")
    if not SHORTEST_PASSWORD <= len(new.password) <= LONGEST_INPUT:
        raise UnfitAccountError(f"a password has {SHORTEST_PASSWORD} to {LONGEST_INPUT} characters")
    if max(len(new.email), len(new.name)) > LONGEST_INPUT or not new.company:
        raise UnfitAccountError(f"e-mail and name have at most {LONGEST_INPUT} characters, and a company is named")
