"""The floors of the house are checked by machine, and the check is seen to fail on a planted shortcut."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    environment = os.environ | {"PYTHONPATH": str(folder / "src")}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    return tmp_path


def test_the_house_keeps_its_floors(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout[-2000:]


@pytest.mark.parametrize(
    ("room", "shortcut", "broken"),
    [
        ("portals/public/home.py", "import amanat.vault.folders", "the vault opens for custody alone"),
        ("policy/rule.py", "import django", "the pure rooms know no framework"),
        ("people/models.py", "import amanat.choices.models", "the house has floors"),
        ("portals/desk/cases.py", "import amanat.cases.models", "edges speak to a slice's service"),
    ],
)
def test_a_planted_shortcut_is_found(copy: Path, room: str, shortcut: str, broken: str) -> None:
    with (copy / "src" / "amanat" / room).open("a") as file:
        file.write(f"\n{shortcut}\n")
    done = lint(copy)
    assert done.returncode == 1
    assert broken in " ".join(done.stdout.split())
