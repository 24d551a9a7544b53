"""A visitor switches to French and reads the statement: its words in French, its numbers and links as in English."""

import pytest
from playwright.sync_api import expect

from stage.browser import OpenWindow
from stage.group import Group
from stage.looks import look, windows
from stage.site import Site

pytestmark = pytest.mark.journey


def test_the_statement_can_be_read_in_french(site: Site, town: Group, open_window: OpenWindow) -> None:
    for page, picture in windows(open_window, "public/statement-fr"):
        page.goto(site.at("/language/fr/?next=/statement/"))
        expect(page.get_by_text("Traduction provisoire")).to_be_visible()
        page.locator("#part-8 > details > summary").click()
        clause = page.locator("#c-8\\.3")
        expect(clause.locator(".prose")).to_have_attribute("lang", "fr")
        expect(clause.locator(".prose")).to_contain_text("Là où nous demandons des données sensibles")
        clause.locator("details > summary").first.click()
        expect(clause.locator(".rules")).to_have_attribute("lang", "en")
        expect(clause.locator(".meanings")).to_have_attribute("lang", "fr")
        look(page, picture)


def test_a_french_word_opens_the_same_meaning(site: Site, town: Group, open_window: OpenWindow) -> None:
    page = open_window(width=360)
    page.goto(site.at("/language/fr/?next=/statement/"))
    page.locator("#part-6 > details > summary").click()
    clause = page.locator("#c-6\\.10")
    word = clause.get_by_role("link", name="la loi le permet")
    expect(word).to_have_attribute("href", "/statement/words/if/law/")
    word.click()
    expect(clause.locator(".opened .meaning")).to_contain_text(
        "la loi de là où vous êtes et de là où nous agissons le permet"
    )


def test_the_words_and_their_meaning_can_be_read_in_french(site: Site, town: Group, open_window: OpenWindow) -> None:
    for page, picture in windows(open_window, "public/word-fr"):
        page.goto(site.at("/language/fr/?next=/statement/words/to/hospital/"))
        expect(page.get_by_role("heading", level=1)).to_have_text("un hôpital du lieu")
        look(page, picture)
