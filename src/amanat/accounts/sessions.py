"""Sessions: a random secret in one browser's cookie, and here its digest with ids and times.

Every request reads its row joined to the account, so closing an account or ending a session acts on the next request.
Lifetimes are those of the audience and counted here, never in the browser.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from amanat.accounts import context, events, keyring
from amanat.accounts.models import Account, Audience, Event, Session
from amanat.vocabulary import clock


@dataclass(frozen=True)
class Lifetime:
    idle: timedelta
    overall: timedelta


LIFETIMES: Final = {
    Audience.MEMBER: Lifetime(timedelta(minutes=30), timedelta(hours=12)),
    Audience.DESK: Lifetime(timedelta(minutes=15), timedelta(hours=12)),
    Audience.CLIENT: Lifetime(timedelta(minutes=15), timedelta(hours=8)),
    Audience.PRIVACY: Lifetime(timedelta(minutes=15), timedelta(hours=8)),
    Audience.AUDIT: Lifetime(timedelta(minutes=15), timedelta(hours=8)),
}
LONGEST_LIFETIME: Final = max(lifetime.overall for lifetime in LIFETIMES.values())

# A row is touched at most this often: reading a page then costs no write.
_TOUCH_EVERY: Final = timedelta(seconds=30)


@dataclass(frozen=True)
class SignedIn:
    """A live session and the account it proved, as ids, with the account's own name for its own pages."""

    account: UUID
    name: str
    role: str
    company: str
    organisation: str | None
    subject: UUID | None
    session: UUID
    proved_at: datetime
    ends_at: datetime | None = None


def open_session(account: Account) -> str:
    """Start a session of `account` and give the secret for the cookie. Expired ones of the account go."""
    secret, moment = secrets.token_urlsafe(32), clock.now()
    with transaction.atomic():
        context.see_accounts([account.id])
        context.see_company(account.company)
        Session.objects.filter(account=account, started_at__lte=moment - LONGEST_LIFETIME).delete()
        Session.objects.create(
            digest=_digest(secret), account=account, audience=account.audience, company=account.company,
            started_at=moment, seen_at=moment,
        )  # fmt: skip
    return secret


def read_session(audience: str, secret: str) -> SignedIn | None:
    """Give who holds `secret` in `audience` now, or None. An expired session is ended on sight."""
    digest, moment = _digest(secret), clock.now()
    with transaction.atomic():
        context.see_session(digest)
        held = Session.objects.select_related("account").filter(digest=digest, audience=audience).first()
        if held is None or not held.account.is_open(moment):
            return None
        if _has_expired(held, moment):
            _end(held, Event.SESSION_EXPIRED)
            return None
        if held.seen_at <= moment - _TOUCH_EVERY:
            Session.objects.filter(id=held.id).update(seen_at=moment)
    return _signed_in(held)


def end_session(audience: str, secret: str) -> None:
    """End the session that `secret` opened, if it is there. The secret is worth nothing afterwards."""
    digest = _digest(secret)
    with transaction.atomic():
        context.see_session(digest)
        held = Session.objects.select_related("account").filter(digest=digest, audience=audience).first()
        if held is not None:
            _end(held, Event.SIGNED_OUT)


def _has_expired(held: Session, moment: datetime) -> bool:
    lifetime = LIFETIMES[Audience(held.audience)]
    return held.seen_at <= moment - lifetime.idle or held.started_at <= moment - lifetime.overall


def _end(held: Session, why: Event) -> None:
    Session.objects.filter(id=held.id).delete()
    events.record(why, held.audience, held.account)


def _signed_in(held: Session) -> SignedIn:
    account = held.account
    return SignedIn(
        account.id, keyring.open_field(account, "name"), account.role, account.company,
        account.organisation, account.subject, held.id, held.started_at, account.ends_at,
    )  # fmt: skip


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
