"""A person's new data key: how a leaf is erased early, also from every older copy.

What survives is opened under the old data key and sealed again under the new one, all versions of all folders, in one
transaction. The history key stays: commitments in the ledger depend on it.
"""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from django.db import connection

from amanat.crypto.seal import month_of
from amanat.crypto.secret import new_key
from amanat.errors import NotFoundError
from amanat.keys.tree import SubjectKeys, WrappedBucket, WrappedSubject, key_tree
from amanat.vault.folders import COLUMNS, SealedFolder, folders_of_row, open_parts, row_of, seal_parts
from amanat.vault.keys import SQL
from amanat.vault.periods import OPEN, Periods, period_keys


def rekey_subject(subject: UUID, *, without: Iterable[str] = ()) -> int:
    """Give a person a new data key, under which all they have is sealed again except the leaves `without`.

    Runs as the worker, with the row context of the person's company, in the caller's transaction; gives the number of
    parts that went. From the commit on those open nowhere in the database. The person's bucket is marked: after the
    next `turn` of the company no older copy opens them either, in backups or in the log of the database.
    Raises `NotFoundError` for a person without keys.
    """
    bucket, old = _lock(subject)
    new = replace(old, key_id=old.key_id + 1, data=new_key())
    row = key_tree().wrap_subject(new, bucket, key_tree().open_bucket(bucket))
    folders, dropped = _folders(subject), frozenset(without)
    ends = {(leaf, _month(one, leaf)) for one in folders for leaf in one.parts if one.key_of(leaf, old)}
    periods = period_keys(old.company, ends)
    with connection.cursor() as cursor:
        cursor.execute(SQL["new_data_key"], {"subject": subject, "key_id": new.key_id, "data": row.data})
    return sum(_reseal(one, old, new, periods, dropped) for one in folders)


def _lock(subject: UUID) -> tuple[WrappedBucket, SubjectKeys]:
    """The bucket is marked first, as a turn locks it before its members."""
    with connection.cursor() as cursor:
        cursor.execute(SQL["touch_buckets"], {"subjects": [subject]})
        cursor.execute(SQL["key_row"], {"subject": subject})
        found = cursor.fetchone()
    if found is None:
        raise NotFoundError
    company, key_id, data, history, bucket_id, epoch, wrapped = found
    bucket = WrappedBucket(bucket_id, company, epoch, bytes(wrapped))
    row = WrappedSubject(subject, company, bucket, key_id, bytes(data), bytes(history))
    return bucket, key_tree().open_subject(row)


def _folders(subject: UUID) -> list[SealedFolder]:
    with connection.cursor() as cursor:
        cursor.execute(SQL["every_folder"], {"subject": subject})
        rows = cursor.fetchall()
    return [one for company, *row in rows for one in folders_of_row(subject, company, row)]


def _month(folder: SealedFolder, leaf: str) -> int:
    """A part of the older format has no end yet."""
    return month_of(folder.parts[leaf]) or OPEN


def _reseal(folder: SealedFolder, old: SubjectKeys, new: SubjectKeys, periods: Periods, dropped: frozenset[str]) -> int:
    """Seal what is left of a version in its place; a version of which nothing is left goes."""
    values = open_parts(old, folder, folder.parts.keys() - dropped)
    ends = {leaf: _month(folder, leaf) for leaf in values}
    left = replace(folder, parts=seal_parts(new, folder, values, ends, periods))
    with connection.cursor() as cursor:
        place = dict(zip(COLUMNS, row_of(left), strict=True))
        cursor.execute(SQL["replace_parts" if values else "drop_folder"], place)
    return len(folder.parts.keys() & dropped)
