"""Make the database fit for the platform: its owner, the four log-ins, and who may connect at all.

On the embedded server its superuser does it. Elsewhere the owner does, who needs CREATEROLE for it; without that,
`statements` is printed for a database administrator. Running it again mends what differs and changes nothing else.
"""

from collections.abc import Iterator
from dataclasses import replace

import psycopg
from psycopg import sql

from amanat.database.home import Home, locked
from amanat.database.logins import KINDS, Login, Logins, LoginsError, connect, load_logins, make_logins, save_logins
from amanat.database.target import Target, find_target
from amanat.errors import UnavailableError

# Deadlines of each log-in: what waits longer fails closed. A migration waits briefly for locks and runs long.
_DEADLINES = {
    "web": {"statement_timeout": "15s", "lock_timeout": "5s", "idle_in_transaction_session_timeout": "30s"},
    "worker": {"statement_timeout": "10min", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "2min"},
    "migrate": {"lock_timeout": "4s"},
    "audit": {"statement_timeout": "10min", "lock_timeout": "5s", "idle_in_transaction_session_timeout": "2min"},
}
_SERVER = "SELECT system_identifier::text FROM pg_control_system()"
_ROLES = "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)"
_DATABASES = "SELECT datname FROM pg_database WHERE datname = %s"
_CREATE_OWNER = "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD {}"
_CREATE_LOGIN = "CREATE ROLE {} LOGIN PASSWORD {}"
_PASSWORD = "ALTER ROLE {} LOGIN PASSWORD {}"  # noqa: S105  # a statement, not a password


class PrepareError(UnavailableError):
    """The database cannot be prepared."""


def prepare(home: Home) -> Logins:
    """Make owner, database and log-ins as far as they are missing; return the log-ins.

    The embedded server must be running. Raises `PrepareError` where this login may not make roles, and `LoginsError`
    where the roles exist but their passwords are in another state folder.
    """
    home.create()
    home.make_secret_key()
    target = find_target(home)
    _refuse_lost_passwords(home, target)
    logins = make_logins(home, target)
    if target.embedded:
        _make_database(home, target, logins)
    try:
        with locked(home.folder / "prepare"), _connect(home, target) as connection:
            logins = _bind_to_server(home, logins, connection)
            for statement in statements(connection, target, logins):
                connection.execute(statement)
    except psycopg.errors.InsufficientPrivilege as error:
        raise PrepareError(
            f"the owner in DATABASE_URL may not do this: {error.diag.message_primary}",
            hint="give it CREATEROLE, or have an administrator run what `amanat database prepare --print-sql` prints",
        ) from error
    return logins


def script(home: Home) -> str:
    """The statements of `prepare` for a database administrator; passwords appear as SCRAM verifiers alone."""
    home.create()
    home.make_secret_key()
    target = find_target(home)
    logins = make_logins(home, target)
    with _connect(home, target) as connection:
        return "".join(f"{one.as_string(connection)};\n" for one in statements(connection, target, logins))


def statements(connection: psycopg.Connection, target: Target, logins: Logins) -> Iterator[sql.Composed]:
    """What has to be run, in order, by a login that may make roles."""
    wanted = [logins.of(kind).user for kind in KINDS]
    known = {name for (name,) in connection.execute(_ROLES, (wanted,))}
    for kind in KINDS:
        login = logins.of(kind)
        yield _with_password(connection, _PASSWORD if login.user in known else _CREATE_LOGIN, login)
        for name, value in _DEADLINES[kind].items():
            yield _identified("ALTER ROLE {} SET {} = {}", login.user, name, value)
    owner = logins.of("owner").user if target.embedded else target.owner or ""
    yield _identified("GRANT {} TO {}", logins.of("migrate").user, owner)
    yield _identified("REVOKE ALL ON DATABASE {} FROM PUBLIC", target.name)
    for kind in KINDS:
        yield _identified("GRANT CONNECT ON DATABASE {} TO {}", target.name, logins.of(kind).user)


def _make_database(home: Home, target: Target, logins: Logins) -> None:
    owner = logins.of("owner")
    with connect("superuser", home, name="postgres", autocommit=True) as connection:
        known = connection.execute(_ROLES, ([owner.user],)).fetchone()
        connection.execute(_with_password(connection, _PASSWORD if known else _CREATE_OWNER, owner))
        if connection.execute(_DATABASES, (target.name,)).fetchone() is None:
            connection.execute(_identified("CREATE DATABASE {} OWNER {}", target.name, owner.user))


def _connect(home: Home, target: Target) -> psycopg.Connection:
    return connect("superuser" if target.embedded else "owner", home)


def _refuse_lost_passwords(home: Home, target: Target) -> None:
    """The roles of an outside server may belong to another machine of ours; new passwords would lock it out."""
    if target.embedded or home.logins.exists():
        return
    with _connect(home, target) as connection:
        wanted = [f"{target.name}_{kind}" for kind in KINDS]
        if connection.execute(_ROLES, (wanted,)).fetchone():
            raise LoginsError(
                f"the log-ins of {target.name} exist, but {home.logins} with their passwords is not here",
                hint="copy the file from the machine that made them, or run `amanat database prepare --renew`",
            )


def _bind_to_server(home: Home, logins: Logins, connection: psycopg.Connection) -> Logins:
    """Note which server the passwords belong to, and refuse another one at the same address."""
    row = connection.execute(_SERVER).fetchone()
    server = str(row[0]) if row else ""
    if not logins.server:
        logins = replace(logins, server=server)
        save_logins(home, logins)
    if logins.server != server:
        raise LoginsError(
            f"{home.logins} was made for another server at this address",
            hint="put back the file that belongs to it, or set AMANAT_HOME to another folder",
        )
    return load_logins(home, find_target(home))


def _with_password(connection: psycopg.Connection, statement: str, login: Login) -> sql.Composed:
    verifier = connection.pgconn.encrypt_password(
        (login.password or "").encode(), login.user.encode(), b"scram-sha-256"
    )
    return sql.SQL(statement).format(sql.Identifier(login.user), sql.Literal(verifier.decode()))


def _identified(statement: str, *names: str) -> sql.Composed:
    """Fill in names; the value of a SET, the only literal among them, stands third."""
    parts = [sql.Identifier(name) for name in names[:2]]
    return sql.SQL(statement).format(*parts, *map(sql.Literal, names[2:]))
