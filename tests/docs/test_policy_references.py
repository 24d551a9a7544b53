"""The pages on proofs, changes and deciders are true: commands and programs do what is printed, tables are complete."""

import json
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from amanat.policy import prove as proofs
from amanat.statement import properties
from amanat.statement.diff import ClauseDiff
from stage.walks import amanat, walk

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
PROVE, DIFF, DECIDERS = (
    (REFERENCE / f"{name}.md").read_text(encoding="utf-8") for name in ("prove", "diff", "deciders")
)


def block(text: str, language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", text, re.DOTALL)
    assert found
    return found[1]


def rows(text: str, head: str) -> list[str]:
    """The words in the first column of a table that begins with `head`."""
    table = text.split(f"| {head} |", 1)[1].split("\n\n", 1)[0]
    return [word for row in table.splitlines()[2:] for word in re.findall(r"`([^`]+)`", row.split("|")[1])]


@pytest.mark.parametrize(("page", "commands"), [("prove", 3), ("diff", 1)])
def test_each_command_prints_what_its_page_says(page: str, commands: int, tmp_path: Path) -> None:
    assert len(walk(REFERENCE / f"{page}.md", tmp_path)) == commands


def run(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("page", [PROVE, DIFF])
def test_the_programs_print_what_stands_beside_them(page: str) -> None:
    program = block(page, "python")
    assert run(program).strip() == program.strip().rpartition("# ")[2]


def test_each_decider_of_the_page_answers_alike() -> None:
    assert run(block(DECIDERS, "python")) == block(DECIDERS, "text")


def test_each_reader_and_test_that_the_page_names_is_there() -> None:
    source = Path(properties.__file__).parents[1] / "policy"
    for module in re.findall(r"^\| .*?\| `(\w+)(?:\.\w+)?` \|", DECIDERS, re.MULTILINE):
        assert (source / f"{module}.py").is_file(), module
    named = re.findall(r"`(tests/[\w/]+\.py)`", DECIDERS)
    assert len(named) == 4
    assert all((REFERENCE.parents[1] / name).is_file() for name in named)


def test_every_kind_of_change_stands_on_the_page_in_its_order() -> None:
    every: dict[str, Any] = {one.name: True for one in fields(ClauseDiff)}
    assert tuple(rows(DIFF, "kind")) == ClauseDiff(**every).kinds


def test_every_code_of_a_property_file_stands_on_the_page() -> None:
    source = Path(properties.__file__).read_text(encoding="utf-8")
    assert set(re.findall(r"^\| (P\d+) \|", PROVE, re.MULTILINE)) == set(re.findall(r'"(P\d+)"', source))


def test_the_objects_have_the_keys_that_the_pages_name(tmp_path: Path) -> None:
    proven = json.loads(amanat("amanat prove ama --json", tmp_path)[0])
    assert rows(PROVE, "key") == list(proven)
    assert set(proven["properties"][0]) == {"kind", "title", "holds", "requests", "example"}
    assert set(proven["idle"][0]) == {"rule", "line", "dead"}
    changed = json.loads(amanat("amanat diff ama ama-1.1 --json", tmp_path)[0])
    assert set(changed) == {"from", "to", "clauses"}
    assert rows(DIFF, "key") == list(changed["clauses"][0])


def test_what_an_idle_rule_is_said_to_be_is_what_the_command_says() -> None:
    said = re.findall(r"^- \*([^*]+)\*:", PROVE.split("## Rules that do nothing", 1)[1], re.MULTILINE)
    assert said == ["alone changes no answer", "permits nothing"]
    assert "dead" in {one.name for one in fields(proofs.Idle)}
