"""Whatever command meets a faulty text shows the line, what is wrong, why it matters and one way to mend it."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from amanat.cli.check import check
from amanat.cli.decide import decide
from amanat.cli.diff import diff
from amanat.cli.explain import explain
from amanat.cli.export import export
from amanat.cli.inventory import inventory
from amanat.cli.lint import lint
from amanat.cli.preview import preview
from amanat.cli.prove import prove
from amanat.cli.sign import sign
from amanat.errors import MalformedError
from amanat.statement.compile import load_statement

COMMANDS: dict[str, tuple[click.Command, list[str]]] = {
    "check": (check, ["{}"]),
    "lint": (lint, ["{}"]),
    "sign": (sign, ["{}"]),
    "prove": (prove, ["{}"]),
    "diff": (diff, ["ama", "{}"]),
    "decide": (decide, ["--statement", "{}"]),
    "explain": (explain, ["--statement", "{}", "clinician view name"]),
    "export": (export, ["--format", "json", "{}"]),
    "preview": (preview, ["--statement", "{}", "--choice", "newsletter"]),
    "inventory": (inventory, ["--statement", "{}"]),
}


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    file = tmp_path / "ours.md"
    file.write_text(load_statement("ama").text.replace("  data  email, preference\n", "  data  emial, preference\n", 1))
    return file


@pytest.mark.parametrize("name", COMMANDS)
def test_a_mistyped_word_is_shown_with_its_line_the_reason_and_the_nearest_word(name: str, damaged: Path) -> None:
    command, words = COMMANDS[name]
    ended = CliRunner().invoke(command, [word.format(damaged) for word in words], input="{}", catch_exceptions=False)
    assert ended.exit_code == 1
    told = ended.output.splitlines()
    (first,) = (place for place, line in enumerate(told) if "clause 8.8: error R001: unknown data leaf" in line)
    assert told[first + 1].endswith("|   data  emial, preference")
    assert told[first + 2].strip() == "^^^^^"
    assert told[first + 3].startswith("    why: ")
    assert told[first + 4] == "    hint: did you mean `email`?"


@pytest.mark.parametrize("text", ["clinician", "clinician view"])
def test_a_question_that_is_not_whole_is_told_how_one_is_written(text: str) -> None:
    with pytest.raises(MalformedError, match=f"`{text}` is not a case") as caught:
        CliRunner().invoke(explain, [text], catch_exceptions=False)
    assert "outcome" not in (caught.value.hint or "")
    assert "who does what with which data" in (caught.value.hint or "")


def test_a_word_that_stands_twice_is_named() -> None:
    with pytest.raises(MalformedError, match="`for` stands twice"):
        CliRunner().invoke(explain, ["clinician view name for billing for claims"], catch_exceptions=False)


def test_a_line_before_the_first_property_is_told_in_words_of_properties(tmp_path: Path) -> None:
    file = tmp_path / "asked.txt"
    file.write_text("  do any\n")
    ended = CliRunner().invoke(prove, ["--properties", str(file), "ama"], catch_exceptions=False)
    assert ended.exit_code == 1
    assert "stands before any property" in ended.output
    assert "permit" not in ended.output
