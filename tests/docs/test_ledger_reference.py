"""The reference of the ledger names every fact that is recorded, every finding, and every state of a message."""

import re
from pathlib import Path
from typing import get_args

import pytest

from amanat.ledger.leaves import ACT_FACTS, ENTRY_FACTS
from amanat.ledger.verify import Kind

_DOCS = Path(__file__).parents[2] / "docs"


def _named_below(heading: str) -> list[str]:
    """The first column of the table under a heading."""
    text = (_DOCS / "reference" / "ledger-entries.md").read_text(encoding="utf-8")
    section = text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)


@pytest.mark.parametrize(
    ("heading", "names"),
    [("Facts of an act", ACT_FACTS), ("Facts of an entry", ENTRY_FACTS), ("Findings", get_args(Kind))],
)
def test_the_reference_names_all_there_are(heading: str, names: tuple[str, ...]) -> None:
    assert _named_below(heading) == list(names)
