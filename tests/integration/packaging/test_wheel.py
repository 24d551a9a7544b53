"""The wheel alone: built from the tree, installed where there is no Django and no NumPy, and used as the README says.

Nothing is fetched: the few packages of the core are copied from the environment that runs the tests.
"""

import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from uuid import UUID

import pytest

from amanat.ledger.leaves import leaf_of
from amanat.merkle.checkpoint import Checkpoint, sign_checkpoint
from amanat.merkle.note import Signer
from amanat.merkle.receipt import Receipt, write_receipt
from amanat.merkle.tree import leaf_hash

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")
_BUILD = "import sys; from setuptools import build_meta; print(build_meta.build_wheel(sys.argv[1]))"
_LEAST_SETUPTOOLS = 77
_NAME = re.compile(r"^[A-Za-z0-9._-]+")


def _run(*words: object, cwd: Path, given: str = "") -> "subprocess.CompletedProcess[str]":
    command = [str(word) for word in words]
    return subprocess.run(command, cwd=cwd, input=given, capture_output=True, text=True, check=False, timeout=240)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy so that nothing is left in the tree."""
    folder = tmp_path_factory.mktemp("wheel")
    litter = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(ROOT / "src", folder / "tree" / "src", ignore=litter)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / "tree")
    if _setuptools() >= _LEAST_SETUPTOOLS:
        built = _run(sys.executable, "-c", _BUILD, folder, cwd=folder / "tree")
    else:
        built = _run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, ".", cwd=folder / "tree")
    found = list(folder.glob("amanat-*.whl"))
    if not found:
        pytest.skip(f"no wheel could be built here: {built.stderr[-300:]}")
    return found[0]


def _setuptools() -> int:
    """What is there to build with, so that nothing has to be fetched; 0 for none."""
    try:
        return int(version("setuptools").partition(".")[0])
    except PackageNotFoundError:
        return 0


def _core() -> list[str]:
    """The packages that `pip install amanat` brings, with what they need."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    known: dict[str, None] = {}
    while wanted:
        one = wanted.pop()
        named = _NAME.match(one)
        if named is None or "extra ==" in one or named[0].lower() in known:
            continue
        try:
            needed = distribution(named[0]).requires or []
        except PackageNotFoundError:  # needed on other systems only
            continue
        known[named[0].lower()] = None
        wanted += needed
    return list(known)


def _copy(package: str, folder: Path) -> None:
    for file in distribution(package).files or ():
        if ".." not in file.parts and "__pycache__" not in file.parts:
            target = folder / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(Path(str(file.locate())), target)


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel and the core's packages, and nothing else."""
    folder = tmp_path_factory.mktemp("fresh")
    made = _run(sys.executable, "-m", "venv", folder, cwd=folder)
    if made.returncode:
        pytest.skip(f"no environment with pip can be made here: {(made.stdout + made.stderr)[-300:]}")
    site = next((folder / "lib").glob("python*/site-packages"))
    for package in _core():
        _copy(package, site)
    installed = _run(folder / "bin" / "pip", "install", "-q", "--no-index", wheel, cwd=folder)
    assert installed.returncode == 0, installed.stderr
    return folder / "bin" / "python"


def _amanat(python: Path, *words: str, given: str = "") -> "subprocess.CompletedProcess[str]":
    return _run(python.parent / "amanat", *words, cwd=python.parent, given=given)


def test_the_core_is_small() -> None:
    assert {"click", "rich", "msgspec"} <= set(_core()) <= {
        "click", "rich", "msgspec", "pygments", "markdown-it-py", "mdurl", "colorama",
    }  # fmt: skip


def test_the_wheel_has_the_statements_and_no_litter(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "amanat/statements/ama.md" in names
    assert "amanat/py.typed" in names
    assert not [name for name in names if name.startswith("tests/") or "__pycache__" in name]


@pytest.mark.parametrize("absent", ["django", "numpy", "psycopg", "cryptography"])
def test_the_fresh_environment_has_none_of_the_platform(absent: str, python: Path) -> None:
    assert _run(python, "-c", f"import {absent}", cwd=python.parent).returncode == 1


def test_the_five_lines_of_the_readme_run(python: Path) -> None:
    section = README.split("## For Python developers\n", 1)[1]
    program, said = re.search(r"```python\n(.*?)```", section, re.DOTALL), re.search(r"It prints `([^`]+)`", section)
    assert program
    assert said
    done = _run(python, "-c", program[1], cwd=python.parent)
    assert (done.stdout, done.stderr) == (f"{said[1]}\n", "")


def test_the_installed_statement_is_checked(python: Path) -> None:
    done = _amanat(python, "check", "ama")
    assert done.returncode == 0
    assert "no errors" in done.stdout


def test_requests_are_decided(python: Path) -> None:
    request = {"id": "1", "actor": "clinician", "company": "CH", "action": "use", "data": ["report"]}
    done = _amanat(python, "decide", given=json.dumps(request | {"purpose": "treatment"}) + "\n")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["outcome"] in {"deny", "ask"}


def test_a_decision_is_explained(python: Path) -> None:
    done = _amanat(python, "explain", "billing_clerk disclose fitness_flag to employer for billing")
    assert done.returncode == 0, done.stderr
    assert "ASK" in done.stdout


def test_a_receipt_is_checked_without_any_library(python: Path, tmp_path: Path) -> None:
    log = Signer("amanat.example/ledger/ama-ch", bytes(range(32)))
    facts = (
        b'{"act":"00000000-0000-0000-0000-000000000007","action":"view","at":"2026-11-24T03:00:00Z","clauses":["6.1a"],'
    )
    facts += b'"company":"ama-ch","outcome":"permit","purpose":"eligibility","role":"clinician","statement":"5e"}'
    root = leaf_hash(leaf_of(UUID(int=7), bytes(32), facts))
    note = sign_checkpoint(Checkpoint(log.name, 1, root), log)
    receipt, key = tmp_path / "mine.tlog-proof", tmp_path / "log.pub"
    receipt.write_text(write_receipt(Receipt(0, (), note, bytes(32) + facts)))
    key.write_text(f"{log.verifier}\n")
    done = _amanat(python, "verify", str(receipt), "--key", str(key))
    assert (done.returncode, done.stderr) == (0, "")
    assert "valid: act 00000000-0000-0000-0000-000000000007" in done.stdout
    receipt.write_text(receipt.read_text().replace("index 0", "index 1"))
    assert _amanat(python, "verify", str(receipt), "--key", str(key)).returncode == 1


@pytest.fixture
def house(python: Path) -> Iterator[str]:
    """A module of somebody's own, beside the program."""
    file = next((python.parents[1] / "lib").glob("python*/site-packages")) / "own_house.py"
    file.write_text(
        "from amanat.governed import governed\n"
        "@governed(action='use', data=['itinerary'], purpose='travel_information')\n"
        "def advise(decision): ...\n",
        encoding="utf-8",
    )
    yield "own_house"
    file.unlink()


def test_governed_functions_are_listed(python: Path, house: str) -> None:
    done = _amanat(python, "inventory", house)
    assert (done.returncode, done.stderr) == (0, "")
    assert "own_house:advise" in done.stdout


@pytest.mark.parametrize("words", [("inventory",), ("doctor",), ("serve",), ("statement", "versions")])
def test_what_the_platform_brings_says_what_to_install(words: tuple[str, ...], python: Path) -> None:
    done = _amanat(python, *words)
    assert done.returncode == 3
    assert "amanat[server]" in done.stderr
    assert "Traceback" not in done.stderr
