"""What is said of all requests at once: properties, counts, idle rules, the difference of two versions; and compiling.

Each figure is the median of rounds in a fresh analysis, so nothing is remembered from the round before.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from amanat.policy.difference import compare
from amanat.policy.prove import Analysis
from amanat.statement.compile import load_statement
from amanat.statement.properties import check_properties, properties_of

Result = dict[str, Any]
_NAMED = ("health data is used for advertising", "without a yes for that payer", "of a minor is taken online")
_COMPILE = """
import json, time, tracemalloc
began = time.perf_counter()
from amanat.statement.compile import load_statement
load_statement("ama")
cold = time.perf_counter() - began
tracemalloc.start()
kept = load_statement("ama")
kept.decider
print(json.dumps({"cold_ms": round(cold * 1000, 1), "mb": round(tracemalloc.get_traced_memory()[0] / 1e6, 2)}))
"""


def run(*, rounds: int) -> Result:
    policy, new = load_statement("ama").policy, load_statement("ama-1.1").policy
    asked = properties_of("ama")
    assert all(one.holds for one in check_properties(Analysis(policy), asked))
    named = [next(one for one in asked if words in one.title) for words in _NAMED]

    def whole() -> None:
        analysis = Analysis(policy)
        check_properties(analysis, asked)
        assert analysis.permitted < analysis.size
        assert list(analysis.idle())

    return {
        "rules": len(policy.rules),
        "properties_ms": {one.title: _alone_ms(policy, one, rounds) for one in named},
        "whole_ms": _ms(whole, rounds),
        "properties": len(asked),
        "difference_ms": _ms(lambda: compare(policy, new), rounds),
        "requests": Analysis(policy).size,
        "permitted": Analysis(policy).permitted,
        "compile": _compile(rounds),
    }


def _alone_ms(policy: Any, one: Any, rounds: int) -> float:
    """One property asked of an analysis that has proved the others, and was never asked this."""
    taken = []
    for _ in range(rounds):
        analysis = Analysis(policy)
        check_properties(analysis, tuple(other for other in properties_of("ama") if other != one))
        began = time.perf_counter()
        check_properties(analysis, (one,))
        taken.append(time.perf_counter() - began)
    return round(statistics.median(taken) * 1000, 2)


def _ms(work: Callable[[], object], rounds: int) -> float:
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return round(statistics.median(taken) * 1000, 1)


def _compile(rounds: int) -> Result:
    """A fresh process each time: imports, reading, locks and cases; then what a compiled statement holds in memory."""
    runs = [
        json.loads(subprocess.run([sys.executable, "-c", _COMPILE], capture_output=True, check=True).stdout)
        for _ in range(rounds)
    ]
    return {key: statistics.median(one[key] for one in runs) for key in ("cold_ms", "mb")}
