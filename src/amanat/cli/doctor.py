"""`amanat doctor`: is this installation well? Each line says what was looked at, what was seen, and how to mend it.

It looks at everything it can reach even when something is broken, and ends with exit code 1 if anything is.
"""

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import click
import psycopg
from rich.console import Console

from amanat.audits import condition
from amanat.audits.condition import Aspect
from amanat.cli.database import server
from amanat.database import logins, target
from amanat.database.home import Home
from amanat.errors import AmanatError
from amanat.vocabulary import clock
from amanat.worker import health as messages

_LEAST_FREE: Final = 1024**3
_NAMES: Final = {
    "fold": "folding into the logs", "log": "ledger", "watch": "watch over the ledger", "keys": "keys",
    "copy": "last copy of rows and keys", "rows": "settings, roles, row security",
}  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """One thing looked at. A `mend` says that it is not well."""

    name: str
    says: str
    mend: str = ""


@click.command()
def doctor() -> None:
    """Say whether this installation is well, and how to mend what is not."""
    console = Console(highlight=False)
    ill = 0
    for seen in _examine():
        mark = "[red]✗[/]" if seen.mend else "[green]✓[/]"
        console.print(f"{mark} {seen.name}: {seen.says}", soft_wrap=True)
        if seen.mend:
            ill += 1
            console.print(f"    to mend it: {seen.mend}", soft_wrap=True)
    sys.exit(1 if ill else 0)


def _examine() -> Iterator[Seen]:
    yield Seen("Python", sys.version.split()[0])
    try:
        with server() as here:
            yield Seen("state folder", str(here.folder))
            yield _disk(here)
            place = target.find_target(here)
            yield Seen("database", f"{place.name} at {logins.place_of(place)}")
            for aspect in condition.examine(here):
                yield from _aspect(aspect)
            yield from _messages(here)
    except AmanatError as error:
        yield Seen("stopped here", error.detail, error.hint or "mend it and run this again")
    except psycopg.errors.UndefinedTable:
        yield Seen("tables", "some are missing", "run `amanat database migrate`")


def _disk(here: Home) -> Seen:
    free = shutil.disk_usage(here.folder).free
    says = f"{free / 1024**3:.1f} GB free"
    return Seen("disk", says, "" if free > _LEAST_FREE else "free some space: a full disk stops every write")


def _aspect(aspect: Aspect) -> Iterator[Seen]:
    """What the privacy officer's health page says of it, too."""
    if aspect.is_well:
        yield Seen(_NAMES[aspect.name], _well(aspect))
    for one in aspect.found:
        yield Seen(one.name, one.says, one.mend)


def _well(aspect: Aspect) -> str:
    match aspect.name:
        case "fold":
            return f"{aspect.number} entries wait, none for long"
        case "log":
            return f"{aspect.number} logs, nothing is missing; last signed {condition.at(aspect.moment)}"
        case "watch":
            return f"everything was compared, {condition.at(aspect.moment)}"
        case "keys":
            return f"{aspect.number} files, the oldest from {condition.at(aspect.moment)}"
        case "copy":
            return _ago(aspect.moment)
    return "all as they have to be"


def _messages(here: Home) -> Iterator[Seen]:
    found = messages.health(here)
    yield from (Seen(one.name, one.says, one.mend) for one in found)
    if not found:
        yield Seen("messages", "nothing waits too long, nothing is missing")


def _ago(moment: datetime | None) -> str:
    if moment is None:
        return "never"
    seconds = int((clock.now() - moment).total_seconds())
    return f"{timedelta(seconds=seconds)} ago"
