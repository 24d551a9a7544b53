"""One sentence for every journey: this page has no fault that axe can find (WCAG 2.2 A and AA, best practice)."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

_AXE = Path(__file__).parent / "vendor" / "axe-4.14.1.min.js"
_RUN = {"resultTypes": ["violations"]}


@cache
def _source() -> str:
    return _AXE.read_text(encoding="utf-8")


def check_accessible(page: Page) -> None:
    """Fail with each violated rule and the elements that break it. The page's own policy stays in force."""
    page.evaluate(_source() + "; undefined")
    found: list[dict[str, Any]] = page.evaluate("options => axe.run(document, options)", _RUN)["violations"]
    assert not found, "\n".join(_sentence(one) for one in found)


def _sentence(violation: dict[str, Any]) -> str:
    places = "\n".join(f"    {node['html'][:160]}\n      {node['failureSummary']}" for node in violation["nodes"])
    return f"{violation['id']} ({violation['impact']}): {violation['help']}\n{places}"
