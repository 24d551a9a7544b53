"""Governed functions are found in modules and below packages; what fails at import is told and stops nothing."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from amanat.inventory.functions import ModuleError, functions_of

SOUND = """
from amanat.governed import governed

@governed(action="use", data=["itinerary"], purpose="travel_information")
def advise(decision, place):
    return place

class Desk:
    @staticmethod
    @governed(action="contact", data=["email"], purpose="service_message", actor="web_system")
    def write(decision):
        return None

def plain():
    return 1
"""
NEVER = """
from amanat.governed import governed

@governed(action="use", data=["report"], purpose="advertising_offsite")
def profile(decision):
    return None
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    name = "governed_house"
    folder = tmp_path / name
    folder.mkdir()
    (folder / "__init__.py").write_text("from governed_house.sound import advise\n", encoding="utf-8")
    (folder / "sound.py").write_text(SOUND, encoding="utf-8")
    (folder / "wrong.py").write_text(NEVER, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    yield name
    for module in [one for one in sys.modules if one.startswith(name)]:
        del sys.modules[module]


def test_each_function_is_told_once_where_it_is_defined(package: str) -> None:
    told = {one.name: one for one in functions_of([package]) if not one.fault}
    assert set(told) == {f"{package}.sound:advise", f"{package}.sound:Desk.write"}
    (act,) = told[f"{package}.sound:advise"].acts
    assert (act.root, act.action, act.purpose) == ("use", "use", "travel_information")
    assert act.data[0].word == "itinerary"
    assert act.data[0].clauses
    assert told[f"{package}.sound:Desk.write"].acts[0].roles == ("web_system",)


def test_a_module_that_no_clause_could_permit_is_told_with_its_fault(package: str) -> None:
    (wrong,) = [one for one in functions_of([package]) if one.fault]
    assert wrong.name == f"{package}.wrong"
    assert "could ever permit use report for advertising_offsite" in wrong.fault


def test_a_module_that_is_not_there_is_an_error_with_its_name() -> None:
    with pytest.raises(ModuleError, match="no module `no_such_house`"):
        functions_of(["no_such_house"])
