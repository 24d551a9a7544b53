"""Taking a file in beside the request, so that nobody waits for more than a second without seeing how far it is.

The file stays in this process's memory. If the process ends, the load ends between two units of people, and sending the
file again finishes it.
"""

import threading
from typing import Final

from django.db import connections

from amanat.portals import incidents
from amanat.rosters.report import NotAttestedError
from amanat.rosters.service import Received, take_in

_PATIENCE: Final = 0.8  # seconds: a short file is done by then, and its sender sees the outcome at once


def begin(received: Received) -> None:
    """Take the file in. When this returns, it is done or on its way; how it went stands in its record."""
    worker = threading.Thread(target=_take_in, args=(received,), name=f"roster {received.file}", daemon=True)
    worker.start()
    worker.join(_PATIENCE)


def _take_in(received: Received) -> None:
    """In a thread of its own, with a connection of its own; a failure is on record and in the log."""
    try:
        take_in(received)
    except NotAttestedError:
        return  # refused, and on record as that
    except Exception as error:  # noqa: BLE001  # nobody above would hear of it
        incidents.note(error)
    finally:
        connections.close_all()
