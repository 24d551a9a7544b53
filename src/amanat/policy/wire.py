"""The decision contract on the wire: one JSON object in, one out (`docs/reference/decide.md`).

Unknown words, unknown or repeated keys and wrong types are errors that name them; an absent key takes its protective
value. Facts are taken from the request here and nowhere else: the platform takes them from its own rooms.
"""

import difflib
import json
from collections.abc import Callable, Mapping
from typing import Any

from amanat.errors import MalformedError
from amanat.policy.decision import Decision
from amanat.policy.request import Facts, Glass, Request, item, purpose_of
from amanat.vocabulary.choices import WRITTEN, parse_choice
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


def loads(line: bytes) -> Mapping[str, Any]:
    """Read one request line; a repeated key is an error, as is anything but an object."""
    try:
        value = json.loads(line.decode(), object_pairs_hook=_once, parse_constant=_no_constant)
    except RecursionError:
        raise RequestError("the request is nested too deeply") from None
    except UnicodeDecodeError:
        raise RequestError("the line is not UTF-8") from None
    except json.JSONDecodeError as error:
        found = f"{error.msg} at column {error.colno}" if line.strip() else "it is empty"
        raise RequestError(f"the line is not a JSON object: {found}") from None
    except ValueError:
        raise RequestError("the line holds a number that is too long") from None
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
    read = _fields(wire, _REQUEST, "key")
    read.pop("id", None)
    read |= read.pop("subject", {})
    read["purpose"], read["other"] = read.get("purpose", (None, ""))
    return Request(**read)


Reader = Callable[[str, Any], Any]


def _fields(wire: Mapping[str, Any], readers: Mapping[str, tuple[str, Reader]], what: str) -> dict[str, Any]:
    """The fields that the keys of `wire` stand for; a key without a reader is an error."""
    fields = {}
    for key, value in wire.items():
        known = readers.get(key)
        if known is None:
            near = difflib.get_close_matches(key[:60], readers, n=1)
            hint = f"; did you mean `{near[0]}`?" if near else f"; known are {', '.join(readers)}"
            raise RequestError(f"unknown {what} `{key[:60]}`{hint}")
        name, read = known
        fields[name] = read(key, value)
    return fields


def _of_type(kind: type, name: str) -> Reader:
    def read(key: str, value: Any) -> Any:
        if type(value) is not kind:
            raise RequestError(f"`{key}` must be {name}")
        return value

    return read


_text, _flag = _of_type(str, "text"), _of_type(bool, "true or false")
_object, _list = _of_type(dict, "an object"), _of_type(list, "a list of texts")
_number = _of_type(int, "a whole number")


def _whole(key: str, value: Any) -> int:
    number: int = _number(key, value)
    if number < 0:
        raise RequestError(f"`{key}` must not be negative")
    return number


def _word(look_up: Callable[[str], Any]) -> Reader:
    return lambda key, value: look_up(_text(key, value))


def _words(look_up: Callable[[str], Any]) -> Reader:
    """A list of words, each looked up; an item that is no text is an error of the list."""

    def read(key: str, value: Any) -> list[Any]:
        if not all(type(word) is str for word in _list(key, value)):
            raise RequestError(f"`{key}` must be a list of texts")
        return [look_up(word) for word in value]

    return read


def _set(look_up: Callable[[str], Any]) -> Reader:
    read = _words(look_up)
    return lambda key, value: frozenset(read(key, value))


def _one_of(*words: str) -> Reader:
    def read(key: str, value: Any) -> str:
        word: str = _text(key, value)
        if word not in words:
            raise UnknownTermError(f"unknown {key} `{word[:60]}`; one of {', '.join(words)}")
        return word

    return read


def _term(word: str) -> str:
    if word not in AGREEMENT_TERMS:
        raise UnknownTermError(f"unknown agreement term `{word[:60]}`; one of {', '.join(AGREEMENT_TERMS)}")
    return word


def country_code(key: str, value: Any) -> str:
    code: str = _text(key, value)
    if not (len(code) == 2 and code.isascii() and code.isalpha() and code.isupper()):
        raise RequestError(f"`{key}` must be an ISO 3166-1 alpha-2 code such as `GB`, not `{code[:20]}`")
    return code


def _relation(word: str) -> str:
    """`unknown` is what an absent key means; nobody may write it."""
    if word == "unknown":
        raise RELATION.unknown(word, RELATION.leaves[:-1])
    return RELATION.leaf(word)


def _choice(text: str) -> str:
    return WRITTEN.get(text) or str(parse_choice(text))


_items = _words(item)

_GLASS: Mapping[str, tuple[str, Reader]] = {
    "case_open": ("case_open", _flag),
    "role_ok": ("role_ok", _flag),
    "impracticable": ("impracticable", _flag),
    "minimum_only": ("minimum_only", _flag),
    "reason": ("reason", _text),
    "refusal_on_record": ("refusal_on_record", _flag),
}
_FACTS: Mapping[str, tuple[str, Reader]] = {
    "agreement": ("agreement", _one_of("live", "expired", "none")),
    "agreement_terms": ("agreement_terms", _set(_term)),
    "tool": ("tool", _one_of(*TOOLS)),
    "attested_source": ("attested_source", _flag),
    "order": ("order", _flag),
    "entitlement": ("entitlement", _flag),
    "guardian_for": ("guardian_for", _flag),
    "k": ("k", _whole),
    "identity": ("identity", _one_of("none", "claimed", "proven")),
    "glass": ("glass", lambda key, value: Glass(**_fields(_object(key, value), _GLASS, "key of `glass`"))),
}
_SUBJECT: Mapping[str, tuple[str, Reader]] = {
    "relation": ("relation", _word(_relation)),
    "age": ("age", _whole),
    "minor": ("minor", _flag),
    "country": ("country", country_code),
    "choices": ("choices", _set(_choice)),
}
_REQUEST: Mapping[str, tuple[str, Reader]] = {
    "id": ("id", _text),
    "actor": ("actor", _word(ROLE.leaf)),
    "company": ("company", country_code),
    "action": ("action", _word(ACTION.leaf)),
    "data": ("items", lambda key, value: tuple(dict.fromkeys(_items(key, value)))),
    "subject": ("subject", lambda key, value: _fields(_object(key, value), _SUBJECT, "key of `subject`")),
    "recipient": ("recipient", _word(RECIPIENT.leaf)),
    "recipient_country": ("recipient_country", country_code),
    "source": ("source", _word(RECIPIENT.leaf)),
    "purpose": ("purpose", _word(purpose_of)),
    "channel": ("channel", _word(CHANNEL.leaf)),
    "host": ("host", _one_of("own", "foreign")),
    "contexts": ("contexts", _set(CONTEXT.leaf)),
    "facts": ("facts", lambda key, value: Facts(**_fields(_object(key, value), _FACTS, "fact"))),
}


def write_decision(decision: Decision) -> dict[str, Any]:
    """The five agreed keys but `id`, the statement's version and, where any were consulted, the overlays."""
    consulted = {"overlays": dict(decision.overlays)} if decision.overlays else {}
    return {
        "outcome": decision.outcome.value,
        "clauses": list(decision.clauses),
        "obligations": [str(duty) for duty in decision.obligations],
        "needs": list(decision.needs),
        "version": decision.version,
        **consulted,
    }
