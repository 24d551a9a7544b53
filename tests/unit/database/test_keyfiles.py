"""Key files travel as one: all, private, or none."""

import stat
from pathlib import Path

import pytest

from amanat.database.home import Home
from amanat.database.keyfiles import KeyFiles, KeyFilesError, read_key_files


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "amanat")
    home.create()
    home.make_secret_key()
    (home.keys / "ama-sg").mkdir()
    (home.keys / "ama-sg" / "root").write_bytes(b"\x00\xff" * 16)
    (home.ledger / "ama-sg.key").write_bytes(b"signs")
    return home


def test_everything_that_opens_or_signs_is_carried_and_nothing_else(home: Home) -> None:
    home.logins.write_text("passwords are made anew")
    assert set(read_key_files(home).content) == {"keys/ama-sg/root", "ledger/ama-sg.key", "secret_key"}


def test_what_is_written_reads_back_and_is_private(home: Home, tmp_path: Path) -> None:
    files = read_key_files(home)
    files.write(tmp_path / "copy")
    assert KeyFiles.read(tmp_path / "copy") == files
    written = list((tmp_path / "copy").rglob("*"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in written if path.is_file()} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in written if path.is_dir()} == {0o700}


def test_the_digest_notices_a_byte_and_a_name(home: Home) -> None:
    files = read_key_files(home)
    other = KeyFiles(files.content | {"keys/ama-sg/root": b"\x00\xff" * 15 + b"\x00\xfe"})
    renamed = KeyFiles({name.replace("sg", "ch"): content for name, content in files.content.items()})
    assert len({files.digest(), other.digest(), renamed.digest()}) == 3


def test_keys_are_never_written_over(home: Home) -> None:
    with pytest.raises(KeyFilesError, match="already holds keys"):
        read_key_files(home).refuse_present(home)


def test_a_folder_without_keys_is_no_key_copy(tmp_path: Path) -> None:
    with pytest.raises(KeyFilesError, match="no keys"):
        KeyFiles.read(tmp_path)
