"""A turn of the epoch: killed anywhere it goes on and loses nothing; done, the old root opens nothing of anybody's.

The planted fault is a kept copy of the old root: with it, a copy of the rows from before opens again.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection, connections, transaction

from amanat.crypto.seal import SealError, unseal
from amanat.crypto.secret import SecretKey
from amanat.custody import unit as custody
from amanat.custody.facts import Ask
from amanat.custody.unit import unit
from amanat.database.home import Home
from amanat.errors import ConflictError
from amanat.keys import rewrapping
from amanat.keys import turn as turning
from amanat.keys.errors import KeyUnavailableError
from amanat.keys.provider import EpochRoot
from amanat.keys.tree import bucket_place, company_place, key_tree, period_place
from amanat.keys.turn import Turn, turn
from amanat.vault import keys
from amanat.vault.folders import fetch_sealed
from amanat.vault.keys import drop_subject_keys, hold_epoch
from amanat.vault.periods import period_keys
from stage.databases import AsLogin
from stage.group import Group

Owner = psycopg.Connection[Any]
CARD = Ask("view", ("name", "birth_date", "policy_number"), "eligibility")
OURS = "ama-ch"
STATES = ("begun", "made", "wrapped", "proven")


def read_card(group: Group, subject: UUID) -> dict[str, Any]:
    key_tree()._cache.forget()
    with unit(group.actor("basil"), "eligibility") as one:
        handle = one.ask(CARD, [subject])
    return handle.values(subject) if subject in handle.decisions else {}


def wrapped_rows(owner: Owner) -> dict[tuple[str, ...], bytes]:
    """Everything of ours that is wrapped by the root, by what names it."""
    queries = (
        "SELECT 'bucket', id::text, '', wrapped FROM keys_bucket WHERE company = %s",
        "SELECT 'period', leaf::text, month::text, wrapped FROM keys_period WHERE company = %s",
        "SELECT 'company', use, version::text, wrapped FROM keys_company WHERE company = %s",
    )
    return {row[:3]: bytes(row[3]) for query in queries for row in owner.execute(query, (OURS,))}


def members(owner: Owner) -> dict[UUID, tuple[UUID, bytes, bytes]]:
    rows = owner.execute("SELECT subject, bucket_id, data, history FROM keys_subject WHERE company = %s", (OURS,))
    return {row[0]: (row[1], bytes(row[2]), bytes(row[3])) for row in rows}


def place_of(name: tuple[str, ...]) -> bytes:
    kind, one, other = name
    if kind == "bucket":
        return bucket_place(OURS, UUID(one))
    return period_place(OURS, int(one), int(other)) if kind == "period" else company_place(OURS, one, int(other))


def opened_by(root: SecretKey, rows: dict[tuple[str, ...], bytes]) -> list[tuple[str, ...]]:
    """What of the rows a root opens."""

    def opens(name: tuple[str, ...]) -> bool:
        try:
            unseal(root, rows[name], place_of(name))
        except SealError:
            return False
        return True

    return [name for name in rows if opens(name)]


def holding(home: Home, secret: bytes) -> list[str]:
    return [str(path) for path in home.folder.rglob("*") if path.is_file() and secret in path.read_bytes()]


@pytest.fixture
def worker(group: Group, as_login: AsLogin) -> Iterator[None]:
    with as_login("worker"):
        yield


def killed(work: Callable[[], object]) -> bool:
    """Run the work in a process of its own; whether it was killed at its own hand."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("moment", ["before its work", "after it"])
def test_killed_at_any_state_it_goes_on_and_loses_nothing(
    group: Group,
    worker: None,
    owner_connection: Owner,
    home: Home,
    state: str,
    moment: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = key_tree().provider.load_root(OURS)
    before = members(owner_connection)

    def dying(*given: Any) -> Turn:
        if moment == "after it":
            work(*given)
        die()
        raise AssertionError

    work = turning._STEPS[state]
    with monkeypatch.context() as planted:
        planted.setattr(turning, "_STEPS", {**turning._STEPS, state: dying})
        assert killed(lambda: turn(OURS))
    assert read_card(group, group.amina)["policy_number"] == "OX-1001"
    done = turn(OURS)
    assert (done.state, done.epoch, done.waits_for) == ("done", 2, "")
    assert key_tree().provider.load_root(OURS).epoch == 2
    assert read_card(group, group.amina)["policy_number"] == "OX-1001"
    assert members(owner_connection) == before
    assert opened_by(old.key, wrapped_rows(owner_connection)) == []
    with pytest.raises(KeyUnavailableError):
        key_tree().provider.load_root(OURS, old.epoch)
    assert sorted(path.name for path in home.keys.glob(f"{OURS}.*")) == [f"{OURS}.epoch"]


def test_killed_between_batches_it_goes_on(
    group: Group, worker: None, owner_connection: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rewrapping, "BATCH", 3)
    batches = iter(range(4))

    def dying(*given: Any) -> Turn:
        if next(batches, None) is None:
            die()
        return work(*given)

    work = turning._STEPS["made"]
    with monkeypatch.context() as planted:
        planted.setattr(turning, "_STEPS", {**turning._STEPS, "made": dying})
        assert killed(lambda: turn(OURS))
    epochs = {
        epoch for (epoch,) in owner_connection.execute("SELECT epoch FROM keys_period WHERE company = %s", (OURS,))
    }
    assert epochs == {1, 2}, "some are wrapped anew and some are not"
    assert read_card(group, group.amina)["policy_number"] == "OX-1001"
    assert turn(OURS).state == "done"
    assert read_card(group, group.mallory)["policy_number"] == "CS-2001"


def erase(group: Group, subject: UUID) -> None:
    with unit(group.actor("dina"), "rights_fulfilment") as one:
        one.reach([subject])
        assert drop_subject_keys([subject]) == 1


def put_back(owner: Owner, subject: UUID, kept: tuple[UUID, bytes, bytes]) -> None:
    """The person's key row out of an old copy, beside the keys of today."""
    owner.execute(
        "INSERT INTO keys_subject (subject, company, bucket_id, key_id, data, history) VALUES (%s, %s, %s, 1, %s, %s)",
        (subject, OURS, *kept),
    )


def test_an_erased_person_opens_again_from_an_old_copy_until_the_turn_and_never_after(
    group: Group, owner_connection: Owner, as_login: AsLogin
) -> None:
    copy, rows = members(owner_connection), wrapped_rows(owner_connection)
    old = key_tree().provider.load_root(OURS)
    (bucket,) = (name for name in rows if name[0] == "bucket" and name[1] == str(copy[group.amina][0]))
    erase(group, group.amina)
    with as_login("worker"):
        assert turn(OURS).state == "done"
    assert opened_by(key_tree().provider.load_root(OURS).key, rows) == [], "the copy's wrapped keys are dead"
    row = owner_connection.execute("SELECT wrapped FROM keys_bucket WHERE id = %s", (copy[group.amina][0],)).fetchone()
    if row:
        now = unseal(key_tree().provider.load_root(OURS).key, bytes(row[0]), place_of(bucket))
        assert now != unseal(old.key, rows[bucket], place_of(bucket)), "the bucket has another key"
    assert read_card(group, group.mallory)["policy_number"] == "CS-2001"
    # The planted fault: whoever kept the old root opens the old copy.
    kept = SecretKey(unseal(old.key, rows[bucket], place_of(bucket)))
    assert kept.raw
    assert opened_by(old.key, rows) == list(rows)


def test_those_who_share_the_bucket_of_an_erased_person_keep_theirs(
    group: Group, owner_connection: Owner, as_login: AsLogin
) -> None:
    owner_connection.execute("UPDATE keys_bucket SET members = 60 WHERE company = %s", (OURS,))
    erase(group, group.amina)
    with as_login("worker"):
        turn(OURS)
    assert read_card(group, group.mallory)["policy_number"] == "CS-2001"
    assert read_card(group, group.amina) == {}
    touched = owner_connection.execute("SELECT count(*) FROM keys_touched").fetchone()
    assert touched == (0,)


def test_no_file_and_no_row_holds_a_root_or_a_dropped_key_in_clear(
    group: Group, worker: None, owner_connection: Owner, home: Home
) -> None:
    roots: list[EpochRoot] = [key_tree().provider.load_root(OURS)]
    turn(OURS)
    roots.append(key_tree().provider.load_root(OURS))
    assert [holding(home, root.key.raw) for root in roots] == [[], []]


def test_what_is_made_during_a_turn_comes_under_the_new_root(
    group: Group, worker: None, owner_connection: Owner
) -> None:
    with Killing("made"):
        assert killed(lambda: turn(OURS))
    with transaction.atomic():
        period_keys(OURS, [("email", 24_400)])
    row = owner_connection.execute("SELECT epoch FROM keys_period WHERE month = 24400").fetchone()
    assert row == (2,)
    assert turn(OURS).state == "done"


def test_a_turn_waits_for_whoever_is_wrapping_under_the_old_root(
    group: Group, worker: None, owner_connection: Owner
) -> None:
    """The old root is loaded, the turn comes by, and the wrapped key is stored only then."""
    owner_connection.execute("SET lock_timeout = '300ms'")
    with transaction.atomic():
        hold_epoch(OURS)
        with pytest.raises(psycopg.errors.LockNotAvailable):
            owner_connection.execute(rewrapping.SQL["wait_for_makers"], {"company": OURS})
    owner_connection.execute(rewrapping.SQL["wait_for_makers"], {"company": OURS})


def test_a_reader_of_old_rows_keeps_the_old_root_alive(group: Group, worker: None, owner_connection: Owner) -> None:
    owner_connection.autocommit = False
    owner_connection.execute("SELECT wrapped FROM keys_bucket LIMIT 1")
    waiting = turn(OURS, patience=0.2)
    assert (waiting.state, "read keys under the old root" in waiting.waits_for) == ("wrapped", True)
    assert key_tree().provider.load_root(OURS, 1).epoch == 1
    owner_connection.rollback()
    assert turn(OURS).state == "done"


def test_the_copy_of_the_keys_has_the_new_root_before_the_old_one_goes_and_it_alone_after(
    group: Group, worker: None, home: Home
) -> None:
    held: list[list[str]] = []

    def keep() -> None:
        held.append(sorted(path.name for path in home.keys.glob(f"{OURS}.*")))

    def full_disk() -> None:
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011  # ours
        turn(OURS, keep=full_disk)
    assert key_tree().provider.load_root(OURS, 1).epoch == 1
    turn(OURS, keep=keep)
    assert held == [[f"{OURS}.epoch", f"{OURS}.next"], [f"{OURS}.epoch"]]


def test_two_turns_of_a_company_do_not_run_at_once(group: Group, worker: None, owner_connection: Owner) -> None:
    owner_connection.autocommit = False
    owner_connection.execute(rewrapping.SQL["alone"], {"company": OURS})
    with pytest.raises(ConflictError, match="already"):
        turn(OURS)
    owner_connection.rollback()


def test_a_key_that_does_not_open_keeps_the_old_root(group: Group, worker: None, owner_connection: Owner) -> None:
    with Killing("wrapped"):
        assert killed(lambda: turn(OURS))
    owner_connection.execute("UPDATE keys_period SET wrapped = wrapped || 'x' WHERE company = %s AND leaf = 1", (OURS,))
    with pytest.raises(rewrapping.TurnError, match="old root was kept"):
        turn(OURS)
    assert key_tree().provider.load_root(OURS, 1).epoch == 1


def test_people_come_go_and_are_read_while_the_epoch_turns(
    group: Group, as_login: AsLogin, owner_connection: Owner
) -> None:
    """Enrolments into started buckets, erasures and readings, side by side with turn after turn; nothing is torn."""
    until, kept, dropped = time.monotonic() + 4, [], []

    def coming_and_going() -> None:
        while time.monotonic() < until:
            came = [uuid4(), uuid4()]
            for subject in came:
                with custody.unit(group.actor("dina"), "rights_fulfilment"):
                    keys.enrol(OURS, [subject])
            custody.run(lambda gone=came[0]: drop(group, gone))
            dropped.append(came[0])
            kept.append(came[1])

    def reading() -> None:
        while time.monotonic() < until:
            assert read_card(group, group.mallory)["policy_number"] == "CS-2001"

    def closing(work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            connection.close()

    with as_login("worker"), ThreadPoolExecutor(4) as pool:
        beside = [pool.submit(closing, work) for work in (coming_and_going, coming_and_going, reading)]
        turned = []
        while time.monotonic() < until:
            turned.append(turn(OURS).state)
        for one in beside:
            one.result()
        assert set(turned) == {"done"}
        assert turn(OURS).state == "done"
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('amanat.company', %s, true)", (OURS,))
            key_tree()._cache.forget()
            found = fetch_sealed([*kept, *dropped], ["name"])
            assert set(found) == set(kept)
            assert all(one.unwrap().data for one in found.values())
    counted = owner_connection.execute(
        "SELECT count(*) FROM keys_bucket b WHERE b.company = %s AND b.members <> "
        "(SELECT count(*) FROM keys_subject s WHERE s.bucket_id = b.id)", (OURS,),
    ).fetchone()  # fmt: skip
    assert counted == (0,)
    assert len(kept) > 5


def drop(group: Group, subject: UUID) -> None:
    with custody.unit(group.actor("dina"), "rights_fulfilment") as one:
        one.reach([subject])
        drop_subject_keys([subject])


class Killing:
    """A turn in this block is killed when it reaches `state`."""

    def __init__(self, state: str) -> None:
        self.patch = pytest.MonkeyPatch()
        self.state = state

    def __enter__(self) -> None:
        self.patch.setattr(turning, "_STEPS", {**turning._STEPS, self.state: die})

    def __exit__(self, *_: object) -> None:
        self.patch.undo()
