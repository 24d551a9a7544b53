"""People sign in and out in a real browser."""

import pytest
from playwright.sync_api import expect

from stage.accounts import PASSWORD, Holder, open_holder
from stage.browser import OpenWindow
from stage.site import Site

OWN_PAGE = "/desk/recovery-codes/"
pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def basil(site: Site) -> Holder:
    return open_holder(site.clone, "basil", "desk", "assistance_coordinator")


def test_basil_signs_in_at_the_desk_and_leaves_nothing_behind(
    site: Site, basil: Holder, open_window: OpenWindow
) -> None:
    page = open_window()
    page.goto(site.at(OWN_PAGE))
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.get_by_label("E-mail address").fill(basil.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Sign-in code").fill("000000")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("These details do not open an account here")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Sign-in code").fill(basil.code)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(site.at(OWN_PAGE))
    (held,) = [one for one in page.context.cookies() if one["name"] == "__Host-amanat-desk"]
    assert (held["httpOnly"], held["secure"], held["sameSite"]) == (True, True, "Strict")
    page.locator("summary", has_text="Basil").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_contain_text("You are signed out")
    assert not [one for one in page.context.cookies() if one["name"] == "__Host-amanat-desk"]
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
