"""A visitor compares two versions of the statement, reads what is proven of it, and asks a long question."""

import re

import pytest
from playwright.sync_api import Page, expect

from stage.browser import OpenWindow
from stage.group import Group
from stage.looks import PICTURES, look, windows
from stage.site import Site

pytestmark = pytest.mark.journey
LONG = (
    "/can-they/?who=assistance_coordinator&do=disclose&data=emergency_record&data=name&for=treatment"
    "&to=assistance_company&in=emergency_medical&via=phone&of=direct&abroad=yes&choice=emergency_record"
    "&holds=agreement&holds=tool&holds=entitlement"
)


def open_changes(page: Page, site: Site) -> None:
    page.goto(site.at("/statement/"))
    page.get_by_role("link", name="Read what changes").click()


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("light", ["light", "dark"])
def test_a_visitor_reads_what_changes_before_it_does(
    site: Site, town: Group, open_window: OpenWindow, width: int, light: str
) -> None:
    page = open_window(width=width, light=light)
    open_changes(page, site)
    expect(page.get_by_role("heading", level=1)).to_have_text("What changed")
    moved = page.locator("#c-T\\.1")
    expect(moved).to_contain_text("90 days")
    expect(moved.locator("ins")).to_have_text("thirty")
    wider = page.locator("#c-8\\.5d")
    expect(wider).to_contain_text("This could not be done before")
    expect(wider).to_contain_text("another assistance company for treatment?")
    expect(page.locator("main")).not_to_contain_text(re.compile(r"[{}]|frozenset|Outcome\."))
    look(page, f"public/changes-{width}-{light}")


def test_the_versions_say_from_when_each_holds(site: Site, town: Group, open_window: OpenWindow) -> None:
    for page, picture in windows(open_window, "public/versions"):
        page.goto(site.at("/statement/versions/"))
        expect(page.locator(".version-now")).to_contain_text("Here it began earlier")
        look(page, picture)
    page.get_by_role("link", name="Read version 1.1.0").click()
    expect(page.get_by_text("This version is not in force yet")).to_be_visible()
    look(page, "public/version-to-come")


def test_what_changed_can_be_read_on_paper_and_without_scripts(
    site: Site, town: Group, open_window: OpenWindow
) -> None:
    page = open_window(scripts=False)
    open_changes(page, site)
    expect(page.locator("#c-8\\.6 del").first).to_be_visible()
    page.emulate_media(media="print")
    page.screenshot(path=PICTURES / "public" / "changes-paper.png", full_page=True)
    expect(page.locator("#c-8\\.6 .fold ul").first).to_be_visible()


def test_a_visitor_waits_for_the_proofs_and_reads_them(site: Site, town: Group, open_window: OpenWindow) -> None:
    page = open_window()
    page.goto(site.at("/statement/proofs/"))
    expect(page.get_by_text("All 10 hold")).to_be_visible(timeout=30_000)
    expect(page.locator(".proven").first).to_contain_text("health data is used for advertising")
    for window, picture in windows(open_window, "public/proofs"):
        window.goto(site.at("/statement/proofs/"))
        look(window, picture)


def test_a_visitor_asks_a_long_question_and_passes_it_on(site: Site, town: Group, open_window: OpenWindow) -> None:
    page = open_window(width=360, scripts=False)
    page.goto(site.at("/can-they/"))
    page.get_by_label("Can …").select_option("assistance_coordinator")
    page.get_by_label("do this …").select_option("disclose")
    page.get_by_label("with this about me …").select_option("emergency_record")
    page.get_by_label("for this aim …").select_option("treatment")
    page.get_by_label("telling it to …").select_option("assistance_company")
    page.get_by_text("What I agreed to, or set against it").click()
    page.get_by_label("your yes to the emergency record").check()
    page.get_by_text("The situation, and more about it").click()
    page.get_by_label("in this situation …").select_option("emergency_medical")
    page.get_by_label("together with").select_option("name")
    page.get_by_label("Those who are told are in another country").check()
    page.get_by_role("button", name="Ask").click()
    answer = page.locator("#answer")
    expect(answer.get_by_role("heading", level=2).first).to_have_text("No")
    expect(answer).to_contain_text("your emergency record and your name to another assistance company for treatment")
    expect(answer).to_contain_text("What would nearly have allowed it")
    expect(answer).to_contain_text("Under version 1.1.0")
    answer.get_by_role("link", name="The address of this question, to keep or to pass on").click()
    expect(page.get_by_label("in this situation …")).to_have_value("emergency_medical")
    expect(page.get_by_label("together with", exact=True)).to_have_value("name")
    expect(page.get_by_label("your yes to the emergency record")).to_be_checked()


def test_a_long_question_and_its_answer_fit_every_window(site: Site, town: Group, open_window: OpenWindow) -> None:
    for page, picture in windows(open_window, "public/can-they-long"):
        page.goto(site.at(LONG))
        look(page, picture)


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_the_frame_of_these_pages_speaks_the_readers_language(
    site: Site, town: Group, open_window: OpenWindow, language: str
) -> None:
    page = open_window(width=360)
    page.goto(site.at(f"/language/{language}/?next=/statement/versions/"))
    look(page, f"public/versions-{language}")
    page.goto(site.at("/statement/proofs/"))
    look(page, f"public/proofs-{language}")
    page.goto(site.at("/statement/versions/"))
    page.locator("a[href*='/changes/']").first.click()
    look(page, f"public/changes-{language}")
    page.goto(site.at(LONG))
    look(page, f"public/can-they-long-{language}")
