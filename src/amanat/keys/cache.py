"""Unwrapped keys, remembered by the wrapped bytes they came from, for at most a minute.

A dropped or re-wrapped row brings other bytes or none, so it misses; nothing needs to be told to forget.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from amanat.crypto.secret import SecretKey

LIFETIME_SECONDS = 60.0
MOST = 20_000


class KeyCache:
    """A bounded, timed map from wrapped bytes to the key inside."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._kept: OrderedDict[bytes, tuple[float, SecretKey]] = OrderedDict()

    def get(self, wrapped: bytes, unwrap: Callable[[], SecretKey]) -> SecretKey:
        """The key in `wrapped`: the remembered one if it is young, else what `unwrap` gives."""
        now = self._clock()
        with self._lock:
            kept = self._kept.get(wrapped)
            if kept is not None and now - kept[0] < LIFETIME_SECONDS:
                return kept[1]
        key = unwrap()
        with self._lock:
            self._kept[wrapped] = (now, key)
            self._kept.move_to_end(wrapped)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return key

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()
