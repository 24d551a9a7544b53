"""The loop itself: duties keep to their intervals, and one that fails waits longer and longer."""

import logging
from collections.abc import Callable

import pytest

from amanat.errors import UnavailableError
from amanat.worker import loop
from amanat.worker.duties import Duty


class Clockwork:
    """Time that passes only while the loop sleeps; after `end` seconds the loop is asked to stop."""

    def __init__(self, end: float) -> None:
        self.now, self._end = 0.0, end

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        if self.now > self._end:
            raise loop.Stopped


@pytest.fixture
def clockwork(monkeypatch: pytest.MonkeyPatch) -> Clockwork:
    made = Clockwork(end=100.0)
    monkeypatch.setattr(loop, "time", made)
    return made


def _run(clockwork: Clockwork, every: float, action: Callable[[], int]) -> list[float]:
    times: list[float] = []

    def carry_out() -> int:
        times.append(clockwork.now)
        return action()

    with pytest.raises(loop.Stopped):
        loop.work([Duty("tested", every, carry_out), Duty("other", 7.0, lambda: 0)])
    return times


def test_a_duty_keeps_its_interval(clockwork: Clockwork) -> None:
    assert _run(clockwork, 10.0, lambda: 1) == [10.0 * number for number in range(11)]


def test_a_failing_duty_pauses_longer_each_time_and_at_most_half_a_minute(clockwork: Clockwork) -> None:
    def fail() -> int:
        raise UnavailableError

    assert _run(clockwork, 2.0, fail) == [0, 1, 3, 7, 15, 31, 61, 91]


def test_a_fault_ends_neither_the_loop_nor_says_its_values(
    clockwork: Clockwork, caplog: pytest.LogCaptureFixture
) -> None:
    def fault() -> int:
        raise ValueError("amina@example.org")

    assert len(_run(clockwork, 2.0, fault)) == 8
    assert "duty tested is at fault: ValueError at test_work.py:" in caplog.text
    assert "amina" not in caplog.text


def test_a_duty_that_recovers_keeps_its_interval_again(clockwork: Clockwork) -> None:
    def recover() -> int:
        if clockwork.now < 5:
            raise UnavailableError
        return 1

    assert _run(clockwork, 30.0, recover) == [0, 1, 3, 7, 37, 67, 97]


def test_what_was_done_is_logged_as_a_number(clockwork: Clockwork, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "amanat.worker"):
        _run(clockwork, 60.0, lambda: 3)
    assert caplog.messages == ["duty tested: 3", "duty tested: 3"]
