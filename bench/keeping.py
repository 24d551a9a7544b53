"""What keeping costs: sealing and storing folders against COPY of the same finished rows, and the room that seals take.

COPY is the owner's, past row security, into a table with the same columns and keys; the platform may not copy there.
"""

import json
import random
import statistics
import time
from typing import Any
from uuid import uuid4

from bench.world import COMPANY, one_coordinator

BATCH = 1_000
_PERSON = {
    "name": {"given": "Amina", "family": "Haddad"}, "birth_date": "1990-03-14", "gender": "female",
    "nationality": "CH", "email": "amina.haddad@oryx-energy.example", "phone_work": "+41 44 668 18 00",
    "phone_home": "+41 79 555 01 23", "postal_address": "Bahnhofstrasse 1, 8001 Zürich", "language": "fr",
    "employer": "Oryx Energy AG, Zürich", "policy_number": "OX-1001", "member_id": "M-20451177",
    "travel_document": "CH X1234567", "entitlement": {"status": "covered", "scheme": "standard"},
    "dependants": "one child, born 2015",
}  # fmt: skip
_TRIP = {
    "destinations": "SG, MY", "accommodation": "Harbour View Hotel, 8 Marina Street, Singapore",
    "itinerary": {"from": "ZRH", "to": "SIN", "out": "2027-02-03", "back": "2027-02-17", "flight": "LX176"},
}  # fmt: skip


def run(folders: int, people: int, rounds: int) -> dict[str, Any]:
    actor, ratios, ours, theirs = one_coordinator(), [], [], []
    for _ in range(rounds):
        taken, rows = _sealed_and_stored(actor, folders)
        copied = _copied("bench_folder", rows)
        ratios.append(copied / taken)
        ours.append(folders / taken)
        theirs.append(folders / copied)
    return {
        "folders": folders, "folders_per_s": round(statistics.median(ours)),
        "copy_per_s": round(statistics.median(theirs)),
        "ratio_to_copy": {"median": round(statistics.median(ratios), 2), "min": round(min(ratios), 2),
                          "max": round(max(ratios), 2)},
        "room": _room(actor, people),
    }  # fmt: skip


def _sealed_and_stored(actor: Any, folders: int) -> tuple[float, list[tuple[Any, ...]]]:
    """Seconds for sealing trips of twenty people and storing them in one durable transaction; and their rows."""
    from amanat.custody.unit import unit
    from amanat.vault.folders import insert_folders, row_of, seal_folder
    from amanat.vault.keys import enrol
    from amanat.vault.periods import OPEN, period_keys

    with unit(actor, "assistance"):
        keys = list(enrol(COMPANY, [uuid4() for _ in range(20)]).values())
        periods = period_keys(COMPANY, ((leaf, OPEN) for leaf in _TRIP))
    dice, rows = random.Random(7), []
    began = time.perf_counter()
    with unit(actor, "assistance"):
        for start in range(0, folders, BATCH):
            some = [
                seal_folder(dice.choice(keys), "trip", uuid4(), 1, _TRIP, periods=periods)
                for _ in range(min(BATCH, folders - start))
            ]
            insert_folders(some)
            rows += map(row_of, some)
    return time.perf_counter() - began, rows


def _copied(table: str, rows: list[tuple[Any, ...]]) -> float:
    """Seconds for the owner's binary COPY of the rows, durable; into a table like the vault's, keys and all."""
    from amanat.vault.folders import COLUMNS

    with _owner() as owner:
        owner.execute(f"CREATE TABLE IF NOT EXISTS {table} (LIKE vault_folder INCLUDING ALL)")
        owner.commit()
        began = time.perf_counter()
        with owner.cursor().copy(f"COPY {table} ({', '.join(COLUMNS)}) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(["uuid", "varchar", "uuid", "int4", "varchar", "int2[]", "bytea[]"])
            for row in rows:
                copy.write_row(row)
        owner.commit()
        return time.perf_counter() - began


def _room(actor: Any, people: int) -> dict[str, Any]:
    """Bytes of people with fifteen leaves each, sealed and as plain text, with the same columns and indexes."""
    from amanat.custody.unit import unit
    from amanat.vault.folders import NO_RECORD, row_of, seal_folder
    from amanat.vault.keys import enrol
    from amanat.vault.periods import OPEN, period_keys

    with unit(actor, "assistance"):
        keys = enrol(COMPANY, [uuid4() for _ in range(people)])
        periods = period_keys(COMPANY, ((leaf, OPEN) for leaf in _PERSON))
    sealed = [row_of(seal_folder(one, "core", NO_RECORD, 1, _PERSON, periods=periods)) for one in keys.values()]
    plain = [json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() for value in _PERSON.values()]
    _copied("bench_sealed", sealed)
    _copied("bench_plain", [(*row[:-1], plain) for row in sealed])
    with _owner() as owner:
        sizes = [owner.execute("SELECT pg_total_relation_size(%s)", (f"bench_{one}",)).fetchone()[0]
                 for one in ("sealed", "plain")]  # fmt: skip
    return {"people": people, "leaves": len(_PERSON), "sealed_bytes": round(sizes[0] / people),
            "plain_bytes": round(sizes[1] / people), "ratio": round(sizes[0] / sizes[1], 2)}  # fmt: skip


def _owner() -> Any:
    from django.conf import settings

    from amanat.database.logins import connect

    return connect("owner", settings.HOME)
