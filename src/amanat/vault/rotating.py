"""Index tokens under a new key: values are opened here, to make the tokens they are found by, and go nowhere else.

People are found under the old key until all tokens are made; then, in one transaction, the new key is put in its place
and the old tokens go. Killed anywhere, the next call goes on with the same new key.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from amanat.keys.tree import company_place, key_tree
from amanat.vault.fields import Value
from amanat.vault.folders import Sealed, fetch_sealed, open_parts
from amanat.vault.keys import SQL, company_key, hold_epoch
from amanat.vault.tokens import Index, Token, store_tokens, surname_and_birth_date

BATCH: Final = 500
_USE, _NEXT = "index", "index.next"
_LEAVES: Final = ("birth_date", "email", "name", "phone_home", "phone_work", "policy_number")
_NOBODY: Final = UUID(int=0)


def rotate_index(company: str) -> int:
    """Rebuild a company's index tokens under a new key; how many were made. Runs as the worker, in no transaction."""
    index, made, after = _begin(company), 0, _NOBODY
    while True:
        with _within(company):
            tokens, after = _rebuild(index, after)
        made += tokens
        if after == _NOBODY:
            return made + _finish(index)


def _begin(company: str) -> Index:
    """The index under the key that will follow, which is made unless an earlier call made it."""
    with _within(company):
        version = company_key(company, _USE)[0] + 1
        hold_epoch(company)
        epoch, wrapped = key_tree().new_company_key(company, _NEXT, version)
        _execute("insert_company_key", _row(company, _NEXT, version, epoch, wrapped))
        return Index(company, *company_key(company, _NEXT))


def _rebuild(index: Index, after: UUID) -> tuple[int, UUID]:
    """One batch: the tokens made, and behind whom to go on, or nobody. Who is erased meanwhile waits for the commit."""
    rows = _execute("indexed_people", {
        "company": index.company, "version": index.key_version, "after": after, "most": BATCH,
    })  # fmt: skip
    if not rows:
        return 0, _NOBODY
    fields = {subject: set(named) for subject, named in rows}
    sealed = fetch_sealed(list(fields), _LEAVES)
    tokens = [token for subject, one in sealed.items() for token in _tokens(index, subject, one, fields[subject])]
    store_tokens(tokens)
    return len(tokens), max(fields)


def _tokens(index: Index, subject: UUID, sealed: Sealed, fields: set[str]) -> Iterable[Token]:
    """Only in the fields by which the person could be found before."""
    keys = sealed.unwrap()
    values = {
        leaf: value
        for folder in sealed.folders
        for leaf, value in open_parts(keys, folder, [one for one in _LEAVES if one in folder.parts]).items()
    }
    return index.tokens_of(subject, [(field, value) for field, value in _findable(values) if field in fields])


def _findable(values: dict[str, Value]) -> Iterator[tuple[str, str]]:
    yield "policy_number", values.get("policy_number", "")
    yield "email", values.get("email", "")
    yield "phone", values.get("phone_work", "")
    yield "phone", values.get("phone_home", "")
    if "name" in values and "birth_date" in values:
        yield "surname_birth_date", surname_and_birth_date(values["name"].get("family", ""), values["birth_date"])


def _finish(index: Index) -> int:
    """Nobody writes tokens while those of late-comers are made and the keys change places."""
    with _within(index.company):
        hold_epoch(index.company)
        _execute("lock_tokens", {})
        made, after = _rebuild(index, _NOBODY)
        while after != _NOBODY:
            more, after = _rebuild(index, after)
            made += more
        place = company_place(index.company, _USE, index.key_version)
        epoch, wrapped = key_tree().wrap_under_root(index.company, place, index.key)
        _execute("insert_company_key", _row(index.company, _USE, index.key_version, epoch, wrapped))
        gone = {"company": index.company, "version": index.key_version}
        for name in ("drop_old_index_keys", "drop_old_tokens"):
            _execute(name, gone)
    return made


@contextmanager
def _within(company: str) -> Iterator[None]:
    """A durable transaction that sees the rows of one company."""
    with transaction.atomic(durable=True):
        _execute("within_company", {"company": company})
        yield


def _row(company: str, use: str, version: int, epoch: int, wrapped: bytes) -> dict[str, Any]:
    return {"company": company, "use": use, "version": version, "epoch": epoch, "wrapped": wrapped}


def _execute(name: str, values: dict[str, Any]) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(SQL[name], values)
        return cursor.fetchall() if cursor.description else ()
