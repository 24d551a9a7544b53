"""Decisions: one at a time, in lines, in columns, for a population; against Cedar on the same rules and requests.

Answers are checked against the reference interpreter, and Cedar's against ours, before a clock starts. Reasons are part
of every answer. Rates are per CPU second of one thread: the median of rounds, with the spread of the ratio.
"""

import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cedarpy
import numpy as np

from amanat.policy.batch import BatchDecider
from amanat.policy.columns import Columns, Encoder
from amanat.policy.decider import Decider
from amanat.policy.decision import Outcome
from amanat.policy.flat import FlatDecider, FlatRequest, flatten
from amanat.policy.glance import Glance
from amanat.policy.interpreter import Policy, decide
from amanat.policy.literals import Question
from amanat.policy.population import permitted_people
from amanat.policy.request import Request
from amanat.policy.rule import RuleKind
from amanat.policy.wire import read_request
from amanat.statement.compile import load_statement
from amanat.statement.exports.cedar import cedar_policies, unsaid
from amanat.statement.exports.cedar_request import cedar_entities, cedar_request, cedar_schema, facts_named
from bench.questions import Wire, wires

Result = dict[str, Any]


def run(*, rounds: int, requests: int, rows: int, people: int, lines: int) -> Result:
    policy = load_statement("ama").policy
    asked = wires(policy, requests)
    return {
        "rules": len(policy.rules),
        "single": _single(policy, asked, rounds),
        "large": _single(enlarged(policy, 1_000), asked[: requests // 4], rounds),
        "batch": _batch(policy, asked, rows, rounds),
        "population": _population(policy, people, rounds),
        "command": _command(asked, lines),
    }


def enlarged(policy: Policy, number: int) -> Policy:
    """`number` rules: the policy's own, and narrowed copies of them, as supplements of countries and companies are."""
    draw, rules = random.Random(7), list(policy.rules)
    while len(rules) < number:
        rule = draw.choice(policy.rules)
        if rule.kind in (RuleKind.PERMIT, RuleKind.REQUIRE, RuleKind.FORBID):
            box = replace(rule.box, purposes=_half(rule.box.purposes, draw), relations=_half(rule.box.relations, draw))
            rules.append(
                replace(rule, id=f"{rule.section}{'z' * (1 + len(rules) // 100)}{_letters(len(rules))}", box=box)
            )
    return Policy(tuple(rules), policy.version, policy.digest)


def _half(mask: int, draw: random.Random) -> int:
    bits = [1 << place for place in range(mask.bit_length()) if mask >> place & 1]
    return sum(draw.sample(bits, max(1, len(bits) // 2)))


def _letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


def _single(policy: Policy, asked: Sequence[Wire], rounds: int) -> Result:
    decider = Decider(policy)
    requests = [read_request(wire) for wire in asked]
    flats = [flatten(decider, request) for request in requests if not _withholds(request)]
    flat, glance = FlatDecider(decider), Glance(decider)
    expected = [_told(decide(policy, request)) for request in requests]
    assert [_told(glance.answer(wire)) for wire in asked] == expected
    kept = [told for told, request in zip(expected, requests, strict=True) if not _withholds(request)]
    assert [_told(flat.answer(one)) for one in flats] == kept
    ours = [_rate(flat.answer, flats) for _ in range(rounds)]
    fresh = [_fresh_rate(flat, flats) for _ in range(rounds)]
    nested = [_rate(glance.answer, asked) for _ in range(rounds)]
    peer, cedar = _cedar(policy, requests, rounds)
    ratios = [mine / other for mine, other in zip(ours, peer, strict=True)]
    return {
        "rules": len(policy.rules), "requests": len(asked), "flat_per_s": round(statistics.median(ours)),
        "fresh_per_s": round(statistics.median(fresh)),
        "facts": round(statistics.mean(len(one["facts"]) for one in flats), 1),
        "nested_per_s": round(statistics.median(nested)), **cedar, "ratio": _spread(ratios),
    }  # fmt: skip


def _fresh_rate(flat: FlatDecider, flats: Sequence[FlatRequest]) -> float:
    """The rate when no set of facts was met before."""
    for place in flat._places.values():  # noqa: SLF001 - a decider has no reason to forget
        place.known.clear()
    return _rate(flat.answer, [{**one, "facts": frozenset([*one["facts"]])} for one in flats])


def _withholds(request: Request) -> bool:
    return any(one.startswith("withhold") for one in request.choices)


def _told(one: Any) -> tuple[Any, ...]:
    return one.outcome, one.clauses, one.obligations


def _cedar(policy: Policy, requests: Sequence[Request], rounds: int) -> tuple[list[float], Result]:
    """Cedar's fastest call in process: policies and entities read once, the context as JSON text, no schema.

    Cedar is asked about one datum at a time, so a request of two is two calls.
    """
    named, some = facts_named(policy), requests[:1_000]
    policies = cedarpy.PolicySet.from_str(cedar_policies(policy))
    entities = cedarpy.Entities.from_json_str(json.dumps(cedar_entities()), cedar_schema())
    asked = []
    for request in some:
        for verdict in decide(policy, request).verdicts:
            datum = next(item for item in request.items if item.word == verdict.word)
            one = cedar_request(Question(request, datum), named)
            one["context"] = json.dumps(one["context"])
            said = cedarpy.is_authorized(one, policies, entities)
            assert said.allowed is (verdict.outcome is Outcome.PERMIT), (request, said)
            asked.append(one)
    rates = [_rate(lambda one: cedarpy.is_authorized(one, policies, entities), asked) for _ in range(rounds)]
    each = len(some) / len(asked)
    return [rate * each for rate in rates], {
        "cedar_calls_per_s": round(statistics.median(rates)), "not_in_cedar": len(unsaid(policy)),
        "calls_a_request": round(1 / each, 2),
    }  # fmt: skip


def _rate(work: Callable[[Any], Any], items: Sequence[Any]) -> float:
    began = time.thread_time()
    for one in items:
        work(one)
    return len(items) / (time.thread_time() - began)


def _spread(ratios: Sequence[float]) -> dict[str, float]:
    return {"median": round(statistics.median(ratios)), "min": round(min(ratios)), "max": round(max(ratios))}


def _batch(policy: Policy, asked: Sequence[Wire], rows: int, rounds: int) -> Result:
    requests = [read_request(wire) for wire in asked]
    encoder = Encoder(Decider(policy))
    batch, columns = BatchDecider(encoder), encoder.columns(requests)
    began = time.thread_time()
    answers = batch.decide(columns)
    first = time.thread_time() - began
    said = iter(batch.answers[number] for number in answers.tolist())
    assert all(_told(verdict) == _told(next(said)) for one in requests for verdict in decide(policy, one).verdicts)
    mixed = np.random.default_rng(3).integers(0, len(columns.moves), rows)
    many = Columns(*(column[mixed] for column in columns))
    taken = []
    for _ in range(rounds):
        began = time.thread_time()
        batch.decide(many)
        taken.append(time.thread_time() - began)
    return {
        "rows": rows, "rows_per_s": round(rows / statistics.median(taken)), "different": len(batch.answers),
        "first_meeting_s": round(first, 3),
    }  # fmt: skip


def _population(policy: Policy, people: int, rounds: int, sets: int = 5_000) -> Result:
    """A campaign over people with `sets` different sets of facts: who may get the newsletter."""
    draw = random.Random(5)
    choices = ("newsletter", "medical_service", "nominee", "opt_out_service", "block_purpose:outreach", "cookies_ads")
    asked = [
        read_request({
            "actor": "marketing_editor", "company": "CH", "action": "contact", "data": ["email", "name"],
            "purpose": "newsletter", "facts": {"entitlement": draw.random() < 0.8},
            "subject": {
                "relation": draw.choice(("direct", "employee_of", "beneficiary_under")), "age": draw.choice((17, 41)),
                "country": draw.choice(("CH", "GB", "SG", "DE", "AQ")),
                "choices": [one for one in choices if draw.random() < 0.3],
            },
        })
        for _ in range(sets)
    ]  # fmt: skip
    fact_sets = np.random.default_rng(2).integers(0, sets, people, dtype=np.int32)
    permitted = permitted_people(Decider(policy), asked, fact_sets)
    alone = [decide(policy, one).outcome is Outcome.PERMIT for one in asked]
    assert permitted.tolist() == [alone[number] for number in fact_sets.tolist()]
    taken = []
    for _ in range(rounds):
        decider = Decider(policy)
        began = time.perf_counter()
        permitted_people(decider, asked, fact_sets)
        taken.append(time.perf_counter() - began)
    return {
        "people": people, "fact_sets": sets, "permitted": int(permitted.sum()),
        "ms": round(statistics.median(taken) * 1000, 1),
    }  # fmt: skip


def _command(asked: Sequence[Wire], lines: int) -> Result:
    """`amanat decide --jobs 1`, as a process: its start, JSON in and out included."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "requests.jsonl"
        written = [json.dumps(wire) for wire in asked]
        path.write_text("".join(written[number % len(written)] + "\n" for number in range(lines)))
        began = time.perf_counter()
        with path.open("rb") as requests:
            done = subprocess.run(
                [sys.executable, "-m", "amanat.cli.main", "decide"], stdin=requests, capture_output=True, check=True
            )
        taken = time.perf_counter() - began
    assert done.stdout.count(b"\n") == lines
    return {"lines": lines, "lines_per_s": round(lines / taken)}
