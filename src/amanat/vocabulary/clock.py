"""The one place that reads the wall clock, so that every time is aware and in UTC, and a test can move it.

Order is never taken from here: the ledger's order is its index, and replay guards compare stored steps.
"""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
