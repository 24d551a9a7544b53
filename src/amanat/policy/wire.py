"""The decision contract on the wire: one JSON object in, one out (`docs/reference/decide.md`).

Unknown words, unknown or repeated keys and wrong types are errors that name them; an absent key takes its protective
value. Facts are taken from the request here and nowhere else: the platform takes them from its own rooms.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from amanat.errors import MalformedError
from amanat.policy.decision import Decision
from amanat.policy.request import Facts, Glass, Request, item, purpose_of
from amanat.vocabulary.choices import parse_choice
from amanat.vocabulary.terms import (
    ACTION,
    AGREEMENT_TERMS,
    CHANNEL,
    CONTEXT,
    RECIPIENT,
    RELATION,
    ROLE,
    TOOLS,
    UnknownTermError,
)


class RequestError(MalformedError):
    """The request does not have the agreed form."""


def loads(line: str | bytes) -> Mapping[str, Any]:
    """Read one request line; a repeated key is an error, as is anything but an object."""
    try:
        value = json.loads(line, object_pairs_hook=_once, parse_constant=_no_constant)
    except RecursionError:
        raise RequestError("the request is nested too deeply") from None
    except UnicodeDecodeError:
        raise RequestError("the line is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise RequestError(f"the line is not JSON: {error.msg} at column {error.colno}") from None
    if not isinstance(value, dict):
        raise RequestError("the line is not a JSON object")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise RequestError(f"key `{next(n for n in names if names.count(n) > 1)[:60]}` is repeated")
    return found


def _no_constant(word: str) -> Any:
    raise RequestError(f"`{word}` is not a JSON value")


def read_request(wire: Mapping[str, Any]) -> Request:
    """The request that a wire object stands for."""
    _known(wire, _KEYS, "key")
    subject = _take(wire, "subject", dict, {})
    _known(subject, _SUBJECT_KEYS, "key of `subject`")
    purpose, other = purpose_of(wire["purpose"]) if _take(wire, "purpose", str, None) else (None, "")
    contexts = frozenset(_words(wire, "contexts", CONTEXT.leaf))
    return Request(
        actor=_word(wire, "actor", ROLE.leaf),
        company=_country(wire, "company"),
        action=_word(wire, "action", ACTION.leaf),
        items=tuple(dict.fromkeys(item(word) for word in _strings(wire, "data"))),
        relation=_word(subject, "relation", RELATION.leaf) or "unknown",
        age=_whole(subject, "age"),
        minor=_take(subject, "minor", bool, default=False),
        country=_country(subject, "country"),
        choices=frozenset(str(parse_choice(text)) for text in _strings(subject, "choices")),
        recipient=_word(wire, "recipient", RECIPIENT.leaf),
        recipient_country=_country(wire, "recipient_country"),
        source=_word(wire, "source", RECIPIENT.leaf),
        purpose=purpose,
        other=other,
        channel=_word(wire, "channel", CHANNEL.leaf),
        host=_one_of(wire, "host", ("own", "foreign"), "own"),
        contexts=contexts,
        facts=_facts(_take(wire, "facts", dict, {})),
    )


_KEYS = frozenset(
    [
        "id",
        "actor",
        "company",
        "action",
        "data",
        "subject",
        "recipient",
        "recipient_country",
        "source",
        "purpose",
        "channel",
        "host",
        "contexts",
        "facts",
    ]
)
_SUBJECT_KEYS = frozenset({"relation", "age", "minor", "country", "choices"})
_FACT_KEYS = frozenset(
    [
        "agreement",
        "agreement_terms",
        "tool",
        "attested_source",
        "order",
        "entitlement",
        "guardian_for",
        "k",
        "identity",
        "glass",
    ]
)
_GLASS_KEYS = frozenset({"case_open", "role_ok", "impracticable", "minimum_only", "reason", "refusal_on_record"})


def _facts(wire: Mapping[str, Any]) -> Facts:
    _known(wire, _FACT_KEYS, "fact")
    glass = wire.get("glass")
    return Facts(
        agreement=_one_of(wire, "agreement", ("live", "expired", "none"), "none"),
        agreement_terms=frozenset(_words(wire, "agreement_terms", _term)),
        tool=_one_of(wire, "tool", TOOLS, "none"),
        attested_source=_take(wire, "attested_source", bool, default=False),
        order=_take(wire, "order", bool, default=False),
        entitlement=_take(wire, "entitlement", bool, default=False),
        guardian_for=_take(wire, "guardian_for", bool, default=False),
        k=_whole(wire, "k") or 0,
        identity=_one_of(wire, "identity", ("none", "claimed", "proven"), "none"),
        glass=None if glass is None else _glass(_take(wire, "glass", dict, {})),
    )


def _glass(wire: Mapping[str, Any]) -> Glass:
    _known(wire, _GLASS_KEYS, "key of `glass`")
    return Glass(
        case_open=_take(wire, "case_open", bool, default=False),
        role_ok=_take(wire, "role_ok", bool, default=False),
        impracticable=_take(wire, "impracticable", bool, default=False),
        minimum_only=_take(wire, "minimum_only", bool, default=False),
        reason=_take(wire, "reason", str, ""),
        refusal_on_record=_take(wire, "refusal_on_record", bool, default=True),
    )


def write_decision(decision: Decision) -> dict[str, Any]:
    """The five agreed keys but `id`, and the statement's version."""
    return {
        "outcome": decision.outcome.value,
        "clauses": list(decision.clauses),
        "obligations": [str(duty) for duty in decision.obligations],
        "needs": list(decision.needs),
        "version": decision.version,
    }


def _known(wire: Mapping[str, Any], keys: frozenset[str], what: str) -> None:
    for key in wire:
        if key not in keys:
            raise RequestError(f"unknown {what} `{key[:60]}`", hint="known: " + " ".join(sorted(keys)))


def _take(wire: Mapping[str, Any], key: str, kind: type, default: Any) -> Any:
    value = wire.get(key, default)
    if value is default and key not in wire:
        return default
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise RequestError(f"`{key}` must be {_TYPE_NAMES[kind]}")
    return value


_TYPE_NAMES = {str: "text", bool: "true or false", int: "a whole number", dict: "an object", list: "a list"}


def _strings(wire: Mapping[str, Any], key: str) -> list[str]:
    values = _take(wire, key, list, [])
    if not all(isinstance(value, str) for value in values):
        raise RequestError(f"`{key}` must be a list of texts")
    return list(values)


def _words(wire: Mapping[str, Any], key: str, read: Callable[[str], str]) -> list[str]:
    return [read(word) for word in _strings(wire, key)]


def _word(wire: Mapping[str, Any], key: str, read: Callable[[str], str]) -> str | None:
    word = _take(wire, key, str, None)
    return None if word is None else read(word)


def _one_of(wire: Mapping[str, Any], key: str, words: tuple[str, ...], default: str) -> str:
    word: str = _take(wire, key, str, default)
    if word not in words:
        raise UnknownTermError(f"unknown {key} `{word[:60]}`; one of {', '.join(words)}")
    return word


def _term(word: str) -> str:
    if word not in AGREEMENT_TERMS:
        raise UnknownTermError(f"unknown agreement term `{word[:60]}`; one of {', '.join(AGREEMENT_TERMS)}")
    return word


def _whole(wire: Mapping[str, Any], key: str) -> int | None:
    number: int | None = _take(wire, key, int, None)
    if number is not None and number < 0:
        raise RequestError(f"`{key}` must not be negative")
    return number


def _country(wire: Mapping[str, Any], key: str) -> str | None:
    code: str | None = _take(wire, key, str, None)
    if code is not None and not (len(code) == 2 and code.isascii() and code.isalpha() and code.isupper()):
        raise RequestError(f"`{key}` must be an ISO 3166-1 alpha-2 code such as `GB`, not `{code[:20]}`")
    return code
