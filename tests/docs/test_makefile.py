"""The tasks by name: each has a line of help, and the README names the two that a newcomer needs."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TASKS = {"run", "test", "check", "bench", "drill", "night", "coverage-of-clauses", "lock", "screenshots", "help"}


def test_every_task_has_a_line_of_help() -> None:
    text = (ROOT / "Makefile").read_text()
    assert set(re.findall(r"^([a-z-]+):.*## .+", text, re.MULTILINE)) == TASKS
    declared = re.search(r"^\.PHONY: (.+)$", text, re.MULTILINE)
    assert declared
    assert set(declared[1].split()) == TASKS


def test_continuous_integration_runs_the_test_command_of_the_readme() -> None:
    assert "\nmake test " in (ROOT / "README.md").read_text()
    assert (ROOT / ".ci" / "run").read_text().splitlines()[-1] == "exec make test"
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
