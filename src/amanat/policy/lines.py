"""One request line in, one answer line out: the unit of work of `amanat decide`.

Every line gets exactly one answer, a decision or an error that names its fault; no line can stop the next one.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from amanat.errors import MalformedError
from amanat.policy.decision import Decision
from amanat.policy.request import Request
from amanat.policy.wire import loads, read_request, write_decision


def answer(decide: Callable[[Request], Decision], line: bytes, number: int) -> tuple[bytes, bool]:
    """The answer to the line with this number, and whether it is a decision (else it is an error)."""
    try:
        wire = loads(line)
        decision = decide(read_request(wire))
    except MalformedError as error:
        return _line(_identity(line, number), _compact({"error": error.detail})), False
    return _line(wire.get("id", str(number)), _body(replace(decision, verdicts=()))), True


def _line(identity: str, body: str) -> bytes:
    """`body` is an object; the id goes in front of its keys. ASCII alone, so any text can be echoed."""
    return f'{{"id":{json.dumps(identity)},{body[1:]}\n'.encode()


@lru_cache(maxsize=4096)
def _body(decision: Decision) -> str:
    return _compact(write_decision(decision))


def _compact(body: Mapping[str, Any]) -> str:
    return json.dumps(body, separators=(",", ":"))


def _identity(line: bytes, number: int) -> str:
    """The id of a faulty request as far as it can be read, else its line number."""
    try:
        wire = json.loads(line.decode())
    except (ValueError, RecursionError):
        return str(number)
    found = wire.get("id") if isinstance(wire, dict) else None
    return found if isinstance(found, str) else str(number)
