"""Basil answers the telephone, is refused and finds a way, and breaks the glass for somebody who cannot be asked."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from stage.accounts import PASSWORD, Holder
from stage.browser import OpenWindow
from stage.desk import RECORD, take_back, write_record
from stage.group import Group, hire
from stage.looks import LOOKS, look
from stage.site import Site

pytestmark = pytest.mark.journey
_SIGNED_IN: dict[str, Any] = {}


@pytest.fixture(scope="module")
def basil(site: Site, town: Group) -> Holder:
    return hire(site.clone, "basil", "desk", "assistance_coordinator")


@pytest.fixture(scope="module")
def dina(site: Site, town: Group) -> Holder:
    return hire(site.clone, "dina", "privacy", "privacy_officer")


def _sign_in(page: Page, site: Site, holder: Holder) -> None:
    """Sign in once for all stories: a code works once, and nobody waits here for the next one."""
    if holder.email in _SIGNED_IN:
        page.context.add_cookies(_SIGNED_IN[holder.email])
        page.goto(site.at(f"/{holder.audience}/"))
        return
    page.goto(site.at(f"/{holder.audience}/sign-in/"))
    page.get_by_label("E-mail address").fill(holder.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Sign-in code").fill(holder.code)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(site.at(f"/{holder.audience}/"))
    _SIGNED_IN[holder.email] = page.context.cookies()


def _pictures(page: Page, name: str) -> None:
    """The page at both widths and in both lights, without leaving it."""
    for width, light in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=light)
        look(page, f"desk/{name}-{width}-{light}")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme="light")


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def _open_case(page: Page, site: Site, about: str, emergency: str = "No") -> str:
    page.goto(site.at("/desk/intake/"))
    page.get_by_label("As they say it").fill("ox 1001")
    _press(page, "Search")
    _press(page, "This is the caller")
    page.get_by_label(about, exact=True).first.check()
    page.get_by_role("group", name="Is it an emergency?").get_by_label(emergency, exact=True).check()
    _press(page, "Open the case")
    expect(page.get_by_role("status")).to_contain_text("The case is open, and it is yours.")
    return page.url.partition("?")[0]


def test_basil_answers_the_telephone(site: Site, basil: Holder, open_window: OpenWindow) -> None:
    page = open_window()
    _sign_in(page, site, basil)
    expect(page.get_by_text("No open case")).to_be_visible()
    _pictures(page, "cases-none")
    page.get_by_role("link", name="Find a caller").first.click()
    expect(page.get_by_text("This call is not recorded unless you say yes to that.")).to_be_visible()
    _pictures(page, "intake")
    page.get_by_label("As they say it").fill("OX-9999")
    _press(page, "Search")
    expect(page.get_by_text("Nobody found").first).to_be_visible()
    _pictures(page, "intake-nobody")
    page.get_by_label("As they say it").fill("ox 1001")
    _press(page, "Search")
    expect(page.get_by_text("Amina Haddad")).to_be_visible()
    _pictures(page, "intake-found")
    _press(page, "This is the caller")
    _press(page, "Open the case")
    expect(page).to_have_title("Error: Open a case · Assistance desk · Amanat")
    _pictures(page, "open-wrong")
    assert not page.get_by_label("The caller said yes: record this call").is_checked()
    page.get_by_label("An accident").check()
    _press(page, "Open the case")
    expect(page.get_by_role("heading", level=1)).to_have_text("Amina Haddad")
    expect(page.get_by_text("Call is not recorded")).to_be_visible()
    page.get_by_label("New note").fill("Fell off a bicycle.\nHer wrist hurts.")
    page.get_by_label("Where the person is").fill("Kornhausbrücke 12, Zürich")
    page.get_by_label("Country").select_option("CH")
    _press(page, "Add to the log")
    expect(page.get_by_text("Her wrist hurts.").last).to_be_visible()
    expect(page.get_by_text("Kornhausbrücke 12, Zürich, Switzerland")).to_be_visible()
    _pictures(page, "case")
    case = page.url.partition("?")[0]
    for language in ("fr", "ar"):
        page.goto(site.at(f"/language/{language}/?next=") + case.removeprefix(site.url.rstrip("/")))
        _pictures(page, f"case-{language}")
    page.goto(site.at("/language/en/?next=") + case.removeprefix(site.url.rstrip("/")))
    page.get_by_role("link", name="Your cases").click()
    expect(page.locator("tbody").get_by_text("Amina Haddad")).to_be_visible()
    _pictures(page, "cases")


def test_basil_and_his_second_window_write_at_the_same_time(site: Site, basil: Holder, open_window: OpenWindow) -> None:
    page = open_window()
    _sign_in(page, site, basil)
    case = _open_case(page, site, "Somebody is ill")
    other = page.context.new_page()
    other.goto(case)
    other.get_by_label("New note").fill("The doctor comes at six.")
    _press(other, "Add to the log")
    page.get_by_label("New note").fill("She takes no medicine.")
    _press(page, "Add to the log")
    expect(page.get_by_text("Somebody else added to this case first")).to_be_visible()
    expect(page.get_by_text("The doctor comes at six.")).to_be_visible()
    expect(page.get_by_label("New note")).to_have_value("She takes no medicine.")
    _pictures(page, "case-overtaken")
    _press(page, "Add to the log")
    expect(page.locator(".timeline li")).to_have_count(2)


def test_basil_is_refused_and_finds_another_way(site: Site, basil: Holder, open_window: OpenWindow) -> None:
    page = open_window()
    _sign_in(page, site, basil)
    _open_case(page, site, "An accident")
    page.get_by_role("link", name="Tell somebody").click()
    _pictures(page, "share")
    page.get_by_label("Whom?").select_option(label="The employer: oryx-energy (Switzerland)")
    page.get_by_label("Name", exact=True).check()
    page.get_by_label("Where the person is").check()
    _press(page, "See whether this may be told")
    expect(page.get_by_role("heading", level=1)).to_have_text("This may not be told")
    expect(page.get_by_text("Ask first")).to_be_visible()
    _pictures(page, "refused")
    page.get_by_role("button", name="Tell instead: Medical firm: Alp Air").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tell “Medical firm: Alp Air")
    _pictures(page, "share-confirm")
    _press(page, "Tell it now")
    expect(page.get_by_text("Amina Haddad")).to_be_visible()
    expect(page.get_by_role("article", name="Told, and recorded")).to_be_visible()
    _pictures(page, "sheet")
    page.goto(page.url.replace("share/send/", "health/"))
    expect(page.get_by_text("You asked to see")).to_be_visible()
    _pictures(page, "health-refused")
    _press(page, "Ask the person")
    expect(page.get_by_role("status")).to_contain_text("The question is on its way.")


def test_basil_breaks_the_glass_and_dina_looks_at_it_again(
    site: Site, town: Group, basil: Holder, dina: Holder, open_window: OpenWindow
) -> None:
    write_record(town)
    take_back(town)
    page = open_window()
    _sign_in(page, site, basil)
    case = _open_case(page, site, "An accident", "Grave accident")
    page.get_by_role("link", name="Break the glass").click()
    _press(page, "Go on")
    expect(page.get_by_role("alert")).to_be_visible()
    _pictures(page, "glass-checklist")
    page.get_by_label("The person's life or health is at stake, now").check()
    page.get_by_label("Grave accident").check()
    page.get_by_label("Unconscious").check()
    page.get_by_label("As far as I know they never said no to this").check()
    page.get_by_label("Say in a sentence or two why you need it").fill(
        "Hit by a car. The ambulance asks for allergies."
    )
    _press(page, "Go on")
    expect(page.get_by_role("heading", name="Break the glass now?")).to_be_visible()
    _pictures(page, "glass-confirm")
    _press(page, "Break the glass")
    expect(page.get_by_text(RECORD["allergies"])).to_be_visible()
    expect(page.get_by_text("Open until")).to_be_visible()
    _pictures(page, "glass")
    page.goto(case)
    _pictures(page, "case-glass")
    page.goto(f"{case}glass/close/")
    page.get_by_label("Care was arranged").check()
    page.get_by_label("What was done with what you saw?").fill("Told the ambulance: no penicillin.")
    _press(page, "Go on")
    _pictures(page, "glass-close")
    _press(page, "Close the glass")
    expect(page.get_by_role("status")).to_contain_text("The glass is whole again.")
    page.goto(f"{case}glass/")
    expect(page.get_by_text(RECORD["allergies"])).to_have_count(0)
    office = open_window()
    _sign_in(office, site, dina)
    office.goto(site.at("/privacy/reviews/"))
    _pictures(office, "review-queue")
    office.locator("table a").first.click()
    expect(office.get_by_text("Hit by a car. The ambulance asks for allergies.")).to_be_visible()
    expect(office.get_by_text("Told the ambulance: no penicillin.")).to_be_visible()
    _pictures(office, "review")
    office.get_by_label("Justified: life was at stake").check()
    _press(office, "Keep the verdict")
    expect(office.get_by_text("Nothing waits")).to_be_visible()
