"""The logs as witnesses read them: an independent client takes one in over HTTP; nothing in it is about a person."""

from uuid import uuid4

import pytest
from django.test import Client

from amanat.database.home import Home
from amanat.ledger.offline import open_head, parse_keys
from amanat.ledger.witness import cosign
from stage.databases import AsLogin
from stage.ledger import HOME_COMPANY, FoldAll, Record
from stage.logreader import Fetch, read_log
from stage.server import Clone

LOG = f"/ledger/{HOME_COMPANY}/"


def _fetch(company: str = HOME_COMPANY) -> Fetch:
    def fetched(path: str) -> bytes:
        answer = Client(SERVER_NAME="localhost").get(f"/ledger/{company}/{path}", secure=True)
        assert answer.status_code == 200, path
        return answer.content

    return fetched


@pytest.mark.clause("9.3c")
@pytest.mark.parametrize("sizes", [(1,), (256,), (200, 313), (1, 255, 256, 3)])
def test_an_independent_reader_takes_in_the_whole_log(
    record: Record, fold_all: FoldAll, sizes: tuple[int, ...]
) -> None:
    for size in sizes:
        record(size)
        fold_all()
    origin, size, leaves = read_log(_fetch())
    assert (origin.rpartition("/")[2], size) == (HOME_COMPANY, sum(sizes))
    assert {len(leaf) for leaf in leaves} == {49}


def test_nothing_in_a_log_names_a_person_or_who_looked(record: Record, fold_all: FoldAll) -> None:
    subject, account = uuid4(), uuid4()
    act = record(subjects=[subject], account=account)
    fold_all()
    shown = b"".join(_fetch()(path) for path in ("checkpoint", "tile/entries/000.p/1", "tile/0/000.p/1"))
    assert act.id.bytes in shown
    for one in (subject, account):
        assert one.bytes not in shown
        assert one.hex.encode() not in shown
        assert str(one).encode() not in shown


def test_what_never_changes_may_be_kept_and_the_head_not_for_long(record: Record, fold_all: FoldAll) -> None:
    record(300)
    fold_all()
    for path in ("tile/0/000", "tile/entries/000", "tile/0/001.p/44", "tile/1/000.p/1"):
        answer = Client(SERVER_NAME="localhost").get(LOG + path, secure=True)
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer["Content-Type"] == "application/octet-stream"
        assert not answer.cookies
    head = Client(SERVER_NAME="localhost").get(LOG + "checkpoint", secure=True)
    assert (head["Cache-Control"], head["Content-Type"]) == ("public, max-age=2", "text/plain; charset=utf-8")


@pytest.mark.parametrize(
    "path",
    [
        *("tile/0/001", "tile/0/001.p/45", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/999", "tile/0/00"),
        *("tile/0/x000/000", "tile/1/000", "tile/1/000.p/2", "tile/9/000.p/1", "tile/99999999999999999999/000"),
        *("tile/0/x999/x999/x999/999", "tile/entries/002", "tile/entries/001.p/45", "tile/-1/000", "tile/0/000.p/01"),
        *("checkpoint/", "tile/0/%00"),
    ],
)
def test_what_is_not_under_the_signed_head_is_not_there(record: Record, fold_all: FoldAll, path: str) -> None:
    record(300)
    fold_all()
    assert Client(SERVER_NAME="localhost").get(LOG + path, secure=True).status_code == 404


def test_a_company_without_a_log_has_none(database: Clone) -> None:
    for path in ("checkpoint", "tile/0/000", "tile/entries/000"):
        assert Client(SERVER_NAME="localhost").get(f"/ledger/ama-nowhere/{path}", secure=True).status_code == 404


def test_a_log_is_read_and_never_written(record: Record, fold_all: FoldAll) -> None:
    record(1)
    fold_all()
    assert Client(SERVER_NAME="localhost").post(LOG + "checkpoint", secure=True).status_code in {403, 405}


def test_the_keys_that_are_published_prove_the_head_and_its_witnesses(
    record: Record, fold_all: FoldAll, as_login: AsLogin, home: Home
) -> None:
    record(5)
    fold_all()
    with as_login("worker"):
        cosign([HOME_COMPANY, "ama-sg", "ama-za"])
    keys = parse_keys(Client(SERVER_NAME="localhost").get("/ledger/keys", secure=True).content.decode())
    head = open_head(_fetch()("checkpoint").decode(), keys)
    assert head.size == 5
    assert {name.split("/")[-2] for name, _ in head.witnesses} == {"ama-sg", "ama-za"}
