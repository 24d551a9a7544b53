"""The keys of months: a part is sealed under its person's data key and the key of the month in which it expires.

A month is counted as twelve times the year plus the month, less one; `OPEN` is that of data whose end no date says
yet. Dropping a company's key of a leaf and a month ends all such data at once, whoever's it is; what has no end yet is
never dropped so.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection

from amanat.crypto.secret import SecretKey
from amanat.errors import MalformedError
from amanat.keys.tree import key_tree
from amanat.vault.keys import SQL, hold_epoch
from amanat.vocabulary.terms import CATEGORY

OPEN = 0
POSITION: Mapping[str, int] = {leaf: position for position, leaf in enumerate(CATEGORY.leaves)}
Asked = dict[str, Any]
# (leaf, month) → key.
Periods = Mapping[tuple[str, int], SecretKey]


def month_of(until: date | None) -> int:
    """The month in which something kept until that day expires: the one after it, so that the whole of it passes."""
    return until.year * 12 + until.month - 1 if until else OPEN


def period_keys(company: str, wanted: Iterable[tuple[str, int]]) -> Periods:
    """The company's keys for these leaves and months, one statement; those that are missing are made and stored."""
    pairs = sorted({(POSITION[leaf], month) for leaf, month in wanted})
    rows = _stored(company, pairs)
    if missing := [pair for pair in pairs if pair not in rows]:
        _make(company, missing)
        rows |= _stored(company, missing)
    tree = key_tree()
    return {(CATEGORY.leaves[leaf], month): tree.open_period(company, leaf, month, rows[leaf, month])
            for leaf, month in pairs}  # fmt: skip


def _stored(company: str, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    values: Asked = {"company": company, "leaves": [leaf for leaf, _ in pairs], "months": [month for _, month in pairs]}
    with connection.cursor() as cursor:
        cursor.execute(SQL["periods"], values)
        return {(leaf, month): bytes(wrapped) for leaf, month, wrapped in cursor.fetchall()}


def _make(company: str, pairs: Sequence[tuple[int, int]]) -> None:
    hold_epoch(company)
    made = [key_tree().new_period(company, *pair) for pair in pairs]
    with connection.cursor() as cursor:
        cursor.execute(
            SQL["insert_periods"],
            {
                "company": company,
                "leaves": [leaf for leaf, _ in pairs],
                "months": [month for _, month in pairs],
                "epochs": [epoch for epoch, _ in made],
                "wrapped": [wrapped for _, wrapped in made],
            },
        )


def begin_periods(company: str) -> None:
    """Make a new company's keys for data without an end yet, so that hardly a request ever has to."""
    period_keys(company, ((leaf, OPEN) for leaf in CATEGORY.leaves))


def drop_period(company: str, leaves: Iterable[str], before: date) -> int:
    """End what the company holds of `leaves` and that expired in a month before that of `before`; how many keys went.

    Runs as the worker, in the caller's transaction. From its commit on, nobody reads those parts: `open_sealed` leaves
    them out. Older copies of the keys, in backups and in the log of the database, open until the next `turn`. The rows
    with the unreadable parts stay until their folder is deleted.
    """
    positions = [POSITION[leaf] for leaf in leaves]
    if not positions:
        raise MalformedError("name the leaves whose months are to be dropped")
    with connection.cursor() as cursor:
        cursor.execute(SQL["drop_periods"], {"company": company, "leaves": positions, "before": month_of(before)})
        return int(cursor.rowcount)
