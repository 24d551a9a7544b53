"""Checking a receipt with nothing but this file and Python: no database, no library, no other line of this project.

A verifier that errs must not err with the writer, so even the signature is checked here (RFC 8032), as are notes and
cosignatures (C2SP), trees (RFC 9162) and receipts (C2SP tlog-proof). Everything given is hostile until it is proven;
nothing secret is handled, so nothing needs to take the same time.
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

HEADER = "c2sp.org/tlog-proof@v1"
_LEAF_VERSION = b"\x01"
_LOG, _WITNESS = 1, 4
_LONGEST = 1_000_000
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,17}")
_SIGNATURE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)")
_STRANGE = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")
_KEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")


class UnprovenError(Exception):
    """What was given does not prove what it says."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that is trusted to speak: for the log of its name, or as a witness of logs."""

    name: str
    kind: int
    raw: bytes

    @property
    def id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.raw).digest()[:4]


@dataclass(frozen=True, slots=True)
class Head:
    """A signed head of a log; `witnesses` are those who cosigned it, each with the time (Unix) at which it did."""

    origin: str
    size: int
    root: bytes
    witnesses: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Proven:
    """What a receipt proves: these facts stand at `index` of the log with this head."""

    facts: Mapping[str, Any]
    index: int
    head: Head


def parse_keys(text: str) -> list[PublicKey]:
    """The keys in a file, one a line, each `name+id+base64`."""
    return [_parse_key(line.strip()) for line in text.splitlines() if line.strip()]


def check_receipt(text: str, keys: Iterable[PublicKey]) -> Proven:
    """Say what a receipt proves, or raise `UnprovenError`.

    1. It has the form of a tlog-proof.
    2. Its head is signed by the log it speaks of, with a key that is trusted here.
    3. The leaf made of its commitment and facts leads, by its hashes, to the root of that head.
    4. The log is the acting company's own: no company can speak for another.
    """
    extra, index, path, note = _parse_receipt(text)  # 1
    head = open_head(note, keys)  # 2
    committed, told = extra[:32], extra[32:]
    facts, act = _read_facts(told)
    leaf = _LEAF_VERSION + act + hashlib.sha256(committed + told).digest()
    check_inclusion(hashlib.sha256(b"\x00" + leaf).digest(), index, head.size, path, head.root)  # 3
    if head.origin.rpartition("/")[2] != facts.get("company"):  # 4
        raise UnprovenError("the receipt is of another company's log")
    return Proven(facts, index, head)


# receipts -------------------------------------------------------------------------------------------------------------


def _parse_receipt(text: str) -> tuple[bytes, int, list[bytes], str]:
    head, blank, note = text.partition("\n\n")
    lines = head.split("\n")
    if not blank or lines[0] != HEADER or len(text) > _LONGEST:
        raise UnprovenError(f"this is not a receipt: its first line is not {HEADER}")
    extra = _decode(lines.pop(1)[6:]) if len(lines) > 1 and lines[1].startswith("extra ") else b""
    if len(lines) < 2 or not lines[1].startswith("index "):
        raise UnprovenError("the receipt does not say at which index its entry stands")
    return extra, _number(lines[1][6:]), [_decode(line) for line in lines[2:]], note


def _read_facts(told: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        facts = json.loads(told.decode())
        act = bytes.fromhex(facts["act"].replace("-", ""))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UnprovenError("the receipt does not say what was recorded") from None
    if len(act) != 16:
        raise UnprovenError("the receipt does not say which act it is about")
    return facts, act


# trees: the definitions of RFC 9162, read backwards -------------------------------------------------------------------


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """The leaf hash stands at `index` in the tree of `size` with this root (section 2.1.3)."""
    if not 0 <= index < size:
        raise UnprovenError(f"there is no leaf {index} in a tree of {size}")
    left = _hashes(leaf, root, path)
    if _root_over(leaf, index, size, left) != root or left:
        raise UnprovenError("the hashes do not lead to the root that is signed")


def check_consistency(old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """The tree of `new` leaves begins with all of the tree of `old` leaves (section 2.1.4)."""
    if not 0 < old <= new:
        raise UnprovenError(f"a tree of {old} leaves says nothing about one of {new}")
    if old == new and (path or old_root != new_root):
        raise UnprovenError("one size has two roots")
    left = _hashes(old_root, new_root, path) if old < new else []
    if (old < new and _roots_over(old_root, old, new, left) != (old_root, new_root)) or left:
        raise UnprovenError("the hashes do not lead from one root to the other")


def _hashes(one: bytes, other: bytes, path: Sequence[bytes]) -> list[bytes]:
    if any(len(each) != 32 for each in (one, other, *path)):
        raise UnprovenError("a hash has another length than 32 bytes")
    return list(path)


def _root_over(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root of a subtree; the last hash of the path stands beside its topmost turn."""
    if size == 1:
        return leaf
    split, sibling = _split(size), _last(path)
    if index < split:
        return _pair(_root_over(leaf, index, split, path), sibling)
    return _pair(sibling, _root_over(leaf, index - split, size - split, path))


def _roots_over(old_root: bytes, old: int, new: int, path: list[bytes], *, known: bool = True) -> tuple[bytes, bytes]:
    """The roots of a subtree as it was and as it is. `known`: it was the whole old tree, so its root is given."""
    if old == new:
        node = old_root if known else _last(path)
        return node, node
    split, sibling = _split(new), _last(path)
    if old <= split:
        was, now = _roots_over(old_root, old, split, path, known=known)
        return was, _pair(now, sibling)
    was, now = _roots_over(old_root, old - split, new - split, path, known=False)
    return _pair(sibling, was), _pair(sibling, now)


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _last(path: list[bytes]) -> bytes:
    if not path:
        raise UnprovenError("the proof has too few hashes")
    return path.pop()


def _pair(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


# signed notes ---------------------------------------------------------------------------------------------------------


def open_head(note: str, keys: Iterable[PublicKey]) -> Head:
    """The head in a note that its own log signed, with the witnesses among `keys` that cosigned it.

    A false signature by a trusted key spoils the note; those by keys that are not known are passed over.
    """
    text, signatures = _parse_note(note)
    origin, size, root = _parse_head(text)
    trusted = {(key.name, key.id): key for key in keys}
    signed, witnesses = False, []
    for name, content in signatures:
        key = trusted.get((name, content[:4]))
        if key is None:
            continue
        if key.kind == _WITNESS:
            witnesses.append((name, _cosigned_at(key, text, content[4:])))
        elif _is_signed(key.raw, text.encode(), content[4:]):
            signed = signed or name == origin
        else:
            raise UnprovenError(f"the signature by {name} is false")
    if not signed:
        raise UnprovenError("the head is not signed by the log it speaks of with a key that is trusted here")
    return Head(origin, size, root, tuple(witnesses))


def cosigned_text(text: str, moment: int) -> bytes:
    """What a witness signs for the text of a note (C2SP tlog-cosignature)."""
    return f"cosignature/v1\ntime {moment}\n{text}".encode()


def _cosigned_at(key: PublicKey, text: str, content: bytes) -> int:
    moment = int.from_bytes(content[:8], "big")
    if not _is_signed(key.raw, cosigned_text(text, moment), content[8:]):
        raise UnprovenError(f"the cosignature by {key.name} is false")
    return moment


def _parse_note(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    body, blank, tail = note.rpartition("\n\n")
    if not blank or not tail.endswith("\n") or len(note) > _LONGEST or _STRANGE.search(note):
        raise UnprovenError("the head is not a text, a blank line and signatures")
    found = [_SIGNATURE.fullmatch(line) for line in tail[:-1].split("\n")]
    signatures = [(one[1], _decode(one[2])) for one in found if one]
    if len(signatures) != len(found) or len(found) > 64 or any(len(content) < 5 for _, content in signatures):
        raise UnprovenError("a signature line of the head does not have the agreed form")
    return body + "\n", signatures


def _parse_head(text: str) -> tuple[str, int, bytes]:
    lines = text[:-1].split("\n")
    if len(lines) < 3 or not all(lines):
        raise UnprovenError("a head has an origin, a size and a root, each on its own line")
    root = _decode(lines[2])
    if len(root) != 32:
        raise UnprovenError("the root of the head does not have 32 bytes")
    return lines[0], _number(lines[1]), root


def _parse_key(line: str) -> PublicKey:
    parts = _KEY.fullmatch(line)
    typed = _decode(parts[3]) if parts else b""
    if not parts or len(typed) != 33 or typed[0] not in {_LOG, _WITNESS}:
        raise UnprovenError("a key has the form name+id+base64, and is an Ed25519 key of a log or a witness")
    key = PublicKey(parts[1], typed[0], typed[1:])
    if key.id.hex() != parts[2]:
        raise UnprovenError(f"the id in the key of {key.name} is not that of its key")
    return key


def _decode(text: str) -> bytes:
    try:
        content = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise UnprovenError("there is something that is not base64 where base64 should be") from None
    # SECURITY: two spellings must not mean one thing; the decoder passes over spare bits.
    if base64.b64encode(content).decode() != text:
        raise UnprovenError("there is base64 in an unusual spelling")
    return content


def _number(text: str) -> int:
    if not _DECIMAL.fullmatch(text):
        raise UnprovenError("there is something that is not a plain number where a number should be")
    return int(text)


# Ed25519 (RFC 8032, section 5.1), points as X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z -------------------------------

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)
_Point = tuple[int, int, int, int]
_NEUTRAL: _Point = (0, 1, 1, 0)


def _is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` is the key's over exactly this message; the stricter reading where the RFC leaves two."""
    point, scalar = _point(public), int.from_bytes(signature[32:], "little")
    if point is None or len(signature) != 64 or scalar >= _ORDER:
        return False
    hashed = hashlib.sha512(signature[:32] + public + message).digest()
    factor = int.from_bytes(hashed, "little") % _ORDER
    x, y, z, t = point
    return _bytes_of(_sum_of(scalar, _BASE, factor, (-x % _P, y, z, -t % _P))) == signature[:32]


def _sum_of(one: int, first: _Point, other: int, second: _Point) -> _Point:
    """`one` times the first point and `other` times the second, in one run over the bits of both."""
    added = (_NEUTRAL, first, second, _add(first, second))
    total = _NEUTRAL
    for bit in reversed(range(max(one.bit_length(), other.bit_length()))):
        total = _add(total, total)
        if chosen := (one >> bit & 1) | (other >> bit & 1) << 1:
            total = _add(total, added[chosen])
    return total


def _add(one: _Point, other: _Point) -> _Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c = 2 * one[3] * other[3] * _D % _P
    d = 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _bytes_of(point: _Point) -> bytes:
    inverse = pow(point[2], -1, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _point(spelled: bytes) -> _Point | None:
    """The point that 32 bytes spell; None for those that spell none, or in a second spelling."""
    number = int.from_bytes(spelled, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if len(spelled) != 32 or y >= _P:
        return None
    squared = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(squared, (_P + 3) // 8, _P)
    if (x * x - squared) % _P:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if (x * x - squared) % _P or (x == 0 and sign):
        return None
    x = _P - x if x & 1 != sign else x
    return x, y, 1, x * y % _P


_BASE: _Point = _point((4 * pow(5, -1, _P) % _P).to_bytes(32, "little")) or _NEUTRAL
