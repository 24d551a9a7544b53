"""What the README and the references promise to Python developers, done as written."""

import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from click.testing import CliRunner

from amanat.cli.inventory import inventory
from amanat.statement import inventory as form
from amanat.statement.inventory import Act, Control, EntryPoint, Evidence, Inventory, Measure, Permitted, Product

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SECTION = README.split("## For Python developers\n", 1)[1].split("\n## ", 1)[0]
GOVERNED = (ROOT / "docs" / "reference" / "governed.md").read_text(encoding="utf-8")
INVENTORY = (ROOT / "docs" / "reference" / "inventory.md").read_text(encoding="utf-8")


def _block(text: str, language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", text, re.DOTALL)
    assert found
    return found[1]


def _run(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout


def test_the_five_lines_of_the_readme_print_what_it_says() -> None:
    program = _block(SECTION, "python")
    assert len(program.splitlines()) == 5
    said = re.search(r"It prints `([^`]+)`", SECTION)
    assert said
    assert _run(program) == f"{said[1]}\n"


def test_the_two_faults_of_the_readme_are_raised() -> None:
    program = _block(SECTION, "python")
    never = program.replace("travel_information", "newsletter")
    uncovered = program.replace('"entitlement": True', "")
    for changed, error in ((never, "NeverPermittedError"), (uncovered, "RefusedError")):
        failed = subprocess.run([sys.executable, "-c", changed], capture_output=True, text=True, check=False)
        assert error in failed.stderr.splitlines()[-1]


@pytest.mark.parametrize("line", re.findall(r"^\$ (.+)$", _block(SECTION, "console"), re.MULTILINE))
def test_each_command_of_the_readme_runs(line: str, tmp_path: Path) -> None:
    package = tmp_path / "your" / "package"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("", encoding="utf-8")
    command = line.replace("amanat ", f"{sys.executable} -m amanat.cli.main ")
    done = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, text=True, check=False, cwd=tmp_path, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_the_example_of_governed_functions_prints_what_it_says() -> None:
    assert _run(_block(GOVERNED, "python")) == _block(GOVERNED, "text")


def _rows(text: str, heading: str) -> list[str]:
    """The words in the first column below a heading or a line."""
    table = text.split(f"{heading}\n", 1)[1].lstrip().split("\n\n", 1)[0]
    return [word for row in table.splitlines()[2:] for word in re.findall(r"`([\w-]+)`", row.split("|")[1])]


def _keys(kind: type[msgspec.Struct]) -> list[str]:
    return list(kind.__struct_fields__)


def test_the_reference_of_the_inventory_names_every_key() -> None:
    file = INVENTORY.split("## The file\n", 1)[1]
    top = file.split("\n\n")[1]
    assert _rows(f"x\n{top}", "x") == _keys(Inventory)
    assert sorted(_rows(file, "An entry point:")) == sorted(_keys(EntryPoint))
    for part in (Act, Control, Evidence, Measure, Permitted, Product):
        missing = [key for key in _keys(part) if f"`{key}`" not in file]
        assert (part.__name__, missing) == (part.__name__, [])
    assert f"| `format` | {form.FORMAT} |" in file
    kinds = get_args(EntryPoint.__annotations__["kind"])
    assert all(f"`{kind}`" in file for kind in kinds)


def test_the_reference_of_the_inventory_names_every_option() -> None:
    said = CliRunner().invoke(inventory, ["--help"]).output
    assert set(re.findall(r"`(--[\w-]+)", INVENTORY)) == set(re.findall(r"(--[\w-]+)", said)) - {"--help"}
