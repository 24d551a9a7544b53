"""Every reader of a policy against the interpreter, on the same requests: one difference is one too many.

The size follows AMANAT_DRILL: 10^5 requests for a commit, 10^6 for a release; seeds go on from one to the next.
"""

import os
from typing import Any, Final

import pytest

from amanat.policy.batch import BatchDecider
from amanat.policy.cells import Answer
from amanat.policy.columns import Encoder
from amanat.policy.decider import Decider
from amanat.policy.decision import Decision, Outcome, Verdict
from amanat.policy.flat import FlatDecider, flatten
from amanat.policy.glance import Glance
from amanat.policy.interpreter import Policy, decide
from amanat.policy.request import Request
from amanat.policy.signals import BIT
from amanat.policy.wire import read_request
from amanat.statement.compile import load_statement
from stage.draws import draw_wire, seeded

REQUESTS: Final = {"commit": 100_000, "night": 1_000_000, "release": 1_000_000}[
    os.environ.get("AMANAT_DRILL", "commit")
]
_STRETCH: Final = 5_000
Told = tuple[Outcome, tuple[str, ...], tuple[Any, ...]]


def told(one: Answer | Decision | Verdict) -> Told:
    return one.outcome, one.clauses, one.obligations


class Readers:
    """All readers of one policy, each with what it remembers."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.fast = Decider(policy)
        self.glance, self.flat, self.encoder = Glance(self.fast), FlatDecider(self.fast), Encoder(self.fast)
        self.batch = BatchDecider(self.encoder)

    def compare(self, seed: int) -> set[Outcome]:
        """Ask all of them; the outcomes that were met."""
        draw = seeded(seed)
        wires = [draw_wire(self.policy, draw) for _ in range(_STRETCH)]
        requests = [read_request(wire) for wire in wires]
        decided = [decide(self.policy, request) for request in requests]
        for wire, request, decision in zip(wires, requests, decided, strict=True):
            assert self.fast.decide(request) == decision, wire
            glanced = self.glance.answer(wire)
            assert (*told(glanced), glanced.needs) == (*told(decision), decision.needs), wire
            if self._fits_flat(request):
                assert told(self.flat.answer(flatten(self.fast, request))) == told(decision), wire
        self._compare_columns(requests, decided)
        return {decision.outcome for decision in decided}

    def _fits_flat(self, request: Request) -> bool:
        seen = self.fast.see(request)
        whole = seen is not None and not seen.known & BIT["unaddressed"]
        return whole and not any(one.startswith("withhold") for one in request.choices)

    def _compare_columns(self, requests: list[Request], decided: list[Decision]) -> None:
        columns = self.encoder.columns(requests)
        rows = zip(columns.requests.tolist(), self.batch.decide(columns).tolist(), strict=True)
        verdicts = {number: iter(decision.verdicts) for number, decision in enumerate(decided)}
        for number, answer in rows:
            assert told(self.batch.answers[answer]) == told(next(verdicts[number])), requests[number]


@pytest.mark.parametrize("seed", range(10))
def test_all_readers_say_what_the_interpreter_says(seed: int) -> None:
    readers, met = Readers(load_statement("ama").policy), set[Outcome]()
    for stretch in range(REQUESTS // 10 // _STRETCH):
        met |= readers.compare(1_000 * seed + stretch)
    assert met == set(Outcome)
