"""Folding: leaves get their places once, under a signed head that continues the last one."""

import threading

import psycopg
import pytest
from django.db import ProgrammingError

from amanat.database.home import Home
from amanat.errors import IntegrityError
from amanat.ledger import fold as folding
from amanat.ledger.fold import HeadBehindError, fold, waiting_companies
from amanat.ledger.signing import LogKeyError, public_keys
from amanat.merkle.checkpoint import open_checkpoint
from amanat.merkle.tree import leaf_hash, root_of
from stage.databases import AsLogin
from stage.ledger import HOME_COMPANY, FoldAll, Record

_LEAVES = "SELECT unnest(leaves) FROM (SELECT leaves FROM ledger_bundle WHERE company = %s ORDER BY number) one"


def _leaves(owner: psycopg.Connection) -> list[bytes]:
    return [bytes(leaf) for (leaf,) in owner.execute(_LEAVES, (HOME_COMPANY,))]


def _heads(owner: psycopg.Connection) -> list[tuple[int, bytes, str]]:
    return owner.execute("SELECT size, root, note FROM ledger_checkpoint ORDER BY size").fetchall()


def test_every_waiting_leaf_gets_one_place(record: Record, fold_all: FoldAll, owner: psycopg.Connection) -> None:
    record(3)
    record(0)
    waiting = [bytes(leaf) for (leaf,) in owner.execute("SELECT leaf FROM ledger_pending ORDER BY id")]
    assert fold_all() == 4
    assert _leaves(owner) == waiting
    assert owner.execute("SELECT count(*) FROM ledger_pending").fetchone() == (0,)


def test_the_head_is_signed_by_the_company_s_own_log(
    record: Record, fold_all: FoldAll, owner: psycopg.Connection, home: Home
) -> None:
    record(5)
    fold_all()
    ((size, root, note),) = _heads(owner)
    checkpoint = open_checkpoint(note, public_keys(home).values())
    assert checkpoint.origin == f"amanat.example/ledger/{HOME_COMPANY}"
    assert (checkpoint.size, checkpoint.root) == (size, root)
    assert (size, root) == (5, root_of([leaf_hash(one) for one in _leaves(owner)]))


def test_a_log_grows_over_partial_bundles(record: Record, fold_all: FoldAll, owner: psycopg.Connection) -> None:
    for people in (200, 100, 1, 500, 256):
        record(people)
        fold_all()
    widths = owner.execute("SELECT array_agg(cardinality(leaves) ORDER BY number) FROM ledger_bundle").fetchone()
    assert widths == ([256, 256, 256, 256, 33],)
    leaves = [leaf_hash(one) for one in _leaves(owner)]
    assert [root for _, root, _ in _heads(owner)] == [root_of(leaves[:size]) for size in (200, 300, 301, 801, 1057)]


def test_a_backlog_is_folded_in_bounded_batches(
    record: Record, fold_all: FoldAll, owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "MOST", 300)
    record(700)
    assert fold_all() == 700
    assert [size for size, _, _ in _heads(owner)] == [300, 600, 700]


def test_each_company_has_its_own_log(record: Record, as_login: AsLogin, home: Home) -> None:
    record(2)
    record(3, company="ama-sg")
    with as_login("worker"):
        assert waiting_companies() == ["ama-ch", "ama-sg"]
        assert (fold("ama-ch"), fold("ama-sg")) == (2, 3)
        assert waiting_companies() == []
    assert set(public_keys(home)) == {"ama-ch", "ama-sg"}


def test_nothing_waiting_signs_nothing(fold_all: FoldAll, record: Record, owner: psycopg.Connection) -> None:
    record(1)
    assert (fold_all(), fold_all(), len(_heads(owner))) == (1, 0, 1)


def test_only_the_worker_s_log_in_folds(record: Record) -> None:
    record(1)
    with pytest.raises(ProgrammingError, match="permission denied"):
        fold(HOME_COMPANY)


def test_two_workers_never_fold_one_leaf_twice(record: Record, as_login: AsLogin, owner: psycopg.Connection) -> None:
    from django.db import connection  # noqa: PLC0415  # each thread closes its own

    for _ in range(20):
        record(10)
    folded: list[int] = []

    def work() -> None:
        folded.extend(fold(HOME_COMPANY) for _ in range(30))
        connection.close()

    with as_login("worker"):
        threads = [threading.Thread(target=work) for _ in range(3)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    leaves = _leaves(owner)
    assert (sum(folded), len(leaves), len(set(leaves))) == (200, 200, 200)


def test_a_leaf_that_commits_late_is_not_left_behind(
    record: Record, fold_all: FoldAll, owner: psycopg.Connection
) -> None:
    """Its row has the lower id, and becomes visible after a later one was folded."""
    late = owner.execute("SELECT nextval(pg_get_serial_sequence('ledger_pending', 'id'))").fetchone()
    record(1)
    fold_all()
    assert late
    statement = "INSERT INTO ledger_pending (id, company, leaf) OVERRIDING SYSTEM VALUE VALUES (%s, %s, %s)"
    owner.execute(statement, (late[0], HOME_COMPANY, b"late"))
    assert fold_all() == 1
    assert _leaves(owner)[1] == b"late"


def test_a_lost_key_stops_the_log_and_says_how_to_mend_it(
    record: Record, fold_all: FoldAll, owner: psycopg.Connection, home: Home
) -> None:
    record(1)
    fold_all()
    (home.ledger / f"{HOME_COMPANY}.key").unlink()
    record(1)
    with pytest.raises(LogKeyError, match=r"ama-ch\.key.*key backup"):
        fold_all()
    assert owner.execute("SELECT count(*) FROM ledger_pending").fetchone() == (1,)


def test_a_database_put_back_to_an_earlier_day_is_not_signed_again(
    record: Record, fold_all: FoldAll, owner: psycopg.Connection
) -> None:
    record(1)
    fold_all()
    owner.execute("CREATE TABLE yesterday AS TABLE ledger_checkpoint")
    record(1)
    fold_all()
    owner.execute("DELETE FROM ledger_checkpoint WHERE size = 2")
    record(1)
    with pytest.raises(HeadBehindError):
        fold_all()


def test_a_head_that_does_not_continue_the_last_is_not_signed(
    record: Record, fold_all: FoldAll, owner: psycopg.Connection
) -> None:
    record(3)
    fold_all()
    owner.execute("UPDATE ledger_tile SET hashes = sha256('other') || substr(hashes, 33)")
    record(1)
    with pytest.raises(IntegrityError):
        fold_all()
    assert [size for size, _, _ in _heads(owner)] == [3]
