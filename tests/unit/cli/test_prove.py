"""`amanat prove`: what holds, what does not and by which request, and what cannot be read."""

import json
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from amanat.cli.decide import decide
from amanat.cli.prove import prove
from amanat.statement.compile import load_statement
from amanat.statement.diagnostics import MAX_FINDINGS
from stage.planted import too_hard_a_property

HOLDS = "never: health data is used for advertising\n  data  medical\n  for   advertising\n"
FAILS = "never: news goes to somebody who may be a child\n  do      contact\n  for     newsletter\n  unless  adult\n"
CAN = "can: a newsletter is sent\n  do   contact\n  for  newsletter\n"
CANNOT = "can: health data is used for advertising\n  data  medical\n  for   advertising\n"


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """A copy of the installed statement, with nothing beside it."""
    file = tmp_path / "ours.md"
    file.write_text(load_statement("ama").text, encoding="utf-8")
    return file


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(prove, [str(word) for word in words], catch_exceptions=False)


def asked(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "asked.txt"
    file.write_text(text, encoding="utf-8")
    return file


def test_what_lies_beside_the_installed_statement_holds() -> None:
    result = run()
    assert result.exit_code == 0
    assert "10 of 10 properties hold" in result.stdout
    assert "FAILS" not in result.stdout


def test_what_lies_beside_a_file_is_asked_about(ours: Path) -> None:
    ours.with_name("ours.properties.txt").write_text(HOLDS + FAILS, encoding="utf-8")
    result = run(ours)
    assert result.exit_code == 2
    assert "1 of 2 properties hold" in result.stdout


def test_a_property_that_fails_comes_with_a_request_that_is_permitted(tmp_path: Path) -> None:
    result = run("ama", "--properties", asked(tmp_path, HOLDS + FAILS + CAN))
    assert result.exit_code == 2
    lines = result.stdout.splitlines()
    assert lines[0] == "holds  never: health data is used for advertising"
    assert lines[1] == "FAILS  never: news goes to somebody who may be a child"
    assert "permitted requests stand against it" in lines[2]
    answered = CliRunner().invoke(decide, input=lines[3].strip())
    assert json.loads(answered.stdout)["outcome"] == "permit"
    assert lines[4] == "holds  can: a newsletter is sent"


def test_what_can_never_be_fails_without_a_request(tmp_path: Path) -> None:
    result = run("ama", "--properties", asked(tmp_path, CANNOT))
    assert result.exit_code == 2
    assert result.stdout.startswith("FAILS  can: health data is used for advertising\n0 of 1 properties hold\n")


def test_json_says_the_same(tmp_path: Path) -> None:
    result = run("ama", "--json", "--properties", asked(tmp_path, HOLDS + FAILS + CANNOT))
    assert result.exit_code == 2
    told = json.loads(result.stdout)
    assert (told["statement"], told["digest"]) == ("ama", load_statement("ama").digest)
    assert [(one["kind"], one["holds"], one["requests"] > 0) for one in told["properties"]] == [
        ("never", True, False), ("never", False, True), ("can", False, False),
    ]  # fmt: skip
    assert [one["example"] is None for one in told["properties"]] == [True, False, True]
    assert 0 < told["permitted"] < told["requests"]
    assert {"rule", "line", "dead"} == set(told["idle"][0])


def test_without_properties_nothing_fails_and_it_is_said_that_nothing_was_asked(ours: Path) -> None:
    result = run(ours)
    assert result.exit_code == 0
    assert result.stdout.startswith("no properties were asked about\n")
    assert json.loads(run(ours, "--json").stdout)["properties"] == []


@pytest.mark.parametrize("line", ["need consent opt_in", "then log", "beside identity"])
def test_a_line_that_asks_nothing_of_a_property_is_refused(tmp_path: Path, line: str) -> None:
    result = run("ama", "--properties", asked(tmp_path, f"{HOLDS}  {line}\n"))
    assert result.exit_code == 1
    assert f"asked.txt:4:3: error P003: `{line.split(maxsplit=1)[0]}` asks nothing of a property" in result.stderr


def test_every_fault_of_a_property_file_is_told_at_once(tmp_path: Path) -> None:
    result = run("ama", "--properties", asked(tmp_path, "never: x\n  data  reprot\nmaybe: y\n"))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "asked.txt:2:9: error P001: unknown data leaf or field `reprot`" in result.stderr
    assert "asked.txt:3:1: error P001: `maybe: y` is not a property" in result.stderr


def test_what_cannot_be_read_is_said_in_words(tmp_path: Path, ours: Path) -> None:
    binary = tmp_path / "binary.txt"
    binary.write_bytes(b"\xff\xfe never")
    for file in (tmp_path / "nowhere.txt", tmp_path, binary):
        result = run("ama", "--properties", file)
        assert (result.exit_code, "error P000: cannot be read" in result.stderr) == (1, True)
    binary.rename(ours.with_name("ours.properties.txt"))
    assert run(ours).exit_code == 1
    for statement in ("nobody", tmp_path / "nowhere.md"):
        assert (run(statement).exit_code, "error S000" in run(statement).stderr) == (1, True)


def test_what_is_too_hard_is_refused_in_words_and_in_time(tmp_path: Path) -> None:
    began = time.process_time()
    result = run("ama", "--properties", asked(tmp_path, too_hard_a_property("too much at once")))
    assert time.process_time() - began < 20
    assert (result.exit_code, result.stdout) == (1, "")
    assert "`too much at once`: Too many facts stand together in one question" in result.stderr
    assert "ask in parts" in result.stderr


def test_a_file_without_end_is_refused(tmp_path: Path) -> None:
    for text in ("never: x\n" * 1_001, "# comment\n" * 100_001):
        assert "error P002: more than" in run("ama", "--properties", asked(tmp_path, text)).stderr
    assert run("ama", "--properties", asked(tmp_path, "?\n" * 5_000)).stderr.count("error P001") <= MAX_FINDINGS
