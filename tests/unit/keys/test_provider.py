"""The file provider never makes up, mixes up or half writes a key, and says how to mend what is wrong."""

import errno
import multiprocessing
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from amanat.crypto.seal import SealError
from amanat.errors import ConflictError, Kind, MalformedError
from amanat.keys.errors import KeyUnavailableError
from amanat.keys.provider import EpochRoot, FileProvider, KeyProvider

ROOT = b"root of Singapore, first epoch.."
LATER = b"root of Singapore, second epoch."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def provider(folder: Path) -> FileProvider:
    return FileProvider.create(folder)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_new_provider_is_open_to_its_owner_alone(folder: Path) -> None:
    provider: KeyProvider = FileProvider.create(folder)
    provider.begin_root("ama-sg")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()} == {
        "provider.key": 0o600,
        "ama-sg.epoch": 0o600,
    }


def test_a_wrapped_key_opens_again_in_another_process(provider: FileProvider, folder: Path) -> None:
    blob = provider.wrap("accounts", ROOT)
    assert ROOT not in blob
    assert FileProvider(folder).unwrap("accounts", blob) == ROOT


def test_a_wrapped_key_does_not_open_for_another_purpose(provider: FileProvider) -> None:
    with pytest.raises(SealError):
        provider.unwrap("escrow", provider.wrap("accounts", ROOT))


def test_a_stored_root_is_sealed_and_comes_back_with_its_epoch(provider: FileProvider, folder: Path) -> None:
    provider.store_root("ama-sg", ROOT, replaces=0)
    root = provider.load_root("ama-sg")
    assert (root.epoch, root.key.raw) == (1, ROOT)
    assert ROOT not in b"".join(contents(folder).values())


def test_a_root_that_has_begun_is_never_begun_again(provider: FileProvider) -> None:
    first = provider.begin_root("ama-sg")
    assert first.epoch == 1
    assert provider.begin_root("ama-sg") == first == provider.load_root("ama-sg")


def test_processes_that_begin_a_root_at_once_get_the_same_one(provider: FileProvider) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        roots = pool.map(provider.begin_root, ["ama-sg"] * 12)
    with ThreadPoolExecutor(8) as threads:
        roots += threads.map(provider.begin_root, ["ama-sg"] * 50)
    assert set(roots) == {provider.load_root("ama-sg")}


def test_each_company_has_its_own_root(provider: FileProvider) -> None:
    assert provider.begin_root("ama-sg").key != provider.begin_root("ama-ch").key


def test_a_turn_replaces_the_root_and_counts_the_epoch_up(provider: FileProvider, folder: Path) -> None:
    provider.store_root("ama-sg", ROOT, replaces=0)
    before = contents(folder)["ama-sg.epoch"]
    after = provider.store_root("ama-sg", LATER, replaces=1)
    assert (after.epoch, after.key.raw) == (2, LATER)
    assert provider.load_root("ama-sg") == after
    assert before not in contents(folder).values()


@pytest.mark.parametrize("replaces", [0, 2])
def test_a_root_is_replaced_only_by_whoever_knows_its_epoch(provider: FileProvider, replaces: int) -> None:
    provider.store_root("ama-sg", ROOT, replaces=0)
    with pytest.raises(ConflictError, match="epoch 1"):
        provider.store_root("ama-sg", LATER, replaces=replaces)
    assert provider.load_root("ama-sg").key.raw == ROOT


def test_of_many_turns_at_once_one_wins(provider: FileProvider) -> None:
    provider.store_root("ama-sg", ROOT, replaces=0)

    def turn(number: int) -> EpochRoot | None:
        try:
            return provider.store_root("ama-sg", bytes([number]) * 32, replaces=1)
        except ConflictError:
            return None

    with ThreadPoolExecutor(8) as threads:
        won = [root for root in threads.map(turn, range(16)) if root]
    assert won == [provider.load_root("ama-sg")]


def test_a_replaced_or_destroyed_root_is_overwritten_on_disk(provider: FileProvider, folder: Path) -> None:
    provider.store_root("ama-sg", ROOT, replaces=0)
    with (folder / "ama-sg.epoch").open("rb") as old:
        provider.store_root("ama-sg", LATER, replaces=1)
        assert not any(old.read())
    with (folder / "ama-sg.epoch").open("rb") as old:
        provider.destroy_root("ama-sg")
        assert not any(old.read())


def test_a_destroyed_root_is_gone_and_destroying_it_again_does_nothing(provider: FileProvider, folder: Path) -> None:
    provider.begin_root("ama-sg")
    provider.destroy_root("ama-sg")
    provider.destroy_root("ama-sg")
    assert contents(folder).keys() == {"provider.key"}
    with pytest.raises(KeyUnavailableError, match="missing"):
        provider.load_root("ama-sg")


def test_mallory_puts_the_root_of_one_company_in_the_place_of_another(provider: FileProvider, folder: Path) -> None:
    provider.begin_root("ama-sg")
    (folder / "ama-sg.epoch").rename(folder / "ama-ch.epoch")
    with pytest.raises(SealError, match="another company"):
        provider.load_root("ama-ch")


@pytest.mark.parametrize("content", [b"", b"\0" * 73, b"\x01" * 40])
def test_a_damaged_root_is_refused_by_name_and_never_replaced(
    provider: FileProvider, folder: Path, content: bytes
) -> None:
    path = folder / "ama-sg.epoch"
    provider.begin_root("ama-sg")
    path.write_bytes(content)
    for use in (provider.begin_root, provider.load_root, lambda code: provider.store_root(code, ROOT, replaces=1)):
        with pytest.raises((SealError, KeyUnavailableError), match=str(path)):
            use("ama-sg")
    assert path.read_bytes() == content


@pytest.mark.parametrize("company", ["", "../ama-sg", "ama/sg", "AMA-SG", ".", "ama-sg\n", "ama\0sg", "-"])
def test_a_company_code_cannot_leave_the_folder(provider: FileProvider, company: str) -> None:
    for use in (provider.begin_root, provider.load_root, provider.destroy_root):
        with pytest.raises(MalformedError):
            use(company)


def test_a_root_has_thirty_two_bytes(provider: FileProvider) -> None:
    with pytest.raises(MalformedError):
        provider.store_root("ama-sg", ROOT[:-1], replaces=0)


def test_a_missing_key_file_is_named_and_never_made_again(provider: FileProvider, folder: Path) -> None:
    provider.begin_root("ama-sg")
    (folder / "provider.key").unlink()
    for use in (lambda: FileProvider(folder), lambda: provider.load_root("ama-sg"), lambda: provider.wrap("a", ROOT)):
        with pytest.raises(KeyUnavailableError, match=r"provider\.key is missing.*key backup") as caught:
            use()
        assert caught.value.kind is Kind.UNAVAILABLE
    assert not (folder / "provider.key").exists()


def test_no_new_key_is_made_beside_roots_that_another_sealed(provider: FileProvider, folder: Path) -> None:
    provider.begin_root("ama-sg")
    (folder / "provider.key").unlink()
    with pytest.raises(KeyUnavailableError, match="restore it from the key backup"):
        FileProvider.create(folder)
    assert contents(folder).keys() == {"ama-sg.epoch"}


def test_an_existing_key_is_never_replaced(provider: FileProvider, folder: Path) -> None:
    before = contents(folder)
    with pytest.raises(ConflictError, match=r"provider\.key"):
        FileProvider.create(folder)
    assert contents(folder) == before


def test_a_missing_folder_is_named(folder: Path) -> None:
    with pytest.raises(KeyUnavailableError, match=str(folder)):
        FileProvider(folder)


def test_a_foreign_key_file_is_told_apart_from_damage(provider: FileProvider, folder: Path, tmp_path: Path) -> None:
    provider.begin_root("ama-sg")
    blob = provider.wrap("accounts", ROOT)
    FileProvider.create(tmp_path / "other")
    (tmp_path / "other" / "provider.key").replace(folder / "provider.key")
    for use in (lambda: provider.load_root("ama-sg"), lambda: provider.unwrap("accounts", blob)):
        with pytest.raises(KeyUnavailableError, match=r"provider\.key.*another installation.*key backup"):
            use()


@pytest.mark.parametrize("content", [b"", bytes(31), bytes(33)])
def test_a_key_file_of_the_wrong_length_is_refused(provider: FileProvider, folder: Path, content: bytes) -> None:
    (folder / "provider.key").write_bytes(content)
    with pytest.raises(KeyUnavailableError, match="not a provider key"):
        FileProvider(folder)


@pytest.mark.parametrize(("name", "loose", "mend"), [("", 0o750, "chmod 700"), ("provider.key", 0o640, "chmod 600")])
def test_a_loose_mode_is_refused_with_the_line_that_mends_it(
    provider: FileProvider, folder: Path, name: str, loose: int, mend: str
) -> None:
    path = folder / name
    path.chmod(loose)
    with pytest.raises(KeyUnavailableError, match=f"{mend} {path}"):
        FileProvider(folder)


def test_a_loose_root_is_refused_with_the_line_that_mends_it(provider: FileProvider, folder: Path) -> None:
    provider.begin_root("ama-sg")
    (folder / "ama-sg.epoch").chmod(0o604)
    with pytest.raises(KeyUnavailableError, match=f"chmod 600 {folder / 'ama-sg.epoch'}"):
        provider.load_root("ama-sg")


def test_a_key_of_another_user_is_refused(provider: FileProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: provider.folder.stat().st_uid + 1)
    with pytest.raises(KeyUnavailableError, match="another user"):
        provider.wrap("accounts", ROOT)


def test_a_full_disk_leaves_the_old_root_as_it_was(
    provider: FileProvider, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    provider.store_root("ama-sg", ROOT, replaces=0)
    before = contents(folder)
    with monkeypatch.context() as full_disk:
        full_disk.setattr(os, "fsync", no_space)
        with pytest.raises(KeyUnavailableError, match="No space left"):
            provider.store_root("ama-sg", LATER, replaces=1)
    assert contents(folder) == before


def test_what_a_crash_left_behind_is_taken_over_by_the_next_write(provider: FileProvider, folder: Path) -> None:
    provider.store_root("ama-sg", ROOT, replaces=0)
    (folder / "ama-sg.epoch.new").write_bytes(b"half of a ro")
    (folder / "ama-sg.epoch.new").chmod(0o644)
    provider.store_root("ama-sg", LATER, replaces=1)
    assert contents(folder).keys() == {"provider.key", "ama-sg.epoch"}
    assert (folder / "ama-sg.epoch").stat().st_mode & 0o777 == 0o600
    assert provider.load_root("ama-sg").key.raw == LATER


def test_a_root_never_shows_its_bytes(provider: FileProvider) -> None:
    assert repr(provider.store_root("ama-sg", ROOT, replaces=0)) == "EpochRoot(epoch=1, key=SecretKey())"


def test_the_next_root_stands_beside_the_old_one_until_it_takes_its_place(provider: FileProvider, folder: Path) -> None:
    old = provider.begin_root("ama-sg")
    assert provider.next_epoch("ama-sg") == 2
    new = provider.prepare_root("ama-sg")
    assert new == provider.prepare_root("ama-sg") == provider.load_root("ama-sg") == provider.load_root("ama-sg", 2)
    assert provider.load_root("ama-sg", 1) == old
    assert (provider.next_epoch("ama-sg"), provider.companies()) == (2, ["ama-sg"])
    with (folder / "ama-sg.epoch").open("rb") as held:
        provider.retire_root("ama-sg", 1)
        assert not any(held.read()), "the old one is overwritten"
    assert contents(folder).keys() == {"provider.key", "ama-sg.epoch"}
    assert (provider.load_root("ama-sg"), provider.next_epoch("ama-sg")) == (new, 3)
    with pytest.raises(KeyUnavailableError, match="of epoch 2; that of 1 is not here"):
        provider.load_root("ama-sg", 1)


def test_a_retirement_that_a_power_cut_halved_is_finished_by_the_next(provider: FileProvider, folder: Path) -> None:
    provider.begin_root("ama-sg")
    new = provider.prepare_root("ama-sg")
    following = (folder / "ama-sg.next").read_bytes()
    provider.retire_root("ama-sg", 1)
    (folder / "ama-sg.next").write_bytes(following)
    (folder / "ama-sg.next").chmod(0o600)
    provider.retire_root("ama-sg", 1)
    provider.retire_root("ama-sg", 1)
    assert contents(folder).keys() == {"provider.key", "ama-sg.epoch"}
    assert provider.load_root("ama-sg") == new


def test_a_root_from_escrow_keeps_its_number(provider: FileProvider) -> None:
    assert provider.store_root("ama-sg", ROOT, replaces=0, epoch=7).epoch == 7
    assert provider.load_root("ama-sg", 7).key.raw == ROOT


def test_no_new_key_is_made_beside_a_root_of_a_turn(provider: FileProvider, folder: Path) -> None:
    provider.begin_root("ama-sg")
    provider.prepare_root("ama-sg")
    (folder / "ama-sg.epoch").unlink()
    (folder / "provider.key").unlink()
    with pytest.raises(KeyUnavailableError, match="restore it from the key backup"):
        FileProvider.create(folder)
