"""What the figures were taken on: machine, versions, and how long this disk takes to keep a promise."""

import os
import platform
import statistics
import time
from pathlib import Path
from typing import Any

import psycopg


def machine() -> dict[str, Any]:
    return {
        "cpus": os.cpu_count(),
        "model": _cpu_model(),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "load": os.getloadavg(),
    }


def _cpu_model() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def server(url: str) -> dict[str, str]:
    names = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "data_checksums")
    with psycopg.connect(url) as connection:
        return {name: connection.execute(f"SHOW {name}").fetchone()[0] for name in names}  # type: ignore[index]


def sync_probe_ms(url: str, *, commits: int = 100) -> float:
    """Median milliseconds of a durable one-row commit."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS bench_probe (at timestamptz)")
        taken = []
        for _ in range(commits):
            began = time.perf_counter()
            connection.execute("INSERT INTO bench_probe VALUES (now())")
            taken.append((time.perf_counter() - began) * 1000)
    return round(statistics.median(taken), 3)
