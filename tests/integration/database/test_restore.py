"""The guide to backups, walked as it is written: back up, go on, lose everything, restore."""

import re
import shlex
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from amanat.database import embedded
from amanat.database.backup import BackupError
from amanat.database.erasures import NAME, Line, append_line, begin_list
from amanat.database.home import Home
from amanat.database.keycopy import renew_copy
from stage.installation import Installation

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "back-up-and-restore.md"
_FOUND = "import django; django.setup(); from amanat.custody.founding import found; found()"


def commands(heading: str) -> list[list[str]]:
    """What the guide has people type below a heading."""
    section = re.split(r"^## ", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    (found,) = [one for one in section if one.startswith(heading)]
    (block,) = re.findall(r"```sh\n(.*?)```", found, re.DOTALL)
    return [shlex.split(line) for line in block.splitlines()]


@pytest.fixture
def founded(prepared: Installation) -> Installation:
    """An installation with its list of erased people begun, that was left alone since."""
    done = prepared.python(_FOUND, AMANAT_LOGIN="worker", DJANGO_SETTINGS_MODULE="amanat.site.settings")
    assert done.returncode == 0, done.stderr
    return prepared


@pytest.fixture
def places(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Where the guide's folders are in this test."""
    home = Home(tmp_path / "srv")
    yield {
        "/backup/rows": str(tmp_path / "rows"),
        "/vault/keys": str(tmp_path / "keys"),
        "/srv/amanat": str(home.folder),
    }
    embedded.stop(home)


def walk(installation: Installation, heading: str, places: dict[str, str]) -> Installation:
    """Type what the guide says; the installation that it leads to."""
    for program, *words in commands(heading):
        if program == "export":
            installation = Installation(Home(Path(places[words[0].removeprefix("AMANAT_HOME=")])))
            continue
        assert program == "amanat"
        done = installation.amanat(*(places.get(word, word) for word in words))
        assert done.returncode == 0, done.stdout + done.stderr
    return installation


def add_standing(installation: Installation) -> None:
    with installation.connect("owner") as owner:
        owner.execute(
            "INSERT INTO people_standing (subject, company, residence, choices, version) "
            "VALUES (%s, 'ama-sg', 'SG', '{}', 1)",
            (uuid4(),),
        )


def standings(installation: Installation) -> list[tuple[object, ...]]:
    with embedded.running(installation.home), installation.connect("owner") as owner:
        return owner.execute("SELECT subject, company, version FROM people_standing ORDER BY subject").fetchall()


def test_the_guide_restores_a_lost_installation_up_to_the_last_row(
    founded: Installation, places: dict[str, str]
) -> None:
    add_standing(founded)
    walk(founded, "Back up", places)
    embedded.stop(founded.home)
    with embedded.running(founded.home):
        add_standing(founded)
        with founded.connect("superuser") as superuser:
            superuser.execute("SELECT pg_switch_wal()")
        before = standings(founded)
        walk(founded, "The copy of the keys", places)
    embedded.stop(founded.home)
    shutil.rmtree(founded.home.folder)
    restored = walk(founded, "Restore", places)
    assert restored.home.folder == Path(places["/srv/amanat"])
    assert standings(restored) == before
    assert len(before) == 2


@pytest.mark.parametrize("harm", ["a file of the base", "a file of the keys", "the list"])
def test_a_harmed_copy_is_refused_and_nothing_is_there_afterwards(
    founded: Installation, places: dict[str, str], harm: str
) -> None:
    walk(founded, "Back up", places)
    rows, keys = Path(places["/backup/rows"]), Path(places["/vault/keys"])
    if harm == "a file of the base":
        (file,) = rows.glob("base-*/global/pg_control")
    else:
        file = keys / "rows" / "keys_bucket" if harm == "a file of the keys" else keys / "files" / "erasures.list"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    fresh = Installation(Home(Path(places["/srv/amanat"])))
    done = fresh.amanat("restore", str(rows), "--keys", str(keys))
    assert done.returncode == 4
    assert not (fresh.home.postgres / "data").exists()
    assert not fresh.home.keys.exists() or not any(fresh.home.keys.iterdir())


def test_the_rows_hold_no_key(founded: Installation, places: dict[str, str]) -> None:
    walk(founded, "Back up", places)
    secret = founded.home.secret_key.read_bytes().strip()
    provider = (founded.home.keys / "provider.key").read_bytes()
    for file in Path(places["/backup/rows"]).rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert secret not in content
            assert provider not in content


def test_a_newer_copy_of_the_keys_takes_the_place_of_the_older(founded: Installation, places: dict[str, str]) -> None:
    walk(founded, "Back up", places)
    walk(founded, "The copy of the keys", places)
    keys = Path(places["/vault/keys"])
    assert sorted(path.name for path in keys.parent.iterdir() if path.name.startswith("keys")) == ["keys"]


def test_the_copy_of_the_keys_follows_a_new_line_of_the_list_by_itself(
    founded: Installation, places: dict[str, str]
) -> None:
    walk(founded, "The copy of the keys", places)
    copied = Path(places["/vault/keys"]) / "files" / NAME
    assert not renew_copy(founded.home, unless_current=True)
    line = Line(1, datetime.now(UTC), "ama-ch", uuid4(), uuid4())
    append_line(founded.home, begin_list(founded.home), line)
    assert str(line.subject) not in copied.read_text()
    assert renew_copy(founded.home, unless_current=True)
    assert str(line.subject) in copied.read_text()


def test_a_turn_waits_for_a_copy_that_is_not_there(founded: Installation, places: dict[str, str]) -> None:
    walk(founded, "The copy of the keys", places)
    shutil.rmtree(places["/vault/keys"])
    with pytest.raises(BackupError, match="is not at"):
        renew_copy(founded.home)
