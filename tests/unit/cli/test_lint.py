"""`amanat lint`: what is printed, what is not checked, and how it ends."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from amanat.cli.lint import lint
from amanat.statement.compile import load_statement
from amanat.statement.inventory import FORMAT, EntryPoint, Inventory, write_inventory


def run(*words: str) -> Result:
    return CliRunner().invoke(lint, words, catch_exceptions=False)


def told(*words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(*words, "--json").stdout)
    return found


def test_a_sound_statement_ends_well_and_says_what_was_not_looked_at() -> None:
    result = run("ama")
    assert result.exit_code == 0
    assert "not checked: L10, L11, L12, L13, L14 (no inventory was given)" in result.stdout
    assert result.stdout.splitlines()[-1].startswith("ama: ama 1.0.0, 0 errors,")


def test_an_error_is_shown_with_its_words_and_how_to_mend_it() -> None:
    result = run("ama-v0")
    assert result.exit_code == 1
    assert "error L04: promise 0.10d" in result.stdout
    assert "why: a text that says it will explain something has to explain it" in result.stdout
    assert "hint: add R.2, and R.3" in result.stdout
    assert "2 errors" in result.stdout


def test_json_is_told_as_check_tells_it() -> None:
    found = told("ama-v0")
    assert [one["clause"] for one in found["findings"] if one["level"] == "error"] == ["0.10", "0.10"]
    assert {"line", "column", "length", "code", "what", "why", "hint"} <= set(found["findings"][0])
    assert found["not_checked"]["L10"] == "no inventory was given"


def test_strict_refuses_what_nobody_signed(tmp_path: Path) -> None:
    small = tmp_path / "small.md"
    small.write_text(f"{HEAD}### 6.2 Tools\nWe help.\n", encoding="utf-8")
    assert run(str(small)).exit_code == 0
    assert "not signed: 6.2" in run(str(small)).stdout
    assert run(str(small), "--strict").exit_code == 1
    assert "nobody signed this clause" in run(str(small), "--strict").stdout


HEAD = "---\nstatement: small\nversion: 1.0.0\neffective: 2027-01-01\n---\n"


def test_an_inventory_is_held_against_the_statement(tmp_path: Path) -> None:
    ama = load_statement("ama")
    hidden = EntryPoint("function", "peek", "house:peek", opens_custody=True)
    file = tmp_path / "inventory.json"
    file.write_text(write_inventory(Inventory(FORMAT, ama.name, ama.version, ama.digest, (hidden,))), encoding="utf-8")
    result = run("ama", "--inventory", str(file))
    assert result.exit_code == 1
    assert "error L13: function `peek` touches personal data" in result.stdout


@pytest.mark.parametrize("as_json", [False, True])
def test_a_statement_that_does_not_compile_is_told_as_check_tells_it(tmp_path: Path, *, as_json: bool) -> None:
    broken = tmp_path / "broken.md"
    broken.write_text(f"{HEAD}### 6.2 Tools\nWe [help](do:helping).\n", encoding="utf-8")
    result = run(str(broken), *(["--json"] if as_json else []))
    assert result.exit_code == 1
    assert "L02" in result.stdout
    assert ("not looked over" in result.stdout) is not as_json


def test_a_translation_is_held_against_the_installed_statement_that_it_names(tmp_path: Path) -> None:
    ama = load_statement("ama")
    copy = tmp_path / "ama.en.md"
    header = "replaces: v0            # the undated source text"
    text = ama.text.replace(header, "translates: ama 1.0.0\nlanguage: en-GB")
    copy.write_text(text, encoding="utf-8")
    assert run(str(copy)).exit_code == 0
    assert "L16" not in told(str(copy))["not_checked"]
    copy.write_text(text.replace("{company} answers you here", "company answers you here"), encoding="utf-8")
    assert "error L16: its words in braces differ" in run(str(copy)).stdout
    copy.write_text(text.replace("ama 1.0.0", "ama 1.1.0"), encoding="utf-8")
    assert "L16" in {one["code"] for one in told(str(copy))["findings"]}
    copy.write_text(text.replace("ama 1.0.0", "nobody 1.0.0"), encoding="utf-8")
    assert told(str(copy))["not_checked"]["L16"] == "the base, nobody 1.0.0, was not given"
    assert run(str(copy), "--base", "ama-1.1").exit_code == 1
