"""The reasons under a decision: true of it, few, each once, and what would unlock it unlocks it."""

import random
from dataclasses import replace

import pytest

from amanat.custody.words import Words
from amanat.policy.decision import Outcome
from amanat.policy.explain import explain
from amanat.policy.interpreter import Policy, decide
from amanat.policy.request import Request
from amanat.publication import questions, reasons
from amanat.statement.cases import read_cases, read_world
from amanat.statement.compile import load_statement
from amanat.statement.document import Line, read_document

STATEMENT = load_statement("ama")


def request(case: str) -> Request:
    """A request written as a case of the statement, in its world."""
    world = read_world(read_document(STATEMENT.text).world, [])
    (one,) = read_cases([Line(1, f"deny {case}")], "0.1", world, [])
    return one.request


def told(asked: Request, policy: Policy = STATEMENT.policy) -> reasons.Reasons:
    return reasons.joined([explain(policy, asked)])


def test_a_permit_that_is_stopped_is_not_called_a_near_miss() -> None:
    found = told(request("assistance_coordinator view report for treatment given no consent"))
    assert [one.clause for one in found.stops] == ["8.3"]
    assert found.nearly == ()
    assert found.unlocks == ("ask for your yes to health data",)


def test_a_near_miss_says_what_it_would_have_taken() -> None:
    found = told(request("billing_clerk disclose name to employer for billing given no consent"))
    assert found.nearly[0].clause == "6.10"
    assert "we have your yes to telling a payer" in found.nearly[0].missing
    assert len(found.nearly) <= 3


def test_what_only_a_broken_glass_opens_says_so_first() -> None:
    asked = request("clinician view allergies for emergency_care in incapacity given no consent")
    assert decide(STATEMENT.policy, asked).outcome is Outcome.GLASS
    assert told(asked).unlocks[0] == "break the glass: life is at risk and you cannot be asked"


def test_what_is_permitted_has_nothing_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = request("clinician view report for treatment given no consent")
    permitted = replace(asked, choices=asked.choices | {"medical_service"})
    assert decide(STATEMENT.policy, permitted).outcome is Outcome.PERMIT
    monkeypatch.setattr(reasons, "recorded_words", lambda *_: Words((STATEMENT.digest,), STATEMENT))
    assert not reasons.reasons_of([permitted], STATEMENT.digest, [])
    assert reasons.reasons_of([replace(permitted, choices=frozenset())], STATEMENT.digest, [])


def test_the_reasons_of_any_question_are_sentences_without_leftovers() -> None:
    dice = random.Random(11)  # noqa: S311 - questions, not secrets
    for _ in range(300):
        found = told(questions.request_of(STATEMENT, any_question(dice)))
        for one in (*found.stops, *found.nearly):
            assert one.rule.endswith(".")
            assert not set("{}_") & set(one.rule + one.missing)
        assert all(one.missing for one in found.nearly)
        assert len(set(found.stops)) == len(found.stops)


def any_question(dice: random.Random) -> questions.Question:
    from amanat.vocabulary.terms import ACTION, CATEGORY, PURPOSE, RECIPIENT, ROLE  # noqa: PLC0415

    aims = [one for one in PURPOSE.leaves if one != "other"]
    return questions.Question(
        dice.choice(ROLE.leaves), dice.choice(ACTION.leaves), (dice.choice(CATEGORY.leaves),), dice.choice(aims),
        dice.choice(RECIPIENT.leaves), dice.choice(RECIPIENT.leaves), dice.choice(questions.SITUATIONS),
    )  # fmt: skip
