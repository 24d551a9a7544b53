"""The state folder: closed to others, written whole or not at all."""

import os
import stat
from pathlib import Path

import pytest

from amanat.database.home import Home, HomeError, find_home, make_private_folder, write_private_file
from amanat.database.sockets import make_socket_folder, socket_folder


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_every_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    home = Home(tmp_path / "amanat")
    home.create()
    assert {_mode(folder) for folder in (home.folder, home.keys, home.ledger, home.logs)} == {0o700}


def test_a_folder_left_open_is_closed(tmp_path: Path) -> None:
    (tmp_path / "amanat").mkdir()
    (tmp_path / "amanat").chmod(0o755)
    Home(tmp_path / "amanat").create()
    assert _mode(tmp_path / "amanat") == 0o700


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "amanat").mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: 4242)
    with pytest.raises(HomeError, match="belongs to another user"):
        make_private_folder(tmp_path / "amanat")


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeError, match="cannot be made"):
        make_private_folder(tmp_path / "file" / "amanat")


def test_the_secret_key_is_made_once_and_private(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert home.read_secret_key() is None
    home.make_secret_key()
    first = home.read_secret_key()
    home.make_secret_key()
    assert first
    assert len(first) > 50
    assert home.read_secret_key() == first
    assert _mode(home.secret_key) == 0o600


def test_an_empty_secret_key_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("\n")
    assert Home(tmp_path).read_secret_key() is None


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "logins.json"
    write_private_file(file, "old")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(HomeError, match="No space left"):
        write_private_file(file, "new")
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_the_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AMANAT_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert find_home().folder == Path("/data/amanat")
    monkeypatch.setenv("AMANAT_HOME", "/elsewhere")
    assert find_home().folder == Path("/elsewhere")


def test_a_short_state_folder_holds_its_own_socket() -> None:
    assert socket_folder(Home(Path("/srv/amanat"))) == Path("/srv/amanat/socket")


def test_two_deep_state_folders_have_two_short_sockets() -> None:
    one, two = (socket_folder(Home(Path("/srv") / ("deep" * 30) / name)) for name in ("one", "two"))
    assert one != two
    assert max(len(str(one)), len(str(two))) < 90


def test_a_link_in_the_place_of_the_socket_folder_is_refused(tmp_path: Path) -> None:
    home = Home(tmp_path / ("deep" * 40))
    trap = socket_folder(home)
    trap.symlink_to(tmp_path)
    try:
        with pytest.raises(HomeError, match="is not a folder"):
            make_socket_folder(home)
    finally:
        trap.unlink()
