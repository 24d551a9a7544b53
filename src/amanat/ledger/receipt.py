"""A member's receipt for one entry: a C2SP tlog-proof file that proves, without us, what was recorded about them.

Its `extra` line holds the entry's commitment and public facts. They are not signed but hashed: they are believed
because the leaf made of them stands in the signed log. `offline` checks that, with nothing of ours but itself.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from amanat.database.queries import queries
from amanat.errors import NotFoundError
from amanat.ledger.fold import read_tiles
from amanat.ledger.leaves import ACT_FACTS, leaf_of, public_facts
from amanat.merkle.receipt import Receipt, write_receipt
from amanat.merkle.tiles import TILE_HEIGHT, TILE_WIDTH, Tile, TileHashes

SQL = queries("amanat.ledger")
# How far the clocks of the web and the worker may stand apart.
_SKEW = timedelta(minutes=5)


def receipt_of(subject: UUID, act: UUID) -> str | None:
    """The receipt of an entry; None while it waits to be folded. Call it inside a unit that reaches `subject`.

    Raises `NotFoundError` if there is no such entry for this reader.
    """
    row = _one("receipt", {"subject": subject, "act": act})
    if row is None:
        raise NotFoundError
    *facts, committed = row
    told = public_facts(committed, facts[: len(ACT_FACTS)], facts[len(ACT_FACTS) :])
    company, at = facts[1], facts[2]
    place = _one("place", {"company": company, "leaf": leaf_of(act, committed, told), "before": at - _SKEW})
    return _written(company, place, committed + told) if place else None


def _written(company: str, place: tuple[Any, ...], extra: bytes) -> str:
    index, size, note, cosignatures = place
    tiles = read_tiles(company, list(_tiles_on_the_way(index, size)))
    proof = TileHashes(tiles.__getitem__).inclusion_proof(index, size)
    return write_receipt(Receipt(index, tuple(proof), note + cosignatures, extra))


def _tiles_on_the_way(index: int, size: int) -> Iterator[Tile]:
    """All tiles that an inclusion proof may read: at each level the leaf's own, and the last."""
    level = 0
    while width := size >> TILE_HEIGHT * level:
        for number in {(index >> TILE_HEIGHT * level) // TILE_WIDTH, (width - 1) // TILE_WIDTH}:
            if held := max(0, min(TILE_WIDTH, width - number * TILE_WIDTH)):
                yield Tile(level, number, held)
        level += 1


def _one(name: str, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(SQL[name], values)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row
