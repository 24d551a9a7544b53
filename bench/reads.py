"""Audited reads: a custody unit of 1 and of 50 people against B3, the same reads and one plain durable log row.

Both sides read the same standing, relations, cover, mandates and sealed folders and read them to the end; B3 neither
decides nor opens. Clients are processes. The figure is the median over rounds of product ÷ B3 units per second.
"""

import json
import multiprocessing as mp
import os
import random
import statistics
import time
from typing import Any
from uuid import UUID, uuid4

from bench.probe import sync_probe_ms
from bench.world import one_coordinator

WORDS = ("name", "birth_year", "cover_status")
PURPOSE = "eligibility"


def run(clients: int, rounds: int, seconds: float) -> dict[str, Any]:
    from django.conf import settings
    from django.db import connection, connections

    from amanat.database.acting import connected_as
    from amanat.database.logins import parameters

    actor = one_coordinator()
    with connected_as("owner"), connection.cursor() as cursor:
        cursor.execute("SELECT subject FROM people_standing")
        subjects = [row[0] for row in cursor.fetchall()]
        cursor.execute("CREATE TABLE bench_log (id uuid, at timestamptz, account uuid, words text, subjects uuid[])")
        cursor.execute("GRANT INSERT ON bench_log TO PUBLIC")
    if not subjects:
        raise SystemExit("no people to read")
    login = parameters("worker", settings.HOME)
    url = f"postgresql://{login['user']}:{login['password']}@/{login['dbname']}?host={login['host']}"
    owner = parameters("owner", settings.HOME)
    owner_url = f"postgresql://{owner['user']}:{owner['password']}@/{owner['dbname']}?host={owner['host']}"
    connections.close_all()
    result: dict[str, Any] = {}
    for size in (1, 50):
        ratios, product_rates, plain_rates, probes = [], [], [], []
        for number in range(rounds):
            probes.append(sync_probe_ms(owner_url))
            order = [("product", _product), ("b3", _plain)]
            random.Random(number).shuffle(order)
            rates = {name: _measure(work, (actor, subjects, size, url), clients, seconds) for name, work in order}
            ratios.append(rates["product"] / rates["b3"])
            product_rates.append(rates["product"])
            plain_rates.append(rates["b3"])
        result[f"unit of {size}"] = {
            "ratio_to_b3": {"median": round(statistics.median(ratios), 3), "min": round(min(ratios), 3),
                            "max": round(max(ratios), 3)},
            "units_per_s": round(statistics.median(product_rates)),
            "b3_units_per_s": round(statistics.median(plain_rates)),
            "sync_probe_ms": probes,
            "clients": clients,
        }  # fmt: skip
    return result


def _measure(work: Any, given: tuple[Any, ...], clients: int, seconds: float) -> float:
    context = mp.get_context("fork")
    results: Any = context.Queue()
    barrier = context.Barrier(clients)
    processes = [
        context.Process(target=_client, args=(work, given, number, barrier, seconds, results))
        for number in range(clients)
    ]
    for process in processes:
        process.start()
    rates = [results.get(timeout=seconds * 20 + 60) for _ in processes]
    for process in processes:
        process.join()
    if any(rate is None for rate in rates):
        raise SystemExit("a client got a wrong answer; no figure is printed")
    return float(sum(rates))


def _client(work: Any, given: tuple[Any, ...], number: int, barrier: Any, seconds: float, results: Any) -> None:
    try:
        step = work(given, random.Random(os.getpid() + number))
        for _ in range(5):
            step()
        barrier.wait()
        began, done = time.perf_counter(), 0
        while time.perf_counter() - began < seconds:
            step()
            done += 1
        results.put(done / (time.perf_counter() - began))
    except Exception as error:  # noqa: BLE001  # whatever it was: this client has no figure, so nobody has
        print(f"client {number}: {error!r}", flush=True)
        results.put(None)


def _product(given: tuple[Any, ...], dice: random.Random) -> Any:
    from django.db import connections

    from amanat.custody.facts import Ask
    from amanat.custody.unit import unit

    connections.close_all()
    actor, subjects, size, _ = given
    ask = Ask("view", WORDS, PURPOSE)

    def step() -> None:
        chosen: list[UUID] = dice.sample(subjects, size)
        with unit(actor, PURPOSE, about=chosen) as one:
            handle = one.ask(ask, chosen)
        for subject in chosen:
            values = handle.values(subject)
            if set(values) != set(WORDS):
                raise AssertionError(values.keys())

    return step


def _plain(given: tuple[Any, ...], dice: random.Random) -> Any:
    """B3 by psycopg: the same two reads, one INSERT, one durable commit; context set with the first statement."""
    import psycopg

    from amanat.database.queries import queries

    actor, subjects, size, url = given
    facts, sealed = queries("amanat.custody")["facts"], queries("amanat.vault")["sealed"]
    connection = psycopg.connect(url)
    log = "INSERT INTO bench_log VALUES (%s, now(), %s, %s, %s)"

    def step() -> None:
        from datetime import UTC, datetime

        chosen = dice.sample(subjects, size)
        now = datetime.now(UTC)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('amanat.company', %s, true)", (actor.company,))
            values = {"subjects": sorted(chosen), "company": actor.company, "account": actor.account,
                      "today": now.date(), "now": now}  # fmt: skip
            rows = cursor.execute(facts, values).fetchall()
            folders = cursor.execute(sealed, {"subjects": chosen, "folders": ["core"], "record": None}).fetchall()
            if len(rows) != size or len(folders) != size:
                raise AssertionError((len(rows), len(folders)))
            cursor.execute(log, (uuid4(), actor.account, json.dumps(WORDS), chosen))
        connection.commit()

    return step
