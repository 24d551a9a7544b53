"""Folding: the worker takes waiting leaves out of `ledger_pending`, gives them their places, and signs the new head.

One transaction does all of it, alone for its company: no leaf is lost or doubled, whatever stops the process. Order
is the leaf's index and never a clock or a sequence, as transactions commit in another order than they began.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from amanat.database.queries import queries
from amanat.errors import IntegrityError
from amanat.ledger.signing import begin_log, keep_checkpoint, kept_checkpoint, load_signer
from amanat.merkle.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from amanat.merkle.note import Signer
from amanat.merkle.proof import verify_consistency
from amanat.merkle.tiles import TILE_WIDTH, Tile, TileHashes, grow
from amanat.merkle.tree import HASH_LENGTH, consistency_proof, leaf_hash, root_at
from amanat.vocabulary import clock

SQL = queries("amanat.ledger")
MOST = 4096


class HeadBehindError(IntegrityError):
    """The log in the database ends before what was signed last."""


def fold(company: str) -> int:
    """Move up to `MOST` waiting leaves of `company` into its log; give their number.

    0 also if another worker folds this log right now. Raises an `IntegrityError`, and signs nothing, if what is kept
    does not continue what was signed before.
    """
    with transaction.atomic(durable=True):
        leaves = _take(company)
        if not leaves:
            return 0
        signer, head = _signer_and_head(company)
        tiles = grow(lambda tile: _read_tile(company, tile), head.size, [leaf_hash(leaf) for leaf in leaves])
        note = _sign(company, signer, head, head.size + len(leaves), tiles)
        _put_bundles(company, head.size, leaves)
        _put_tiles(company, tiles)
    keep_checkpoint(settings.HOME, company, note)
    return len(leaves)


def waiting_companies() -> list[str]:
    """The companies whose log has something to take in."""
    with connection.cursor() as cursor:
        cursor.execute(SQL["waiting_companies"])
        return [company for (company,) in cursor.fetchall()]


def _take(company: str) -> list[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(SQL["fold_alone"], {"company": company})
        if cursor.fetchone() != (True,):
            return []
        cursor.execute(SQL["take_pending"], {"company": company, "most": MOST})
        return [bytes(leaf) for (leaf,) in cursor.fetchall()]


def _signer_and_head(company: str) -> tuple[Signer, Checkpoint]:
    """A log without a checkpoint begins here, with its key; one that has some needs the key it began with."""
    with connection.cursor() as cursor:
        cursor.execute(SQL["head"], {"company": company})
        row = cursor.fetchone()
    signer = begin_log(settings.HOME, company) if row is None else load_signer(settings.HOME, company)
    head = Checkpoint(signer.name, 0, b"") if row is None else open_checkpoint(row[2], [signer.verifier])
    kept = kept_checkpoint(settings.HOME, company, signer.verifier)
    if kept and (kept.size > head.size or (kept.size == head.size and kept.root != head.root)):
        raise HeadBehindError(
            f"the log of {company} has {head.size} entries, but {kept.size} were signed",
            hint="restore a newer backup of the database; what was signed cannot be signed differently",
        )
    return signer, head


def _sign(company: str, signer: Signer, head: Checkpoint, size: int, tiles: Mapping[Tile, bytes]) -> str:
    """Sign the head of `size` leaves, after proving that it continues the last one, and store it."""
    read = TileHashes(lambda tile: tiles.get(tile) or _read_tile(company, tile)).at(size)
    new = Checkpoint(signer.name, size, root_at(read, size))
    if head.size:
        verify_consistency(head.size, size, consistency_proof(read, head.size, size), head.root, new.root)
    note = sign_checkpoint(new, signer)
    values = {"company": company, "size": size, "root": new.root, "note": note, "at": clock.now(), "before": head.size}
    _run("put_checkpoint", values)
    return note


def _read_tile(company: str, tile: Tile) -> bytes:
    return read_tiles(company, [tile])[tile]


def read_tiles(company: str, tiles: Sequence[Tile]) -> dict[Tile, bytes]:
    """The content of each tile as it was at its width; a row may have grown since. A missing one is empty."""
    values: dict[str, Any] = {
        "company": company,
        "levels": [one.level for one in tiles],
        "numbers": [one.number for one in tiles],
    }
    with connection.cursor() as cursor:
        cursor.execute(SQL["tiles"], values)
        found = {(level, number): bytes(hashes) for level, number, hashes in cursor.fetchall()}
    return {tile: found.get((tile.level, tile.number), b"")[: tile.width * HASH_LENGTH] for tile in tiles}


def _put_bundles(company: str, start: int, leaves: Sequence[bytes]) -> None:
    numbers = [(start + position) // TILE_WIDTH for position in range(len(leaves))]
    _run("put_bundles", {"company": company, "numbers": numbers, "leaves": list(leaves)})


def _put_tiles(company: str, tiles: Mapping[Tile, bytes]) -> None:
    levels, numbers = [tile.level for tile in tiles], [tile.number for tile in tiles]
    _run("put_tiles", {"company": company, "levels": levels, "numbers": numbers, "hashes": list(tiles.values())})


def _run(name: str, values: Mapping[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SQL[name], values)
