"""One answer a line: a decision or an error with the right id, and nothing that one line could do to the next."""

import json
from typing import Any

import pytest

from amanat.policy.interpreter import Policy, decide
from amanat.policy.lines import Lines
from amanat.policy.wire import read_request, write_decision
from stage.draws import draw_wire, seeded
from stage.rules import wire_of


def told(policy: Policy, line: bytes, number: int = 7) -> dict[str, Any]:
    text, decided = Lines(policy).answer(line, number)
    assert text.endswith(b"\n")
    assert text.count(b"\n") == 1
    found: dict[str, Any] = json.loads(text)
    assert decided is ("error" not in found)
    assert list(found) == (["id", "error"] if "error" in found else [*_KEYS])
    return found


_KEYS = ("id", "outcome", "clauses", "obligations", "needs", "version")


def test_a_decision_line_says_what_was_decided(ama: Policy) -> None:
    draw = seeded(3)
    for number in range(500):
        wire = draw_wire(ama, draw) | {"id": f"q{number}"}
        expected = {"id": f"q{number}", **write_decision(decide(ama, read_request(wire)))}
        assert told(ama, json.dumps(wire).encode()) == expected


@pytest.mark.parametrize(
    ("line", "identity"),
    [
        (b'{"id":"mine","host":"foreign"}', "mine"),
        (b'{"host":"foreign"}', "7"),
        (b'{"id":"","host":"foreign"}', ""),
        ('{"id":"عميل 12: \\"x\\""}'.encode(), 'عميل 12: "x"'),
        (b'{"id":"\\ud800"}', "\ud800"),
        (b'{"id":"mine","colour":1}', "mine"),
        (b'{"id":"mine","data":["reprot"]}', "mine"),
        (b'{"id":"mine","data":[],"data":[]}', "mine"),
        (b'{"id":3}', "7"),
        (b'{"id":null}', "7"),
        (b"", "7"),
        (b"[1,2]", "7"),
        (b'{"id":"mine"', "7"),
        (b'{"id":"\xff"}', "7"),
    ],
)
def test_the_id_comes_back_as_far_as_it_can_be_read(ama: Policy, line: bytes, identity: str) -> None:
    assert told(ama, line)["id"] == identity


def test_a_fault_is_never_an_outcome(ama: Policy) -> None:
    found = told(ama, json.dumps(wire_of({"purpose": "profit"})).encode())
    assert found["error"].startswith("unknown purpose `profit`")
    assert "outcome" not in found


def test_each_line_is_decided_alone(ama: Policy) -> None:
    lines_of = Lines(ama)
    lines = [json.dumps(draw_wire(ama, seeded(number))).encode() for number in range(100)] + [b"", b"{", b"\xff"]
    once = [lines_of.answer(line, 1) for line in lines]
    assert [lines_of.answer(line, 1) for line in reversed(lines)] == list(reversed(once))
