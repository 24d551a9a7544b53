"""The page on the design system names every macro there is, and no other."""

import re
from pathlib import Path

from amanat.portals.folders import TEMPLATES

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "design-system.md"
COMPONENTS = TEMPLATES[0] / "components"


def test_every_public_macro_is_named_beside_its_file() -> None:
    rows = dict(re.findall(r"^\| `components/([\w.]+)` \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    for file in COMPONENTS.glob("*.html"):
        macros = re.findall(r"{%-? macro ([a-z]\w*)\(", file.read_text(encoding="utf-8"))
        assert re.findall(r"`(\w+)`", rows.pop(file.name)) == macros
    assert not rows
