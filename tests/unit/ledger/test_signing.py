"""A log's signing key is made once, closed to others, and missed loudly."""

import stat
from pathlib import Path

import pytest

from amanat.database.home import Home
from amanat.errors import MalformedError
from amanat.ledger.signing import (
    LogKeyError,
    begin_log,
    keep_checkpoint,
    kept_checkpoint,
    load_signer,
    public_keys,
    read_public_key,
)
from amanat.merkle.checkpoint import Checkpoint, sign_checkpoint


@pytest.fixture
def folder(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.create()
    return home


def test_a_key_is_made_once(folder: Home) -> None:
    first = begin_log(folder, "ama-ch")
    assert begin_log(folder, "ama-ch") == load_signer(folder, "ama-ch") == first
    assert begin_log(folder, "ama-sg").seed != first.seed


def test_key_files_are_closed_to_others(folder: Home) -> None:
    begin_log(folder, "ama-ch")
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.ledger.iterdir()} == {0o600}


def test_the_exported_key_verifies_what_the_log_signs(folder: Home) -> None:
    signer = begin_log(folder, "ama-ch")
    exported = read_public_key((folder.ledger / "ama-ch.pub").read_text())
    assert public_keys(folder) == {"ama-ch": exported}
    assert exported == signer.verifier
    assert signer.name == "amanat.example/ledger/ama-ch"


def test_the_name_of_a_log_outlives_a_change_of_the_prefix(folder: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMANAT_LOG_ORIGIN", "logs.example.org")
    assert begin_log(folder, "ama-ch").name == "logs.example.org/ama-ch"
    monkeypatch.delenv("AMANAT_LOG_ORIGIN")
    assert begin_log(folder, "ama-ch").name == "logs.example.org/ama-ch"


def test_a_missing_key_is_an_error_with_its_mend(folder: Home) -> None:
    with pytest.raises(LogKeyError, match=r"ama-ch\.key.*key backup"):
        load_signer(folder, "ama-ch")


@pytest.mark.parametrize("position", range(60, 80))
def test_a_damaged_key_is_not_used(folder: Home, position: int) -> None:
    begin_log(folder, "ama-ch")
    path = folder.ledger / "ama-ch.key"
    text = path.read_text()
    path.write_text(text[:position] + ("A" if text[position] != "A" else "B") + text[position + 1 :])
    with pytest.raises(LogKeyError, match="damaged"):
        load_signer(folder, "ama-ch")


@pytest.mark.parametrize("company", ["", "../ama-ch", "AMA", "ama ch", "ama\nch", "a" * 33])
def test_a_company_code_that_could_be_something_else_is_refused(folder: Home, company: str) -> None:
    with pytest.raises(MalformedError):
        begin_log(folder, company)


def test_what_was_signed_last_is_remembered(folder: Home) -> None:
    signer = begin_log(folder, "ama-ch")
    assert kept_checkpoint(folder, "ama-ch", signer.verifier) is None
    for size in (1, 2):
        checkpoint = Checkpoint(signer.name, size, bytes(32))
        keep_checkpoint(folder, "ama-ch", sign_checkpoint(checkpoint, signer))
        assert kept_checkpoint(folder, "ama-ch", signer.verifier) == checkpoint


def test_a_key_does_not_show_in_a_representation(folder: Home) -> None:
    signer = begin_log(folder, "ama-ch")
    assert signer.seed.hex() not in repr(signer)
    assert repr(signer.seed) not in repr(signer)
