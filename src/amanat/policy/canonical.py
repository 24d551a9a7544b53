"""A decision as bytes: what it was asked and what it answered, so that any reader can decide it again.

No personal value enters a request, so none enters the record. Keys are sorted and spacing is fixed: equal decisions
are equal bytes. What a decision did not need (overlays, an older statement) has no key.
"""

import json
from dataclasses import asdict, fields, replace
from typing import Any

from amanat.policy.decision import Decision
from amanat.policy.pinning import Stale
from amanat.policy.request import Facts, Glass, Item, Request

FORMAT = 1


def pack(requests: tuple[Request, ...], decision: Decision, in_force: str = "", stale: tuple[Stale, ...] = ()) -> bytes:
    """The canonical record of a decision. Several requests: each had to permit (a view that is also a transfer).

    `in_force` and `stale` are what an older statement was held against, where one held something back.
    """
    record = {
        "format": FORMAT,
        "requests": _requests(requests),
        "outcome": decision.outcome.value,
        "clauses": decision.clauses,
        "obligations": [str(duty) for duty in decision.obligations],
        "needs": decision.needs,
        "verdicts": [[one.word, one.outcome.value, list(one.clauses)] for one in decision.verdicts],
        "statement": decision.digest,
        **({"overlays": decision.overlays} if decision.overlays else {}),
        **({"in_force": in_force, "stale": [_stale(one) for one in stale]} if in_force else {}),
    }
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def unpack(record: bytes) -> tuple[tuple[Request, ...], dict[str, Any]]:
    """The requests in a record, and the record itself."""
    found = json.loads(record)
    return _read_all(found["requests"]), found


def stale_in(record: dict[str, Any]) -> tuple[Stale, ...]:
    """What an older statement was held against, from a record that `unpack` gave."""
    return tuple(_read_stale(one) for one in record.get("stale", ()))


def _read_stale(plain: dict[str, Any]) -> Stale:
    older = plain["without_older"]
    return Stale(
        plain["statement"], _read_all(plain["without_newer"]), None if older is None else _read_all(older)
    )  # fmt: skip


def _stale(one: Stale) -> dict[str, Any]:
    older = None if one.without_older is None else _requests(one.without_older)
    return {"statement": one.statement, "without_newer": _requests(one.without_newer), "without_older": older}


def _requests(requests: tuple[Request, ...]) -> list[dict[str, Any]]:
    return [_request(one) for one in requests]


def _read_all(plain: list[dict[str, Any]]) -> tuple[Request, ...]:
    return tuple(_read(one) for one in plain)


_SETS = ("choices", "contexts")
_FACT_SETS = ("agreement_terms", "platform_failures")
_PLAIN = tuple(one.name for one in fields(Request) if one.name not in ("items", "facts"))
_FACTS = tuple((one.name, getattr(Facts(), one.name)) for one in fields(Facts))


def _request(request: Request) -> dict[str, Any]:
    """What is set, by name; what is absent or takes its default is left out."""
    plain = {name: value for name in _PLAIN if (value := getattr(request, name)) not in _ABSENT}
    facts = {name: value for name, default in _FACTS if (value := getattr(request.facts, name)) != default}
    if request.facts.glass is not None:
        facts["glass"] = asdict(request.facts.glass)
    return {
        **plain,
        **{name: sorted(plain[name]) for name in _SETS if name in plain},
        "items": [[one.word, one.leaf] for one in request.items],
        "facts": {**facts, **{name: sorted(facts[name]) for name in _FACT_SETS if name in facts}},
    }


_ABSENT: tuple[Any, ...] = (None, "", False, frozenset())


def _read(plain: dict[str, Any]) -> Request:
    facts = dict(plain.pop("facts"))
    if facts.get("glass") is not None:
        facts["glass"] = Glass(**facts["glass"])
    for name in ("agreement_terms", "platform_failures"):
        if name in facts:
            facts[name] = frozenset(facts[name])
    sets = {name: frozenset(plain[name]) for name in _SETS if name in plain}
    items = tuple(Item(word, leaf) for word, leaf in plain["items"])
    return replace(Request(**{**plain, **sets, "items": items}), facts=Facts(**facts))
