"""Looking at a page: pictures at two widths and in two lights, nothing sticking out, nothing axe finds."""

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

from axe import check_accessible
from stage.browser import Light, OpenWindow

PICTURES = Path(__file__).parents[2] / "screenshots"
LOOKS: tuple[tuple[int, Light], ...] = ((360, "light"), (360, "dark"), (1440, "light"), (1440, "dark"))
# What sticks out of the window, but for what scrolls or is cut on purpose.
OVERHANG = """() => [...document.querySelectorAll("body *")]
  .filter(one => !one.closest(".scroll, .skip, .unseen, .menu-label"))
  .filter(one => !one.closest("thead") || getComputedStyle(one.closest("thead")).position !== "absolute")
  .filter(one => { const box = one.getBoundingClientRect(); return box.right > innerWidth + 1 || box.left < -1 })
  .map(one => one.outerHTML.slice(0, 120))"""


def look(page: Page, name: str) -> None:
    """Take a picture into `screenshots/` and fail on what a machine can see."""
    picture = PICTURES / f"{name}.png"
    picture.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=picture, full_page=True)
    sticking_out = page.evaluate(OVERHANG)
    assert not sticking_out, "\n".join(sticking_out)
    check_accessible(page)


def windows(open_window: OpenWindow, name: str) -> Iterator[tuple[Page, str]]:
    """A fresh window for each look, and the name of its picture."""
    for width, light in LOOKS:
        yield open_window(width=width, light=light), f"{name}-{width}-{light}"
