"""The ledger: bulk and durable append, proof and verify at many leaves, and what an event leaves on disk, part by part.

Rates of the tree are of one thread's own time (so another's work on the machine does not count); the durable append is
by the clock, commits included. Each proof is checked before it counts.
"""

import random
import statistics
import time
from typing import Any, Final
from uuid import uuid4

GOALS: Final = {"bulk_per_s": 800_000, "durable_per_s": 60_000, "proof_us": 30, "verify_us": 15, "bytes_an_event": 250}
BATCH: Final = 4096
_ASKED: Final = 2_000
_FOLDED: Final = 20 * BATCH
_EVENTS: Final = 2_000


def run(leaves: int) -> dict[str, Any]:
    return {**_tree(leaves), **_durable(), "event": _event(), "goals": GOALS}


def _tree(leaves: int) -> dict[str, Any]:
    from amanat.merkle.proof import verify_inclusion
    from amanat.merkle.tiles import Tile, TileHashes, grow
    from amanat.merkle.tree import leaf_hash, root_at

    records = [number.to_bytes(200, "big") for number in range(1 << 16)]
    kept: dict[tuple[int, int], bytes] = {}

    def read(tile: Tile) -> bytes:
        return kept[tile.level, tile.number][: tile.width * 32]

    size, began = 0, time.thread_time()
    while size < leaves:
        grown = grow(read, size, [leaf_hash(one) for one in records])
        kept.update({(tile.level, tile.number): hashes for tile, hashes in grown.items()})
        size += len(records)
    bulk = size / (time.thread_time() - began)

    hashes = TileHashes(read, keep=1 << 20)
    draw = random.Random(1)
    asked = [draw.randrange(size) for _ in range(_ASKED)]
    cold = _each(lambda at: hashes.inclusion_proof(at, size), asked)
    warm = _each(lambda at: hashes.inclusion_proof(at, size), asked)
    root = root_at(hashes.at(size), size)
    given = [(leaf_hash(records[at % len(records)]), at, hashes.inclusion_proof(at, size)) for at in asked]
    verified = _each(lambda one: verify_inclusion(one[0], one[1], size, one[2], root), given)
    return {"leaves": size, "bulk_per_s": round(bulk), "proof_us": warm, "proof_cold_us": cold, "verify_us": verified}


def _each(work: Any, given: list[Any]) -> float:
    """Median microseconds."""
    taken = []
    for one in given:
        began = time.perf_counter_ns()
        work(one)
        taken.append(time.perf_counter_ns() - began)
    return round(statistics.median(taken) / 1000, 1)


def _durable() -> dict[str, Any]:
    """What waits is folded: taken out, hashed, put into bundles and tiles, and signed, a durable commit a batch."""
    from django.db import connection

    from amanat.ledger.fold import fold
    from bench.world import COMPANY

    while fold(COMPANY):
        pass
    leaf = "sha256(number::text::bytea) || substr(sha256((-number)::text::bytea), 1, 17)"
    put = f"INSERT INTO ledger_pending (company, leaf) SELECT %s, {leaf} FROM generate_series(1, %s) number"  # noqa: S608  # our own words
    with connection.cursor() as cursor:
        cursor.execute(put, [COMPANY, _FOLDED])
        cursor.execute("SELECT clock_timestamp()")
    began, taken = time.perf_counter(), 0
    while folded := fold(COMPANY):
        taken += folded
    if taken != _FOLDED:
        raise SystemExit(f"{taken} of {_FOLDED} leaves were folded")
    return {"durable_per_s": round(taken / (time.perf_counter() - began)), "batch": BATCH}


# Each part of what an event leaves, and the tables it lies in: rows, then their indexes.
_PARTS: Final = {
    "act": "SELECT pg_relation_size('ledger_act')",
    "act's indexes": "SELECT pg_indexes_size('ledger_act')",
    "entry": "SELECT pg_relation_size('ledger_entry')",
    "entry's indexes": "SELECT pg_indexes_size('ledger_entry')",
}
_BODY: Final = "SELECT avg(octet_length(body)) FROM ledger_entry"
_LOG: Final = """
    SELECT (SELECT sum(pg_column_size(leaves)) FROM ledger_bundle WHERE company = %(company)s),
           (SELECT sum(octet_length(hashes)) FROM ledger_tile WHERE company = %(company)s),
           (SELECT max(size) FROM ledger_checkpoint WHERE company = %(company)s)
"""


def _event() -> dict[str, Any]:
    """Bytes of one look at one person: rows and indexes as they lie on disk, leaf and hashes as they are in the log."""
    from django.db import connection

    from amanat.custody.facts import Ask
    from amanat.custody.unit import unit
    from amanat.database.acting import connected_as
    from bench.world import COMPANY, one_coordinator

    actor: Any = one_coordinator()
    with connected_as("owner"), connection.cursor() as cursor:
        cursor.execute("SELECT subject FROM people_standing")
        subjects = [row[0] for row in cursor.fetchall()]
        cursor.execute("VACUUM FULL ledger_act, ledger_entry")
        before = {name: _number(cursor, asked) for name, asked in _PARTS.items()}
    for number in range(_EVENTS):
        with unit(_again(actor), "eligibility") as one:
            one.ask(
                Ask("view", ("name", "birth_year", "cover_status"), "eligibility"), [subjects[number % len(subjects)]]
            )
    with connected_as("owner"), connection.cursor() as cursor:
        after = {name: _number(cursor, asked) for name, asked in _PARTS.items()}
        body = _number(cursor, _BODY)
        cursor.execute(_LOG, {"company": COMPANY})
        bundles, tiles, size = cursor.fetchone() or (0, 0, 1)
    parts = {name: round((after[name] - before[name]) / _EVENTS) for name in _PARTS}
    parts |= {"leaf in its bundle": round(bundles / size), "hashes in tiles": round(tiles / size)}
    return {"bytes": sum(parts.values()), "sealed_body": round(body), "parts": parts, "events": _EVENTS}


def _again(actor: Any) -> Any:
    """The same person in another session: no look is a repeated one."""
    from dataclasses import replace

    return replace(actor, session=uuid4().hex)


def _number(cursor: Any, asked: str) -> float:
    cursor.execute(asked)
    return float(cursor.fetchone()[0] or 0)
