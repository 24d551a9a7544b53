"""A damaged export is refused with an error of ours, or still means something: no other error, whatever the damage.

Linked data carries a digest of its rules, so they come back whole or not at all; canonical JSON has its signature.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from amanat.errors import MalformedError
from amanat.policy.interpreter import Policy
from amanat.statement.compile import Statement
from amanat.statement.exports.canonical import canonical, read_canonical
from amanat.statement.exports.dpv import dpv, read_dpv
from amanat.statement.exports.odrl import odrl, read_odrl
from stage.draws import seeded

READERS: dict[str, tuple[Callable[[Statement], bytes], Callable[[bytes], Policy]]] = {
    "json": (canonical, lambda data: read_canonical(data).policy),
    "dpv": (lambda statement: dpv(statement).encode(), read_dpv),
    "odrl": (lambda statement: odrl(statement).encode(), read_odrl),
}


@pytest.fixture(scope="module")
def small(ama: Statement) -> Statement:
    rules = tuple(rule for rule in ama.policy.rules if rule.id in ("2.5a", "2.3c", "8.6m"))
    return replace(ama, sections=ama.sections[:1], declarations=(), policy=replace(ama.policy, rules=rules))


@pytest.mark.parametrize("form", READERS)
def test_whatever_is_damaged_the_answer_is_an_error_of_ours_or_a_policy(small: Statement, form: str) -> None:
    write, read = READERS[form]
    data, draw, refused = write(small), seeded(77), 0
    reach = min(len(data), 20_000)  # behind the head and the rules stand only meanings of words, which nobody reads
    for _ in range(1_000):
        spoilt = bytearray(data)
        for _ in range(draw.choice((1, 1, 2, 5))):
            place = draw.randrange(reach)
            spoilt[place : place + draw.choice((0, 1, 9))] = draw.choice(
                (b"", b'"', b"]", b"0", b"null", b"{}", b"\xff")
            )
        try:
            found = read(bytes(spoilt))
        except MalformedError:
            refused += 1
        else:
            assert form == "json" or found.rules == small.policy.rules
    assert refused > 700
