"""One PostgreSQL for the whole run, one migrated template, and a clone of it with a state folder for each test.

The server is the embedded one in a short temporary folder, shared by all xdist workers, or the one `DATABASE_URL`
names (its owner then needs CREATEDB and CREATEROLE). Clones keep the template's roles: `ROLE_PREFIX` says whose.
"""

import atexit
import contextlib
import fcntl
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from amanat.database import embedded
from amanat.database.home import Home, locked
from amanat.database.logins import KINDS, connect, django_settings, load_logins, parameters, save_logins
from amanat.database.target import Target, find_target, parse_url

SESSION = "AMANAT_TEST_SESSION"
_PLACE = Path("/tmp")  # noqa: S108  # socket paths must be short
_ALIVE = "alive"
_COMMAND = (sys.executable, "-m", "amanat.cli.main")


@dataclass(frozen=True)
class Clone:
    """A database of its own, with the state folder of an installation that uses it."""

    name: str
    home: Home
    url: str

    @property
    def environment(self) -> dict[str, str]:
        """What a child process needs to mean this database."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AMANAT_", "PG"))}
        return kept | {"AMANAT_HOME": str(self.home.folder), "DATABASE_URL": self.url}

    def connect(self, kind: str = "owner") -> psycopg.Connection:
        """A connection outside Django, committing each statement."""
        return connect(kind, self.home, target=parse_url(self.url), autocommit=True)

    def settings(self, kind: str = "web") -> dict[str, Any]:
        """Django's settings of a log-in."""
        return django_settings(kind, self.home, target=parse_url(self.url))


@dataclass(frozen=True)
class Server:
    """The run's server. `admin` is the log-in that may create databases."""

    session: Path
    target: Target
    admin: str
    owner_url: str
    home: Home

    @property
    def template(self) -> str:
        return self.target.name

    def clone(self) -> Clone:
        name = f"t{secrets.token_hex(6)}"
        folder = Home(self.session / name)
        folder.create()
        folder.make_secret_key()
        url = self.owner_url.format(name=name)
        save_logins(folder, replace(load_logins(self.home, self.target), place=_place(url)))
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(self.template)
        )
        self._run(_owned(statement, self.owner_url))
        self._close_to_strangers(name)
        return Clone(name, folder, url)

    def _close_to_strangers(self, name: str) -> None:
        """What `prepare` does for a database, and a clone does not inherit."""
        here = sql.Identifier(name)
        roles = sql.SQL(", ").join(sql.Identifier(f"{self.template}_{kind}") for kind in KINDS)
        self._run(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(here))
        self._run(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(here, roles))

    def drop(self, clone: Clone) -> None:
        self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(clone.name)))
        shutil.rmtree(clone.home.folder, ignore_errors=True)

    def _run(self, statement: sql.Composed) -> None:
        with connect(self.admin, self.home, target=self.target, name="postgres", autocommit=True) as connection:
            connection.execute(statement)


def begin_session() -> None:
    """Make the run's folder, once, before workers are spawned; every process of the run inherits its name.

    Whoever made it removes it on exit, also when no test could be collected. What a killed run left behind goes now.
    """
    if SESSION in os.environ:
        return
    _sweep()
    folder = _PLACE / f"amanat-{secrets.token_hex(4)}"
    folder.mkdir(mode=0o700)
    stack = contextlib.ExitStack()
    stack.enter_context(locked(folder / _ALIVE))
    atexit.register(stack.close)
    atexit.register(_end_session)
    os.environ[SESSION] = str(folder)
    os.environ["AMANAT_HOME"] = str(folder / "home")
    if url := os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = _renamed(url, f"t_{folder.name.replace('-', '_')}")


def _sweep() -> None:
    """Remove the folders of runs that are over: the kernel gave back the lock of a killed one, its server stopped."""
    for alive in _PLACE.glob(f"amanat-*/{_ALIVE}"):
        with contextlib.suppress(OSError), alive.open("r") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(alive.parent, ignore_errors=True)


def _end_session() -> None:
    """Leave nothing behind: no server, no template, no roles, no folder."""
    folder = Path(os.environ[SESSION])
    home = Home(folder / "home")
    if home.folder.exists():
        if (target := find_target(home)).embedded:
            embedded.stop(home)
        else:
            _drop_template(home, target)
    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def shared_server() -> Iterator[Server]:
    """The server, up, with its template migrated."""
    session = Path(os.environ[SESSION])
    home = Home(session / "home")
    home.create()
    target = find_target(home)
    with embedded.running(home) if target.embedded else contextlib.nullcontext():
        with locked(session / "template"):
            if not (session / "migrated").exists():
                _make_template(home)
                (session / "migrated").touch()
        owner = parameters("owner", home)
        yield Server(
            session=session,
            target=target,
            admin="superuser" if target.embedded else "owner",
            owner_url=f"postgresql://{owner['user']}:{quote(owner.get('password', ''), safe='')}@/{{name}}"
            f"?host={quote(target.host, safe='')}&port={target.port}",
            home=home,
        )


def _make_template(home: Home) -> None:
    target = find_target(home)
    if not target.embedded:
        with connect("owner", home, name="postgres", autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(target.name)))
    for words in (("database", "prepare"), ("database", "migrate")):
        done = subprocess.run([*_COMMAND, *words], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"amanat {' '.join(words)} failed:\n{done.stdout}\n{done.stderr}")
    if not target.embedded:
        _let_owner_end_sessions(home, target)


def _let_owner_end_sessions(home: Home, target: Target) -> None:
    """The owner of an outside server may end the sessions of the log-ins, as tests of a lost database do."""
    with connect("owner", home, autocommit=True) as connection:
        roles = sql.SQL(", ").join(sql.Identifier(f"{target.name}_{kind}") for kind in KINDS)
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(roles))


def _drop_template(home: Home, target: Target) -> None:
    with connect("owner", home, name="postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(target.name)))
        for kind in KINDS:
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(f"{target.name}_{kind}")))


def _owned(statement: sql.Composed, owner_url: str) -> sql.Composed:
    owner = parse_url(owner_url.format(name="any")).owner or ""
    return sql.SQL("{} OWNER {}").format(statement, sql.Identifier(owner))


def _place(url: str) -> str:
    target = parse_url(url)
    return f"{target.host}:{target.port}"


def _renamed(url: str, name: str) -> str:
    head, _, query = url.partition("?")
    return head.rpartition("/")[0] + "/" + name + (f"?{query}" if query else "")
