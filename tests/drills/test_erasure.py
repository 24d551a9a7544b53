"""Erased stays erased: also in a backup made before, restored with the keys of today.

People full of canaries; a backup; some are erased and the epoch turns; the backup is put back. None of the erased is
readable, through the platform or by trying every key there is on every wrapped row; all others are whole. The planted
fault is one kept copy of the keys of that day: with it everybody is back. The size follows AMANAT_DRILL.
"""

import os
import secrets
import shutil
import sys
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import pytest

from amanat.crypto.seal import SealError
from amanat.custody.actor import Actor
from amanat.custody.erasing import erase_myself
from amanat.custody.facts import Ask
from amanat.custody.keykeeping import turn_all
from amanat.custody.sweep import Newcomer, enrol_people
from amanat.custody.unit import unit
from amanat.database import embedded
from amanat.database.basebackup import restore_rows
from amanat.database.home import Home
from amanat.database.logins import connect
from amanat.database.prepare import prepare
from amanat.keys.errors import KeyUnavailableError
from amanat.keys.escrow import Escrow
from amanat.keys.provider import FileProvider
from amanat.keys.tree import KeyTree, WrappedBucket, WrappedSubject
from amanat.vocabulary import clock
from stage.databases import acting_as
from stage.group import ORYX, found_group
from stage.installation import Installation
from stage.own_server import Own, at, fresh_home

_SIZE: Final = os.environ.get("AMANAT_DRILL", "commit")
PEOPLE, ERASED = {"commit": (200, 20), "night": (2_000, 100), "release": (10_000, 500)}[_SIZE]
COMPANY: Final = "ama-ch"
_OLD_ROWS: Final = """
    SELECT k.subject, k.company, k.key_id, k.data, k.history, b.id, b.epoch, b.wrapped
    FROM keys_subject k JOIN keys_bucket b ON b.id = k.bucket_id
"""
_BUCKETS: Final = "SELECT id, company, epoch, wrapped FROM keys_bucket"


@dataclass
class Day:
    """What is there after the backup, the erasures and the turn."""

    home: Home
    old_rows: Path
    keys: Path
    kept_keys: Path
    names: dict[UUID, str]
    erased: list[UUID]
    old_root: bytes


@pytest.fixture(scope="module")
def day(prepared_once: Installation, tmp_path_factory: pytest.TempPathFactory) -> Day:
    folder, home = tmp_path_factory.mktemp("erasure"), prepared_once.home
    rows, keys = folder / "rows", folder / "keys"
    Escrow(home.keys / "escrow").begin()
    with at(home) as own:
        found_group(own)
        names = enrol_canaries(own)
    amanat(prepared_once, "backup", str(rows), "--keys", str(keys))
    shutil.copytree(rows, folder / "old_rows")
    shutil.copytree(keys, folder / "kept_keys")
    old_root = (home.keys / f"{COMPANY}.epoch").read_bytes()
    erased = list(names)[:: PEOPLE // ERASED][:ERASED]
    with at(home) as own:
        for subject in erased:
            erase_myself(Actor(uuid4(), "member", COMPANY, None, subject, "session"))
        with acting_as(own, "worker"):
            assert [one.state for one in turn_all([COMPANY])] == ["done"]
    return Day(home, folder / "old_rows", keys, folder / "kept_keys", names, erased, old_root)


def amanat(installation: Installation, *words: str) -> str:
    done = installation.amanat(*words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def enrol_canaries(own: Own) -> dict[UUID, str]:
    """People whose names stand nowhere else."""
    today = clock.now().date()
    names = {uuid4(): f"canary-{secrets.token_hex(8)}" for _ in range(PEOPLE)}
    newcomers = [
        Newcomer(
            subject=subject, residence="CH", minor_until=None, relation="employee_of", scheme="standard",
            since=today - timedelta(days=30), until=None, findable=(("policy_number", name),),
            values={"name": {"given": name, "family": "Canary"}, "policy_number": name,
                    "entitlement": {"status": "covered"}},
        )
        for subject, name in names.items()
    ]  # fmt: skip
    ask = Ask("receive", (), "eligibility", "client_feed", source="employer", source_organisation=ORYX)
    actor = Actor(None, "client_admin", COMPANY, ORYX, None, "")
    assert enrol_people(actor, ask, newcomers, organisation=ORYX, evidence="drill").taken == PEOPLE
    return names


def readable(day: Day) -> dict[UUID, str]:
    """Whom their own view opens, and the name that it shows; on the installation this process works on."""
    found = {}
    for subject in day.names:
        with unit(Actor(uuid4(), "member", COMPANY, None, subject, "session"), "rights_fulfilment") as one:
            handle = one.ask(Ask("view", ("name",), "rights_fulfilment"), [subject])
        if subject in handle.decisions and (values := handle.values(subject)):
            found[subject] = values["name"]["given"]
    return found


def restored(home: Home, rows: Path, keys: Path) -> str:
    return amanat(Installation(home), "restore", str(rows), "--keys", str(keys))


def openable(home: Home, keys: Path, others: list[tuple[Any, ...]]) -> set[UUID]:
    """Whose data key opens with any root in `keys`, under their own old bucket or the newer one of the same id."""
    tree = KeyTree(FileProvider(keys), Escrow(keys / "escrow"))
    newer = {row[0]: WrappedBucket(row[0], row[1], row[2], bytes(row[3])) for row in others}
    with connect("owner", home) as connection:
        rows = connection.execute(_OLD_ROWS).fetchall()
    opened = set()
    for subject, company, key_id, data, history, bucket, epoch, wrapped in rows:
        own = WrappedBucket(bucket, company, epoch, bytes(wrapped))
        for parent in (own, newer.get(bucket, own)):
            try:
                tree.open_subject(WrappedSubject(subject, company, parent, key_id, bytes(data), bytes(history)))
            except (SealError, KeyUnavailableError):
                continue
            opened.add(subject)
    return opened


@pytest.mark.usefixtures("no_server_named")
def test_none_of_the_erased_is_readable_in_an_older_backup_and_all_others_are_whole(
    day: Day, capsys: pytest.CaptureFixture[str]
) -> None:
    with fresh_home() as home:
        said = restored(home, day.old_rows, day.keys)
        assert f"erased again: {ERASED}" in said
        with at(home):
            found = readable(day)
    assert not set(day.erased) & set(found)
    assert found == {subject: name for subject, name in day.names.items() if subject not in day.erased}
    with capsys.disabled() if _SIZE != "commit" else nullcontext():
        told = f"{ERASED} of {PEOPLE} erased, 0 readable, {len(found)} whole"
        sys.stdout.write(f"\n{datetime.now(UTC):%Y-%m-%d %H:%M} UTC {told}\n")


@pytest.mark.usefixtures("no_server_named")
def test_no_key_of_today_opens_a_wrapped_key_of_the_erased(day: Day) -> None:
    with embedded.running(day.home), connect("owner", day.home) as connection:
        newer = connection.execute(_BUCKETS).fetchall()
    with fresh_home() as home:
        restore_rows(home, day.old_rows)
        with embedded.running(home):
            prepare(home)
            assert not openable(home, day.home.keys, newer) & set(day.erased)
            assert openable(home, day.kept_keys / "files" / "keys", newer) >= set(day.names)


def test_no_file_and_no_escrow_holds_the_older_root(day: Day) -> None:
    places = [day.home.keys, day.home.ledger, day.keys]
    held = [path for place in places for path in place.rglob("*") if path.is_file()]
    assert [path for path in held if day.old_root in path.read_bytes()] == []
    escrowed = {path.name for place in places for path in place.rglob(f"{COMPANY}.*.root")}
    assert escrowed == {f"{COMPANY}.2.root"}
    assert any(day.old_root in path.read_bytes() for path in day.kept_keys.rglob("*") if path.is_file())


@pytest.mark.usefixtures("no_server_named")
def test_one_kept_copy_of_the_older_keys_brings_everybody_back(day: Day) -> None:
    with fresh_home() as home:
        restored(home, day.old_rows, day.kept_keys)
        with at(home):
            assert set(day.erased) <= set(readable(day))


@pytest.mark.usefixtures("no_server_named")
def test_a_restored_database_does_not_start_without_its_list(day: Day) -> None:
    with fresh_home() as home:
        restored(home, day.old_rows, day.keys)
        (home.folder / "erasures.list").unlink()
        started = Installation(home).amanat("worker")
        assert started.returncode == 4
        assert "the list of erased people cannot be read" in started.stderr


@pytest.mark.usefixtures("no_server_named")
def test_older_keys_do_not_fit_newer_rows(day: Day, tmp_path: Path) -> None:
    """The keys of that day open nothing that was written since; the restore says so before anything starts."""
    amanat(Installation(day.home), "backup", str(tmp_path / "rows"), "--keys", str(tmp_path / "keys"))
    with fresh_home() as home:
        done = Installation(home).amanat("restore", str(tmp_path / "rows"), "--keys", str(day.kept_keys))
    assert done.returncode == 4
    assert "use a newer copy" in done.stderr
