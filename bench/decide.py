"""One decision of the reference interpreter, from the worked examples of the contract. No goal yet: a first figure."""

import json
import statistics
import time
from pathlib import Path
from typing import Any

from amanat.policy.interpreter import decide
from amanat.policy.wire import loads, read_request, write_decision
from amanat.statement.compile import load_statement

_EXAMPLES = Path(__file__).parent.parent / "tests" / "vectors" / "decide" / "worked-examples.jsonl"


def run(rounds: int = 5, times: int = 300) -> dict[str, Any]:
    policy = load_statement("ama").policy
    told = [json.loads(line) for line in _EXAMPLES.read_text().splitlines() if line.strip()]
    pairs = [(asked, answer) for asked, answer in zip(told[::2], told[1::2], strict=True) if "outcome" in answer]
    lines = [json.dumps(asked).encode() for asked, _ in pairs]
    for line, (_, answer) in zip(lines, pairs, strict=True):
        found = write_decision(decide(policy, read_request(loads(line))))
        assert all(found[key] == answer[key] for key in ("outcome", "clauses", "obligations", "needs")), found
    requests = [read_request(loads(line)) for line in lines]
    alone = [
        _rate(lambda: [decide(policy, request) for request in requests], len(requests), times) for _ in range(rounds)
    ]
    wire = [
        _rate(lambda: [write_decision(decide(policy, read_request(loads(line)))) for line in lines], len(lines), times)
        for _ in range(rounds)
    ]
    return {
        "rules": len(policy.rules),
        "decisions_per_cpu_s": round(statistics.median(alone)),
        "from_wire_per_cpu_s": round(statistics.median(wire)),
    }


def _rate(work: Any, size: int, times: int) -> float:
    began = time.thread_time()
    for _ in range(times):
        work()
    return size * times / (time.thread_time() - began)
