"""Somebody looks at every component: long names, errors, empty places, two directions, two widths, two lights.

The pictures go to `screenshots/gallery/`, for people to look at; the assertions are what a machine can see.
"""

import datetime as dt
from pathlib import Path

import pytest
from playwright.sync_api import Page

from amanat.portals.translations.compile import compile_catalogues
from axe import check_accessible
from gallery import pages
from stage.browser import OpenWindow

PICTURES = Path(__file__).parents[2] / "screenshots" / "gallery"
LOOKS = [(width, light) for width in (360, 1440) for light in ("light", "dark")]
# What sticks out of the window, but for what scrolls or is cut on purpose.
OVERHANG = """() => [...document.querySelectorAll("body *")]
  .filter(one => !one.closest(".scroll, .skip, .unseen, .menu-label"))
  .filter(one => { const box = one.getBoundingClientRect(); return box.right > innerWidth + 1 || box.left < -1 })
  .map(one => one.outerHTML.slice(0, 120))"""

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module", autouse=True)
def catalogues() -> None:
    compile_catalogues()


def _look(window: Page, html: str, name: str) -> None:
    complaints: list[str] = []
    window.on("console", lambda message: complaints.append(message.text))
    window.on("pageerror", lambda error: complaints.append(str(error)))
    pages.show(window, html)
    PICTURES.mkdir(parents=True, exist_ok=True)
    window.screenshot(path=PICTURES / f"{name}.png", full_page=True)
    assert not complaints
    assert window.evaluate(OVERHANG) == []
    check_accessible(window)


@pytest.mark.parametrize(("width", "light"), LOOKS)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_component_is_accessible_and_stays_inside_the_window(
    open_window: OpenWindow, language: str, width: int, light: str
) -> None:
    html = pages.render("parts.html", language, errors=pages.errors_of(pages.WORDS[language]))
    _look(open_window(width=width, light=light), html, f"parts-{language}-{width}-{light}")


@pytest.mark.parametrize(("width", "light"), LOOKS)
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_a_question_is_asked_on_a_page_of_its_own(
    open_window: OpenWindow, language: str, width: int, light: str
) -> None:
    html = pages.render("question.html", language, "/desk/")
    _look(open_window(width=width, light=light), html, f"question-{language}-{width}-{light}")


@pytest.mark.parametrize("code", pages.ERROR_PAGES)
@pytest.mark.parametrize("path", ["/", "/member/x/", "/desk/x/", "/client/x/", "/privacy/x/"])
def test_an_error_page_wears_the_face_of_its_audience(open_window: OpenWindow, code: str, path: str) -> None:
    html = pages.render(f"errors/{code}.html", path=path, incident="7f3a-91c2", retry_after=60)
    window = open_window(width=360)
    _look(window, html, f"error-{code}-{path.strip('/').partition('/')[0] or 'public'}")
    audience = window.evaluate("document.documentElement.dataset.audience")
    assert path.startswith(f"/{audience}/") or (path, audience) == ("/", "public")


def test_a_page_speaks_and_works_without_scripts(open_window: OpenWindow) -> None:
    window = open_window(width=360, scripts=False)
    pages.show(window, pages.render("parts.html"))
    assert window.get_by_text("Open until 23 Nov 2026, 14:32 UTC").is_visible()
    assert window.get_by_role("button", name="Print").count() == 0
    window.locator("details.menu summary").click()
    assert window.get_by_role("button", name="Sign out").is_visible()
    window.locator("details.why summary").last.click()
    assert window.locator("details.why[open]").count() == 2


def test_a_script_adds_the_time_left_and_leaves_the_deadline(open_window: OpenWindow) -> None:
    window = open_window()
    window.clock.set_fixed_time(pages.MOMENT - dt.timedelta(minutes=9))
    pages.show(window, pages.render("parts.html"))
    assert window.locator(".countdown").inner_text().endswith("UTC (in 9 minutes)")


def test_the_account_menu_closes_on_escape_and_gives_the_focus_back(open_window: OpenWindow) -> None:
    window = open_window()
    pages.show(window, pages.render("parts.html"))
    window.locator("details.menu summary").click()
    window.keyboard.press("Escape")
    assert window.locator("details.menu[open]").count() == 0
    assert window.evaluate("document.activeElement.matches('.menu summary')")


def test_an_error_summary_has_the_focus_and_leads_to_the_field(open_window: OpenWindow) -> None:
    window = open_window()
    pages.show(window, pages.render("parts.html", errors=pages.errors_of(pages.WORDS["en"])))
    assert window.title().startswith("Error: ")
    assert window.evaluate("document.activeElement.matches('.errors')")
    window.get_by_role("link", name="February has no day 31").click()
    assert window.evaluate("document.activeElement.name") == "birth_day"


def test_what_one_kind_of_recipient_may_see_says_nothing_about_another(open_window: OpenWindow) -> None:
    window = open_window()
    pages.show(window, pages.render("parts.html"))
    boxes = window.locator("fieldset.opt-in input[type=checkbox]")
    assert boxes.count() == 3
    assert window.locator("fieldset.opt-in input:checked").get_attribute("name") == "insurer"
    for box in boxes.all():
        hint = box.get_attribute("aria-describedby")
        assert window.locator(f"#{hint}").inner_text()


def test_paper_carries_the_content_and_no_controls(open_window: OpenWindow) -> None:
    window = open_window()
    pages.show(window, pages.render("parts.html"))
    window.emulate_media(media="print")
    window.screenshot(path=PICTURES / "paper.png", full_page=True)
    assert window.locator(".receipt-number").is_visible()
    assert not window.get_by_role("button", name="Save and go on").is_visible()
    assert not window.locator(".languages").is_visible()


def test_htmx_keeps_nothing_in_the_browser_and_evaluates_nothing(open_window: OpenWindow) -> None:
    window = open_window()
    pages.show(window, pages.render("parts.html"))
    config = window.evaluate("htmx.config")
    assert (config["historyCacheSize"], config["allowEval"], config["allowScriptTags"]) == (0, False, False)
    assert config["includeIndicatorStyles"] is False


@pytest.mark.parametrize("language", ["en", "ar"])
def test_nothing_is_cut_at_four_hundred_per_cent_zoom(open_window: OpenWindow, language: str) -> None:
    window = open_window(width=320)
    pages.show(window, pages.render("parts.html", language))
    assert window.evaluate(OVERHANG) == []
    assert window.evaluate("document.documentElement.scrollWidth") == 320


def test_a_system_palette_leaves_every_verdict_readable(open_window: OpenWindow) -> None:
    window = open_window(width=360)
    window.emulate_media(forced_colors="active")
    pages.show(window, pages.render("parts.html"))
    window.screenshot(path=PICTURES / "forced-colours.png", full_page=True)
    borders = window.eval_on_selector_all(".badge, .button", "all => all.map(one => getComputedStyle(one).borderStyle)")
    assert set(borders) == {"solid"}
