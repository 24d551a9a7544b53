"""A visitor reads the statement, opens its words, asks what "they" may do, and leaves a letter without a name."""

import pytest
from playwright.sync_api import expect

from stage.browser import OpenWindow
from stage.group import Group
from stage.looks import PICTURES, look, windows
from stage.site import Site

pytestmark = pytest.mark.journey
PAGES = {
    "home": "/", "statement": "/statement/", "word": "/statement/words/to/hospital/", "words": "/statement/words/",
    "versions": "/statement/versions/", "contacts": "/contacts/", "feedback": "/feedback/", "can-they": "/can-they/",
    "answer-ask": "/can-they/?who=billing_clerk&do=disclose&data=health_assessment&to=employer&for=billing",
    "answer-yes": "/can-they/?who=clinician&do=disclose&data=report&to=hospital&for=treatment&choice=medical_service",
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_every_public_page_can_be_read_by_everyone(site: Site, town: Group, open_window: OpenWindow, name: str) -> None:
    for page, picture in windows(open_window, f"public/{name}"):
        page.goto(site.at(PAGES[name]))
        look(page, picture)


def test_a_visitor_taps_a_word_and_reads_its_meaning_in_place(site: Site, town: Group, open_window: OpenWindow) -> None:
    page = open_window(width=360)
    page.goto(site.at("/statement/"))
    page.get_by_role("link", name="What we use it for, and whom we tell").click()
    page.locator("#part-6 > details > summary").click()
    clause = page.locator("#c-6\\.10")
    clause.get_by_role("link", name="your yes").or_(clause.locator("a.word").first).first.click()
    meaning = clause.locator(".opened .meaning")
    expect(meaning).to_contain_text("It counts in:")
    expect(page).to_have_url(site.at("/statement/#part-6"))
    clause.get_by_text("The rule, and what its words mean").click()
    expect(clause.locator(".rules li").first).to_contain_text("whoever pays")
    look(page, "public/word-in-place")


def test_a_link_to_a_clause_opens_the_part_that_hides_it(site: Site, town: Group, open_window: OpenWindow) -> None:
    page = open_window()
    page.goto(site.at("/statement/#c-6.9b"))
    expect(page.locator("#t-6\\.9")).to_be_visible()


def test_without_scripts_a_word_is_a_page_and_everything_can_be_read(
    site: Site, town: Group, open_window: OpenWindow
) -> None:
    page = open_window(width=360, scripts=False)
    page.goto(site.at("/statement/?view=full"))
    expect(page.locator("#c-6\\.12 .prose")).to_contain_text("your data")
    page.locator("#c-6\\.7 a.word").first.click()
    expect(page.get_by_role("heading", level=1)).not_to_be_empty()
    assert "/statement/words/" in page.url


def test_on_paper_every_clause_is_there_and_no_control(site: Site, town: Group, open_window: OpenWindow) -> None:
    page = open_window()
    page.goto(site.at("/statement/?view=full"))
    page.emulate_media(media="print")
    page.screenshot(path=PICTURES / "public" / "paper.png", full_page=True)
    expect(page.locator("#c-8\\.3 .prose")).to_be_visible()
    for control in (page.get_by_role("button", name="Print"), page.locator(".contents"), page.locator(".tabs")):
        expect(control).not_to_be_visible()


def test_a_visitor_asks_whether_her_employer_may_know(site: Site, town: Group, open_window: OpenWindow) -> None:
    page = open_window(width=360)
    page.goto(site.at("/can-they/"))
    page.get_by_label("Can …").select_option("clinician")
    page.get_by_label("do this …").select_option("disclose")
    page.get_by_label("with this about me …").select_option("health_assessment")
    page.get_by_label("for this aim …").select_option("billing")
    page.get_by_label("telling it to …").select_option("employer")
    page.get_by_role("button", name="Ask").click()
    answer = page.locator("#answer")
    expect(answer.get_by_role("heading", level=2)).to_have_text("Only if you agree")
    expect(answer).to_contain_text("6.10")
    answer.get_by_role("link", name="your yes to telling a payer").click()
    expect(page.get_by_role("heading", level=2, name="Yes")).to_be_visible()
    expect(page.get_by_label("your yes to telling a payer")).to_be_checked()


def test_without_scripts_the_question_is_answered_all_the_same(
    site: Site, town: Group, open_window: OpenWindow
) -> None:
    page = open_window(scripts=False)
    page.goto(site.at("/can-they/"))
    page.get_by_role("link", name="May you use my trip for adverts?").click()
    expect(page.get_by_role("heading", level=2, name="No")).to_be_visible()
    page.get_by_label("with this about me …").select_option("browse")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator("#answer")).to_contain_text("the pages you saw")


def test_a_visitor_writes_without_a_name_and_keeps_a_receipt(site: Site, town: Group, open_window: OpenWindow) -> None:
    page = open_window(width=360)
    page.goto(site.at("/statement/"))
    page.get_by_role("link", name="Feedback").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("Write your message")
    look(page, "public/feedback-wrong")
    page.get_by_label("Your message").fill("The card is hard to read at night.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your message")
    expect(page.get_by_role("article")).to_contain_text("Amanat CH")
    look(page, "public/feedback-received")


@pytest.mark.parametrize(("language", "text"), [("fr", "fr"), ("ar", "en")])
def test_the_frame_speaks_the_readers_language_and_the_text_says_which_it_is_in(
    site: Site, town: Group, open_window: OpenWindow, language: str, text: str
) -> None:
    page = open_window(width=360)
    page.goto(site.at(f"/language/{language}/?next=/statement/"))
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator(".short").first.get_attribute("lang") == text
    look(page, f"public/statement-{language}")
    page.goto(site.at("/can-they/?who=clinician&do=view&data=report&for=treatment"))
    look(page, f"public/can-they-{language}")
