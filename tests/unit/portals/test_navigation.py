"""The ways that every page offers: no tab, and no link of the frame, leads to nothing."""

import re
from pathlib import Path

import pytest

from amanat.portals import folders
from amanat.portals.table import TABLE

READABLE = {f"{route.audience.prefix}{route.path}" for route in TABLE if "GET" in route.methods}
BASES = [folder / folder.parent.name / "base.html" for folder in folders.TEMPLATES[1:]]
FRAME = folders.TEMPLATES[0] / "components" / "page.html"


@pytest.mark.parametrize("base", BASES, ids=lambda base: base.parent.name)
def test_every_tab_leads_to_a_page_of_its_audience(base: Path) -> None:
    tabs = re.findall(r'\("(/[^"]*)", _\(', base.read_text(encoding="utf-8"))
    audience = base.parent.name
    assert tabs
    assert set(tabs) <= READABLE
    assert all(tab.startswith(f"/{audience}/") for tab in tabs) or audience == "public"


def test_every_link_of_the_frame_leads_to_a_page() -> None:
    links = set(re.findall(r'href="(/[^"{]*)"', FRAME.read_text(encoding="utf-8")))
    assert {"/statement/", "/feedback/", "/contacts/"} <= links
    assert links <= READABLE
