"""Amina at her own pages: she writes her record, takes a consent back and sees it take effect, and sees who looked."""

from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from amanat.cases.breaking import break_glass
from amanat.custody.facts import Ask, Recipient
from amanat.custody.unit import unit
from amanat.emergency.glass import glass_view
from amanat.ledger.fold import fold
from amanat.policy.decision import Outcome
from amanat.rights.options import option_of
from stage.accounts import Holder, make_key
from stage.browser import OpenWindow
from stage.choices import EVERY_YES, decide_once, furnish, say_yes
from stage.databases import acting_as
from stage.desk import CHECKLIST, key, lend, open_for, take_back
from stage.group import Group
from stage.looks import look, windows
from stage.member import TYPED, member_account, sign_in_here
from stage.site import Site

pytestmark = pytest.mark.journey
Cookies = list[dict[str, object]]
LABELS = {
    "allergies": "Allergies", "blood_type": "Blood type", "current_medicines": "Medicines you take",
    "critical_conditions": "Conditions that a rescuer must know of",
    "treating_doctor_phone": "Telephone of your doctor",
}  # fmt: skip


@pytest.fixture(scope="module")
def amina(site: Site, town: Group) -> Holder:
    make_key(site.clone)
    with acting_as(site.clone, "worker"):
        furnish()
    return member_account(town.amina)


@pytest.fixture(scope="module")
def cookies() -> Cookies:
    """A code works once, so the windows of this module share one sign-in."""
    return []


@pytest.fixture
def at_home(site: Site, amina: Holder, cookies: Cookies, open_window: OpenWindow) -> Page:
    return _signed_in(open_window(width=1440), site, amina, cookies)


def _signed_in(page: Page, site: Site, holder: Holder, cookies: Cookies) -> Page:
    if not cookies:
        sign_in_here(page, site, holder)
        cookies += page.context.cookies()  # type: ignore[arg-type]
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    return page


def _type_record(page: Page, **changed: str) -> None:
    for name, text in (TYPED | changed).items():
        page.get_by_label(LABELS[name], exact=False).first.fill(text)


def test_amina_writes_her_emergency_record_and_is_asked_beside_the_fields(site: Site, at_home: Page) -> None:
    page = at_home
    page.goto(site.at("/member/record/"))
    _type_record(page)
    page.get_by_role("button", name="Save my record").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("clause 8.4 asks for your tick")
    expect(page.get_by_label("Allergies")).to_have_value(TYPED["allergies"])
    assert page.locator("input[type=checkbox]:checked").count() == 0
    look(page, "member/record-refused-1440-light")
    alert.get_by_role("link").click()
    expect(page.locator("#opt-in-keep")).to_be_focused()
    page.get_by_label("I agree that you keep this record").check()
    page.get_by_label("I agree that you show it to doctors near me").check()
    page.get_by_role("button", name="Save my record").click()
    expect(page.get_by_role("status")).to_contain_text("Your record is saved")
    expect(page.get_by_text("I agree that you show it to doctors near me.")).to_be_visible()
    look(page, "member/receipt-1440-light")
    page.set_viewport_size({"width": 360, "height": 900})
    look(page, "member/receipt-360-light")
    with page.expect_download() as slip:
        page.get_by_role("link", name="Keep the proof").click()
    assert slip.value.suggested_filename.endswith(".json")


def test_amina_edits_in_two_windows_and_loses_nothing(
    site: Site, at_home: Page, amina: Holder, cookies: Cookies, open_window: OpenWindow
) -> None:
    other = _signed_in(open_window(), site, amina, cookies)
    for window in (at_home, other):
        window.goto(site.at("/member/record/"))
    at_home.get_by_label("Blood type").fill("A+")
    at_home.get_by_role("button", name="Save my record").click()
    expect(at_home.get_by_role("status")).to_contain_text("Your record is saved")
    other.get_by_label("Allergies").fill("Latex: rash")
    other.get_by_role("button", name="Save my record").click()
    expect(other.get_by_text("Your record was changed in another window")).to_be_visible()
    expect(other.get_by_label("Allergies")).to_have_value("Latex: rash")
    look(other, "member/record-overtaken-1440-light")
    other.get_by_role("button", name="Save my record").click()
    expect(other.get_by_role("status")).to_contain_text("Your record is saved")


def test_amina_withdraws_a_consent_after_a_true_preview(site: Site, town: Group, at_home: Page) -> None:
    page, care = at_home, Ask("use", ("consultation",), "consultation")
    say_yes(town.actor("amina"), EVERY_YES)
    assert decide_once(town.amina, care, "clinician").outcome is Outcome.PERMIT
    page.goto(site.at("/member/choices/"))
    page.get_by_role("link", name="Take back Use health data to help me").click()
    stops = page.get_by_role("region", name="Stops")
    expect(stops).to_contain_text("Consultations by telephone and in our clinics")
    expect(page.get_by_role("region", name="Goes on as it is")).to_contain_text("Advice for your trips")
    expect(page.get_by_text("Your employer is not told")).to_be_visible()
    page.get_by_role("button", name="Take back my yes").click()
    expect(page.get_by_role("status")).to_contain_text("It holds from the next look on")
    assert decide_once(town.amina, care, "clinician").outcome is Outcome.ASK
    page.goto(site.at("/member/choices/"))
    expect(page.locator(".choice", has_text="Use health data to help me")).to_contain_text("Taken back")


def test_amina_allows_one_payer_only_by_ticking_an_empty_box(site: Site, at_home: Page) -> None:
    page = at_home
    page.goto(site.at(f"/member/choices/{option_of('block_recipient:payer').slug}/"))
    page.get_by_role("button", name="Set it").click()
    expect(page.get_by_role("alert")).to_contain_text("tick the box first")
    page.get_by_label("I want this: Tell nothing to whoever pays").check()
    page.get_by_role("button", name="Set it").click()
    expect(page.get_by_role("status")).to_contain_text("It is done")


def test_amina_sees_who_looked_why_and_keeps_the_proof(site: Site, town: Group, at_home: Page) -> None:
    page, acts = at_home, _what_happened(site, town)
    page.goto(site.at("/member/seen/"))
    expect(page.locator(".seen-glass").first).to_contain_text("Glass broken")
    expect(page.locator(".seen-deny").first).to_contain_text("asked for")
    page.locator(f"a[href*='{acts['refused']}']").click()
    expect(page.get_by_role("heading", name="Our people see what their work needs")).to_be_visible()
    page.get_by_text("Its rules in plain words").first.click()
    look(page, "member/entry-refused-1440-light")
    page.get_by_role("link", name="Keep the proof").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Being sealed into the log")
    with acting_as(site.clone, "worker"):
        fold("ama-ch")
    with page.expect_download() as proof:
        page.get_by_role("link", name="Try again").click()
    assert proof.value.suggested_filename == f"amanat-{acts['refused']}.tlog-proof"


def _what_happened(site: Site, town: Group) -> dict[str, UUID]:
    """A look through the glass, a refused look, and a word passed on to Singapore."""
    take_back(town)
    case = open_for(town, emergency="accident")
    assert break_glass(town.actor("basil"), case, CHECKLIST, key()).glass
    lend(town, "wei", case)
    with unit(town.actor("basil"), "emergency_care") as one:
        glass_view(one, town.amina, case)
    with unit(town.actor("chandra"), "treatment") as one:
        refused = one.ask(Ask("view", ("report",), "treatment"), [town.amina]).act
    with unit(town.actor("wei"), "case_coordination") as one:
        one.ask(Ask("view", ("name", "language"), "case_coordination"), [town.amina])
    with unit(town.actor("basil"), "case_coordination") as one:
        sister = Recipient("assistance_centre", "ama-sg")
        one.ask(Ask("disclose", ("name",), "case_coordination", recipient=sister), [town.amina])
    return {"refused": refused}


PAGES = {
    "home": "/member/", "record": "/member/record/", "choices": "/member/choices/", "seen": "/member/seen/?own=yes",
    "borders": "/member/seen/borders/",
    "withdraw": f"/member/choices/{option_of('emergency_record@self').slug}/",
    "leave": f"/member/choices/{option_of('opt_out_service').slug}/",
    "newsletter": f"/member/choices/{option_of('newsletter').slug}/",
}  # fmt: skip


@pytest.fixture(scope="module")
def agreed(town: Group, amina: Holder) -> None:
    """Amina says yes to everything once more, so that there is something to take back."""
    say_yes(town.actor("amina"), EVERY_YES)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_a_member_can_be_read_by_everyone(
    site: Site, amina: Holder, agreed: None, cookies: Cookies, open_window: OpenWindow, name: str
) -> None:
    for page, picture in windows(open_window, f"member/{name}"):
        _signed_in(page, site, amina, cookies).goto(site.at(PAGES[name]))
        look(page, picture)


@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.parametrize("name", ["record", "choices", "withdraw"])
def test_the_pages_speak_the_members_language(
    site: Site, amina: Holder, agreed: None, cookies: Cookies, open_window: OpenWindow, name: str, language: str
) -> None:
    page = _signed_in(open_window(width=360), site, amina, cookies)
    page.goto(site.at(f"/language/{language}/?next={PAGES[name]}"))
    assert page.locator("html").get_attribute("lang") == language
    look(page, f"member/{name}-{language}-360-light")
