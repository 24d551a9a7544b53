"""Language, decider and command line load where nothing but the core's three packages is installed."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

SOURCE: Final = Path(__file__).parents[3] / "src" / "amanat"
# What `pip install amanat` brings, with what these need themselves.
CORE: Final = ("amanat", "click", "rich", "msgspec", "pygments", "markdown_it", "mdurl")
# What an extra brings for some modules of the pure rooms: those that load it first thing are for that extra alone.
EXTRA: Final = ("numpy", "cryptography", "rdflib")
_LOADED_FIRST: Final = re.compile(r"^(?:from|import) ([\w.]+)", re.MULTILINE)
_ONLY_CORE: Final = f"""
import sys
class OnlyCore:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top not in sys.stdlib_module_names and top not in {CORE!r}:
            raise ModuleNotFoundError(f"{{top}} is no part of the core", name=top)
sys.meta_path.insert(0, OnlyCore())
"""


def _modules(*rooms: str) -> list[str]:
    files = [file for room in rooms for file in (SOURCE / room).rglob("*.py") if not _is_extra(file)]
    named = [".".join(("amanat", *file.relative_to(SOURCE).with_suffix("").parts)) for file in files]
    return sorted(
        name.removesuffix(".__init__") for name, file in zip(named, files, strict=True) if not _is_extra(file)
    )


def _is_extra(file: Path) -> bool:
    """Whether a module loads an extra before anything of it is called, by itself or by another module of its room."""
    loaded = _LOADED_FIRST.findall(file.read_text(encoding="utf-8"))
    rooms = [SOURCE.joinpath(*name.split(".")[1:]).with_suffix(".py") for name in loaded if name.startswith("amanat.")]
    return any(name.split(".")[0] in EXTRA for name in loaded) or any(
        _is_extra(one) for one in rooms if one.is_file() and one.parent == file.parent
    )


def _loaded_without_platform(*modules: str) -> "subprocess.CompletedProcess[str]":
    program = _ONLY_CORE + "".join(f"import {name}\n" for name in modules)
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)


def test_the_pure_rooms_load_with_the_core_alone() -> None:
    done = _loaded_without_platform(
        "amanat.governed", "amanat.inventory.collect", "amanat.errors", *_modules("policy", "statement", "vocabulary")
    )
    assert done.returncode == 0, done.stderr


def test_few_modules_are_for_an_extra_alone() -> None:
    every = {file.stem for room in ("policy", "statement", "vocabulary") for file in (SOURCE / room).rglob("*.py")}
    core = {name.rpartition(".")[2] for name in _modules("policy", "statement", "vocabulary")}
    assert {"decider", "prove", "compile", "coverage", "terms"} <= core & every
    assert len(every - core) <= 6, every - core


@pytest.mark.parametrize("name", ["main", "check", "decide", "explain", "inventory", "verify"])
def test_the_commands_of_the_language_load_with_the_core_alone(name: str) -> None:
    done = _loaded_without_platform(f"amanat.cli.{name}")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["amanat.portals.table", "amanat.custody.unit", "amanat.crypto.seal"])
def test_the_hook_is_seen_to_stop_the_platform(name: str) -> None:
    done = _loaded_without_platform(name)
    assert done.returncode == 1
    assert "is no part of the core" in done.stderr
