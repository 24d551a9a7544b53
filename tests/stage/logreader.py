"""A reader of logs as somebody outside would write one: from C2SP's pages, with nothing of ours.

It takes a log in by its tiles and bundles, makes the tree anew from the leaves, and compares everything it was given.
"""

import base64
import hashlib
from collections.abc import Callable

Fetch = Callable[[str], bytes]


def read_log(fetch: Fetch) -> tuple[str, int, list[bytes]]:
    """Origin, size and leaves of a log, every hash of it compared with the signed root and with the served tiles."""
    origin, size, root = head_of(fetch("checkpoint").decode())
    leaves = [leaf for number, width in _spans(size) for leaf in _entries(fetch(_path("entries", number, width)))]
    row = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    assert len(row) == size
    assert _root(row) == root, "the leaves do not make the root that was signed"
    level = 0
    while row:
        for number, width in _spans(len(row)):
            wanted = b"".join(row[number * 256 : number * 256 + width])
            assert fetch(_path(str(level), number, width)) == wanted, f"tile {level}/{number}"
        row = [_root(row[start : start + 256]) for start in range(0, len(row) - 255, 256)]
        level += 1
    return origin, size, leaves


def head_of(note: str) -> tuple[str, int, bytes]:
    origin, size, root = note.split("\n")[:3]
    return origin, int(size), base64.b64decode(root)


def _spans(size: int) -> list[tuple[int, int]]:
    return [(number, min(256, size - number * 256)) for number in range(-(-size // 256))]


def _path(kind: str, number: int, width: int) -> str:
    groups = [f"{number:09d}"[at : at + 3] for at in (0, 3, 6)]
    while len(groups) > 1 and groups[0] == "000":
        groups.pop(0)
    spelled = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
    return f"tile/{kind}/{spelled}" + ("" if width == 256 else f".p/{width}")


def _entries(bundle: bytes) -> list[bytes]:
    found = []
    while bundle:
        end = 2 + int.from_bytes(bundle[:2], "big")
        found.append(bundle[2:end])
        bundle = bundle[end:]
    return found


def _root(row: list[bytes]) -> bytes:
    if len(row) == 1:
        return row[0]
    split = 1
    while split * 2 < len(row):
        split *= 2
    return hashlib.sha256(b"\x01" + _root(row[:split]) + _root(row[split:])).digest()
