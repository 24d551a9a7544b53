"""Which provider this installation has: a key in a file, or one in a token that never leaves it (PKCS#11).

`AMANAT_KEYS` names the token as `pkcs11:<library>?token=<label>`, and `AMANAT_KEYS_PIN` the file that holds its PIN.
"""

import os
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from amanat.errors import MalformedError
from amanat.keys import private_file
from amanat.keys.provider import FileProvider, RootFolder
from amanat.keys.token import Token, TokenProvider

FILE = "file"


def open_provider(folder: Path, named: str = "") -> RootFolder:
    """The provider over the roots in `folder`, as `named` or as the environment says."""
    chosen = named or os.environ.get("AMANAT_KEYS") or FILE
    return FileProvider(folder) if chosen == FILE else TokenProvider(folder, _token(chosen))


def create_provider(folder: Path, *, replacing_lost: bool = False) -> RootFolder:
    """Make the provider's key, once in the life of an installation; a token's key serves every folder.

    With `replacing_lost`, roots that only the lost key could open are destroyed first: they come back from escrow.
    """
    chosen = os.environ.get("AMANAT_KEYS") or FILE
    if replacing_lost:
        _destroy_dead(folder)
    if chosen == FILE:
        return FileProvider.create(folder)
    return TokenProvider.create(folder, _token(chosen))


def provider_exists(folder: Path) -> bool:
    """Whether there is a key to open roots in `folder` with."""
    chosen = os.environ.get("AMANAT_KEYS") or FILE
    if chosen == FILE:
        return (folder / "provider.key").exists()
    return folder.exists() and _token(chosen).has_key()


def _destroy_dead(folder: Path) -> None:
    for path in (*folder.glob("*.epoch"), *folder.glob("*.next")):
        private_file.destroy(path)


@cache
def _token(named: str) -> Token:
    place = urlsplit(named)
    labels = parse_qs(place.query).get("token", [])
    if place.scheme != "pkcs11" or not place.path or len(labels) != 1:
        raise MalformedError(f"AMANAT_KEYS cannot be read: {named[:80]}", hint="pkcs11:/path/to/library.so?token=LABEL")
    return Token(place.path, labels[0])
