"""One request line in, one answer line out: the unit of work of `amanat decide`.

Every line gets exactly one answer, a decision or an error that names its fault; no line can stop the next one.
"""

import json
from collections.abc import Mapping
from json.encoder import encode_basestring_ascii as quoted
from typing import Any

from amanat.errors import MalformedError
from amanat.policy.cells import Answer
from amanat.policy.decider import Decider
from amanat.policy.glance import Glance
from amanat.policy.interpreter import Policy


class Lines:
    """Answers lines under one policy."""

    def __init__(self, policy: Policy) -> None:
        self._version = policy.version
        self._glance = Glance(Decider(policy))

    def answer(self, line: bytes, number: int) -> tuple[bytes, bool]:
        """The answer to the line with this number, and whether it is a decision (else it is an error)."""
        try:
            identity, said = self._glance.answer_line(line)
        except MalformedError as error:
            return fault_line(line, number, error), False
        return answer_line(identity, number, said.line or self._written(said)), True

    def _written(self, said: Answer) -> bytes:
        """An answer as it is written after the id; kept with it."""
        body = {
            "outcome": said.outcome.value,
            "clauses": said.clauses,
            "obligations": [str(duty) for duty in said.obligations],
            "needs": said.needs,
            "version": self._version,
        }
        said.line = compact(body)
        return said.line


def answer_line(identity: str | None, number: int, body: bytes) -> bytes:
    """An answer as it is sent: under the request's own id, else under the number of its line."""
    return _line(str(number) if identity is None else identity, body)


def fault_line(line: bytes, number: int, error: MalformedError) -> bytes:
    """What is sent for a line that could not be read."""
    return _line(_identity(line, number), compact({"error": error.detail}))


def compact(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()


def _line(identity: str, body: bytes) -> bytes:
    """`body` is an object; the id goes in front of its keys. ASCII alone, so any text can be echoed."""
    return b'{"id":%b,%b\n' % (quoted(identity).encode(), body[1:])


def _identity(line: bytes, number: int) -> str:
    """The id of a faulty request as far as it can be read, else its line number."""
    try:
        wire = json.loads(line.decode())
    except (ValueError, RecursionError):
        return str(number)
    found = wire.get("id") if isinstance(wire, dict) else None
    return found if isinstance(found, str) else str(number)
