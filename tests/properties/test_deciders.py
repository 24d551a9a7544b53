"""The fast readers of a policy answer as the interpreter does, for drawn statements and for what is not well formed.

That all of them agree on a hundred thousand requests under the installed statement is `tests/drills/test_readers.py`.
"""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.errors import MalformedError
from amanat.policy import cells, decider
from amanat.policy.cells import Answer
from amanat.policy.decider import Decider
from amanat.policy.decision import Outcome
from amanat.policy.glance import Glance
from amanat.policy.interpreter import decide
from amanat.policy.literals import ATOMS, PARAMETERS, Question, holds
from amanat.policy.rule import Literal
from amanat.policy.signals import BIT, IF_ASKED, IF_BROKEN, formula
from amanat.policy.signals import holds as so
from amanat.policy.wire import read_request
from amanat.policy.wishes import WITHHOLDING
from amanat.statement.compile import Statement
from stage.draws import draw_policy, draw_requests, draw_small_request, seeded

Told = tuple[Outcome, tuple[str, ...], tuple[Any, ...], tuple[str, ...]]


def told(one: Answer) -> Told:
    return one.outcome, one.clauses, one.obligations, one.needs


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.integers(0, 2**32).map(seeded))
def test_drawn_statements_are_read_alike(draw: random.Random) -> None:
    policy = draw_policy(draw)
    fast = Decider(policy)
    for _ in range(40):
        request = draw_small_request(draw)
        assert fast.decide(request) == decide(policy, request)


def every_literal() -> list[Literal]:
    return [Literal(atom, parameter) for atom in ATOMS for parameter in sorted(PARAMETERS[atom] or {""})]


def test_the_formulas_say_of_each_condition_what_the_interpreter_says(ama: Statement) -> None:
    fast, seen = Decider(ama.policy), set()
    literals = [one for one in every_literal() if one.atom != "k" or one.parameter == "10"]
    for request in draw_requests(ama.policy, seed=11, number=4_000):
        found = fast.see(request)
        if found is None:
            continue
        for one in request.items:
            datum = fast.cells.data[one.word]
            known = found.known | datum.signals
            known |= BIT["withheld"] if found.wishes & WITHHOLDING[one.word] else 0
            for literal in literals:
                said = holds(literal, Question(request, one))
                assert so(formula(literal), known) is said, literal
                seen.add((literal, said))
                for hoped, question in (
                    (IF_ASKED, Question(request, one, assume_consents=True)),
                    (IF_BROKEN, Question(request, one, assume_glass=True)),
                ):
                    if literal.atom in hoped:
                        assert so(hoped[literal.atom](literal.parameter), known) is holds(literal, question), literal
    both = {literal for literal, said in seen if (literal, not said) in seen}
    never_differ = {literal.atom for literal in literals} - {literal.atom for literal in both}
    assert never_differ <= {"purpose_named", "platform"}


WRONG: tuple[tuple[tuple[str, ...], Any], ...] = (
    (("actor",), None), (("action",), None), (("purpose",), None), (("source",), None), (("channel",), None),
    (("actor",), "*"), (("action",), "*"), (("purpose",), "*"), (("recipient",), "*"), (("source",), "*"),
    (("channel",), "*"), (("subject", "relation"), "*"), (("actor",), "staff"), (("purpose",), "other"),
    (("purpose",), "service"), (("recipient",), "payer"), (("recipient",), ""), (("recipient",), None),
    (("subject", "relation"), "unknown"), (("facts", "entitlement"), 1), (("facts", "entitlement"), "yes"),
    (("facts", "agreement"), True), (("facts", "k"), True), (("facts", "k"), -1), (("facts", "k"), 10.0),
    (("facts", "agreement_terms"), "secrecy"), (("facts", "glass"), {"reason": 3}),
    (("facts", "glass"), [["reason", "x"]]), (("facts", "glass"), ["name"]), (("facts", "colour"), True),
    (("subject", "age"), True), (("subject", "age"), -1), (("subject", "minor"), 1),
    (("subject", "choices"), "nominee"), (("subject", "country"), "ch"), (("company",), "CHE"), (("company",), None),
    (("recipient_country",), "c1"),
    (("contexts",), "routine"), (("contexts",), ["*"]), (("contexts",), None), (("data",), "name"), (("data",), ["*"]),
    (("data",), [3]), (("data",), [None]), (("host",), "elsewhere"), (("id",), 3), (("subject",), []),
    (("facts",), None), (("colour",), "blue"),
)  # fmt: skip


@pytest.mark.parametrize(("path", "value"), WRONG)
def test_what_is_wrong_is_an_error_however_well_the_rest_is_known(
    ama: Statement, path: tuple[str, ...], value: object
) -> None:
    wire: dict[str, Any] = {
        "id": "q", "actor": "logistics_agent", "company": "CH", "action": "disclose", "data": ["name"],
        "subject": {"relation": "direct", "age": 41, "country": "CH", "minor": False, "choices": ["nominee"]},
        "recipient": "provider.travel", "recipient_country": "CH", "source": "self", "channel": "phone",
        "purpose": "logistics", "host": "own", "contexts": ["routine"],
        "facts": {"agreement": "live", "agreement_terms": ["secrecy"], "entitlement": True, "k": 10},
    }  # fmt: skip
    glance = Glance(Decider(ama.policy))
    sound = told(glance.answer(wire))
    assert told(glance.answer(wire)) == sound
    *rooms, key = path
    place = wire
    for room in rooms:
        place = place[room]
    place.pop(key, None)
    assert told(glance.answer(wire)) == told(glance.answer(wire))
    place[key] = value
    with pytest.raises(MalformedError):
        read_request(wire)
    with pytest.raises(MalformedError):
        glance.answer(wire)


def test_full_tables_are_emptied_and_nothing_changes(ama: Statement, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "MOST_KEYS", 3)
    monkeypatch.setattr(decider, "_MOST_ANSWERS", 2)
    fast = Decider(ama.policy)
    for request in draw_requests(ama.policy, seed=99, number=1_000):
        assert fast.decide(request) == decide(ama.policy, request)
        assert len(fast.cells.moves) <= 3
