"""The lock files: pinned by hash, free of addresses, and in step with the project."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-test.lock")


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _locked(lock: str) -> list[str]:
    """The packages that are pinned with hashes; one may be pinned once for each version of Python."""
    text = (ROOT / lock).read_text()
    names = re.findall(r"^([A-Za-z0-9_.-]+)==\S+.*?\\\n(?:    --hash=.*\n?)+", text, re.MULTILINE)
    return [_normal(name) for name in names]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_by_hash(lock: str) -> None:
    lines = [line for line in (ROOT / lock).read_text().splitlines() if line and line[0] not in " #"]
    assert len(lines) == len(_locked(lock))
    assert all("==" in line for line in lines)


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_a_registry(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert not re.search(r"://|--index-url|--find-links|file:", text)


def test_every_dependency_of_the_project_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    server = project["project"]["dependencies"] + project["project"]["optional-dependencies"]["server"]
    groups = project["dependency-groups"]
    for lock, wanted in (("requirements.lock", server), (LOCKS[1], server + groups["test"] + groups["check"])):
        names = {_normal(re.split(r"[\[<>=~! ]", one)[0]) for one in wanted}
        assert names <= set(_locked(lock)), lock


def test_tests_run_on_the_very_packages_of_the_server() -> None:
    def pins(lock: str) -> set[str]:
        return set(re.findall(r"^[a-z0-9-]+==\S+", (ROOT / lock).read_text(), re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-test.lock")
