"""What the log may say of a failure: a number, the kind of error, and the places in our code. Never a value.

Messages of errors repeat what people typed, and PostgreSQL's repeat whole keys, so no message is logged. The person
sees the same number and can quote it.
"""

import logging
import secrets
import traceback
from pathlib import Path
from typing import Final

_LOG: Final = logging.getLogger("amanat.incident")
_SOURCE: Final = Path(__file__).parents[1]
_PLACES: Final = 4


def note(error: BaseException) -> str:
    """Log `error` without its values and give the number under which it stands in the log."""
    incident = secrets.token_hex(6)
    _LOG.error("incident=%s error=%s state=%s at=%s", incident, _kind(error), _state(error), _places(error))
    return incident


def _kind(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _state(error: BaseException) -> str:
    """PostgreSQL's five-letter code, which tells a full disk from a lost connection and repeats no value."""
    return getattr(error.__cause__, "sqlstate", None) or "-"


def _places(error: BaseException) -> str:
    """The innermost lines of our own code that the error came through."""
    ours = [
        f"{Path(frame.filename).relative_to(_SOURCE)}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(_SOURCE)
    ]
    return ",".join(reversed(ours[-_PLACES:])) or "-"
