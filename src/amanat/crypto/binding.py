"""One unambiguous byte string for a list of values: what a seal or a token is tied to.

Joining values with a separator lets ("ab", "c") pass for ("a", "bc"). Here every part carries its kind and
its length, so two different lists never give the same bytes.
"""

from uuid import UUID

Part = str | bytes | int | UUID


def bind(*parts: Part) -> bytes:
    """Encode `parts` so that equal bytes mean equal parts, in kind, order and number."""
    return b"".join(map(_encode, parts))


def _encode(part: Part) -> bytes:
    match part:
        case str():
            kind, body = b"s", part.encode()
        case bytes():
            kind, body = b"b", part
        case int():
            kind, body = b"i", b"%d" % part
        case UUID():
            kind, body = b"u", part.bytes
    return kind + len(body).to_bytes(4, "big") + body
