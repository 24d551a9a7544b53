"""`amanat sign`: one command signs a statement; without a name it shows what there is to read."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from amanat.cli.sign import sign
from amanat.statement.compile import load_statement
from amanat.statement.lints.lint import publishable
from amanat.statement.signing import SigningError, unsigned


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(sign, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The installed statement, unsigned."""
    file = tmp_path / "ama.md"
    text = re.sub(r"^> approved .*\n", "", load_statement("ama").text, flags=re.MULTILINE)
    file.write_text(text, encoding="utf-8")
    return file


def test_one_command_signs_the_whole_statement(copy: Path) -> None:
    result = run(copy, "--reviewer", "Dina Weber")
    assert result.exit_code == 0
    found = load_statement(str(copy))
    assert unsigned(found) == ()
    assert publishable(found)
    assert result.stdout == f"ama 1.0.0: {len(found.sections)} of {len(found.sections)} clauses signed\n"


def test_single_clauses_can_be_signed(copy: Path) -> None:
    assert "2 of " in run(copy, "--reviewer", "Dina Weber", "--clause", "6.7", "--clause", "R.1").stdout
    assert {"6.7", "R.1"}.isdisjoint(unsigned(load_statement(str(copy))))


def test_without_a_name_it_shows_what_waits_and_writes_nothing(copy: Path) -> None:
    before = copy.read_bytes()
    shown = run(copy, "--clause", "6.7").stdout
    assert shown.startswith("6.7 Firms that work for us\n")
    assert "= Nobody may tell or pass on your data to" in " ".join(shown.split())
    assert copy.read_bytes() == before
    assert run(copy).stdout.count("\n  = ") > 100


def test_a_statement_that_does_not_compile_is_not_signed(copy: Path) -> None:
    broken = copy.read_text(encoding="utf-8").replace("(do:telling)", "(do:tell)")
    copy.write_text(broken, encoding="utf-8")
    result = run(copy, "--reviewer", "Dina Weber")
    assert result.exit_code == 1
    assert "L02" in result.stdout
    assert copy.read_text(encoding="utf-8") == broken


def test_a_clause_that_is_not_there_leaves_the_file_alone(copy: Path) -> None:
    before = copy.read_bytes()
    with pytest.raises(SigningError):
        run(copy, "--reviewer", "Dina Weber", "--clause", "99.1")
    with pytest.raises(SigningError):
        run(copy, "--clause", "99.1")
    assert copy.read_bytes() == before
