"""Feedback and contacts: every company can be reached, anybody may write, and the writer gets a receipt."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from django.http import HttpResponse
from django.test import Client

from amanat.custody import letters
from amanat.demo.group import companies as demo_companies
from amanat.demo.load import load_organisations
from amanat.demo.world import the_world
from amanat.publication import service
from stage.accounts import plain_browser, token_of
from stage.databases import AsLogin
from stage.group import Group
from stage.server import Clone
from stage.statements import few_statements

LETTER = {"kind": "enquiry", "company": "ama-ch", "text": "your <b>card</b> is hard to read", "reply": ""}


@pytest.fixture
def browser(group: Group) -> Client:
    return plain_browser()


def send(browser: Client, **more: str) -> HttpResponse:
    form = LETTER | more | {"csrfmiddlewaretoken": token_of(browser, "/feedback/")}
    with few_statements():
        return browser.post("/feedback/", form)  # type: ignore[return-value]


@pytest.mark.clause("10.2", "C.2")
def test_a_message_without_a_name_reaches_the_queue_with_a_receipt(browser: Client, group: Group) -> None:
    answer = send(browser)
    assert answer.status_code == 302
    receipt = browser.get(answer["Location"]).content.decode()
    (queued,) = letters.letters_of(group.actor("dina"))
    assert f"<code>{queued.number}</code>" in receipt
    assert "Amanat CH" in receipt
    assert "/statement/#c-C.2" in receipt
    opened = letters.open_letter(group.actor("dina"), queued.id)
    assert (opened.text, opened.reply) == (LETTER["text"], "")


def test_the_receipt_says_nothing_of_what_was_written(browser: Client) -> None:
    answer = send(browser, text="about my knee", reply="amina@example.org")
    page = answer["Location"] + browser.get(answer["Location"]).content.decode()
    for word in ("knee", "amina"):
        assert word not in page


def test_a_receipt_that_we_did_not_give_is_not_there(browser: Client) -> None:
    address = urlsplit(send(browser)["Location"])
    genuine = parse_qs(address.query)["receipt"][0]
    for forged in ("", "x", genuine[:-1], "A" + genuine[1:]):
        assert browser.get(address.path, {"receipt": forged}).status_code == 404


@pytest.mark.parametrize(("wrong", "says"), [
    ({"text": ""}, "Write your message"), ({"text": "x" * 4001}, "at most 4,000"),
    ({"reply": "amina.@"}, "such as name@example.org"), ({"kind": ""}, "Choose one of the two"),
    ({"company": "mallory-inc"}, "Select a valid choice"),
])  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    browser: Client, group: Group, wrong: dict[str, str], says: str
) -> None:
    answer = send(browser, **wrong)
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert says in page
    assert "<title>Error:" in page
    if wrong.get("text") is None:
        assert LETTER["text"] in page
    assert letters.letters_of(group.actor("dina")) == []


def test_a_letter_needs_its_token(browser: Client, group: Group) -> None:
    assert browser.post("/feedback/", LETTER).status_code == 403
    assert letters.letters_of(group.actor("dina")) == []


def test_a_flood_is_answered_with_a_pause(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "MOST_AN_HOUR", 0)
    assert send(browser).status_code == 429


@pytest.mark.clause("0.10g")
def test_a_company_without_a_contact_is_found(browser: Client, owner_connection: psycopg.Connection) -> None:
    assert service.companies_without_contact() == []
    owner_connection.execute("DELETE FROM organisations_contact WHERE company = 'ama-sg'")
    assert service.companies_without_contact() == ["ama-sg"]


@pytest.mark.clause("C.1")
def test_every_company_of_the_demo_world_can_be_reached(database: Clone, as_login: AsLogin) -> None:
    with as_login("worker"):
        load_organisations(the_world())
    with few_statements():
        page = plain_browser().get("/contacts/").content.decode()
    for one in demo_companies():
        assert f'id="{one.id}"' in page
        assert f"mailto:privacy@{one.id}.example" in page


@pytest.mark.clause("4.1", "4.2", "4.3")
def test_a_link_that_leads_away_is_marked_and_carries_nothing(browser: Client) -> None:
    page = browser.get("/contacts/").content.decode()
    leading_away = re.findall(r'<a href="https?://[^>]*>', page)
    assert leading_away
    for link in leading_away:
        assert 'rel="external noopener noreferrer"' in link
        assert 'referrerpolicy="no-referrer"' in link
        assert "?" not in link
        assert 'aria-describedby="exit-note"' in link
    assert "recommends nothing" in page
    assert 'id="exit-note"' in page
