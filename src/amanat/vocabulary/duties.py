"""What a duty may name: the events that call for it, how long it may take, and where its proof is kept.

Closed lists like every other word of the language, so that a clock can be started, and a proof asked for, by name.
"""

import re
from typing import Final

from amanat.errors import MalformedError

# What calls for a duty: things that happen, and things that are always there.
_HAPPENING: Final = (
    "request", "complaint", "claim", "withdrawal", "unsubscribe", "correction", "data_from_others", "breach",
    "emergency_access", "aim_ended", "trip_ended", "minor_found", "majority", "misdirected_request", "version_change",
)  # fmt: skip
STANDING: Final = ("company", "control", "page", "score", "store", "staff_member")
EVENTS: Final = (*_HAPPENING, *STANDING)

# Where it can be seen that a duty was done.
EVIDENCE: Final = (
    "request_receipt", "request_answer", "complaint_receipt", "claim_record", "choice_record", "suppression_list",
    "recipient_notices", "first_notice", "incident_register", "review_record", "erasure_record", "age_record",
    "forwarding_receipt", "version_list", "contact_list", "control_board", "page_check", "person_in_charge",
    "store_map", "training_record",
)  # fmt: skip

# A duty without a moment at which it is done: it holds all the time.
ALWAYS_KEPT: Final = "always"
_SPAN: Final = re.compile(r"(?P<number>[1-9][0-9]{0,4})(?P<unit>h|d|wd|y)")
_HOURS: Final = {"h": 1.0, "d": 24.0, "wd": 24.0 * 7 / 5, "y": 24.0 * 365}
_SAID: Final = {"h": "hour", "d": "day", "wd": "working day", "y": "year"}


class SpanError(MalformedError):
    """That is not a span of time."""


def span_parts(span: str) -> tuple[int, str]:
    """The number and the unit of a span: `10wd` is 10 of `wd`."""
    found = _SPAN.fullmatch(span)
    if found is None:
        raise SpanError(f"`{span[:40]}` is not a span of time", hint="write `72h`, `30d`, `10wd`, `2y` or `always`")
    return int(found["number"]), found["unit"]


def span_of(text: str) -> str:
    """A span of time, or `always`, as it is written; anything else is an error."""
    if text != ALWAYS_KEPT:
        span_parts(text)
    return text


def span_words(span: str) -> str:
    """A span in words.

    >>> span_words("10wd")
    '10 working days'
    """
    number, unit = span_parts(span)
    return f"{number} {_SAID[unit]}{'s' if number > 1 else ''}"


def hours_of(span: str) -> float:
    """How long a span is, so that two can be compared; `always` leaves no time. Five working days make a week."""
    if span == ALWAYS_KEPT:
        return 0.0
    number, unit = span_parts(span)
    return number * _HOURS[unit]
