"""Amina at her own pages: an account on her pseudonym, and a browser without a browser that is signed in with it."""

from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Page, expect

from amanat.accounts.service import NewAccount, create_account
from amanat.custody.actor import Actor
from stage.accounts import PASSWORD, Holder, sign_in
from stage.group import Group
from stage.site import Site
from stage.statements import MOST, few_statements

COMPANY = "ama-ch"
TYPED = {
    "allergies": "Penicillin: swelling of the throat",
    "blood_type": "O-",
    "current_medicines": "Salbutamol inhaler",
    "critical_conditions": "Asthma",
    "treating_doctor_phone": "+41445550117",
}


def member_account(subject: UUID, name: str = "Amina Haddad", email: str = "amina@example.org") -> Holder:
    """Open an account on a person who is enrolled."""
    new = NewAccount("member", COMPANY, "member", name, email, PASSWORD, None, subject)
    return Holder(create_account(new), "member", email, COMPANY)


class Member:
    """A member in a browser without a browser. Pages are held to their number of statements."""

    def __init__(self, holder: Holder, subject: UUID) -> None:
        self.holder, self.subject = holder, subject
        self.client: Client = sign_in(holder)
        self.token = self.client.cookies["__Host-amanat-csrf"].value

    @property
    def actor(self) -> Actor:
        return Actor(self.holder.account, "member", COMPANY, None, self.subject, "")

    def get(self, path: str, status: int = 200, most: int = MOST) -> str:
        with few_statements(most):
            answer = self.client.get(path)
        assert answer.status_code == status, answer.content.decode()[-2000:]
        return str(answer.content.decode())

    def post(self, path: str, status: int = 302, **form: object) -> HttpResponse:
        form = {"form_key": uuid4().hex, **form, "csrfmiddlewaretoken": self.token}
        answer = self.client.post(path, form)
        assert answer.status_code == status, answer.content.decode()[-3000:]
        return answer  # type: ignore[return-value]

    def save_record(self, status: int = 302, version: int = 0, **form: object) -> HttpResponse:
        return self.post("/member/record/", status, **{**TYPED, "version": version, **form})


@pytest.fixture
def amina_signed_in(group: Group, accounts: None) -> Member:
    return Member(member_account(group.amina), group.amina)


def sign_in_here(page: Page, site: Site, holder: Holder) -> None:
    """Sign a member in through the page, in a real browser."""
    page.goto(site.at("/member/"))
    page.get_by_label("E-mail address").fill(holder.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Sign-in code").fill(holder.code)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(site.at("/member/"))
