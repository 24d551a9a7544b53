"""The one hasher: its cost, and what a flood of sign-ins meets."""

import os
import threading

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from amanat.accounts import hasher
from amanat.accounts.hasher import Argon2Hasher, SignInBusyError
from amanat.errors import Kind

PASSWORD = "a lantern over quiet water"


def test_it_is_argon2id_at_46_mebibytes_and_the_only_one() -> None:
    encoded = Argon2Hasher().encode(PASSWORD, "0123456789abcdef")
    assert encoded.startswith("argon2$argon2id$v=19$m=47104,t=1,p=1$")
    assert [import_string(name) for name in settings.PASSWORD_HASHERS] == [Argon2Hasher]


def test_it_accepts_all_unicode_and_nothing_near_it() -> None:
    password = "水の上の灯り、静かな夜に، أمانة"  # a password in several scripts
    encoded = Argon2Hasher().encode(password, "0123456789abcdef")
    assert Argon2Hasher().verify(password, encoded)
    assert not Argon2Hasher().verify(password + " ", encoded)


def test_one_hash_per_core_runs_and_who_waits_too_long_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hasher, "LONGEST_WAIT", 0.05)
    cores = len(os.sched_getaffinity(0))
    inside, leave = threading.Semaphore(0), threading.Event()

    def occupy() -> None:
        with hasher._one_slot():
            inside.release()
            leave.wait(10)

    crowd = [threading.Thread(target=occupy) for _ in range(cores)]
    for one in crowd:
        one.start()
    for _ in crowd:
        assert inside.acquire(timeout=10)
    with pytest.raises(SignInBusyError) as busy:
        Argon2Hasher().encode(PASSWORD, "0123456789abcdef")
    leave.set()
    for one in crowd:
        one.join()
    assert busy.value.kind is Kind.UNAVAILABLE
    assert busy.value.retry_after > 0
    assert Argon2Hasher().encode(PASSWORD, "0123456789abcdef")
