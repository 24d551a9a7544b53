"""What happens in the clients' portal before a test begins: an administrator signs in and sends a file."""

import time
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from amanat.accounts.service import NewAccount, create_account
from stage.accounts import PASSWORD, Holder, OpenAccount, sign_in, token_of
from stage.group import CEDAR, Group

_DONE_WITHIN = 20.0


@pytest.fixture
def petra(group: Group, open_account: OpenAccount) -> Client:
    """Petra administers Oryx Energy, and is signed in."""
    return sign_in(open_account("petra", "client", "client_admin", company="ama-ch"))


@pytest.fixture
def mallorys_admin(group: Group, accounts: None) -> Client:
    """Somebody who administers another client of the same company, and is signed in."""
    email = "admin@cedar.example"
    account = create_account(NewAccount("client", "ama-ch", "client_admin", "Ada", email, PASSWORD, CEDAR))
    return sign_in(Holder(account, "client", email, "ama-ch"))


def send(browser: Client, data: bytes, *, key: str = "", token: str = "") -> HttpResponse:
    """Send a file through the form, as a browser would; what is answered first."""
    address = reverse("client:rosters")
    form = {
        "csrfmiddlewaretoken": token or token_of(browser, address),
        "form_key": key or uuid4().hex,
        "roster": SimpleUploadedFile("people.csv", data, "text/csv"),
    }
    answer: HttpResponse = browser.post(address, form)  # type: ignore[assignment]
    return answer


def outcome(browser: Client, data: bytes) -> str:
    """Send a file and wait for its page."""
    return settled(browser, send(browser, data)["Location"])


def settled(browser: Client, address: str) -> str:
    """The page of a file once it is no longer being taken in."""
    deadline = time.monotonic() + _DONE_WITHIN
    while time.monotonic() < deadline:
        page = browser.get(address).content.decode()
        if 'id="loading"' not in page:
            return page
        time.sleep(0.1)
    raise AssertionError("the file was not taken in")
