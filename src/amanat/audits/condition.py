"""Is this installation well? One answer for `amanat doctor` and for the privacy officer's health page.

It asks the database as the log-ins that count and looks at the state folder. It needs no Django, and names no person.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import psycopg

from amanat.database import backup, check
from amanat.database.check import Finding
from amanat.database.home import Home
from amanat.database.logins import connect
from amanat.database.queries import queries
from amanat.errors import AmanatError
from amanat.ledger import health as ledger
from amanat.vocabulary import clock

SQL = queries("amanat.ledger")
# The worker folds every two seconds, and looks over a short log every twenty; half a minute is several times late.
LONGEST_WAIT: Final = timedelta(seconds=30)
OLDEST_COPY: Final = timedelta(days=1)
OLDEST_KEY: Final = timedelta(days=365)
_WORKER: Final = "start the worker: amanat worker"


@dataclass(frozen=True, slots=True)
class Aspect:
    """One side of the installation. `moment` and `number` say how it is; what is wrong stands in `found`.

    `name` is `fold` (entries that wait for the log, since when), `log` (last signed head, companies with a log),
    `watch` (last comparison of everything), `keys` (the oldest key file), `copy` (last copy of rows and keys) or
    `rows` (settings, roles, grants and row security).
    """

    name: str
    moment: datetime | None = None
    number: int = 0
    found: tuple[Finding, ...] = ()

    @property
    def is_well(self) -> bool:
        return not self.found


def examine(home: Home) -> list[Aspect]:
    """Every side, also when one of them cannot be looked at."""
    looks: dict[str, Callable[[Home], Aspect]] = {
        "fold": _fold, "log": _log, "watch": _watch, "keys": _keys, "copy": _copy, "rows": _rows,
    }  # fmt: skip
    return [_looked(name, look, home) for name, look in looks.items()]


def _looked(name: str, look: Callable[[Home], Aspect], home: Home) -> Aspect:
    try:
        return look(home)
    except AmanatError as error:
        return Aspect(name, found=(Finding(name, error.detail, error.hint or "mend it and look again"),))
    except psycopg.Error as error:
        says = f"the database refused to be asked: {type(error).__name__}"
        return Aspect(name, found=(Finding(name, says, "run `amanat database migrate`"),))


def _fold(home: Home) -> Aspect:
    with connect("audit", home) as connection:
        rows = connection.execute(SQL["lag"]).fetchall()
    found = tuple(_late(*row) for row in rows if row[2] is None or clock.now() - row[2] > LONGEST_WAIT)
    oldest = min((since for _, _, since, _ in rows if since), default=None)
    return Aspect("fold", oldest, sum(number for _, number, _, _ in rows), found)


def _late(company: str, number: int, since: datetime | None, signed: datetime | None) -> Finding:
    says = f"{number} entries wait, the oldest since {at(since)}; last signed {at(signed)}"
    return Finding(f"ledger of {company}", says, _WORKER)


def _log(home: Home) -> Aspect:
    with connect("audit", home) as connection:
        row = connection.execute("SELECT max(at), count(DISTINCT company) FROM ledger_checkpoint").fetchone()
    signed, logs = row or (None, 0)
    # What waits, and whether anybody looks, is told by other sides, and sooner.
    found = (one for one in ledger.health(home) if one.mend != _WORKER)
    return Aspect("log", signed, logs, tuple(found))


def _watch(home: Home) -> Aspect:
    with connect("audit", home) as connection:
        row = connection.execute(SQL["last_look"]).fetchone()
    if row is None:
        return Aspect("watch", found=(Finding("watch over the ledger", "nobody has looked yet", _WORKER),))
    began, _, findings, due = row
    if clock.now() <= due + LONGEST_WAIT:
        return Aspect("watch", began, findings)
    return Aspect("watch", began, findings, (Finding("watch over the ledger", f"last seen {at(began)}", _WORKER),))


def _keys(home: Home) -> Aspect:
    made = [datetime.fromtimestamp(file.stat().st_mtime, UTC) for file in _key_files(home)]
    oldest = min(made, default=None)
    if oldest is None:
        found = Finding("keys", f"there are none in {home.keys}", "put the folder back from the key backup")
        return Aspect("keys", found=(found,))
    if clock.now() - oldest <= OLDEST_KEY:
        return Aspect("keys", oldest, len(made))
    found = Finding("keys", f"the oldest is from {at(oldest)}", "turn the epochs: amanat keys")
    return Aspect("keys", oldest, len(made), (found,))


def _key_files(home: Home) -> Iterator[Path]:
    return (file for file in home.keys.rglob("*") if file.is_file() and not file.name.startswith("."))


def _copy(home: Home) -> Aspect:
    made = backup.last_copy(home)
    if made is not None and clock.now() - made <= OLDEST_COPY:
        return Aspect("copy", made)
    found = Finding("last copy of rows and keys", at(made), "amanat backup ROWS --keys KEYS")
    return Aspect("copy", made, found=(found,))


def _rows(home: Home) -> Aspect:
    return Aspect("rows", found=tuple(check.findings(home)))


def at(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if moment else "never"
