"""Who connects to the database, and with which password: `logins.json` in the state folder, mode 0600.

Four log-ins with SCRAM passwords made here, none an owner, superuser or exempt from row security. A process picks
its own by `AMANAT_LOGIN`. The owner comes from `DATABASE_URL`; for the embedded server it is kept here as well.
"""

import json
import os
import secrets
from dataclasses import dataclass, field, replace
from typing import Any, Final

import psycopg
from psycopg.conninfo import make_conninfo

from amanat.database.home import Home, find_home, write_private_file
from amanat.database.target import Target, find_target
from amanat.errors import UnavailableError

KINDS: Final = ("web", "worker", "migrate", "audit")
_EMBEDDED_KINDS: Final = ("superuser", "owner", *KINDS)
_FORMAT: Final = 1
# SECURITY: bound on the server, so that no value becomes part of a statement's text.
_OPTIONS: Final = {"server_side_binding": True, "connect_timeout": 5, "prepare_threshold": 3}


class UnreachableError(UnavailableError):
    """The database cannot be reached."""


class LoginsError(UnavailableError):
    """The database log-ins cannot be used."""


@dataclass(frozen=True)
class Login:
    user: str
    password: str | None = field(repr=False)


@dataclass(frozen=True)
class Logins:
    """What `logins.json` says. `server` is the server's own identifier, empty until it was first reached."""

    place: str
    prefix: str
    server: str
    logins: dict[str, Login]

    def of(self, kind: str) -> Login:
        try:
            return self.logins[kind]
        except KeyError as error:
            raise LoginsError(
                f"there is no database log-in `{kind}`",
                hint=f"AMANAT_LOGIN takes one of {', '.join((*KINDS, 'owner'))}",
            ) from error


def place_of(target: Target) -> str:
    """What tells one server from another before it is reached."""
    return "embedded" if target.embedded else f"{target.host}:{target.port}"


def make_logins(home: Home, target: Target) -> Logins:
    """The log-ins of this installation, made now if there are none yet."""
    if home.logins.exists():
        return load_logins(home, target)
    kinds = _EMBEDDED_KINDS if target.embedded else KINDS
    made = Logins(place_of(target), target.name, "", {kind: _fresh(target.name, kind) for kind in kinds})
    save_logins(home, made)
    return made


def load_logins(home: Home, target: Target) -> Logins:
    """Read `logins.json`, refusing one that was made for another server."""
    try:
        known = _parse(json.loads(home.logins.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise LoginsError(
            f"{home.logins} is missing", hint="run `amanat database prepare`, or put the file back"
        ) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise LoginsError(f"{home.logins} is damaged", hint="put back a sound copy of it") from error
    if known.place != place_of(target):
        raise LoginsError(
            f"{home.logins} was made for the server at {known.place}, not for {place_of(target)}",
            hint="set AMANAT_HOME to a folder for the other server",
        )
    return known


def save_logins(home: Home, logins: Logins) -> None:
    content = {
        "format": _FORMAT,
        "place": logins.place,
        "prefix": logins.prefix,
        "server": logins.server,
        "logins": {kind: {"user": one.user, "password": one.password} for kind, one in logins.logins.items()},
    }
    write_private_file(home.logins, json.dumps(content, indent=1) + "\n")


def renew_logins(home: Home, target: Target) -> Logins:
    """New passwords for the four log-ins, for when the file that held the old ones is lost."""
    fresh = {kind: _fresh(target.name, kind) for kind in KINDS}
    known = load_logins(home, target) if home.logins.exists() else Logins(place_of(target), target.name, "", {})
    renewed = replace(known, logins=known.logins | fresh)
    save_logins(home, renewed)
    return renewed


def parameters(
    kind: str, home: Home | None = None, *, target: Target | None = None, name: str | None = None
) -> dict[str, str]:
    """What `psycopg.connect` needs to connect as `kind` (`owner` and, if embedded, `superuser` included)."""
    home = home or find_home()
    target = target or find_target(home)
    login = _login(kind, home, target)
    wanted = {
        "host": target.host,
        "port": target.port,
        "dbname": name or target.name,
        "user": login.user,
        "password": login.password,
        "application_name": f"amanat-{kind}",
        "connect_timeout": "5",
    }
    return target.options | {key: value for key, value in wanted.items() if value}


def connect(
    kind: str,
    home: Home | None = None,
    *,
    target: Target | None = None,
    name: str | None = None,
    autocommit: bool = False,
) -> psycopg.Connection:
    """A connection outside Django. The error of a lost server names the place and no password."""
    wanted = parameters(kind, home, target=target, name=name)
    try:
        return psycopg.connect(make_conninfo("", **wanted), autocommit=autocommit)
    except psycopg.OperationalError as error:
        said = str(error).strip().splitlines()
        raise UnreachableError(
            f"the database {wanted['dbname']} at {wanted['host']} does not let {wanted['user']} in: {said[-1]}",
            hint="is the server up, and does DATABASE_URL (or logins.json) fit it?",
        ) from error


def django_settings(
    kind: str | None = None, home: Home | None = None, *, target: Target | None = None
) -> dict[str, Any]:
    """Django's `DATABASES["default"]` for a log-in (`AMANAT_LOGIN`, else `web`), with our key `ROLE_PREFIX`.

    Before `amanat database prepare` has run there is no password: the settings still load, no connection opens.
    """
    home = home or find_home()
    target = target or find_target(home)
    kind = kind or os.environ.get("AMANAT_LOGIN") or "web"
    prepared = home.logins.exists()
    login = _login(kind, home, target) if prepared else Login(f"{target.name}_{kind}", None)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": target.host,
        "PORT": target.port,
        "NAME": target.name,
        "USER": login.user,
        "PASSWORD": login.password or "",
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": target.options | _OPTIONS | {"application_name": f"amanat-{kind}"},
        "ROLE_PREFIX": load_logins(home, target).prefix if prepared else target.name,
    }


def _login(kind: str, home: Home, target: Target) -> Login:
    if kind == "owner" and not target.embedded:
        if not target.owner:
            raise LoginsError("DATABASE_URL names no owner", hint="write it as postgresql://owner:password@host/db")
        return Login(target.owner, target.password)
    return load_logins(home, target).of(kind)


def _fresh(prefix: str, kind: str) -> Login:
    user = "postgres" if kind == "superuser" else f"{prefix}_{kind}"
    return Login(user, secrets.token_urlsafe(32))


def _parse(content: Any) -> Logins:
    if content["format"] != _FORMAT:
        raise ValueError(content["format"])
    logins = {kind: Login(str(one["user"]), str(one["password"])) for kind, one in content["logins"].items()}
    return Logins(str(content["place"]), str(content["prefix"]), str(content["server"]), logins)
