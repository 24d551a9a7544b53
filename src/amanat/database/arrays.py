"""Arrays as literals, bound as one parameter and cast by the statement (`%(subjects)s::uuid[]`).

psycopg asks each value of a list for its type and its dumper. In the way of every read that costs more than the
statement itself, and the statement says the type already.
"""

from collections.abc import Iterable
from uuid import UUID


def uuids(values: Iterable[UUID | None]) -> str:
    return _array("NULL" if one is None else str(one) for one in values)


def integers(values: Iterable[int]) -> str:
    return _array(map(str, values))


def blobs(values: Iterable[bytes]) -> str:
    return _array('"\\\\x' + one.hex() + '"' for one in values)


def texts(values: Iterable[str | None]) -> str:
    """Each text quoted, so that no letter of it means anything; None is NULL."""
    return _array("NULL" if one is None else _quoted(one) for one in values)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _array(elements: Iterable[str]) -> str:
    return "{" + ",".join(elements) + "}"
