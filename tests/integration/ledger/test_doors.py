"""Append-only is a grant: what no log-in may do to the ledger, each tries here and is refused."""

from typing import LiteralString

import psycopg
import pytest

from stage.ledger import FoldAll, Record
from stage.server import Clone

_EVERYBODY = ("web", "worker", "audit")
_FORBIDDEN: tuple[tuple[LiteralString, tuple[str, ...]], ...] = (
    ("UPDATE ledger_act SET purpose = 'newsletter'", _EVERYBODY),
    ("DELETE FROM ledger_act", _EVERYBODY),
    ("UPDATE ledger_entry SET outcome = 'permit'", _EVERYBODY),
    ("DELETE FROM ledger_entry", _EVERYBODY),
    ("UPDATE ledger_checkpoint SET size = size", _EVERYBODY),
    ("DELETE FROM ledger_checkpoint", _EVERYBODY),
    ("DELETE FROM ledger_bundle", _EVERYBODY),
    ("DELETE FROM ledger_tile", _EVERYBODY),
    ("UPDATE ledger_pending SET leaf = leaf", _EVERYBODY),
    ("DELETE FROM ledger_pending", ("web", "audit")),
    ("SELECT leaf FROM ledger_pending", ("web",)),
    ("UPDATE ledger_bundle SET leaves = leaves", ("web", "audit")),
    ("UPDATE ledger_tile SET hashes = hashes", ("web", "audit")),
    ("INSERT INTO ledger_checkpoint SELECT company, size + 1, root, note, at FROM ledger_checkpoint", ("web", "audit")),
    ("INSERT INTO ledger_act SELECT FROM ledger_act", ("audit",)),
)


@pytest.fixture
def ledger(record: Record, fold_all: FoldAll) -> None:
    record(2)
    fold_all()


def test_no_log_in_can_rewrite_what_happened(ledger: None, database: Clone) -> None:
    for statement, kinds in _FORBIDDEN:
        for kind in kinds:
            with database.connect(kind) as tried, pytest.raises(psycopg.errors.InsufficientPrivilege):
                tried.execute(statement)


def test_without_a_context_no_act_and_no_entry_is_seen(ledger: None, database: Clone) -> None:
    for kind in ("web", "worker"):
        with database.connect(kind) as looking:
            for table in ("SELECT count(*) FROM ledger_act", "SELECT count(*) FROM ledger_entry"):
                assert looking.execute(table).fetchone() == (0,)
