"""Request lines as a stranger might send them: drawn ones, and the same damaged as objects or as bytes."""

import json
import random
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from amanat.policy.interpreter import Policy
from amanat.vocabulary.terms import ACTION, CATEGORY, CHANNEL, CONTEXT, FIELD_LEAF, PURPOSE, RECIPIENT, RELATION, ROLE
from stage.draws import GLASS, Wire, draw_wire

_ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 10, 18, 10**18, 10**30, -(2**63), 2**64, 0.0, 1.5, -0.0, 1e300, "", " ", "x", "true",
    "1", "other", "other.", "other.film", "other." + "x" * 200, "other." + "x" * 201,
    "unknown", "minor", "same_country", "cross_border", "own", "foreign",
    "proven",
    "block_recipient", "block_recipient:", "withhold:name", "other_purpose:", "other_purpose:film", "newsletter:x",
    "payer_disclosure", "Name", "name ", "n\u0430me", "\u202ename", "\ud800", "\0", "é" * 70, "report" * 5_000,
    [], {}, [[]],
    [None], ["name", "name"], ["name", 3], [True], [{}], {"a": {}}, {"id": 1}, {"minor": None}, {"glass": {}},
    {"reason": "x", "case_open": 1}, [["reason", "x"]], [*map(list, GLASS.items())],
)  # fmt: skip
_AXES = (ACTION, CATEGORY, CHANNEL, CONTEXT, PURPOSE, RECIPIENT, RELATION, ROLE)
_DATA = (*CATEGORY.leaves, *FIELD_LEAF)
_WORDS = tuple(word for axis in _AXES for word in axis.mask)
_KEYS = (
    "id", "actor", "company", "action", "data", "subject", "recipient", "recipient_country", "source", "purpose",
    "channel", "host", "contexts", "facts", "relation", "age", "minor", "country", "choices", "agreement",
    "agreement_terms", "tool", "attested_source", "order", "entitlement", "guardian_for", "k", "identity", "glass",
    "reason", "case_open", "platform_failures", "adult", "Actor", "", "actor ", "__class__", "\ud800",
)  # fmt: skip


def draw_line(policy: Policy, draw: random.Random) -> bytes:
    """One line: sound now and then, else damaged once or twice as an object, as bytes, or both."""
    wire = draw_wire(policy, draw)
    if draw.random() < 0.3:
        wire["id"] = draw.choice(("q", "", "é", '"', ":x", "\ud800", "a\\b"))
    way = draw.random()
    if 0.25 < way < 0.8:
        for _ in range(draw.choice((1, 1, 2))):
            draw.choice(_OBJECT_DAMAGES)(wire, draw)
    line = _written(wire, draw)
    if way > 0.75:
        for _ in range(draw.choice((1, 1, 2))):
            line = draw.choice(_LINE_DAMAGES)(line, draw)
    return line.replace(b"\n", b" ")


def _written(wire: Wire, draw: random.Random) -> bytes:
    spaced = draw.choice(((",", ":"), (",", ":"), (", ", ": "), (" , ", " : "), ("\t,", "\t:")))
    return json.dumps(wire, separators=spaced, ensure_ascii=draw.random() < 0.5).encode("utf-8", "surrogatepass")


def _room(wire: Wire, draw: random.Random) -> Wire:
    """The request or one of the objects in it."""
    rooms = [wire]
    for room in rooms:
        rooms += [inner for inner in room.values() if isinstance(inner, dict)]
    return draw.choice(rooms)


def _odd(draw: random.Random) -> Any:
    """A copy, for it may be damaged in its turn."""
    return deepcopy(draw.choice(_ODD))


def _put_something_odd(wire: Wire, draw: random.Random) -> None:
    room = _room(wire, draw)
    if room:
        room[draw.choice(list(room))] = _odd(draw)


def _put_another_word(wire: Wire, draw: random.Random) -> None:
    room = _room(wire, draw)
    texts = [key for key, value in room.items() if isinstance(value, str)]
    if texts:
        key = draw.choice(texts)
        kin = [word for axis in _AXES if room[key] in axis.bit for word in axis.bit]
        room[key] = draw.choice(kin if kin and draw.random() < 0.8 else _WORDS)


def _add_to_a_list(wire: Wire, draw: random.Random) -> None:
    lists = [value for room in (wire, _room(wire, draw)) for value in room.values() if isinstance(value, list)]
    if lists:
        draw.choice(lists).insert(0, draw.choice((_odd(draw), draw.choice(_WORDS))))


def _ask_for_much(wire: Wire, draw: random.Random) -> None:
    wire["data"] = draw.choices(_DATA, k=draw.choice((0, 5, 16, 17, 60, 300)))


def _add_a_key(wire: Wire, draw: random.Random) -> None:
    _room(wire, draw)[draw.choice(_KEYS)] = draw.choice((_odd(draw), draw.choice(_WORDS)))


def _drop_a_key(wire: Wire, draw: random.Random) -> None:
    room = _room(wire, draw)
    if room:
        del room[draw.choice(list(room))]


_OBJECT_DAMAGES: tuple[Callable[[Wire, random.Random], None], ...] = (
    _put_something_odd, *[_put_another_word] * 4, _add_to_a_list, _ask_for_much, _add_a_key, _drop_a_key, _drop_a_key,
)  # fmt: skip

_LITERALS = (
    b"NaN", b"Infinity", b"-Infinity", b"-0", b"1e999", b"1e5", b"0.1", b"00", b"+1", b"1_000", b"9" * 30,
    b"18446744073709551616", b"-9223372036854775809", b"9" * 5_000, b"1." + b"0" * 400, b"null", b"true", b"True",
    b"'a'", b'"\\u0000"', b'"\\ud800"', b'"\\ud83d\\ude00"', b'"\\x"', b'"\x01"', b'"\t"', b'"\x7f"',
)  # fmt: skip
_SCRAPS = (
    b"\xff", b"\xed\xa0\x80", b"\xc0\x80", b"\xef\xbb\xbf", b"\0", b"\r", b"\t", b"\x0b", b"\xc2\xa0", b" ", b"\\",
    b"\\u0061", b'"', b",", b":", b"{", b"}", b"[", b"]", b"//", b"/**/", b"'", b"\xe2\x80\xae", b"\xe2\x80\xa8",
)  # fmt: skip


def _cut(line: bytes, draw: random.Random) -> bytes:
    return line[: draw.randrange(len(line) + 1)]


def _insert(line: bytes, draw: random.Random) -> bytes:
    at = draw.randrange(len(line) + 1)
    return line[:at] + draw.choice(_SCRAPS) + line[at + draw.choice((0, 0, 1)) :]


def _begin_or_end_otherwise(line: bytes, draw: random.Random) -> bytes:
    scrap = draw.choice(_SCRAPS)
    return scrap + line if draw.random() < 0.5 else line + scrap


def _change_a_bit(line: bytes, draw: random.Random) -> bytes:
    changed = bytearray(line or b" ")
    changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def _put_a_literal(line: bytes, draw: random.Random) -> bytes:
    """Some value becomes one that JSON, or our contract, has no room for."""
    colons = [at for at, byte in enumerate(line) if byte == ord(":")]
    if not colons:
        return line
    at = draw.choice(colons) + 1
    end = min((line.find(mark, at) for mark in (b",", b"}") if line.find(mark, at) > 0), default=len(line))
    return line[:at] + draw.choice(_LITERALS) + line[end:]


def _repeat_a_key(line: bytes, draw: random.Random) -> bytes:
    """A second, more pleasant value for a key that stands there already, or an escaped way to write it."""
    again = (
        b'"actor":"privacy_officer",', b'"data":["aggregate"],', b'"facts":{},', b'"subject":{"age":41},',
        b'"order":true,', b'"k":99,', b'"\\u0061ctor":"member",', b'"age":41,', b'"purpose":"treatment",', b'"id":":",',
        b'"x":{"y":1,"y":2},', b'"company":"CH",',
    )  # fmt: skip
    opens = [at for at, byte in enumerate(line) if byte == ord("{")]
    at = draw.choice(opens) + 1 if opens else 0
    return line[:at] + draw.choice(again) + line[at:]


def _nest(line: bytes, draw: random.Random) -> bytes:
    deep = draw.choice((2, 60, 900, 1_500, 30_000))
    opening, closing = draw.choice(((b"[", b"]"), (b'{"a":', b"}"), (b'{"subject":', b"}")))
    whole = draw.choice((b"1", line)).join((opening * deep, closing * deep))
    return draw.choice((whole, b'{"facts":' + whole + b"}", line[:-1] + b',"x":' + whole + b"}"))


_LINE_DAMAGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _cut, _insert, _insert, _begin_or_end_otherwise, _change_a_bit, _change_a_bit, _put_a_literal, _put_a_literal,
    _repeat_a_key, _repeat_a_key, _nest,
)  # fmt: skip
