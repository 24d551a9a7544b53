"""The worker's loop: each duty in its turn, for as long as the process lives, and the watch over the ledger beside it.

A duty that fails is tried again later and longer, and holds up no other; a lost database is waited for. Asked to stop
(SIGTERM, SIGINT), it stops at once, wherever it is: everything it does is one transaction or can be done again.
"""

import logging
import signal
import time
from collections.abc import Sequence
from types import FrameType

from django.db import Error, connection

from amanat.errors import AmanatError
from amanat.worker.duties import DUTIES, Duty
from amanat.worker.watch import Watch

log = logging.getLogger("amanat.worker")

_LONGEST_PAUSE = 30.0


class Stopped(KeyboardInterrupt):  # psycopg cancels the statement it waits for on an interrupt alone
    """Somebody asked this process to stop."""


def main(duties: Sequence[Duty] = DUTIES) -> None:
    """Work until asked to stop."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    watch = Watch()
    watch.start()
    try:
        work(duties)
    except Stopped:
        log.info("stopped")
    finally:
        watch.stop()
        connection.close()


def work(duties: Sequence[Duty]) -> None:
    """Carry out each duty when its time comes, and pause for the failing ones."""
    failures = dict.fromkeys(duties, 0)
    due = dict.fromkeys(duties, time.monotonic())
    while True:
        for duty in duties:
            if due[duty] <= time.monotonic():
                failures[duty] = 0 if _carry_out(duty) else failures[duty] + 1
                due[duty] = time.monotonic() + _pause(duty, failures[duty])
        time.sleep(max(0.0, min(due.values()) - time.monotonic()))


def _pause(duty: Duty, failures: int) -> float:
    return min(_LONGEST_PAUSE, 2.0 ** min(failures - 1, 8)) if failures else duty.every


def _carry_out(duty: Duty) -> bool:
    """Whether it went well. What is logged is the kind of error: messages may repeat values."""
    try:
        done = duty.carry_out()
    except (AmanatError, Error) as error:
        log.warning("duty %s failed: %s", duty.name, type(error).__name__)
        connection.close()
        return False
    except Exception as error:  # noqa: BLE001  # a fault in one duty must not end the others
        log.warning("duty %s is at fault: %s at %s", duty.name, type(error).__name__, _where(error))
        connection.close()
        return False
    if done:
        log.info("duty %s: %d", duty.name, done)
    return True


def _where(error: BaseException) -> str:
    """File and line, which name no value."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else "?"


def _stop(_number: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise Stopped
