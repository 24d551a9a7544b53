"""Petra, who looks after the account of Oryx Energy: she uploads rosters, reads what came of them, and reads counts."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from amanat.vocabulary import clock
from stage.accounts import PASSWORD, Holder
from stage.browser import OpenWindow
from stage.demo import cast_email, load_demo
from stage.looks import look, windows
from stage.sheets import crowd, crowds
from stage.site import Site

pytestmark = pytest.mark.journey
EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
PEOPLE = 2_000
AtWork = Callable[[Page], Page]


@pytest.fixture(scope="module")
def at_work(site: Site) -> AtWork:
    """Petra, signed in, in any window: a code works once, so the windows of this module share one sign-in."""
    load_demo(site.clone, PEOPLE)
    petra = Holder(account=None, audience="client", email=cast_email("petra"), company="ama-ch")  # type: ignore[arg-type]
    cookies: list[dict[str, object]] = []

    def signed_in(page: Page) -> Page:
        if not cookies:
            page.goto(site.at("/client/"))
            page.get_by_label("E-mail address").fill(petra.email)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_label("Sign-in code").fill(petra.code)
            page.get_by_role("button", name="Sign in").click()
            expect(page.get_by_role("heading", level=1)).to_have_text("Oryx Energy")
            cookies.extend(page.context.cookies())  # type: ignore[arg-type]
        page.context.add_cookies(cookies)  # type: ignore[arg-type]
        return page

    return signed_in


def _send(page: Page, site: Site, file: Path | dict[str, object]) -> None:
    page.goto(site.at("/client/rosters/"))
    page.get_by_label("Roster file").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Send the file").click()


def test_petra_uploads_a_roster(site: Site, at_work: AtWork, open_window: OpenWindow) -> None:
    page = at_work(open_window())
    _send(page, site, EXAMPLES / "roster.csv")
    expect(page.get_by_role("status")).to_contain_text("12 people were taken in", timeout=20_000)
    look(page, "client/roster-loaded-1440-light")
    page.get_by_role("link", name="Rosters").first.click()
    expect(page.get_by_role("table", name="Files").get_by_role("row").nth(1)).to_contain_text("Read")


def test_petra_mends_the_lines_that_came_back(site: Site, at_work: AtWork, open_window: OpenWindow) -> None:
    page = at_work(open_window())
    bad = EXAMPLES / "roster-three-bad-rows.csv"
    _send(page, site, bad)
    expect(page.get_by_role("table", name="Faults by line").get_by_role("row")).to_have_count(4)
    mended = bad.read_text(encoding="utf-8").replace("03/04/1980", "1980-04-03").replace("2025-12-31", "2027-12-31")
    mended = mended.replace("TRY-2999", "TRY-2001")
    _send(page, site, {"name": "mended.csv", "mimeType": "text/csv", "buffer": mended.encode()})
    expect(page.get_by_role("status")).to_contain_text("3 people were taken in")
    expect(page.get_by_role("table", name="Faults by line")).to_have_count(0)


def test_petra_learns_that_a_diagnosis_column_refuses_the_whole_file(
    site: Site, at_work: AtWork, open_window: OpenWindow
) -> None:
    page = at_work(open_window())
    _send(page, site, EXAMPLES / "roster-with-diagnosis.csv")
    expect(page.get_by_role("main")).to_contain_text("The whole file was refused")
    page.get_by_role("link", name="§ 3.2a").click()
    expect(page).to_have_url(site.at("/statement/#c-3.2a"))


@pytest.mark.parametrize("size", [16 * 2**20 + 1, 40 * 2**20])
def test_petra_is_told_that_a_file_is_too_large(
    site: Site, at_work: AtWork, open_window: OpenWindow, tmp_path: Path, size: int
) -> None:
    large = tmp_path / "large.csv"
    large.write_bytes(b"a" * size)
    page = at_work(open_window())
    _send(page, site, large)
    expect(page.get_by_role("main")).to_contain_text("16 M")
    expect(page.get_by_role("main")).to_contain_text("parts")
    look(page, f"client/too-large-{size}-1440-light")


def test_petra_watches_a_long_file_being_taken_in(site: Site, at_work: AtWork, open_window: OpenWindow) -> None:
    page = at_work(open_window())
    today = clock.now().date()
    days = today.isoformat(), (today + timedelta(days=20)).isoformat()
    travellers = [
        crowd(120 - 30 * place, f"TO{place}", to=to, days=days) for place, to in enumerate(("TH", "KE", "BR"))
    ]
    people = crowds(crowd(2_730, "HOME"), *travellers)
    _send(page, site, {"name": "long.csv", "mimeType": "text/csv", "buffer": people})
    bar = page.get_by_role("progressbar")
    expect(bar).to_be_visible()
    look(page, "client/roster-loading-1440-light")
    expect(page.get_by_role("status")).to_contain_text("3,000 people were taken in", timeout=60_000)


def test_petra_reads_the_counts_and_how_they_are_made(site: Site, at_work: AtWork, open_window: OpenWindow) -> None:
    page = at_work(open_window())
    page.goto(site.at("/client/"))
    page.get_by_role("link", name="See the monthly counts").click()
    months = page.get_by_role("table", name="People covered on any day of the month")
    expect(months.get_by_role("row")).to_have_count(7)
    page.get_by_role("link", name="How the numbers are made").click()
    expect(page.get_by_role("main")).to_contain_text("full tens")


def test_nothing_of_it_needs_a_script(site: Site, at_work: AtWork, open_window: OpenWindow) -> None:
    page = at_work(open_window(scripts=False))
    _send(page, site, EXAMPLES / "roster.csv")
    expect(page.get_by_role("main")).to_contain_text("Everybody in this file is here already")


@pytest.mark.parametrize(
    ("name", "path"),
    [("home", "/client/"), ("rosters", "/client/rosters/"), ("counts", "/client/counts/"),
     ("method", "/client/counts/method/"), ("bad-rows", "three-bad-rows"), ("diagnosis", "with-diagnosis")],
)  # fmt: skip
def test_the_pages_look_right(site: Site, at_work: AtWork, open_window: OpenWindow, name: str, path: str) -> None:
    for page, picture in windows(open_window, f"client/{name}"):
        at_work(page)
        if path.startswith("/"):
            page.goto(site.at(path))
        else:
            _send(page, site, EXAMPLES / f"roster-{path}.csv")
            expect(page.get_by_role("heading", level=1)).to_contain_text("File of")
        for fold in page.locator("main details").all():
            fold.evaluate("one => { one.open = true }")
        look(page, picture)
