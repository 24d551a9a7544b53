"""Where the embedded server's socket lies: a folder of mode 0700 whose path is short enough for one.

The kernel ends a socket's path at 107 bytes, so a deep state folder gets a short one beside the other
temporary files, named by the user and by the state folder it serves.
"""

import hashlib
import os
import stat
from pathlib import Path

from amanat.database.home import Home, HomeError, make_private_folder

_LONGEST_FOLDER = 84  # with "/.s.PGSQL.5432.lock" this stays within 107 bytes, with some to spare


def socket_folder(home: Home) -> Path:
    """The folder that `make_socket_folder` makes; this only computes its name."""
    beside = home.folder / "socket"
    if len(os.fsencode(beside)) <= _LONGEST_FOLDER:
        return beside
    digest = hashlib.sha256(os.fsencode(home.folder)).hexdigest()[:12]
    return Path("/tmp") / f"amanat-{os.geteuid()}-{digest}"  # noqa: S108  # made 0700 and checked below


def make_socket_folder(home: Home, *, owner: int | None = None) -> Path:
    """Make the folder, refusing one that somebody else put in its place.

    SECURITY: names under /tmp can be guessed, so a link or a foreign folder found there is an attack or an accident.
    """
    folder = socket_folder(home)
    if folder.is_symlink() or (folder.exists() and not stat.S_ISDIR(folder.lstat().st_mode)):
        raise HomeError(f"{folder} is not a folder", hint="remove it, or set AMANAT_HOME to a shorter path")
    make_private_folder(folder, owner=owner)
    return folder
