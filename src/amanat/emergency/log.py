"""The log of a case: a list of sealed entries to which desks add and from which nobody takes away.

Break-glass writes its reasons into the log of its case, so the form of an entry is kept here, below the cases.
"""

from typing import Any
from uuid import UUID

from amanat.custody.facts import Ask
from amanat.custody.handle import Handle
from amanat.custody.unit import Unit

LONGEST = 2000


def add_to_log(
    one: Unit,
    subject: UUID,
    case: UUID,
    purpose: str,
    entry: dict[str, Any],
    *,
    version_read: int | None = None,
    beside: dict[str, Any] | None = None,
) -> Handle:
    """Decide, record and seal a new entry; `beside` are other leaves of the case's folder that change with it."""
    values = {"case_log": [entry] if entry["text"] else [], **(beside or {})}
    ask = Ask("collect", tuple(values), purpose, record=case)
    return one.keep(ask, subject, values, version_read=version_read, adding=True)


def entry_of(one: Unit, about: str, text: str) -> dict[str, Any]:
    """An entry by the acting person, by account and role: staff names are looked up, never copied."""
    return {
        "at": one.now.isoformat(timespec="seconds"),
        "by": str(one.actor.account),
        "role": one.actor.role,
        "about": about,
        "text": text.strip()[:LONGEST],
    }
