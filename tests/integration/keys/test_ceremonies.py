"""Escrow and index rotation, as an operator does them: on an installation of its own, by the command line's service."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import psycopg
import pytest

from amanat.accounts.keyring import ensure_key, prove_key
from amanat.crypto.seal import SealError
from amanat.crypto.sealedbox import open_box
from amanat.crypto.secret import new_key
from amanat.custody.facts import Ask
from amanat.custody.keykeeping import deal_shares, epochs, recover_keys, rotate_indexes, turn_all, turn_due
from amanat.custody.searching import search
from amanat.custody.unit import unit
from amanat.database.home import Home
from amanat.database.keycopy import copy_keys
from amanat.errors import ConflictError
from amanat.keys.errors import KeyUnavailableError
from amanat.keys.escrow import Escrow, SharesError
from amanat.keys.provider import FileProvider
from amanat.keys.tree import forget_trees, key_tree
from amanat.vault.keys import drop_subject_keys
from amanat.vocabulary import clock
from stage.databases import AsLogin
from stage.group import Group

Owner = psycopg.Connection[Any]
CARD = Ask("view", ("policy_number",), "eligibility")
OURS = "ama-ch"


def number_of(group: Group) -> str:
    key_tree()._cache.forget()
    with unit(group.actor("basil"), "eligibility") as one:
        handle = one.ask(CARD, [group.amina])
    return str(handle.values(group.amina)["policy_number"])


@pytest.fixture
def shares(group: Group, as_login: AsLogin) -> Iterator[list[str]]:
    with as_login("worker"):
        yield deal_shares()


def test_any_three_of_five_bring_every_root_back_and_two_do_not(shares: list[str], home: Home) -> None:
    escrow = Escrow(home.keys / "escrow")
    root = key_tree().provider.load_root(OURS)
    for three in combinations(shares, 3):
        assert escrow.recover(three)[OURS] == root
    for two in combinations(shares, 2):
        with pytest.raises(SharesError, match="3 different shares"):
            escrow.recover([*two, two[0]])


def test_a_miscopied_foreign_or_older_share_is_named(shares: list[str], home: Home, as_login: AsLogin) -> None:
    escrow = Escrow(home.keys / "escrow")
    digit = "0" if shares[0][-1] != "0" else "1"
    with pytest.raises(SharesError, match="not copied"):
        escrow.recover([shares[0][:-1] + digit, *shares[1:3]])
    with pytest.raises(SharesError, match="not a share"):
        escrow.recover(["correct horse battery staple", *shares[1:3]])
    with pytest.raises(ConflictError, match="there already"):
        deal_shares()
    newer = deal_shares(anew=True)
    with pytest.raises(SharesError, match="recovery key in use"):
        escrow.recover(shares)
    assert escrow.recover(newer[2:])[OURS].epoch == 1


def test_no_share_and_no_private_half_is_on_the_disk(shares: list[str], home: Home) -> None:
    held = b"".join(path.read_bytes() for path in home.folder.rglob("*") if path.is_file())
    for share in shares:
        digits = share.split()[2].replace("-", "")
        assert digits.encode() not in held
        assert bytes.fromhex(digits)[:16] not in held
    sealed = (home.keys / "escrow" / f"{OURS}.1.root").read_bytes()
    with pytest.raises(SealError):
        open_box(new_key(), sealed, b"")


def test_the_provider_key_lost_three_holders_bring_everything_back(
    group: Group, shares: list[str], home: Home, as_login: AsLogin
) -> None:
    """The ceremony: two holders are lost, and so are both provider keys."""
    with as_login("worker"):
        ensure_key()
        deal_shares(anew=True)
        newer = deal_shares(anew=True)
        list(turn_all([OURS]))
    for folder in (home.keys, home.keys / "accounts"):
        (folder / "provider.key").unlink()
    forget_trees()
    with pytest.raises(KeyUnavailableError):
        number_of(group)
    with as_login("owner"):
        recovered = {one.company: one.epoch for one in recover_keys([newer[4], newer[0], newer[2]])}
        prove_key()
    assert recovered == {OURS: 2, "ama-sg": 1}
    assert number_of(group) == "OX-1001"


def test_a_turn_leaves_only_the_new_root_in_escrow(shares: list[str], home: Home) -> None:
    old = Escrow(home.keys / "escrow").recover(shares)[OURS]
    list(turn_all([OURS]))
    escrow = Escrow(home.keys / "escrow")
    assert escrow.epochs()[OURS] == [2]
    assert escrow.recover(shares)[OURS] == key_tree().provider.load_root(OURS) != old
    (ours,) = (one for one in epochs() if one.company == OURS)
    assert (ours.number, ours.escrowed, ours.waiting) == (2, True, 0)


def test_the_worker_turns_what_is_due_and_only_where_another_copy_of_the_keys_is_kept(
    group: Group, as_login: AsLogin, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with as_login("worker"):
        assert turn_due() == 0, "the new root would be in one place alone"
        copy_keys(home, tmp_path / "copy")
        assert turn_due() == 2, "no root of unknown age"
        assert turn_due() == 0
    with unit(group.actor("dina"), "rights_fulfilment") as one:
        one.reach([group.mallory])
        drop_subject_keys([group.mallory])
    with as_login("worker"):
        assert turn_due() == 1
        later = clock.now() + timedelta(days=31)
        monkeypatch.setattr(clock, "now", lambda: later)
        assert turn_due() == 2
    names = sorted(path.name for path in (tmp_path / "copy" / "files" / "keys").iterdir() if path.is_file())
    assert names == ["ama-ch.epoch", "ama-sg.epoch", "provider.key"]
    copied = FileProvider(tmp_path / "copy" / "files" / "keys").load_root(OURS)
    assert copied == key_tree().provider.load_root(OURS)


def test_people_are_found_under_the_new_index_key_and_no_old_token_is_left(
    group: Group, as_login: AsLogin, owner_connection: Owner
) -> None:
    before = tokens(owner_connection)
    with as_login("worker"):
        made = dict(rotate_indexes([OURS]))
    after = tokens(owner_connection)
    assert made == {OURS: len(before)} == {OURS: len(after)}
    assert {version for _, _, version in after} == {2}
    assert not {token for token, _, _ in before} & {token for token, _, _ in after}
    with unit(group.actor("basil"), "eligibility") as one:
        assert search(one, "policy_number", "OX-1001") == [group.amina]
        assert search(one, "surname_birth_date", "nobody|1990-01-01") == []
    keys = owner_connection.execute(
        "SELECT use, version FROM keys_company WHERE company = %s AND use LIKE 'index%%'", (OURS,)
    ).fetchall()
    assert keys == [("index", 2)]


def test_an_interrupted_rotation_leaves_everybody_findable_and_goes_on(
    group: Group, as_login: AsLogin, owner_connection: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    from amanat.vault import rotating  # noqa: PLC0415

    def power_cut(_: object) -> int:
        raise KeyboardInterrupt

    with as_login("worker"), monkeypatch.context() as planted, pytest.raises(KeyboardInterrupt):
        planted.setattr(rotating, "_finish", power_cut)
        list(rotate_indexes([OURS]))
    with unit(group.actor("basil"), "eligibility") as one:
        assert search(one, "policy_number", "OX-1001") == [group.amina]
    with as_login("worker"):
        assert dict(rotate_indexes([OURS])) == {OURS: 0}, "all had been made"
    with unit(group.actor("basil"), "eligibility") as one:
        assert search(one, "policy_number", "OX-1001") == [group.amina]


def tokens(owner: Owner) -> set[tuple[bytes, str, int]]:
    rows = owner.execute("SELECT token, field, key_version FROM vault_token WHERE company = %s", (OURS,))
    return {(bytes(token), field, version) for token, field, version in rows}
