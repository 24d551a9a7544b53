"""What the worker lets go of, and what `amanat doctor` hears of ledger and messages."""

from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest

from amanat.custody.answers import Key
from amanat.custody.facts import Ask
from amanat.custody.unit import unit
from amanat.database.home import Home
from amanat.ledger.health import health as ledger_health
from amanat.vocabulary import clock
from amanat.worker.duties import DUTIES, expire
from amanat.worker.health import health as message_health
from stage.databases import AsLogin
from stage.group import Group
from stage.ledger import FoldAll, Record


def test_answers_to_repeated_messages_are_kept_a_week(
    group: Group, as_login: AsLogin, owner_connection: psycopg.Connection
) -> None:
    for name in ("old", "new"):
        with unit(group.actor("basil"), "eligibility", key=Key.over(name, b"")) as one:
            one.ask(Ask("view", ("name",), "eligibility"), [group.amina])
    owner_connection.execute("UPDATE custody_answer SET at = at - interval '9 days' WHERE key = 'old'")
    with as_login("worker"):
        assert (expire(), expire()) == (1, 0)
    assert owner_connection.execute("SELECT key FROM custody_answer").fetchall() == [("new",)]


def test_the_fold_comes_round_well_within_ten_seconds() -> None:
    assert next(duty.every for duty in DUTIES if duty.name == "fold") <= 5


def test_a_sound_ledger_gives_no_finding(record: Record, fold_all: FoldAll, home: Home) -> None:
    assert ledger_health(home) == []
    record(1)
    fold_all()
    record(1)
    assert ledger_health(home) == []


def test_entries_that_wait_over_a_minute_are_a_finding(record: Record, fold_all: FoldAll, home: Home) -> None:
    record(1)
    fold_all()
    record(3, at=clock.now() - timedelta(seconds=61))
    (finding,) = ledger_health(home)
    assert (finding.name, finding.mend) == ("ledger of ama-ch", "start the worker: amanat worker")
    assert finding.says.startswith("3 entries wait")


def test_a_leaf_that_belongs_to_no_act_is_a_finding(home: Home, owner: psycopg.Connection) -> None:
    owner.execute("INSERT INTO ledger_pending (company, leaf) VALUES ('ama-ch', 'short')")
    assert [one.name for one in ledger_health(home)] == ["ledger of ama-ch"]


@pytest.mark.parametrize(("name", "finding"), [("key", "key of"), ("checkpoint", "last checkpoint of")])
def test_a_missing_or_damaged_file_of_a_log_is_a_finding(
    record: Record, fold_all: FoldAll, home: Home, name: str, finding: str
) -> None:
    record(1)
    fold_all()
    (home.ledger / f"ama-ch.{name}").write_text("damaged\n")
    assert [one.name for one in ledger_health(home)] == [f"{finding} ama-ch"]


def test_a_log_that_ends_before_what_was_signed_is_a_finding(
    record: Record, fold_all: FoldAll, home: Home, owner: psycopg.Connection
) -> None:
    for _ in range(2):
        record(1)
        fold_all()
    owner.execute("DELETE FROM ledger_checkpoint WHERE size = 2")
    assert [one.says for one in ledger_health(home)] == ["it has 1 entries, but 2 were signed"]


def test_where_nothing_waits_no_mail_server_is_missed(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AMANAT_SMTP_URL", raising=False)
    assert message_health(home) == []


def test_a_mail_server_that_does_not_answer_is_a_finding(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMANAT_SMTP_URL", "smtp://127.0.0.1:1")
    assert [one.says for one in message_health(home)] == [
        "127.0.0.1:1: the mail server cannot be used: ConnectionRefusedError"
    ]


def test_messages_that_wait_for_a_mail_server_are_a_finding(
    group: Group, home: Home, owner_connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AMANAT_SMTP_URL", raising=False)
    statement = (
        "INSERT INTO custody_message (subject, id, company, kind, facts, clauses, due, state) "
        "VALUES (%s, %s, 'ama-ch', 'glass_opened', '{}', '{}', now() - interval '11 min', 'waiting')"
    )
    owner_connection.execute(statement, (group.amina, uuid4()))
    server, late = message_health(home)
    assert (server.name, server.mend) == ("mail", "set AMANAT_SMTP_URL to smtp://host:port")
    assert late.name == "messages of ama-ch"
    assert late.says.startswith("1 wait to be sent")
