"""One look at the whole ledger, and how often it is worth one. Needs no Django: it reads as the audit log-in alone.

A short log is compared every twenty seconds, so that a change is known and told within a minute. A long one takes a
twentieth of the time of one core: its next look is so much later.
"""

import time
from datetime import timedelta
from itertools import islice
from typing import Final

import psycopg

from amanat.database.home import Home
from amanat.ledger.verify import Finding, verify

EVERY: Final = timedelta(seconds=20)
# A look that is so much later than it was promised means that nobody is watching.
LATEST: Final = timedelta(minutes=2)
_SHARE: Final = 20
_MOST: Final = 100


def look(connection: psycopg.Connection, home: Home) -> tuple[list[Finding], float]:
    """The first hundred findings, and how many seconds it took to compare everything."""
    began = time.monotonic()
    found = list(islice(verify(connection, home.ledger), _MOST))
    return found, time.monotonic() - began


def pause_after(seconds: float) -> timedelta:
    """How long to wait after a look that took so long."""
    return max(EVERY, timedelta(seconds=seconds * _SHARE))
