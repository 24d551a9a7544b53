"""Which database this process means: `DATABASE_URL`, or the embedded server of the state folder.

A target names the place only. Who connects, and with which password, is `logins`.
"""

import os
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from amanat.database.home import Home
from amanat.database.sockets import socket_folder
from amanat.errors import MalformedError

DEFAULT_DATABASE = "amanat"
# Role names are the database's name plus `_migrate`; PostgreSQL cuts identifiers at 63 bytes.
_NAME = re.compile(r"[a-z][a-z0-9_]{0,49}")
_MEND = "write it as postgresql://owner:password@host:5432/database"


class DatabaseUrlError(MalformedError):
    """DATABASE_URL does not name a PostgreSQL database."""


@dataclass(frozen=True)
class Target:
    """A place to connect to. `owner` and its password come from the URL; the embedded server keeps its own."""

    host: str
    port: str
    name: str
    embedded: bool = False
    owner: str | None = None
    password: str | None = field(default=None, repr=False)
    options: dict[str, str] = field(default_factory=dict)


def find_target(home: Home) -> Target:
    """Read the environment. `AMANAT_DATABASE` renames the database of the embedded server."""
    if url := os.environ.get("DATABASE_URL"):
        return parse_url(url)
    name = checked_name(os.environ.get("AMANAT_DATABASE") or DEFAULT_DATABASE)
    return Target(host=str(socket_folder(home)), port="5432", name=name, embedded=True)


def parse_url(url: str) -> Target:
    """Take a URL apart; what is wrong is said without printing the URL, as it holds a password."""
    try:
        parts = urlsplit(url)
        port = str(parts.port or 5432)
    except ValueError as error:
        raise DatabaseUrlError("DATABASE_URL has no valid port", hint=_MEND) from error
    if parts.scheme not in {"postgresql", "postgres"}:
        raise DatabaseUrlError("DATABASE_URL does not begin with postgresql://", hint=_MEND)
    options = dict(parse_qsl(parts.query))
    return Target(
        host=options.pop("host", "") or unquote(parts.hostname or "localhost"),
        port=options.pop("port", "") or port,
        name=checked_name(unquote(parts.path.lstrip("/"))),
        owner=_decoded(parts.username),
        password=_decoded(parts.password),
        options=options,
    )


def checked_name(name: str) -> str:
    """The database's name, of which the role names are made: a plain lower-case word of at most 50 characters."""
    if not _NAME.fullmatch(name):
        raise DatabaseUrlError(
            f"{name!r} cannot be the database's name",
            hint="use 1 to 50 lower-case letters, digits and underscores, beginning with a letter",
        )
    return name


def _decoded(part: str | None) -> str | None:
    return None if part is None else unquote(part)
