"""One unambiguous byte string for a list of values: what a seal or a token is tied to.

Joining values with a separator lets ("ab", "c") pass for ("a", "bc"). Here every part carries its kind and
its length, so two different lists never give the same bytes.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

Part = str | bytes | int | UUID


def bind(*parts: Part) -> bytes:
    """Encode `parts` so that equal bytes mean equal parts, in kind, order and number.

    What is bound in two steps, one after the other, is bound as in one.
    """
    return b"".join([_ENCODE[type(part)](part) for part in parts])


def _text(part: str) -> bytes:
    body = part.encode()
    return b"s" + len(body).to_bytes(4, "big") + body


def _bytes(part: bytes) -> bytes:
    return b"b" + len(part).to_bytes(4, "big") + part


def _number(part: int) -> bytes:
    body = b"%d" % part
    return b"i" + len(body).to_bytes(4, "big") + body


def _uuid(part: UUID) -> bytes:
    return b"u\0\0\0\x10" + part.bytes


_ENCODE: Final[Mapping[type, Callable[[Any], bytes]]] = {str: _text, bytes: _bytes, int: _number, UUID: _uuid}
