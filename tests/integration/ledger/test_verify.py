"""Whatever is changed behind the platform's back, even by the owner of the database, is found and named."""

from typing import Any, LiteralString
from uuid import uuid4

import psycopg
import pytest

from amanat.database.home import Home
from amanat.ledger.signing import begin_log
from amanat.ledger.verify import Finding
from stage.ledger import HOME_COMPANY, Audit, FoldAll, Record


@pytest.fixture
def ledger(record: Record, fold_all: FoldAll, owner: psycopg.Connection) -> None:
    """Three heads over 301 leaves in two bundles, a search that names nobody among them, and two leaves waiting."""
    for people in (200, 0, 100):
        record(people)
        fold_all()
    record(2)


def _kinds(found: list[Finding]) -> set[str]:
    return {one.kind for one in found}


def test_an_untouched_ledger_has_no_finding(ledger: None, audit: Audit) -> None:
    assert audit() == []


def test_an_empty_ledger_has_no_finding(audit: Audit) -> None:
    assert audit() == []


@pytest.mark.clause("9.3c")
@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("UPDATE ledger_act SET purpose = 'newsletter' WHERE people = 100", "altered"),
        ("UPDATE ledger_act SET account = gen_random_uuid() WHERE people = 100", "altered"),
        ("UPDATE ledger_act SET at = at - interval '1 day' WHERE people = 100", "altered"),
        ("UPDATE ledger_act SET clauses = '{9.9}' WHERE people = 0", "altered"),
        ("UPDATE ledger_act SET bare = NULL WHERE people = 0", "altered"),
        ("UPDATE ledger_act SET purpose = 'newsletter' WHERE people = 2", "altered"),
        ("DELETE FROM ledger_act WHERE people = 0", "act missing"),
        ("DELETE FROM ledger_act WHERE people = 100", "act missing"),
        ("UPDATE ledger_entry SET outcome = 'deny' WHERE ctid = '(0,1)'", "altered"),
        ("UPDATE ledger_entry SET at = at - interval '1 day' WHERE ctid = '(0,1)'", "altered"),
        ("UPDATE ledger_entry SET opened = 0 WHERE ctid = '(0,1)'", "altered"),
        ("UPDATE ledger_entry SET body = '\\x00' WHERE ctid = '(0,1)'", "altered"),
        ("UPDATE ledger_entry SET commitment = sha256(commitment) WHERE ctid = '(0,1)'", "altered"),
        ("UPDATE ledger_entry SET subject = gen_random_uuid() WHERE ctid = '(0,1)'", "altered"),
        ("DELETE FROM ledger_entry WHERE ctid = '(0,1)'", "entry missing"),
        ("UPDATE ledger_bundle SET leaves[7] = sha256(leaves[7]) WHERE number = 0", "root"),
        ("UPDATE ledger_bundle SET leaves[7] = leaves[8], leaves[8] = leaves[7] WHERE number = 0", "root"),
        ("UPDATE ledger_bundle SET leaves = leaves[2:] WHERE number = 1", "checkpoint"),
        ("DELETE FROM ledger_bundle WHERE number = 0", "bundle"),
        ("DELETE FROM ledger_bundle WHERE number = 1", "head"),
        ("DELETE FROM ledger_bundle", "head"),
        ("UPDATE ledger_bundle SET number = 1 - number + 10; UPDATE ledger_bundle SET number = number - 10", "bundle"),
        ("UPDATE ledger_tile SET hashes = sha256(hashes) WHERE level = 0 AND number = 0", "tile"),
        ("UPDATE ledger_tile SET hashes = sha256(hashes) WHERE level = 1", "tile"),
        ("DELETE FROM ledger_tile WHERE level = 1", "tile"),
        ("UPDATE ledger_checkpoint SET root = sha256(root) WHERE size = 201", "root"),
        ("UPDATE ledger_checkpoint SET note = replace(note, '201', '202') WHERE size = 201", "signature"),
        ("UPDATE ledger_checkpoint SET note = overlay(note placing 'AAAA' from 200) WHERE size = 201", "signature"),
        ("UPDATE ledger_checkpoint SET size = 202 WHERE size = 201", "root"),
        ("DELETE FROM ledger_checkpoint WHERE size = 301", "checkpoint"),
        ("DELETE FROM ledger_pending", "not in the log"),
    ],
)
def test_a_change_behind_the_platform_s_back_is_found(
    ledger: None, audit: Audit, owner: psycopg.Connection, change: LiteralString, kind: str
) -> None:
    for statement in change.split("; "):
        assert owner.execute(statement).rowcount > 0
    found = audit()
    assert kind in _kinds(found)
    assert len(found) < 10


_ADD = """
    INSERT INTO ledger_entry (subject, act, company, at, outcome, clauses, opened, refused, commitment, body)
    SELECT gen_random_uuid(), COALESCE(%s::uuid, act), company, at, outcome, clauses, opened, refused, commitment, body
    FROM ledger_entry LIMIT 1
"""


def test_an_entry_that_was_added_is_found(ledger: None, audit: Audit, owner: psycopg.Connection) -> None:
    owner.execute(_ADD, (None,))
    assert _kinds(audit()) == {"not in the log"}


def test_an_entry_of_no_act_is_found(ledger: None, audit: Audit, owner: psycopg.Connection) -> None:
    owner.execute(_ADD, (uuid4(),))
    assert _kinds(audit()) == {"act missing"}


def test_two_entries_that_change_places_are_both_found(ledger: None, audit: Audit, owner: psycopg.Connection) -> None:
    one, other = owner.execute("SELECT subject FROM ledger_entry ORDER BY subject LIMIT 2").fetchall()
    for old, new in ((one[0], nobody := uuid4()), (other[0], one[0]), (nobody, other[0])):
        owner.execute("UPDATE ledger_entry SET subject = %s WHERE subject = %s", (new, old))
    assert _kinds(audit()) == {"altered"}


def test_a_finding_names_company_and_row(ledger: None, audit: Audit, owner: psycopg.Connection) -> None:
    row = owner.execute("UPDATE ledger_act SET purpose = 'newsletter' WHERE people = 100 RETURNING id").fetchone()
    assert row
    (finding,) = audit()
    assert (finding.company, finding.row) == (HOME_COMPANY, f"act {row[0]}")


def test_a_log_cut_back_to_an_earlier_head_is_found_by_what_was_kept_outside(
    ledger: None, audit: Audit, owner: psycopg.Connection
) -> None:
    """Everything in the database agrees; only the folder remembers the later head."""
    for statement in (
        "DELETE FROM ledger_pending",
        "DELETE FROM ledger_checkpoint WHERE size > 200",
        "DELETE FROM ledger_bundle WHERE number = 1",
        "DELETE FROM ledger_tile WHERE level = 1 OR number = 1",
        "UPDATE ledger_bundle SET leaves = leaves[:200]",
        "UPDATE ledger_tile SET hashes = substr(hashes, 1, 200 * 32)",
        "DELETE FROM ledger_entry WHERE act IN (SELECT id FROM ledger_act WHERE people <> 200)",
        "DELETE FROM ledger_act WHERE people <> 200",
    ):
        owner.execute(statement)
    (finding,) = audit()
    assert (finding.kind, finding.row) == ("head", "checkpoint 301")


def test_a_history_rewritten_to_the_same_size_is_found_by_what_was_kept_outside(
    ledger: None, audit: Audit, home: Home, fold_all: FoldAll, record: Record
) -> None:
    kept = home.ledger / f"{HOME_COMPANY}.checkpoint"
    other = kept.read_text().replace("301", "300")
    kept.write_text(other)
    assert [(one.kind, one.row) for one in audit()] == [("head", "checkpoint 300")]


def test_a_head_kept_outside_may_lag_by_one_fold(ledger: None, audit: Audit, home: Home, fold_all: FoldAll) -> None:
    kept = home.ledger / f"{HOME_COMPANY}.checkpoint"
    earlier = kept.read_text()
    fold_all()
    kept.write_text(earlier)
    assert audit() == []


def test_a_signature_by_another_key_is_found(ledger: None, audit: Audit, home: Home) -> None:
    other = begin_log(home, "ama-sg")
    (home.ledger / f"{HOME_COMPANY}.pub").write_text(f"{other.verifier}\n")
    assert "signature" in _kinds(audit())


def test_without_the_public_key_nothing_is_taken_for_signed(ledger: None, audit: Audit, home: Home) -> None:
    (home.ledger / f"{HOME_COMPANY}.pub").unlink()
    assert _kinds(audit()) == {"key"}


def test_the_number_of_queries_does_not_grow_with_the_log(
    record: Record, fold_all: FoldAll, audit: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    execute = psycopg.ServerCursor.execute

    def counted(cursor: Any, query: Any, *arguments: Any, **more: Any) -> Any:
        asked.append(query)
        return execute(cursor, query, *arguments, **more)

    monkeypatch.setattr(psycopg.ServerCursor, "execute", counted)
    record(3)
    fold_all()
    assert audit() == []
    few = len(asked)
    for _ in range(10):
        record(60)
        fold_all()
    assert audit() == []
    assert len(asked) == 2 * few
