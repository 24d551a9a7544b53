"""The others of the group look at each head and sign what continues; what was rewritten they do not sign."""

from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from click.testing import CliRunner
from django.db import connection, transaction

from amanat.cli.verify import verify
from amanat.database.home import Home
from amanat.ledger.fold import fold
from amanat.ledger.offline import check_receipt, parse_keys
from amanat.ledger.receipt import receipt_of
from amanat.ledger.signing import begin_log, public_keys
from amanat.ledger.witness import Cosigned, cosign, witness_keys
from stage.databases import AsLogin
from stage.ledger import HOME_COMPANY, FoldAll, Record

GROUP = [HOME_COMPANY, "ama-sg", "ama-za"]


def _cosign(as_login: AsLogin) -> Cosigned:
    with as_login("worker"):
        return cosign(GROUP)


def test_every_other_company_signs_a_new_head_once(record: Record, fold_all: FoldAll, as_login: AsLogin) -> None:
    record(3)
    fold_all()
    assert [_cosign(as_login).lines, _cosign(as_login).lines] == [2, 0]
    record(300)
    fold_all()
    done = _cosign(as_login)
    assert (done.lines, done.refused) == (2, [])


def test_no_company_is_its_own_witness(record: Record, fold_all: FoldAll, as_login: AsLogin, home: Home) -> None:
    record(1)
    fold_all()
    with as_login("worker"):
        assert cosign([HOME_COMPANY]).lines == 0
    assert not list(home.ledger.glob("witnesses/*.seen"))


def test_a_receipt_brings_the_cosignatures_and_is_proven_with_them(
    record: Record, fold_all: FoldAll, as_login: AsLogin, home: Home, tmp_path: Path
) -> None:
    subject = uuid4()
    act = record(subjects=[subject])
    fold_all()
    _cosign(as_login)
    record(10)
    fold_all()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('amanat.company', %s, true)", [HOME_COMPANY])
        text = receipt_of(subject, act.id) or ""
    lines = [*map(str, public_keys(home).values()), *witness_keys(home).values()]
    proven = check_receipt(text, parse_keys("\n".join(lines)))
    assert proven.head.size == 1
    assert {name for name, _ in proven.head.witnesses} == {f"amanat.example/ledger/{one}/witness" for one in GROUP[1:]}
    file, keys = tmp_path / "mine.tlog-proof", tmp_path / "keys"
    file.write_text(text)
    keys.write_text("\n".join(lines))
    said = CliRunner().invoke(verify, [str(file), "--key", str(keys), "--witnesses", "2"])
    assert (said.exit_code, said.output.count("seen by")) == (0, 2)


@pytest.mark.clause("9.3c")
@pytest.mark.parametrize("size", [40, 300])
def test_a_rewritten_log_is_not_signed_again(
    record: Record, fold_all: FoldAll, as_login: AsLogin, home: Home, owner: psycopg.Connection, size: int
) -> None:
    """Whoever holds database, state folder and the log's own key writes another history of any size."""
    record(40)
    fold_all()
    _cosign(as_login)
    before = owner.execute("SELECT company, witness, size, line FROM ledger_cosignature ORDER BY 1, 2").fetchall()
    (home.ledger / f"{HOME_COMPANY}.checkpoint").unlink()
    owner.execute("TRUNCATE ledger_act, ledger_entry, ledger_pending, ledger_bundle, ledger_tile, ledger_checkpoint")
    record(size)
    with as_login("worker"):
        assert fold(HOME_COMPANY) == size
    done = _cosign(as_login)
    assert (done.lines, len(done.refused)) == (0, 2)
    assert {one.kind for one in done.refused} == {"witness"}
    assert (
        owner.execute("SELECT company, witness, size, line FROM ledger_cosignature ORDER BY 1, 2").fetchall() == before
    )


def test_a_head_that_its_log_did_not_sign_is_not_cosigned(
    record: Record, fold_all: FoldAll, as_login: AsLogin, home: Home
) -> None:
    record(2)
    fold_all()
    other = begin_log(home, "ama-sg")
    (home.ledger / f"{HOME_COMPANY}.pub").write_text(f"{other.verifier}\n")
    done = _cosign(as_login)
    assert (done.lines, len(done.refused)) == (0, 2)


def test_a_witness_keeps_its_key_and_what_it_saw_for_its_owner_alone(
    record: Record, fold_all: FoldAll, as_login: AsLogin, home: Home
) -> None:
    record(1)
    fold_all()
    _cosign(as_login)
    for path in home.ledger.glob("witnesses/*"):
        assert path.stat().st_mode & 0o077 == 0
    assert len(set(witness_keys(home).values()) & {str(key) for key in public_keys(home).values()}) == 0
