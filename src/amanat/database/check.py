"""Is this database fit to hold what people entrust to us? Each failure has a name and a mend; one is enough to refuse.

Durability first (an answer must not precede its record), then silence (no value in the server's log), then least
privilege. It asks as `web` and `worker`, in the sessions that count: a role can have settings of its own.
"""

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import psycopg

from amanat.database.home import Home
from amanat.database.logins import KINDS, Logins, connect, load_logins
from amanat.database.queries import queries
from amanat.database.target import Target, find_target
from amanat.errors import UnavailableError

OLDEST: Final = 15
_RELOAD: Final = "as a superuser: ALTER SYSTEM SET {name} = '{value}'; SELECT pg_reload_conf()"
_CHECKSUMS: Final = "stop the server and run: pg_checksums --enable -D <its data folder>"
_DURABLE: Final = frozenset({"on", "local", "remote_write", "remote_apply"})  # each waits for our own disk
# setting → the values that will do, the first being the one to set
_SETTINGS: Final = {
    "fsync": ("on",),
    "full_page_writes": ("on",),
    "synchronous_commit": ("on", *sorted(_DURABLE - {"on"})),
    "data_checksums": ("on",),
    "password_encryption": ("scram-sha-256",),
    "log_error_verbosity": ("terse",),
    "log_min_error_statement": ("panic",),
    "log_parameter_max_length": ("0",),
    "log_parameter_max_length_on_error": ("0",),
    "log_statement": ("none",),
    "log_duration": ("off",),
    "log_min_duration_statement": ("-1",),
    "log_min_duration_sample": ("-1",),
    "log_transaction_sample_rate": ("0",),
}
_POWERS: Final = ("SUPERUSER", "BYPASSRLS", "CREATEROLE", "CREATEDB", "REPLICATION")
_MIGRATE: Final = "run `amanat database migrate`"
_PREPARE: Final = "run `amanat database prepare`"


class CheckError(UnavailableError):
    """The database is not fit for use."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: what it concerns, what is the case, and how to mend it."""

    name: str
    says: str
    mend: str


def require(home: Home) -> None:
    """Raise `CheckError` naming each finding, if there is one."""
    found = findings(home)
    if found:
        says = "".join(f"\n  {one.name}: {one.says}\n    to mend it: {one.mend}" for one in found)
        raise CheckError(f"this database is not fit for use:{says}")


def findings(home: Home) -> list[Finding]:
    """Everything that is wrong, in the order in which it is best mended."""
    target = find_target(home)
    logins = load_logins(home, target)
    found = list(_folder(home))
    for kind in ("web", "worker"):
        with connect(kind, home) as connection:
            found += _settings(connection, logins.of(kind).user)
            if kind == "web":
                found += _server(connection, logins)
                found += _roles(connection, logins)
                found += _tables(connection)
                found += _strangers(connection, target)
    return list(dict.fromkeys(found))


def _folder(home: Home) -> Iterator[Finding]:
    if home.read_secret_key() is None:
        yield Finding("secret_key", f"{home.secret_key} is missing", f"put the file back, or {_PREPARE} for a new one")
    for path in (home.folder, home.keys, home.ledger, home.logins, home.secret_key):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield Finding(path.name, f"{path} is open to others", f"chmod go= '{path}'")


def _server(connection: psycopg.Connection, logins: Logins) -> Iterator[Finding]:
    row = connection.execute(_QUERIES["server"]).fetchone()
    if row is None or row[0] < OLDEST * 10_000:
        version = row[2] if row else "unknown"
        yield Finding("server_version", f"PostgreSQL {version} is too old", f"use PostgreSQL {OLDEST} or newer")
    if row and logins.server != row[1]:
        yield Finding("logins.json", "it was made for another server", _PREPARE)


def _settings(connection: psycopg.Connection, user: str) -> Iterator[Finding]:
    actual: dict[str, str] = dict(connection.execute(_QUERIES["settings"], (list(_SETTINGS),)).fetchall())
    for name, wanted in _SETTINGS.items():
        value = actual.get(name)
        if value not in wanted:
            mend = _CHECKSUMS if name == "data_checksums" else _RELOAD.format(name=name, value=wanted[0])
            yield Finding(name, f"it is `{value}` for {user}, and has to be `{wanted[0]}`", mend)


def _roles(connection: psycopg.Connection, logins: Logins) -> Iterator[Finding]:
    users = [logins.of(kind).user for kind in KINDS]
    rows = {row[0]: row[1:] for row in connection.execute(_QUERIES["roles"], (users,))}
    for user in users:
        if user not in rows or not rows[user][0]:
            yield Finding(user, "this log-in does not exist", _PREPARE)
            continue
        *powers, owner, create = rows[user][1:]
        for power, held in zip(_POWERS, powers, strict=True):
            if held:
                yield Finding(user, f"it has {power}", f"as a superuser: ALTER ROLE {user} NO{power}")
        if owner:
            yield Finding(user, "it may act as the owner of the database", f"REVOKE the owner's role from {user}")
        if create:
            yield Finding(user, "it may make tables", f"REVOKE CREATE ON SCHEMA public FROM {user}, PUBLIC")
    yield from _owner(connection, logins)


def _owner(connection: psycopg.Connection, logins: Logins) -> Iterator[Finding]:
    migrate = logins.of("migrate").user
    row = connection.execute(_QUERIES["owner"], (migrate,)).fetchone()
    if row is None:
        return
    owner, superuser, bypass, member = row
    if superuser or bypass:
        mend = "give the database to an owner without them: ALTER DATABASE … OWNER TO …, and name it in DATABASE_URL"
        yield Finding(owner, "the owner of the database is a superuser or exempt from row security", mend)
    if not member:
        yield Finding(owner, f"the owner is no member of {migrate}", f"GRANT {migrate} TO {owner}")


def _tables(connection: psycopg.Connection) -> Iterator[Finding]:
    for (table,) in connection.execute(_QUERIES["open tables"]):
        yield Finding(table, "its row security is not enabled, forced and open to migrations", _MIGRATE)


def _strangers(connection: psycopg.Connection, target: Target) -> Iterator[Finding]:
    row = connection.execute(_QUERIES["strangers"]).fetchone()
    connecting, creating = row or (True, True)
    if connecting:
        yield Finding(target.name, "every role of the server may connect to it", _PREPARE)
    if creating:
        yield Finding("public", "every role may make tables in it", "REVOKE CREATE ON SCHEMA public FROM PUBLIC")


_QUERIES = queries("amanat.database")
