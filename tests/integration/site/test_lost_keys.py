"""Lost and foreign key files: nothing starts on them, and no fresh key is made beside rows that it cannot open."""

import shutil
from collections.abc import Callable, Iterator

import pytest

from amanat.database.home import Home
from stage.installation import Installation

_FOUND = "import django; django.setup(); from amanat.custody.founding import found; found()"
_BEGIN = "; from amanat.custody.companies import begin_companies; begin_companies(['ama-sg'])"
_OF_THE_WORKER = {"AMANAT_LOGIN": "worker", "DJANGO_SETTINGS_MODULE": "amanat.site.settings"}


@pytest.fixture(scope="module")
def founded(prepared_once: Installation) -> Installation:
    done = prepared_once.python(_FOUND + _BEGIN, **_OF_THE_WORKER)
    assert done.returncode == 0, done.stderr
    return prepared_once


@pytest.fixture
def keys(founded: Installation) -> Iterator[Home]:
    """The state folder, whose keys a test may harm."""
    kept = founded.home.folder / "kept"
    shutil.copytree(founded.home.keys, kept)
    yield founded.home
    shutil.rmtree(founded.home.keys)
    shutil.move(kept, founded.home.keys)


def _lose_all(home: Home) -> None:
    shutil.rmtree(home.keys)
    home.create()


def _lose_a_root(home: Home) -> None:
    (home.keys / "ama-sg.epoch").unlink()


def _lose_the_accounts_key(home: Home) -> None:
    shutil.rmtree(home.keys / "accounts")


def _swap_the_provider_key(home: Home) -> None:
    shutil.copy(home.keys / "accounts" / "provider.key", home.keys / "provider.key")


def _flip_a_bit(home: Home) -> None:
    root = bytearray((home.keys / "ama-sg.epoch").read_bytes())
    root[-1] ^= 1
    (home.keys / "ama-sg.epoch").write_bytes(root)


HARMS = [_lose_all, _lose_a_root, _lose_the_accounts_key, _swap_the_provider_key, _flip_a_bit]


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__.strip("_"))
@pytest.mark.parametrize("command", [("serve", "--port", "9"), ("worker",)], ids=["serve", "worker"])
def test_nothing_starts_on_harmed_keys(
    founded: Installation, keys: Home, harm: Callable[[Home], None], command: tuple[str, ...]
) -> None:
    harm(keys)
    before = {path: path.read_bytes() for path in keys.keys.rglob("*") if path.is_file()}
    refused = founded.amanat(*command)
    assert refused.returncode in {3, 4}, refused.stderr
    assert "Traceback" not in refused.stderr
    assert "to mend it: " in refused.stderr
    assert {path: path.read_bytes() for path in keys.keys.rglob("*") if path.is_file()} == before


def test_founding_again_on_whole_keys_changes_none(founded: Installation, keys: Home) -> None:
    before = {path: path.read_bytes() for path in keys.keys.rglob("*") if path.is_file()}
    done = founded.python(_FOUND, **_OF_THE_WORKER)
    assert done.returncode == 0, done.stderr
    assert {path: path.read_bytes() for path in keys.keys.rglob("*") if path.is_file()} == before
