"""The exports as linked data carry every statement whole, and ODRL's own logic gives the interpreter's answers."""

import json
import random
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.policy.decision import Outcome
from amanat.policy.interpreter import addressed, decide
from amanat.policy.literals import Question, holds
from amanat.statement.compile import Statement
from amanat.statement.exports.cedar_request import EVERY_FACT
from amanat.statement.exports.concepts import ROOMS
from amanat.statement.exports.dpv import dpv, read_dpv
from amanat.statement.exports.odrl import odrl, read_odrl
from amanat.statement.keys import AXES
from amanat.vocabulary.terms import CATEGORY, CONTEXT
from stage.draws import draw_policy, draw_requests, seeded

Node = dict[str, Any]
MOVES = ("disclose", "transfer")


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(draw=st.integers(0, 2**32).map(seeded))
def test_drawn_statements_are_read_back_equal(ama: Statement, draw: random.Random) -> None:
    policy = draw_policy(draw)
    rules = tuple(replace(rule, line=line) for line, rule in enumerate(policy.rules, 1))
    statement = replace(ama, policy=replace(policy, rules=rules))
    for write, read in ((odrl, read_odrl), (dpv, read_dpv)):
        assert read(write(statement).encode()).rules == rules


class Evaluator:
    """ODRL as its information model reads it, for one datum; None stands for an operand that is not asked of."""

    def __init__(self, question: Question) -> None:
        request, datum = question.request, question.item
        taken = request.action in ("collect", "receive")
        self.action = request.action
        self.operands: dict[str, set[Any] | None] = {
            "amanat:actor": words("who", request.actor),
            "amanat:datum": words("data", datum.leaf),
            "amanat:word": {f"amanat:data/{datum.word}"},
            "amanat:beside": words("beside", *CATEGORY.leaves_in(request.leaves & ~datum.bit)),
            "amanat:party": words("to", request.recipient) if request.action in MOVES else None,
            "amanat:supplier": words("from", request.source) if request.action == "receive" else None,
            "odrl:purpose": words("for", request.purpose),
            "odrl:deliveryChannel": words("ch", request.channel or "web_public") if taken else None,
            "amanat:context": words("ctx", *CONTEXT.leaves_in(request.context_mask)),
            "amanat:relation": words("of", request.relation),
            "amanat:fact": {str(one) for one in EVERY_FACT if holds(one, question)},
        }
        self.k = request.facts.k

    def permits(self, policy: Node) -> bool:
        """`conflict` is `prohibit`: a prohibition that applies outweighs every permission."""
        stopped = any(self.applies(rule) for rule in policy["prohibition"])
        return not stopped and any(self.applies(rule) for rule in policy["permission"])

    def applies(self, rule: Node) -> bool:
        actions = set(rule["action"])
        done = "amanat:action/any" in actions or bool(words("do", self.action) & actions)
        parts = [rule["target"].get("refinement", []), rule.get("assignee", {}).get("refinement", [])]
        return done and all(self.satisfied(one) for one in (*parts[0], *parts[1], *rule.get("constraint", [])))

    def satisfied(self, one: Node) -> bool:
        if one["@type"] == "odrl:LogicalConstraint":
            inner = [self.satisfied(part) for part in one.get("and", one.get("or"))]
            return all(inner) if "and" in one else any(inner)
        if one["leftOperand"] == "amanat:k":
            return (self.k >= one["rightOperand"]) is (one["operator"] == "odrl:gteq")
        left, right = self.operands[one["leftOperand"]], one["rightOperand"]
        if left is None:
            return True
        return bool(left & ({right["@value"]} if isinstance(right, dict) else set(right))) is (
            one["operator"] == "odrl:isAnyOf"
        )


def words(key: str, *found: str | None) -> set[Any]:
    """Addresses of words and of every group above them."""
    axis = AXES[key][1]
    return {
        f"amanat:{ROOMS[key]}/{name}"
        for word in found
        if word
        for name in axis.mask
        if axis.mask[name] & axis.bit[word]
    }


def questions(requests: Iterable[Any]) -> list[Question]:
    """What the platform asks at all: of its own site, with all that a request must name."""
    return [Question(one, item) for one in requests for item in one.items if one.host == "own" and addressed(one)]


def test_the_logic_of_odrl_alone_gives_the_answers_of_the_interpreter(ama: Statement) -> None:
    policy = json.loads(odrl(ama))["@graph"][0]
    permitted = 0
    for question in questions(draw_requests(ama.policy, seed=22, number=1_000)):
        alone = Evaluator(question).permits(policy)
        verdicts = decide(ama.policy, question.request).verdicts
        verdict = next(one for one in verdicts if one.word == question.item.word)
        assert alone is (verdict.outcome is Outcome.PERMIT), question
        permitted += alone
    assert permitted > 200
