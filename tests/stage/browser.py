"""One real browser for the whole session, and a fresh private window for each look at a page."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

Light = Literal["light", "dark"]
OpenWindow = Callable[..., Page]

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


def find_browser() -> str:
    """The system's Chromium; Playwright's own download is not used."""
    found = os.environ.get("AMANAT_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.fail("no Chromium found; install it, or name it in AMANAT_CHROMIUM")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_browser(), args=list(_QUIET))
        yield chromium
        chromium.close()


@pytest.fixture
def open_window(browser: Browser) -> Iterator[OpenWindow]:
    """`open_window(width=360, light="dark")`: an empty page of a new private window."""
    opened: list[BrowserContext] = []

    def open_one(*, width: int = 1440, light: Light = "light", scripts: bool = True) -> Page:
        window = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=light, reduced_motion="reduce",
            java_script_enabled=scripts, locale="en-GB", timezone_id="UTC",
        )  # fmt: skip
        opened.append(window)
        return window.new_page()

    yield open_one
    for window in opened:
        window.close()
