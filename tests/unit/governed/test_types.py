"""A type checker sees through the guard: the function's own parameters and result, and the keys of claims."""

import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).parents[3] / "src"
PROGRAM = """
from amanat.governed import Governed, governed
from amanat.policy.decision import Decision

@governed(action="use", data=["itinerary"], purpose="travel_information")
def advise(decision: Decision, place: str, *, loud: bool = False) -> int:
    return len(place)

good: int = advise({"actor": "member"}, "Lagos", loud=True)
advise({}, 7)
advise({}, "Lagos", quiet=True)
advise({"colour": "red"}, "Lagos")
wrong: str = advise({}, "Lagos")

@governed(action="use", data=["itinerary"], purpose="travel_information")
def undecided(place: str) -> None: ...
"""
FAULTS = {10: "arg-type", 11: "call-arg", 12: "typeddict-unknown-key", 13: "assignment", 15: "arg-type"}


def test_types_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "program.py"
    file.write_text(PROGRAM, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--follow-imports=silent", "--no-pretty"]
    command += ["--hide-error-context", f"--cache-dir={tmp_path / 'cache'}", str(file)]
    checked = subprocess.run(
        command, cwd=tmp_path, env={"MYPYPATH": str(SOURCE)}, capture_output=True, text=True, check=False
    )
    told = [line for line in checked.stdout.splitlines() if ": error: " in line]
    found = {int(line.split(":")[1]): line.rpartition("[")[2].rstrip("]") for line in told}
    assert found == FAULTS, checked.stdout
