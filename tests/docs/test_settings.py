"""Every environment variable that the program reads has its heading in the reference, and nothing else has one."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
_VARIABLE = re.compile(r"\b(AMANAT_[A-Z_]+|DATABASE_URL|PG_BIN)\b")
_OF_THE_TESTS = {"AMANAT_TEST_SESSION"}


def _read_by_the_program() -> set[str]:
    files = [*(ROOT / "src").rglob("*.py"), *(ROOT / "tests").rglob("*.py"), ROOT / "setup" / "environment.sh"]
    return {name for file in files for name in _VARIABLE.findall(file.read_text(encoding="utf-8"))} - _OF_THE_TESTS


def test_every_setting_has_its_heading() -> None:
    text = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^## (\w+)$", text, re.MULTILINE)) == _read_by_the_program()
