"""The canonical form: the same bytes for the same statement, its schema, and nothing read back but those very bytes."""

import json
from typing import Any

import jsonschema
import msgspec
import pytest

from amanat.errors import MalformedError
from amanat.statement.compile import Statement, compile_statement
from amanat.statement.exports.canonical import build_schema, canonical, read_canonical, schema_text

WIDER = [
    ("rules.0.kind", "allow"), ("rules.0.id", "77.1"), ("rules.0.box.do", ["anything"]), ("rules.0.box.do", []),
    ("rules.0.box.why", ["name"]), ("rules.0.need", [[{"fact": "always"}]]), ("rules.0.needs", []),
    ("rules.0.need", [[{"fact": "agreement", "parameter": "live"}]]), ("rules.0.then", [{"name": "sing"}]),
    ("rules.0.need", [[{"fact": "agreement", "cites": "77.1"}]]), ("rules.0.fields", ["diary"]),
    ("rules.0.then", [{"name": "notify_subject", "parameter": "soon"}]), ("format", 2), ("vocabulary", "0" * 64),
    ("rules.0.box.do", ["disclose", "collect"]), ("rules.0.box.to", ["payer.employer"]), ("rules.0.line", "1"),
]  # fmt: skip


def changed(ama: Statement, path: str, value: object) -> bytes:
    document: Any = json.loads(canonical(ama))
    *rooms, last = path.split(".")
    place = document
    for room in rooms:
        place = place[int(room)] if room.isdigit() else place[room]
    place[last] = value
    return encoded(document)


def encoded(document: object) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def test_what_is_written_is_read_back_equal(ama: Statement) -> None:
    found = read_canonical(canonical(ama))
    assert found.policy == ama.policy
    assert [(one.id, one.title, one.text) for one in found.clauses] == [
        (one.id, one.title, one.text) for one in ama.sections
    ]


def test_what_a_clause_declares_goes_along(ama: Statement) -> None:
    declared = read_canonical(canonical(ama)).declarations
    assert [(one.id, one.clause, one.line) for one in declared] == [
        (one.id, one.clause, one.line) for one in ama.declarations
    ]
    assert {one.kind for one in declared} == {"duty", "right", "define", "consequence"}


def test_equal_statements_are_equal_bytes_in_the_order_of_rfc_8785(ama: Statement) -> None:
    data = canonical(ama)
    assert data == canonical(compile_statement(ama.text))
    assert data == encoded(json.loads(data))


def test_strings_are_escaped_as_rfc_8785_says() -> None:
    text = "".join(map(chr, range(0xD800))) + "\ufeff\uffff\U0001f600"
    assert msgspec.json.encode(text) == encoded(text)


def test_the_shipped_schema_is_that_of_the_form_and_takes_the_statement(ama: Statement) -> None:
    schema = json.loads(schema_text())
    assert schema == json.loads(json.dumps(build_schema())), (
        "write json.dumps(build_schema(), indent=2) to statement.schema.json"
    )
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(json.loads(canonical(ama)))


@pytest.mark.parametrize("change", [0, 2, 3, 6, 8, 12])
def test_the_schema_finds_words_that_do_not_exist(ama: Statement, change: int) -> None:
    schema = jsonschema.Draft202012Validator(json.loads(schema_text()))
    assert not schema.is_valid(json.loads(changed(ama, *WIDER[change])))


@pytest.mark.parametrize(("path", "value"), WIDER)
def test_a_damaged_rule_is_never_read(ama: Statement, path: str, value: object) -> None:
    with pytest.raises(MalformedError):
        read_canonical(changed(ama, path, value))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: json.dumps(json.loads(data)).encode(),
        lambda data: data + b"\n",
        lambda data: data.replace(b'"format":1', b'"format":1,"format":1'),
        lambda data: data[:-1],
        lambda _: b"[" * 100_000,
        lambda _: b"\xff",
        lambda _: b" " * 20_000_001,
    ],
)
def test_any_other_spelling_is_refused(ama: Statement, spoil: Any) -> None:
    with pytest.raises(MalformedError):
        read_canonical(spoil(canonical(ama)))
