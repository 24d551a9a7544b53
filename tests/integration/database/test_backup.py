"""Back up, lose everything, restore: the same rows, the same keys, kept apart on the way."""

import shutil
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from amanat.database import embedded
from amanat.database.backup import DUMP
from stage.installation import Installation

SECRET = b"the root of a company"


@pytest.fixture
def filled(prepared: Installation) -> Installation:
    """An installation with two companies' rows under forced row security, and keys."""
    (prepared.home.keys / "ama-sg").write_bytes(SECRET)
    (prepared.home.ledger / "ama-sg.key").write_bytes(b"signs")
    with prepared.connect("owner") as owner:
        for company in ("ama-sg", "ama-ch"):
            for _ in range(3):
                owner.execute(
                    "INSERT INTO people_standing (subject, company, residence, choices, version) "
                    "VALUES (%s, %s, 'SG', '{}', 1)",
                    (uuid4(), company),
                )
    return prepared


def _back_up(installation: Installation, tmp_path: Path) -> tuple[Path, Path]:
    data, keys = tmp_path / "data", tmp_path / "keys"
    done = installation.amanat("database", "backup", "--data", str(data), "--keys", str(keys))
    assert done.returncode == 0, done.stderr
    return data, keys


def _restore(installation: Installation, data: Path, keys: Path) -> "tuple[int, str]":
    done = installation.amanat("database", "restore", "--data", str(data), "--keys", str(keys))
    return done.returncode, done.stderr


def _wipe(installation: Installation) -> None:
    embedded.stop(installation.home)
    shutil.rmtree(installation.home.folder)


def _standing(installation: Installation) -> list[tuple[object, ...]]:
    with installation.connect("owner") as owner:
        return owner.execute("SELECT subject, company FROM people_standing ORDER BY subject").fetchall()


def test_a_backup_of_rows_and_keys_restores_a_lost_installation(filled: Installation, tmp_path: Path) -> None:
    before, secret = _standing(filled), filled.home.secret_key.read_bytes()
    data, keys = _back_up(filled, tmp_path)
    _wipe(filled)
    assert _restore(filled, data, keys) == (0, "")
    with embedded.running(filled.home):
        assert _standing(filled) == before
        assert len(before) == 6
        assert (filled.home.keys / "ama-sg").read_bytes() == SECRET
        assert (filled.home.ledger / "ama-sg.key").read_bytes() == b"signs"
        assert filled.home.secret_key.read_bytes() == secret
        checked = filled.amanat("database", "check")
        assert checked.returncode == 0, checked.stdout


def test_the_restored_database_keeps_its_doors(filled: Installation, tmp_path: Path) -> None:
    data, keys = _back_up(filled, tmp_path)
    _wipe(filled)
    _restore(filled, data, keys)
    with embedded.running(filled.home), filled.connect("web") as web:
        assert web.execute("SELECT count(*) FROM people_standing").fetchone() == (0,)
        web.execute("SELECT set_config('amanat.company', 'ama-sg', false)")
        assert web.execute("SELECT count(*) FROM people_standing").fetchone() == (3,)


def test_the_copy_of_the_rows_holds_no_key_and_no_password(filled: Installation, tmp_path: Path) -> None:
    data, keys = _back_up(filled, tmp_path)
    rows = b"".join(file.read_bytes() for file in data.iterdir())
    assert SECRET not in rows
    assert filled.home.secret_key.read_bytes().strip() not in rows
    copied = {file.name for folder in (data, keys) for file in folder.rglob("*")}
    assert "logins.json" not in copied


@pytest.mark.parametrize(
    ("data", "keys"), [("copy", "copy"), ("copy", "copy/keys"), ("copy/data", "copy")], ids=["same", "below", "above"]
)
def test_rows_and_keys_may_not_lie_in_one_another(
    prepared_once: Installation, tmp_path: Path, data: str, keys: str
) -> None:
    words = ("--data", str(tmp_path / data), "--keys", str(tmp_path / keys))
    refused = prepared_once.amanat("database", "backup", *words)
    assert refused.returncode == 2
    assert "lie in one another" in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_link_does_not_hide_that_they_do(prepared_once: Installation, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "keys").symlink_to(tmp_path / "data")
    words = ("--data", str(tmp_path / "data"), "--keys", str(tmp_path / "keys"))
    assert prepared_once.amanat("database", "backup", *words).returncode == 2


def test_a_copy_may_not_lie_in_the_state_folder(prepared_once: Installation, tmp_path: Path) -> None:
    words = ("--data", str(prepared_once.home.folder / "copy"), "--keys", str(tmp_path / "keys"))
    refused = prepared_once.amanat("database", "backup", *words)
    assert "lies in the state folder" in refused.stderr


def test_a_copy_is_never_written_over(filled: Installation, tmp_path: Path) -> None:
    data, keys = _back_up(filled, tmp_path)
    refused = filled.amanat("database", "backup", "--data", str(data), "--keys", str(keys))
    assert refused.returncode == 2
    assert "not empty" in refused.stderr


def test_a_database_with_tables_is_not_restored_over(filled: Installation, tmp_path: Path) -> None:
    data, keys = _back_up(filled, tmp_path)
    shutil.rmtree(filled.home.keys)
    shutil.rmtree(filled.home.ledger)
    before = _standing(filled)
    code, said = _restore(filled, data, keys)
    assert code == 2
    assert "already has" in said
    assert _standing(filled) == before


def test_keys_are_not_restored_over(filled: Installation, tmp_path: Path) -> None:
    data, keys = _back_up(filled, tmp_path)
    _, said = _restore(filled, data, keys)
    assert "already holds keys" in said


def _flip(folder: Path, name: str) -> None:
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)


@pytest.mark.parametrize(
    "harm",
    [
        lambda data, _: _flip(data, DUMP),
        lambda data, _: (data / DUMP).unlink(),
        lambda data, _: (data / "manifest.json").write_text("{}"),
        lambda _, keys: _flip(keys / "keys", "ama-sg"),
        lambda _, keys: (keys / "ledger" / "ama-sg.key").unlink(),
    ],
    ids=["a bit of the rows", "no rows", "no manifest", "a bit of a key", "a key"],
)
def test_a_harmed_copy_is_refused_and_nothing_is_written(
    filled: Installation, tmp_path: Path, harm: Callable[[Path, Path], object]
) -> None:
    data, keys = _back_up(filled, tmp_path)
    _wipe(filled)
    harm(data, keys)
    code, _ = _restore(filled, data, keys)
    assert code == 4
    with embedded.running(filled.home), filled.connect("owner") as owner:
        assert owner.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
        assert not list(filled.home.keys.iterdir())
