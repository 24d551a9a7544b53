"""The work of a turn: buckets that lost a key get a new one, everything else the same key under the new root.

Each call takes one batch, in the caller's transaction, and says whether there was any. What is wrapped anew locks only
itself; a bucket that is re-keyed is locked with its members until the commit.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from amanat.crypto.seal import SealError, key_id_of, seal, unseal
from amanat.crypto.secret import SecretKey, new_key
from amanat.database.queries import queries
from amanat.errors import IntegrityError
from amanat.keys.provider import EpochRoot
from amanat.keys.tree import KeyTree, WrappedBucket, WrappedSubject, bucket_place, company_place, period_place

SQL = queries("amanat.keys")
BATCH = 4_000
BUCKETS_AT_ONCE = 100


class TurnError(IntegrityError):
    """A key did not come through a turn; the old root was kept."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """Rows that hang on the root: the columns that name one, and what its wrapped key is tied to."""

    name: str
    columns: tuple[str, ...]
    place: Callable[..., bytes]


_KINDS = (
    _Kind("buckets", ("ids",), bucket_place),
    _Kind("periods", ("leaves", "months"), period_place),
    _Kind("company_keys", ("uses", "versions"), company_place),
)


def rewrap(tree: KeyTree, company: str, epoch: int) -> bool:
    """Wrap one batch of what is still under the old root under that of `epoch`."""
    roots: dict[int, EpochRoot] = {epoch: tree.provider.load_root(company, epoch)}
    for kind in _KINDS:
        rows = run(f"old_{kind.name}", {"company": company, "epoch": epoch, "most": BATCH})
        if not rows:
            continue
        wrapped = [_anew(tree, roots, company, kind.place(company, *name), bytes(old), epoch) for *name, old in rows]
        names = dict(zip(kind.columns, map(list, zip(*[row[:-1] for row in rows], strict=True)), strict=True))
        run(f"rewrap_{kind.name}", {"company": company, "epoch": epoch, "wrapped": wrapped, **names})
        return True
    return False


def _anew(
    tree: KeyTree, roots: dict[int, EpochRoot], company: str, place: bytes, old: bytes, epoch: int
) -> bytes:  # fmt: skip
    """The provider is asked once for each root, not once for each row."""
    of = key_id_of(old)
    if of not in roots:
        roots[of] = tree.provider.load_root(company, of)
    return seal(roots[epoch].key, epoch, unseal(roots[of].key, old, place), place)


def rekey_touched(tree: KeyTree, company: str, epoch: int, before: datetime) -> bool:
    """Give one batch of the buckets that lost a key before that moment a new key, and let empty ones go."""
    rows = run("touched_buckets", {"company": company, "before": before, "most": BUCKETS_AT_ONCE})
    if not rows:
        return False
    old = {row[0]: WrappedBucket(row[0], company, row[1], bytes(row[2])) for row in rows}
    touched = {"buckets": list(old)}
    run("forget_touches", touched)
    for (empty,) in run("drop_empty_buckets", touched):
        del old[empty]
    _rekey(tree, old, epoch)
    return True


def _rekey(tree: KeyTree, old: Mapping[UUID, WrappedBucket], epoch: int) -> None:
    fresh = {bucket: new_key() for bucket in old}
    members = [_member(tree, row, old, fresh) for row in run("members", {"buckets": list(old)})]
    run(
        "rewrap_members",
        {
            "subjects": [one.subject for one in members],
            "data": [one.data for one in members],
            "history": [one.history for one in members],
        },
    )
    wrapped = [tree.wrap_under_root(one.company, bucket_place(one.company, one.id), fresh[one.id])[1]
               for one in old.values()]  # fmt: skip
    run("rewrap_buckets", {"ids": list(old), "wrapped": wrapped, "epoch": epoch})


def _member(
    tree: KeyTree, row: Sequence[Any], old: Mapping[UUID, WrappedBucket], fresh: Mapping[UUID, SecretKey]
) -> WrappedSubject:  # fmt: skip
    subject, key_id, data, history, bucket_id = row
    bucket = old[bucket_id]
    keys = tree.open_subject(WrappedSubject(subject, bucket.company, bucket, key_id, bytes(data), bytes(history)))
    return tree.wrap_subject(keys, bucket, fresh[bucket_id])


def prove_all(tree: KeyTree, company: str, epoch: int) -> None:
    """Open each key that hangs on the root with the root of `epoch` alone. Raises `TurnError` if one fails."""
    root = tree.provider.load_root(company, epoch)
    places: Mapping[str, Callable[[str, str], bytes]] = {
        "bucket": lambda one, _: bucket_place(company, UUID(one)),
        "period": lambda one, other: period_place(company, int(one), int(other)),
        "company": lambda one, other: company_place(company, one, int(other)),
    }
    for kind, one, other, named, wrapped in run("every_wrapped", {"company": company}):
        try:
            unseal(root.key, bytes(wrapped), places[kind](one, other))
            opened = named == epoch
        except SealError:
            opened = False
        if not opened:
            raise TurnError(f"a {kind} key of {company} does not open under epoch {epoch}; the old root was kept")


def run(name: str, values: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(SQL[name], values)
        return cursor.fetchall() if cursor.description else ()
