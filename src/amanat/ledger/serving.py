"""What anybody may read of a log: heads, tiles and bundles, as C2SP tlog-tiles names them. No person is in them.

Only what stands under a signed head is shown. A tile or bundle of given width never changes, so it may be kept for
ever; the head changes within seconds.
"""

from typing import Any

from django.db import connection

from amanat.database.queries import queries
from amanat.errors import NotFoundError
from amanat.ledger.fold import read_tiles
from amanat.merkle.tiles import TILE_HEIGHT, TILE_WIDTH, Tile, pack_bundle
from amanat.merkle.tree import HASH_LENGTH

SQL = queries("amanat.ledger")
_HIGHEST_LEVEL = 5


def newest_head(company: str) -> str:
    """The newest signed head, with the cosignatures it has; one that others have not seen yet has fewer."""
    row = _one("head_served", {"company": company})
    if row is None:
        raise NotFoundError
    return f"{row[0]}{row[1]}"


def tile(company: str, level: int, number: int, width: int = TILE_WIDTH) -> bytes:
    """The hashes of a tile; it has to stand under the newest head in this width."""
    _refuse_beyond(company, level, number, width)
    wanted = Tile(level, number, width)
    hashes = read_tiles(company, [wanted])[wanted]
    if len(hashes) != width * HASH_LENGTH:
        raise NotFoundError
    return hashes


def bundle(company: str, number: int, width: int = TILE_WIDTH) -> bytes:
    """The leaves whose hashes are the tile of level 0 with this number, each behind its length."""
    _refuse_beyond(company, 0, number, width)
    row = _one("bundle", {"company": company, "number": number, "width": width})
    if row is None:
        raise NotFoundError
    return pack_bundle([bytes(leaf) for leaf in row[0]])


def _refuse_beyond(company: str, level: int, number: int, width: int) -> None:
    row = _one("head", {"company": company}) if 0 <= level <= _HIGHEST_LEVEL and 1 <= width <= TILE_WIDTH else None
    if row is None or number * TILE_WIDTH + width > row[0] >> TILE_HEIGHT * level:
        raise NotFoundError


def _one(name: str, values: dict[str, Any]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(SQL[name], values)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row
