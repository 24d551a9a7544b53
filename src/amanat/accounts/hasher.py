"""Argon2id at the measured cost of one hash per core: dear for a thief, bearable at the door.

Each hash takes 46 MiB and a core for about 40 ms, so a flood of sign-ins would starve everything else. At most one
hash per core runs; who waits longer than two seconds is asked to come back.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.contrib.auth.hashers import Argon2PasswordHasher

from amanat.errors import UnavailableError

LONGEST_WAIT: Final = 2.0
COME_BACK_AFTER: Final = 5

_slots = threading.BoundedSemaphore(len(os.sched_getaffinity(0)))


class SignInBusyError(UnavailableError):
    """Too many people are signing in at this moment; nothing was tried."""

    retry_after = COME_BACK_AFTER


class Argon2Hasher(Argon2PasswordHasher):
    """The only password hasher: Argon2id, 46 MiB, one pass, one lane."""

    time_cost = 1
    memory_cost = 47_104
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _one_slot():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _one_slot():
            return super().verify(password, encoded)


@contextmanager
def _one_slot() -> Iterator[None]:
    if not _slots.acquire(timeout=LONGEST_WAIT):
        raise SignInBusyError
    try:
        yield
    finally:
        _slots.release()
