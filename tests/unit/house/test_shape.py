"""What a file is called, how long it is, and that no SQL of ours sets anything for longer than its transaction."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pytest

SOURCE: Final = Path(__file__).parents[3] / "src" / "amanat"
LONGEST: Final = 400
EMPTY_NAMES: Final = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}
_FOR_THE_SESSION: Final = re.compile(r"\bSET\s+(?:SESSION\s+)?amanat\.\w+|\bSET\s+(?:LOCAL\s+)?ROLE\b", re.IGNORECASE)


def files() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def without_a_domain(paths: Iterable[Path]) -> list[str]:
    return [path.as_posix() for path in paths if EMPTY_NAMES & {part.removesuffix(".py") for part in path.parts}]


def too_long(paths: Iterable[Path]) -> list[str]:
    return [path.name for path in paths if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST]


def settings_made(text: str) -> Iterator[str]:
    """The last argument of each set_config(…), which says whether it ends with the transaction."""
    for made in re.finditer(r"set_config\(", text):
        depth, last = 1, made.end()
        for place in range(made.end(), len(text)):
            depth += {"(": 1, ")": -1}.get(text[place], 0)
            if depth == 1 and text[place] == ",":
                last = place + 1
            if depth == 0:
                yield text[last:place].strip().lower()
                break


def lasting_contexts(text: str) -> list[str]:
    """Settings that outlive their transaction, and roles changed on the way: both leak through a pooled connection."""
    return [*_FOR_THE_SESSION.findall(text), *(ends for ends in settings_made(text) if ends != "true")]


def test_every_name_comes_from_the_domain() -> None:
    assert without_a_domain(path.relative_to(SOURCE) for path in files()) == []


@pytest.mark.parametrize("name", ["custody/utils.py", "common/words.py", "cases/manager.py", "helpers.py"])
def test_an_empty_name_is_caught(name: str) -> None:
    assert without_a_domain([Path(name)]) == [name]


def test_no_file_is_too_long_to_read() -> None:
    assert too_long(files()) == []


def test_a_long_file_is_caught(tmp_path: Path) -> None:
    for lines in (LONGEST, LONGEST + 1):
        (tmp_path / f"{lines}.py").write_text("pass\n" * lines)
    assert too_long(tmp_path.iterdir()) == [f"{LONGEST + 1}.py"]


def test_no_context_outlives_its_transaction() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in (*files(), *SOURCE.rglob("*.sql"))}
    assert {path.name: found for path, text in texts.items() if (found := lasting_contexts(text))} == {}
    assert {ends for text in texts.values() for ends in settings_made(text)} == {"true"}


@pytest.mark.parametrize(
    "text",
    [
        "SELECT set_config('amanat.company', %s, false)",
        "SELECT set_config('amanat.subjects', concat_ws(',', (SELECT f(a, true))), false)",
        "SELECT set_config('amanat.company', %s, %s)",
        "SET amanat.company = 'x'",
        "SET SESSION amanat.subjects = ''",
        "set role amanat_owner",
    ],
)
def test_a_lasting_context_is_caught(text: str) -> None:
    assert lasting_contexts(text)
