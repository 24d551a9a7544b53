"""The cast's accounts, and browsers without a browser that sign in with them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from amanat.accounts import keyring
from amanat.accounts.service import NewAccount, create_account, current_code
from amanat.vocabulary import clock
from stage.databases import acting_as
from stage.server import Clone

PASSWORD = "a lantern over quiet water"
HOME_COMPANY, OTHER_COMPANY = "ama-sg", "ama-ch"
ROOM_LASTS = timedelta(days=14)


@dataclass(frozen=True)
class Holder:
    """Someone of the cast who can sign in."""

    account: UUID
    audience: str
    email: str
    company: str

    @property
    def code(self) -> str:
        return current_code(self.audience, self.email).digits


OpenAccount = Callable[..., Holder]


@pytest.fixture
def accounts(database: Clone) -> None:
    """The accounts' key, as an installation makes it."""
    make_key(database)


def make_account(name: str, audience: str, role: str, *, company: str = HOME_COMPANY, email: str = "") -> Holder:
    """Open an account for someone of the cast, in the database Django is connected to."""
    email = email or f"{name}@{company}.example"
    organisation = "oryx-energy" if audience == "client" else None
    subject = uuid4() if audience == "member" else None
    ends_at = clock.now() + ROOM_LASTS if audience == "audit" else None
    new = NewAccount(audience, company, role, name.title(), email, PASSWORD, organisation, subject, ends_at)
    return Holder(create_account(new), audience, email, company)


def open_holder(clone: Clone, name: str, audience: str, role: str) -> Holder:
    """Open an account in the database of a site that is running."""
    make_key(clone)
    return make_account(name, audience, role)


def make_key(clone: Clone) -> None:
    with acting_as(clone, "worker"):
        keyring.ensure_key()


@pytest.fixture
def open_account(accounts: None) -> OpenAccount:
    """`open_account("basil", "desk", "assistance_coordinator")`."""
    return make_account


@pytest.fixture
def amina(open_account: OpenAccount) -> Holder:
    return open_account("amina", "member", "member")


@pytest.fixture
def basil(open_account: OpenAccount) -> Holder:
    return open_account("basil", "desk", "assistance_coordinator")


class MovedClock:
    """The clock of this test: it stands still until it is moved."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def move(self, **by: float) -> None:
        self.moment += timedelta(**by)


@pytest.fixture
def moved_clock(monkeypatch: pytest.MonkeyPatch) -> MovedClock:
    moved = MovedClock(clock.now())
    monkeypatch.setattr(clock, "now", moved.now)
    return moved


def plain_browser() -> Client:
    """A browser that checks nothing away: the CSRF check is on, the host is this machine."""
    return Client(enforce_csrf_checks=True, SERVER_NAME="localhost")


def token_of(client: Client, path: str) -> str:
    """Open the page at `path` and give the token of its form."""
    client.get(path)
    return str(client.cookies["__Host-amanat-csrf"].value)


def sign_in(holder: Holder, client: Client | None = None) -> Client:
    """Sign `holder` in through the page, as a person would."""
    client = client or plain_browser()
    path = reverse(f"{holder.audience}:sign_in")
    form = {"email": holder.email, "password": PASSWORD, "code": holder.code}
    answer = client.post(path, form | {"csrfmiddlewaretoken": token_of(client, path)})
    assert answer.status_code == 302, answer.content
    return client
