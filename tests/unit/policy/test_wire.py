"""Requests from outside: every fault is named, and nothing unknown is ever passed over."""

import json

import pytest

from amanat.errors import MalformedError
from amanat.policy.request import Request
from amanat.policy.wire import RequestError, loads, read_request
from amanat.vocabulary.terms import UnknownTermError
from stage.rules import Wire, request_of, wire_of


def read(line: str | bytes) -> Request:
    return read_request(loads(line if isinstance(line, bytes) else line.encode()))


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"actor": "physician"}, "physician"),
        ({"actor": "staff"}, "staff"),
        ({"action": "telling"}, "telling"),
        ({"data": ["reprot"]}, "did you mean `report`?"),
        ({"data": ["medical"]}, "medical"),
        ({"subject.relation": "friend"}, "friend"),
        ({"subject.relation": "unknown"}, "unknown"),
        ({"recipient": "payer"}, "payer"),
        ({"recipient": "medical"}, "medical"),
        ({"recipient": "provider.insurer"}, "provider.insurer"),
        ({"source": "somebody"}, "somebody"),
        ({"purpose": "service"}, "service"),
        ({"purpose": "other"}, "other"),
        ({"purpose": "other."}, "other."),
        ({"channel": "online"}, "online"),
        ({"host": "mirror"}, "mirror"),
        ({"contexts": ["emergency"]}, "emergency"),
        ({"facts.agreement": "signed"}, "signed"),
        ({"facts.agreement_terms": ["silence"]}, "silence"),
        ({"facts.tool": "handshake"}, "handshake"),
        ({"facts.identity": "certain"}, "certain"),
        ({"subject.choices": ["everything"]}, "everything"),
        ({"subject.choices": ["block_recipient"]}, "block_recipient"),
        ({"subject.choices": ["medical_service:"]}, "medical_service:"),
        ({"subject.choices": ["withhold:soul"]}, "soul"),
    ],
)
def test_an_unknown_word_is_an_error_that_names_it(changes: Wire, names: str) -> None:
    with pytest.raises(UnknownTermError) as caught:
        request_of(changes)
    assert names in caught.value.detail


@pytest.mark.parametrize("path", ["company", "recipient_country", "subject.country"])
@pytest.mark.parametrize("code", ["Switzerland", "ch", "C1", "CHE", "", "ÄÖ"])
def test_a_country_is_an_iso_code(path: str, code: str) -> None:
    with pytest.raises(RequestError, match="ISO 3166-1"):
        request_of({path: code})


@pytest.mark.parametrize("path", ["colour", "subject.colour", "facts.colour", "facts.glass.colour"])
def test_an_unknown_key_is_an_error_wherever_it_stands(path: str) -> None:
    with pytest.raises(RequestError, match="`colour`"):
        request_of({"facts.glass": {}, path: 1})


def test_an_unknown_key_is_told_its_nearest_neighbour() -> None:
    with pytest.raises(RequestError, match="did you mean `recipient`"):
        request_of({"recipent": "employer"})


@pytest.mark.parametrize("value", [None, 1, 1.5, True, "text", ["list"], {"an": "object"}])
@pytest.mark.parametrize(
    "path",
    [
        "id", "actor", "company", "action", "data", "subject", "recipient", "recipient_country", "source", "purpose",
        "channel", "host", "contexts", "facts", "subject.relation", "subject.age", "subject.minor", "subject.country",
        "subject.choices", "facts.agreement", "facts.agreement_terms", "facts.tool", "facts.attested_source",
        "facts.order", "facts.entitlement", "facts.guardian_for", "facts.k", "facts.identity", "facts.glass",
        "facts.glass.reason", "facts.glass.case_open", "facts.glass.refusal_on_record",
    ],
)  # fmt: skip
def test_a_wrong_type_is_an_error(path: str, value: object) -> None:
    """A value of the right type may still be an unknown word; neither is ever a request."""
    right = {"subject.age": int, "facts.k": int, "facts.glass.reason": str, "id": str}
    flags = ("minor", "attested_source", "order", "entitlement", "guardian_for", "case_open", "refusal_on_record")
    if type(value) is right.get(path) or (path.rpartition(".")[2] in flags and isinstance(value, bool)):
        return
    with pytest.raises(MalformedError):
        request_of({"facts.glass": {}} | {path: value})


def test_a_whole_number_is_never_negative_nor_a_flag() -> None:
    for path in ("subject.age", "facts.k"):
        for value in (-1, True, 1.0):
            with pytest.raises(RequestError):
                request_of({path: value})


@pytest.mark.parametrize(
    "line",
    [
        '{"id":"a","id":"a"}',
        '{"id" :"a","id":"b"}',
        '{"id":"a" , "subject":{"age":1,"age":1}}',
        '{"facts":{"glass":{"reason":"x","reason":"y"}}}',
        '{"id":"x","actor":":x","actor":"clinician"}',
        '{"id":"\\u003a","purpose":"billing","purpose":"billing"}',
        '{"id"\t:"a","id":"b"}',
        '{"host":"own","contexts":[],"hos\\u0074":"foreign"}',
    ],
)
def test_a_repeated_key_is_an_error_however_it_is_written(line: str) -> None:
    with pytest.raises(RequestError, match="is repeated"):
        read(line)


@pytest.mark.parametrize(
    "line",
    [
        b"", b"  ", b"\r", b"null", b"[]", b'"text"', b"{", b'{"a":1,}', b"{}{}", b"\xff{}", b'{"id":"\xff"}',
        b"\xef\xbb\xbf{}",
        b'{"k":NaN}', b'{"facts":{"k":Infinity}}', b"[" * 100_000, b'{"a":' * 100_000, b'{"id":"\x01"}',
        b'{"subject":{"age":' + b"9" * 5_000 + b"}}", '{"id":"x"}'.encode("utf-16"), b'{"facts":{"k":1e3}}',
    ],
)  # fmt: skip
def test_what_is_no_plain_json_object_is_an_error(line: bytes) -> None:
    with pytest.raises(MalformedError):
        read(line)


def test_spacing_and_escapes_change_nothing() -> None:
    wire = wire_of({"id": 'a "quoted": \\ name', "subject.choices": ["payer_disclosure:employer"]})
    plain, spaced = json.dumps(wire, separators=(",", ":")), json.dumps(wire, indent=1, separators=(" , ", " : "))
    assert read(plain) == read(spaced) == read_request(wire)


def test_a_recipient_may_be_written_with_its_kind() -> None:
    assert request_of({"recipient": "payer.employer"}) == request_of({"recipient": "employer"})
    long, short = "payer_disclosure:payer.employer", "payer_disclosure:employer"
    assert request_of({"subject.choices": [long]}) == request_of({"subject.choices": [short]})


def test_a_datum_named_twice_is_asked_once() -> None:
    assert [one.word for one in request_of({"data": ["name", "allergies", "name"]}).items] == ["name", "allergies"]


def test_an_unknown_word_is_cut_short_in_its_error() -> None:
    with pytest.raises(UnknownTermError) as caught:
        request_of({"actor": "x" * 10_000})
    assert len(caught.value.detail) < 200
