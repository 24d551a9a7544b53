"""The page on overlays is true: its examples compile, its codes exist, its table names what is installed."""

import re
from pathlib import Path

from amanat.statement.codes import WHY
from amanat.statement.compile import Statement
from amanat.statement.overlay_compile import compile_overlay, installed_overlays, load_overlay
from stage.rules import policy_of

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "reference" / "overlays.md").read_text(encoding="utf-8")


def test_the_example_compiles_around_the_statement(ama: Statement) -> None:
    (sample,) = re.findall(r"````markdown\n(.*?)````", PAGE, re.DOTALL)
    overlay = compile_overlay(sample, ama)
    assert (overlay.id, overlay.applies) == ("contract:blue-harbour", frozenset({"blue-harbour"}))


def test_the_single_blocks_are_read(ama: Statement) -> None:
    require, duty, compel = re.findall(r"(?<!`)```rule\n(.*?)```", PAGE.partition("````\n\n##")[2], re.DOTALL)
    assert policy_of(require).rules[0].then
    oryx = load_overlay("contract:oryx-energy", ama)
    assert duty in oryx.text
    assert compel in Path(__file__).with_name("compelling.md").read_text(encoding="utf-8")


def test_every_code_is_described_exists_and_has_a_reason() -> None:
    folder = ROOT / "src" / "amanat" / "statement"
    sources = "".join((folder / f"{name}.py").read_text(encoding="utf-8") for name in ("loosening", "overlay_compile"))
    raised = set(re.findall(r'"(O\d{3})"', sources))
    described = set(re.findall(r"\bO\d{3}\b", "".join(re.findall(r"^\| O.*?\|", PAGE, re.MULTILINE))))
    assert raised == described
    assert raised - {"O000"} == {code for code in WHY if code.startswith("O")}


def test_what_is_installed_is_listed() -> None:
    table = PAGE[PAGE.index("## What is installed") :]
    assert set(re.findall(r"^\| `(.*?)`", table, re.MULTILINE)) == set(installed_overlays())
