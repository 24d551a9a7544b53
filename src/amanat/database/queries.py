"""Hand-written queries live in `<package>/queries.sql`, each under `-- name: …`, and are read once.

They are constants of the program: nothing is ever built into their text.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import LiteralString


@cache
def queries(package: str) -> Mapping[str, LiteralString]:
    """The named queries of a package, by name."""
    text = (files(package) / "queries.sql").read_text(encoding="utf-8")
    blocks = (block.split("\n", 1) for block in text.split("-- name: ")[1:])
    return {name.strip(): body.strip() for name, body in blocks}
