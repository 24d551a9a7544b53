"""The watch over the ledger: a thread of the worker that compares everything at every start, and then again and again.

It holds up no folding. What does not fit becomes an incident at once; the mail that tells of it is a duty of the loop,
tried again until the mail server has it. Only the watch itself is a thread: it reads, and writes two small tables.
"""

import logging
import os
import threading
from typing import Final

import psycopg
from django.conf import settings
from django.db import Error, connection

from amanat.database.logins import connect
from amanat.errors import AmanatError
from amanat.ledger import incidents
from amanat.ledger.incidents import Incident, Look
from amanat.ledger.watching import look, pause_after
from amanat.vocabulary import clock
from amanat.worker import mail

log = logging.getLogger("amanat.worker")

_AFTER_A_FAILURE: Final = 10.0
_ENDS_WITHIN: Final = 5.0
_SUBJECT: Final = "Amanat: the ledger does not fit"
_BODY: Final = """The ledger of decisions was compared with what was signed, and does not fit:

{lines}

Until somebody has looked into it, the health page is red. `amanat ledger verify` shows all that is found now; after
that, `amanat ledger close` closes an incident with the reason.
"""


class Watch(threading.Thread):
    """Looks until it is stopped."""

    def __init__(self) -> None:
        super().__init__(name="watch", daemon=True)
        self._stopped = threading.Event()
        self._reading: psycopg.Connection | None = None

    def run(self) -> None:
        while not self._stopped.is_set():
            self._stopped.wait(self._round())

    def stop(self) -> None:
        """Break off whatever is being read, and end."""
        self._stopped.set()
        if self._reading is not None:
            self._reading.cancel_safe(timeout=1.0)
        self.join(_ENDS_WITHIN)

    def _round(self) -> float:
        """One look, written down; how many seconds to pause after it."""
        try:
            return self._look()
        except (AmanatError, Error, psycopg.Error) as error:
            if not self._stopped.is_set():
                log.warning("the watch could not look: %s", type(error).__name__)
            return _AFTER_A_FAILURE
        finally:
            connection.close()

    def _look(self) -> float:
        began = clock.now()
        with connect("audit", settings.HOME, autocommit=True) as self._reading:
            found, seconds = look(self._reading, settings.HOME)
        pause = pause_after(seconds)
        new = incidents.note(found)
        incidents.note_look(Look(began, seconds, len(found), clock.now() + pause))
        if new:
            log.error("the ledger does not fit: %d new incidents", new)
        return pause.total_seconds()


def tell() -> int:
    """Mail every incident that nobody was told of to `AMANAT_ALARM_MAIL`; give their number.

    Raises `MailServerError` while the mail server does not take it.
    """
    server, recipients = mail.find_server(), alarm_recipients()
    waiting = incidents.untold() if server and recipients else []
    if server is None or not waiting:
        return 0
    with mail.connected(server) as backend:
        for recipient in recipients:
            mail.post(backend, recipient, _SUBJECT, _BODY.format(lines=_lines(waiting)))
    incidents.note_told(waiting)
    return len(waiting)


def alarm_recipients() -> list[str]:
    """Who is told, separated by commas in the setting."""
    return [one.strip() for one in os.environ.get("AMANAT_ALARM_MAIL", "").split(",") if one.strip()]


def _lines(waiting: list[Incident]) -> str:
    return "\n".join(f"{one.found_at:%Y-%m-%d %H:%M:%S} UTC  {one.company}: {one.kind}: {one.row}" for one in waiting)
