"""Cedar text that its own engine takes: valid against our schema, one policy per rule, nothing left out unsaid."""

import json

import cedarpy
import pytest

from amanat.policy.literals import Question
from amanat.policy.rule import RuleKind
from amanat.statement.compile import Statement
from amanat.statement.exports import cedar
from amanat.statement.exports.cedar import cedar_policies, unsaid
from amanat.statement.exports.cedar_request import (
    EVERY_FACT,
    cedar_entities,
    cedar_request,
    cedar_schema,
    facts_named,
)
from stage.rules import policy_of, request_of

CODED = """permit 6.7
  do    telling
  data  ordinary
  to    provider, hospital
  if    agreement
"""


def allowed(policies: str, question: Question) -> bool:
    result = cedarpy.is_authorized(cedar_request(question), policies, cedar_entities(), cedar_schema())
    assert not result.diagnostics.errors
    return result.allowed


def asked(*without: str, **changes: object) -> Question:
    request = request_of({key.replace("__", "."): value for key, value in changes.items()}, *without)
    return Question(request, request.items[0])


def test_the_installed_statement_is_valid_cedar_under_our_schema(ama: Statement) -> None:
    result = cedarpy.validate_policies(cedar_policies(ama.policy), cedar_schema())
    assert [str(one) for one in result.errors] == []
    assert cedarpy.Entities.from_json_str(json.dumps(cedar_entities()), cedar_schema())


def test_nearly_every_rule_is_said_and_two_policies_frame_them(ama: Statement) -> None:
    gaps, rules = unsaid(ama.policy), ama.policy.rules
    said = cedarpy.PolicySet.from_str(cedar_policies(ama.policy))
    assert len(said) == len(rules) - len(gaps) + 2
    assert len(gaps) <= 0.05 * len(rules)
    assert all("only adds obligations" in one.reason for one in gaps)


def test_a_rule_that_cedar_cannot_say_is_listed_with_its_reason(
    ama: Statement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(cedar._SAID, RuleKind.REACH)
    listed = [one for one in unsaid(ama.policy) if "of kind reach" in one.reason]
    assert {one.rule for one in listed} == {rule.id for rule in ama.policy.rules if rule.kind is RuleKind.REACH}
    text = cedar_policies(ama.policy)
    assert all(f"// Not said: {one.rule}, because {one.reason}." in text for one in listed)
    assert '@id("9.3a")' not in text


def test_a_requirement_that_only_adds_obligations_is_listed() -> None:
    asks_for_what_holds = "require 8.3\n  do use\n  data medical\n  if glass\n  need glass\n  then review 72h\n"
    assert [one.rule for one in unsaid(policy_of(CODED + asks_for_what_holds))] == ["8.3"]
    asks_for_more = asks_for_what_holds.replace("need glass", "need order")
    assert unsaid(policy_of(CODED + asks_for_more)) == ()


def test_a_condition_that_fails_is_no_permit() -> None:
    text = cedar_policies(policy_of(CODED))
    assert allowed(text, asked())
    assert not allowed(text, asked(facts__agreement="expired"))


@pytest.mark.parametrize("key", ["actor", "action", "purpose", "recipient"])
def test_what_is_left_out_permits_nothing(key: str) -> None:
    assert not allowed(cedar_policies(policy_of("permit 6.7\n  do any\n  data personal\n")), asked(key))


def test_another_site_is_not_ours_to_permit() -> None:
    assert not allowed(cedar_policies(policy_of(CODED)), asked(host="foreign"))


def test_a_policy_is_asked_only_for_the_facts_it_names() -> None:
    policy = policy_of(CODED)
    assert [str(one) for one in facts_named(policy)] == ["agreement"]
    assert cedar_request(asked(), facts_named(policy))["context"]["holds"] == ["agreement"]
    assert {"agreement", "consent opt_in", "platform graph", "tool scc"} <= {str(one) for one in EVERY_FACT}
