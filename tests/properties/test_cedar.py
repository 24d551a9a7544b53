"""Cedar's own engine, given our policies, permits exactly what the interpreter permits, and names the same clauses."""

import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import replace

import cedarpy
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.policy.decision import Outcome, Verdict
from amanat.policy.interpreter import DEFAULT, SCOPE, Policy, decide
from amanat.policy.literals import Question
from amanat.policy.request import Request
from amanat.policy.rule import RuleKind
from amanat.policy.wire import read_request
from amanat.statement.compile import Statement
from amanat.statement.exports.cedar import cedar_policies, unsaid
from amanat.statement.exports.cedar_request import cedar_entities, cedar_request, cedar_schema, facts_named
from amanat.statement.overlay_compile import installed_overlays, load_overlay
from amanat.statement.overlays import tightened
from amanat.vocabulary.terms import PLATFORM_FACTS
from stage.draws import draw_policy, draw_requests, draw_small_request, seeded

ENTITIES = cedarpy.Entities.from_json_str(json.dumps(cedar_entities()), cedar_schema())
Answer = tuple[Verdict, cedarpy.AuthzResult]


def answers(policy: Policy, requests: Iterable[Request]) -> Iterator[Answer]:
    """The interpreter's verdict on each datum beside Cedar's."""
    facts = facts_named(policy)
    judged = [(one, decide(policy, one)) for one in requests if one.items]
    pairs = [
        (Question(one, item), verdict)
        for one, decision in judged
        for item, verdict in zip(one.items, decision.verdicts, strict=True)
    ]
    asked = [cedar_request(question, facts) for question, _ in pairs]
    said = cedarpy.PolicySet.from_str(cedar_policies(policy))
    results = cedarpy.is_authorized_batch(asked, said, ENTITIES, cedarpy.Schema.from_str(cedar_schema()))
    return zip((verdict for _, verdict in pairs), results, strict=True)


def clauses(result: cedarpy.AuthzResult, sections: dict[str, str]) -> set[str]:
    return {sections[one] for one in result.diagnostics.id_annotations_by_reason.values()}


def test_ten_thousand_requests_are_permitted_alike(ama: Statement) -> None:
    policy = ama.policy
    sections = {rule.id: rule.section for rule in policy.rules} | {SCOPE: SCOPE, DEFAULT: DEFAULT}
    permitted = 0
    for verdict, result in answers(policy, draw_requests(policy, seed=20261124, number=10_000)):
        assert not result.diagnostics.errors
        assert result.allowed is (verdict.outcome is Outcome.PERMIT)
        if result.allowed:
            permitted += 1
            assert clauses(result, sections) <= set(verdict.clauses)
        elif verdict.outcome is Outcome.OUT_OF_SCOPE:
            assert SCOPE in clauses(result, sections)
    assert permitted > 2_500


def test_a_prohibition_that_decides_is_named_by_cedar_too(ama: Statement) -> None:
    by_kind = {kind: {rule.section for rule in ama.policy.rules if rule.kind is kind} for kind in RuleKind}
    forbids = by_kind[RuleKind.FORBID] - by_kind[RuleKind.PERMIT] - {DEFAULT}
    sections = {rule.id: rule.section for rule in ama.policy.rules} | {SCOPE: SCOPE, DEFAULT: DEFAULT}
    told = 0
    for verdict, result in answers(ama.policy, draw_requests(ama.policy, seed=7, number=2_000)):
        if verdict.outcome is Outcome.DENY and set(verdict.clauses) <= forbids:
            told += 1
            assert set(verdict.clauses) <= clauses(result, sections)
    assert told > 100


def test_every_rule_that_is_said_decides_at_least_once(ama: Statement) -> None:
    drawn = draw_requests(ama.policy, seed=5, number=2_000)
    failing = {"tool": "bcr", "platform_failures": frozenset(PLATFORM_FACTS)}
    requests = [
        *(read_request(case.wire) for case in ama.cases),
        *drawn,
        *(replace(one, facts=replace(one.facts, **failing)) for one in drawn),
    ]
    results = (result for _, result in answers(ama.policy, requests))
    decided = {one for result in results for one in result.diagnostics.id_annotations_by_reason.values()}
    said = {rule.id for rule in ama.policy.rules} - {one.rule for one in unsaid(ama.policy)}
    assert said - decided == set()


def test_overlays_are_permitted_alike(ama: Statement) -> None:
    overlays = [load_overlay(one, ama) for one in installed_overlays()]
    compelled = frozenset(clause for one in overlays for clause in one.compels)
    policy = tightened(ama.policy, overlays, compelled)
    assert len(policy.rules) > len(ama.policy.rules)
    for verdict, result in answers(policy, draw_requests(policy, seed=8, number=1_000)):
        assert result.allowed is (verdict.outcome is Outcome.PERMIT)


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(st.integers(0, 2**32).map(seeded))
def test_drawn_statements_are_permitted_alike(draw: random.Random) -> None:
    policies = draw_policy(draw)
    requests = [draw_small_request(draw) for _ in range(20)]
    for verdict, result in answers(policies, requests):
        assert result.allowed is (verdict.outcome is Outcome.PERMIT)
