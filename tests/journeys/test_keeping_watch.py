"""Dina keeps watch: she sees what waits, reads the journal, decides a decision again, and answers a letter."""

import contextlib
import re

import psycopg
import pytest
from playwright.sync_api import Page, expect

from amanat.custody import letters
from amanat.custody.facts import Ask
from amanat.custody.unit import unit
from stage.accounts import PASSWORD, Holder
from stage.browser import OpenWindow
from stage.group import Group, hire
from stage.looks import LOOKS, look
from stage.site import Site

pytestmark = pytest.mark.journey
CARD = Ask("view", ("name", "birth_year", "cover_status"), "eligibility")
MIXED = Ask("view", ("name", "report"), "treatment")


@pytest.fixture(scope="module")
def dina(site: Site, town: Group) -> Holder:
    return hire(site.clone, "dina", "privacy", "privacy_officer")


@pytest.fixture
def page(site: Site, dina: Holder, open_window: OpenWindow) -> Page:
    """Dina, signed in. A code works once, so each story waits for the next."""
    window = open_window()
    window.goto(site.at("/privacy/"))
    window.get_by_label("E-mail address").fill(dina.email)
    window.get_by_label("Password").fill(PASSWORD)
    window.get_by_label("Sign-in code").fill(dina.code)
    window.get_by_role("button", name="Sign in").click()
    expect(window.get_by_role("heading", level=1)).to_have_text("What waits for you")
    return window


def pictures(page: Page, name: str) -> None:
    for width, light in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=light)
        look(page, f"privacy/{name}-{width}-{light}")
    page.set_viewport_size({"width": 1440, "height": 900})


def test_dina_replays_a_decision_and_finds_one_that_was_tampered_with(page: Page, site: Site, town: Group) -> None:
    for ask, people in ((CARD, [town.amina, town.mallory]), (MIXED, [town.amina])):
        with unit(town.actor("basil"), ask.purpose) as one:
            refused = one.ask(ask, people).act
    page.get_by_role("link", name="Decision journal").first.click()
    pictures(page, "journal")
    page.locator(f'a[href="/privacy/journal/{refused}/"]').click()
    expect(page.get_by_role("main")).to_contain_text("Version 1.0.0")
    pictures(page, "act")
    page.get_by_role("link", name="Decide it again").click()
    expect(page.get_by_text("The same, byte for byte")).to_be_visible()
    expect(page.get_by_role("heading", name="As recorded")).to_be_visible()
    pictures(page, "replay")
    with contextlib.closing(site.clone.connect("owner")) as owner:
        _tamper(owner, str(refused))
    page.reload()
    expect(page.get_by_text("The record is broken")).to_be_visible()
    pictures(page, "replay-broken")


def _tamper(owner: psycopg.Connection, act: str) -> None:
    owner.execute("UPDATE ledger_entry SET outcome = 'permit' WHERE act = %s", (act,))


def test_dina_reads_a_letter_and_notes_that_she_answered(page: Page, town: Group) -> None:
    letters.post_letter("ama-ch", "complaint", "Nobody called me back.\nPlease do.", "brother@example.org")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Letters").click()
    pictures(page, "letters")
    page.get_by_role("link", name=re.compile("[A-Z2-7]{4}-")).first.click()
    expect(page.locator("blockquote")).to_contain_text("Nobody called me back.")
    pictures(page, "letter")
    page.get_by_role("button", name="Note as answered").click()
    expect(page.get_by_role("status")).to_contain_text("Noted as answered")
    page.get_by_role("link", name="Overview").click()
    pictures(page, "home")
