"""What a statement means, one construct at a time, over statements of a few lines."""

import pytest

from amanat.policy.decision import Decision, Outcome
from amanat.policy.interpreter import Policy, decide, hours, unite
from amanat.policy.rule import Obligation
from stage.draws import GLASS
from stage.rules import Wire, policy_of, request_of

FIRMS = """
permit 6.7
  do    telling
  data  personal
  to    provider
  for   service
"""


def ask(rules: str, changes: Wire | None = None, *without: str) -> Decision:
    return decide(policy_of(rules), request_of(changes, *without))


def outcome(rules: str, changes: Wire | None = None, *without: str) -> tuple[str, tuple[str, ...]]:
    decision = ask(rules, changes, *without)
    return decision.outcome.value, decision.clauses


def test_nothing_is_permitted_but_what_a_permit_names() -> None:
    assert outcome(FIRMS) == ("permit", ("6.7",))
    for changes in ({"action": "use"}, {"recipient": "employer"}, {"purpose": "newsletter"}, {"data": ["aggregate"]}):
        assert outcome(FIRMS, changes) == ("deny", ("6.12",)), changes
    assert outcome("") == ("deny", ("6.12",))


def test_a_prohibition_beats_every_permit() -> None:
    assert outcome(FIRMS + "forbid 8.1\n  do any\n  data identity\n") == ("deny", ("8.1",))


def test_an_exception_lifts_a_prohibition() -> None:
    rules = FIRMS + "forbid 8.1\n  do any\n  data identity\n  unless order\n"
    assert outcome(rules) == ("deny", ("8.1",))
    assert outcome(rules, {"facts.order": True}) == ("permit", ("6.7",))


def test_a_prohibition_that_consent_lifts_is_asked_for() -> None:
    decision = ask(FIRMS + "forbid 8.1\n  do any\n  data identity\n  unless consent newsletter\n")
    assert (decision.outcome, decision.clauses, decision.needs) == (Outcome.ASK, ("8.1",), ("newsletter",))


def test_a_requirement_holds_whichever_permit_fired() -> None:
    rules = FIRMS + "require 6.8\n  do telling\n  data personal\n  need tool\n"
    assert outcome(rules) == ("permit", ("6.7", "6.8"))
    denied = ask(rules, {"facts.tool": "none"})
    assert (denied.outcome, denied.clauses, denied.needs) == (Outcome.DENY, ("6.8",), ("tool",))


def test_a_requirement_is_told_only_where_a_permit_is_near() -> None:
    rules = "require 6.8\n  do telling\n  data personal\n  need tool\n"
    assert outcome(rules, {"facts.tool": "none"}) == ("deny", ("6.12",))


def test_a_control_of_the_platform_is_silent_until_it_fails() -> None:
    policy = policy_of(FIRMS + "control 0.1\n  do any\n  data personal\n  need platform graph\n")
    assert decide(policy, request_of()).clauses == ("6.7",)


def test_a_choice_subtracts_what_is_left() -> None:
    rules = FIRMS + "choice 8.12a\n  do telling\n  data personal\n  if blocked_recipient\n  unless lawful_order\n"
    assert outcome(rules, {"subject.choices": ["block_recipient:provider"]}) == ("deny", ("8.12a",))
    assert outcome(rules, {"subject.choices": ["block_recipient:payer"]}) == ("permit", ("6.7",))


def test_reach_limits_who_may_touch_a_datum_whatever_else_permits() -> None:
    rules = FIRMS + "reach 9.3a\n  who caring\n  do any\n  data medical\n"
    consented = {"data": ["report"], "actor": "billing_clerk"}
    assert outcome(rules, consented) == ("deny", ("6.12",))
    assert outcome(rules, consented | {"actor": "clinician"}) == ("permit", ("6.7",))


def test_alternatives_are_joined_by_or_and_conditions_by_and() -> None:
    rules = FIRMS + "  if order\n  and tool\n  or entitlement\n"
    assert outcome(rules)[0] == "permit"
    assert outcome(rules, {"facts.entitlement": False})[0] == "deny"
    assert outcome(rules, {"facts.entitlement": False, "facts.order": True})[0] == "permit"
    assert outcome(rules, {"facts.entitlement": False, "facts.order": True, "facts.tool": "none"})[0] == "deny"


def test_the_nearest_miss_is_named_and_ties_are_all_named_in_clause_order() -> None:
    far = "permit 6.10\n  do telling\n  data personal\n  if order\n  and guardian_for\n"
    near = "permit 6.9\n  do telling\n  data personal\n  if order\n"
    tied = "permit 6.11\n  do telling\n  data personal\n  if guardian_for\n"
    assert ask(far + near).clauses == ("6.9",)
    both = ask(tied + near + far)
    assert (both.clauses, both.needs) == (("6.9", "6.11"), ("order", "guardian_for"))


def test_ask_names_the_way_that_consent_opens_not_a_nearer_one() -> None:
    nearer = "permit 6.9\n  do telling\n  data personal\n  if order\n"
    by_consent = "permit 6.10\n  do telling\n  data personal\n  if consent newsletter\n  and consent medical_service\n"
    decision = ask(nearer + by_consent)
    assert (decision.outcome, decision.clauses) == (Outcome.ASK, ("6.10",))
    assert decision.needs == ("medical_service", "newsletter")


def test_where_a_requirement_may_be_met_otherwise_ask_still_names_the_consent() -> None:
    decision = ask(FIRMS + "require 6.8\n  do any\n  data personal\n  need order\n  or consent newsletter\n")
    assert (decision.outcome, decision.needs) == (Outcome.ASK, ("newsletter",))


def test_a_fact_beside_the_consent_makes_it_a_refusal() -> None:
    decision = ask(FIRMS + "  if consent newsletter\n  and order\n")
    assert (decision.outcome, decision.needs) == (Outcome.DENY, ("order", "newsletter"))


RESCUE = """
permit 8.6
  do    telling
  data  emergency_record
  if    glass
"""


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "glass"),
        ({"facts.glass": GLASS}, "permit"),
        ({"facts.glass": GLASS | {"reason": "  "}}, "glass"),
        ({"facts.glass": GLASS | {"refusal_on_record": True}}, "deny"),
        ({"facts.glass": {}}, "deny"),
        ({"data": ["emergency_record"]}, "deny"),
        ({"data": ["emergency_record"], "facts.glass": GLASS}, "deny"),
        ({"contexts": ["emergency_unrest"]}, "deny"),
        ({"contexts": ["emergency_unrest", "emergency_medical"]}, "glass"),
    ],
)
def test_the_glass_opens_the_emergency_minimum_alone(changes: Wire, expected: str) -> None:
    assert outcome(RESCUE, {"data": ["allergies"]} | changes)[0] == expected


def test_nobody_is_asked_who_cannot_answer_or_while_the_glass_is_broken() -> None:
    rules = FIRMS + "  if consent newsletter\n  or glass\n"
    assert outcome(rules)[0] == "ask"
    assert outcome(rules, {"contexts": ["incapacity"]})[0] == "glass"
    assert outcome(rules, {"facts.glass": GLASS | {"case_open": False}})[0] == "glass"
    assert outcome(rules, {"data": ["email"], "contexts": ["incapacity"]})[0] == "deny"


def test_every_datum_is_decided_and_the_worst_answers() -> None:
    rules = FIRMS.replace("personal", "ordinary") + "permit 8.5\n  do telling\n  data medical\n  if consent opt_in\n"
    decision = ask(rules, {"data": ["name", "report", "fitness_flag"]})
    assert [one.outcome.value for one in decision.verdicts] == ["permit", "ask", "deny"]
    assert (decision.outcome, decision.clauses, decision.permitted) == (Outcome.DENY, ("6.12",), ("name",))
    assert ask(rules, {"data": ["name", "report"]}).needs == ("medical_service",)


def test_what_stands_beside_a_datum_counts() -> None:
    rules = FIRMS + "forbid 5.6\n  do any\n  data web\n  beside identity\n"
    assert outcome(rules, {"data": ["browse"]})[0] == "permit"
    assert outcome(rules, {"data": ["browse", "name"]}) == ("deny", ("5.6",))
    assert outcome(rules, {"data": ["browse", "device"]})[0] == "permit"


@pytest.mark.parametrize("absent", ["actor", "action", "purpose", "recipient"])
def test_an_open_rule_lets_nobody_act_for_nothing(absent: str) -> None:
    assert outcome("permit 6.7\n  do any\n  data personal\n", {}, absent) == ("deny", ("6.12",))


def test_a_foreign_host_is_out_of_scope_whatever_is_asked() -> None:
    assert outcome(FIRMS, {"host": "foreign"}) == ("out_of_scope", ("4.4",))
    assert outcome(FIRMS, {"host": "foreign", "data": []}) == ("out_of_scope", ("4.4",))


def test_duties_are_united_and_the_stricter_stays() -> None:
    duties = [Obligation("review", "72h"), Obligation("review", "2d"), Obligation("review"), Obligation("minimise")]
    assert [str(one) for one in unite(duties)] == ["log", "cite", "minimise", "review(2d)"]
    larger = [Obligation("aggregate_k", "10"), Obligation("aggregate_k", "20")]
    assert str(unite(larger)[-1]) == "aggregate_k(20)"
    assert unite(reversed(duties)) == unite(duties)


def test_spans_are_compared_in_hours() -> None:
    assert [hours(one) for one in ("72h", "3d", "1d")] == [72, 72, 24]
    assert hours("soon") > hours("99999d")


def test_a_refusal_carries_the_duties_of_what_refused_it() -> None:
    decision = ask(FIRMS + "forbid 7.1\n  do any\n  data personal\n  then refuse_and_forget\n")
    assert [str(one) for one in decision.obligations] == ["log", "cite", "refuse_and_forget"]


def test_clauses_are_cited_without_the_suffix_of_a_rule() -> None:
    rules = FIRMS.replace("6.7", "6.7z") + "require 6.9\n  do any\n  data personal\n  need term onward as 6.9a\n"
    assert outcome(rules) == ("deny", ("6.9a",))
    assert outcome(rules, {"facts.agreement_terms": ["onward"]}) == ("permit", ("6.7", "6.9"))


def test_an_answer_names_the_statement_it_rests_on() -> None:
    decision = decide(Policy((), "9.9.9", "digest"), request_of())
    assert (decision.version, decision.digest) == ("9.9.9", "digest")
