"""Receipts: what a member keeps, and what anybody can check with the log's public key and nothing else."""

from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from click.testing import CliRunner
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from amanat.cli.ledger import ledger
from amanat.cli.verify import verify
from amanat.database.home import Home
from amanat.errors import IntegrityError, NotFoundError
from amanat.ledger.proven import verify_file
from amanat.ledger.receipt import receipt_of
from amanat.ledger.signing import public_keys
from amanat.merkle.note import decode_base64
from amanat.merkle.receipt import parse_receipt
from stage.ledger import HOME_COMPANY, FoldAll, Record


def _receipt(subject: UUID, act: UUID, company: str = HOME_COMPANY) -> str | None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('amanat.company', %s, true)", [company])
        return receipt_of(subject, act)


def _written(subject: UUID, act: UUID) -> str:
    text = _receipt(subject, act)
    assert text
    return text


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 512, 700])
def test_every_entry_of_a_log_has_a_receipt_that_verifies_offline(
    record: Record, fold_all: FoldAll, home: Home, size: int
) -> None:
    subjects = [uuid4() for _ in range(size)]
    act = record(subjects=subjects)
    fold_all()
    keys = public_keys(home).values()
    for subject in {subjects[0], subjects[size // 2], subjects[-1]}:
        proven = verify_file(_written(subject, act.id), keys)
        assert proven.facts["act"] == str(act.id)
        assert proven.facts["entry"]["subject"] == str(subject)
        assert proven.checkpoint.size == size


def test_a_receipt_says_what_was_decided_under_which_words(record: Record, fold_all: FoldAll, home: Home) -> None:
    subject = uuid4()
    act = record(subjects=[subject], outcome="deny", clauses=("8.3", "8.4"))
    fold_all()
    facts = verify_file(_written(subject, act.id), public_keys(home).values()).facts
    assert (facts["statement"], facts["role"], facts["purpose"]) == (act.statement, act.role, act.purpose)
    assert (facts["entry"]["outcome"], facts["entry"]["clauses"]) == ("deny", ["8.3", "8.4"])


def test_a_receipt_names_no_employee(record: Record, fold_all: FoldAll) -> None:
    subject, account = uuid4(), uuid4()
    acts = [record(subjects=[subject], account=account) for _ in range(2)]
    fold_all()
    told = [parse_receipt(_written(subject, act.id)).extra or b"" for act in acts]
    assert not any(account.bytes in one or str(account).encode() in one or account.hex.encode() in one for one in told)
    assert told[0].partition(b'"account":')[2][:66] != told[1].partition(b'"account":')[2][:66]


def test_there_is_no_receipt_while_the_entry_waits(record: Record, fold_all: FoldAll) -> None:
    record(3)
    fold_all()
    subject = uuid4()
    act = record(subjects=[subject])
    assert _receipt(subject, act.id) is None


def test_a_later_head_proves_an_early_entry(record: Record, fold_all: FoldAll, home: Home) -> None:
    subject = uuid4()
    act = record(subjects=[subject])
    fold_all()
    early = _written(subject, act.id)
    record(600)
    fold_all()
    late = _written(subject, act.id)
    keys = public_keys(home).values()
    assert [verify_file(text, keys).checkpoint.size for text in (early, late)] == [1, 601]


def test_somebody_else_s_entry_is_not_found(record: Record, fold_all: FoldAll) -> None:
    subject = uuid4()
    act = record(subjects=[subject])
    fold_all()
    for stranger, event, company in ((subject, act.id, "ama-sg"), (uuid4(), act.id, HOME_COMPANY)):
        with pytest.raises(NotFoundError):
            _receipt(stranger, event, company)


def test_an_altered_byte_spoils_the_receipt(record: Record, fold_all: FoldAll, home: Home) -> None:
    subject = uuid4()
    act = record(5, subjects=[uuid4(), subject, uuid4()])
    fold_all()
    text = _written(subject, act.id)
    keys = list(public_keys(home).values())
    for at in range(len(text)):
        altered = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
        with pytest.raises(IntegrityError):
            verify_file(altered, keys)


def test_another_company_s_key_does_not_vouch_for_the_receipt(record: Record, fold_all: FoldAll, home: Home) -> None:
    from amanat.ledger.signing import begin_log  # noqa: PLC0415

    subject = uuid4()
    act = record(subjects=[subject])
    fold_all()
    with pytest.raises(IntegrityError):
        verify_file(_written(subject, act.id), [begin_log(home, "ama-sg").verifier])


def test_the_number_of_statements_does_not_grow_with_the_log(record: Record, fold_all: FoldAll) -> None:
    subject = uuid4()
    act = record(subjects=[subject])
    fold_all()
    with CaptureQueriesContext(connection) as few:
        _receipt(subject, act.id)
    record(1000)
    fold_all()
    with CaptureQueriesContext(connection) as more:
        _receipt(subject, act.id)
    assert len(few) == len(more) <= 6


def test_the_command_checks_a_receipt_without_a_database(
    record: Record, fold_all: FoldAll, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = uuid4()
    act = record(subjects=[subject])
    fold_all()
    file, key = tmp_path / "mine.tlog-proof", tmp_path / "log.pub"
    file.write_text(_written(subject, act.id))
    key.write_text((home.ledger / f"{HOME_COMPANY}.pub").read_text())
    monkeypatch.setenv("AMANAT_HOME", str(tmp_path / "nothing"))
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@nowhere.invalid/none")
    asked = [str(file), "--key", str(key)]
    sound = CliRunner().invoke(verify, asked)
    assert (sound.exit_code, f"act {act.id}" in sound.output, "6.1a, 8.4" in sound.output) == (0, True, True)
    file.write_text(file.read_text().replace("index 0", "index 1"))
    assert CliRunner().invoke(verify, asked).exit_code == 1


def test_the_command_reports_findings_and_ends_with_1(
    record: Record, fold_all: FoldAll, owner: psycopg.Connection
) -> None:
    record(2)
    record(1, company="ama-sg")
    fold_all()
    sound = CliRunner().invoke(ledger, ["verify", "--company", HOME_COMPANY])
    assert (sound.exit_code, sound.output) == (0, "the ledger is sound\n")
    owner.execute("UPDATE ledger_act SET purpose = 'newsletter' WHERE people = 2")
    broken = CliRunner().invoke(ledger, ["verify"])
    assert (broken.exit_code, "ama-ch: altered: act " in broken.output) == (1, True)
    assert CliRunner().invoke(ledger, ["verify", "--company", "ama-sg"]).exit_code == 0


def test_the_extra_line_is_the_commitment_and_the_facts(record: Record, fold_all: FoldAll) -> None:
    subject = uuid4()
    act = record(subjects=[subject])
    fold_all()
    line = next(line for line in _written(subject, act.id).splitlines() if line.startswith("extra "))
    extra = decode_base64(line[6:])
    assert extra[32:33] == b"{"
    assert len(extra) < 1200
