"""`amanat statement copy`: the installed text and what must hold of it, written beside each other and never over."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from amanat.cli.statement import copy
from amanat.statement.compile import load_statement
from amanat.statement.diagnostics import StatementError
from amanat.statement.properties import properties_of


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(copy, [str(word) for word in words], catch_exceptions=False)


def test_the_copy_is_the_statement_with_its_properties(tmp_path: Path) -> None:
    file = tmp_path / "ours.md"
    assert run("ama", file).exit_code == 0
    assert load_statement(str(file)).digest == load_statement("ama").digest
    assert properties_of(str(file)) == properties_of("ama")


def test_a_statement_without_properties_is_copied_alone(tmp_path: Path) -> None:
    assert run("ama-v0", tmp_path / "old.md").exit_code == 0
    assert [one.name for one in tmp_path.iterdir()] == ["old.md"]


@pytest.mark.parametrize("there", ["ours.md", "ours.properties.txt"])
def test_nothing_is_written_over(tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("mine")
    result = run("ama", tmp_path / "ours.md")
    assert result.exit_code == 2
    assert "is there already" in result.output
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [(there, "mine")]


def test_other_names_than_those_of_statements_are_refused(tmp_path: Path) -> None:
    assert "must end in .md" in run("ama", tmp_path / "ours.txt").output
    with pytest.raises(StatementError, match="no statement `nobody` is installed"):
        run("nobody", tmp_path / "ours.md")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said_in_words(tmp_path: Path) -> None:
    result = run("ama", tmp_path / "nowhere" / "ours.md")
    assert (result.exit_code, "No such file or directory" in result.output) == (1, True)


def test_copying_needs_neither_django_nor_a_driver() -> None:
    program = "import sys, amanat.cli.statement; sys.exit(any(one in sys.modules for one in ('django', 'psycopg')))"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
