"""Rule lines → rules: each construct has its meaning, and each fault its message."""

import pytest

from amanat.policy.rule import ALWAYS, Literal, Rule, RuleKind
from amanat.statement.diagnostics import Diagnostic
from amanat.statement.document import Line
from amanat.statement.rules import read_rules
from amanat.vocabulary.terms import CATEGORY, RECIPIENT
from stage.rules import policy_of

OPEN = "permit 6.7\n  do any\n  data personal\n"


def rule_of(text: str) -> Rule:
    (rule,) = policy_of(text).rules
    return rule


def faults(text: str, clause: str = "6.7") -> list[Diagnostic]:
    findings: list[Diagnostic] = []
    read_rules([Line(number, line) for number, line in enumerate(text.splitlines(), 1)], clause, findings)
    return findings


def test_words_of_a_line_are_a_union_and_lines_an_intersection() -> None:
    box = rule_of("permit 6.7\n  do disclose, transfer\n  data name or travel\n  to payer, provider.medical\n").box
    assert box.leaves == CATEGORY.union(("name", "destinations", "itinerary", "accommodation"))
    assert box.recipients == RECIPIENT.mask_of("payer") | RECIPIENT.bit["provider.medical"]


def test_a_profile_narrows_a_datum_to_named_fields() -> None:
    box = rule_of("permit 6.7\n  do any\n  data medical in emergency_minimum\n").box
    assert box.leaves == CATEGORY.mask_of("medical")
    assert box.fields is not None
    assert "allergies" in box.fields


def test_an_agreement_with_terms_is_several_conditions() -> None:
    when = rule_of(OPEN + "  if agreement with secrecy as 6.9a, onward\n").when
    assert when == ((Literal("agreement"), Literal("term", "secrecy", cites="6.9a"), Literal("term", "onward")),)


def test_and_binds_closer_than_or() -> None:
    when = rule_of(OPEN + "  if order\n  and not tool\n  or age >= 18\n").when
    assert when == ((Literal("order"), Literal("tool", wanted=False)), (Literal("adult"),))


def test_a_count_and_a_context_are_conditions() -> None:
    when = rule_of(OPEN + "  if k >= 10\n  and ctx minor\n").when
    assert when == ((Literal("k", "10"), Literal("context", "minor")),)


def test_a_rule_without_conditions_always_applies() -> None:
    assert rule_of(OPEN).when == ALWAYS


def test_a_prohibition_by_default_is_the_permit_it_leaves_open() -> None:
    text = "forbid 6.12 by default\n  do any\n  data personal\n  unless consent other_purpose per purpose\n"
    rule = rule_of(text)
    assert (rule.kind, rule.when) == (RuleKind.PERMIT, ((Literal("consent", "other_purpose per purpose"),),))
    assert policy_of("forbid 6.12 by default\n  do any\n  data personal\n").rules == ()


def test_duties_keep_their_parameter() -> None:
    rule = rule_of(OPEN + "  then minimise, review 72h\n")
    assert [str(duty) for duty in rule.then] == ["minimise", "review(72h)"]


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("permits 6.7\n", "R001", "unknown rule kind `permits`"),
        ("permit six\n", "R001", "is not a rule"),
        ("permit 6.8\n", "R001", "does not belong to clause 6.7"),
        ("permit 99.1\n", "R001", "does not belong"),
        ("  do any\n", "R001", "stands before any rule"),
        ("permit 6.7\n  data personal\n", "R002", "names no action"),
        ("permit 6.7\n  do any\n", "R003", "names no data"),
        (OPEN + "  do view\n", "R001", "key `do` stands twice"),
        (OPEN + "  colour red\n", "R001", "unknown key `colour`"),
        (OPEN + "  who\n", "R001", "would match nothing"),
        (OPEN + "  who nobody\n", "R001", "unknown role `nobody`"),
        (OPEN + "  who clinicain\n", "R001", "did you mean `clinician`"),
        (OPEN + "  to provider in emergency_minimum\n", "R001", "unknown profile"),
        (OPEN + "  and order\n", "R001", "follows no condition"),
        (OPEN + "  if luck\n", "R001", "unknown condition `luck`"),
        (OPEN + "  if order now\n", "R001", "does not take `now`"),
        (OPEN + "  if consent\n", "R001", "does not take ``"),
        (OPEN + "  if consent happiness\n", "R001", "does not take `happiness`"),
        (OPEN + "  if age >= 16\n", "R001", "is not understood"),
        (OPEN + "  if k >= many\n", "R001", "does not take `many`"),
        (OPEN + "  if order as 99.1\n", "R001", "names no clause"),
        (OPEN + "  if agreement with silence\n", "R001", "unknown agreement term"),
        (OPEN + "  if agreement with secrecy as nowhere\n", "R001", "names no clause"),
        (OPEN + "  if order with secrecy\n", "R001", "only `agreement` goes with terms"),
        (OPEN + "  if not agreement with secrecy\n", "R001", "only `agreement` goes with terms"),
        (OPEN + "  then applause\n", "R001", "unknown obligation"),
        (OPEN + "  then review soon\n", "R001", "does not take `soon`"),
        (OPEN + "  then minimise everything\n", "R001", "does not take `everything`"),
        (OPEN + "  then log twice\n", "R001", "does not take `twice`"),
        ("require 6.7\n  do any\n  data personal\n", "R004", "asks for nothing"),
        (OPEN + "  if order\n  and not order\n", "R005", "can never hold"),
        ("require 6.7\n  do any\n  data personal\n  if order\n  need not order\n", "R005", "can never hold"),
        ("forbid 6.7\n  do any\n  data personal\n  if order\n  unless not order\n", "R005", "can never hold"),
        ("permit 6.7 by default\n  do any\n  data personal\n", "R006", "bare prohibition"),
        ("forbid 6.7 by default\n  do any\n  data personal\n  if order\n", "R006", "bare prohibition"),
        (OPEN + "  need order\n", "R008", "does not read"),
        (OPEN + "  unless order\n", "R008", "does not read"),
        ("forbid 6.7\n  do any\n  data personal\n  need order\n", "R008", "does not read"),
        ("require 6.7\n  do any\n  data personal\n  need order\n  unless tool\n", "R008", "does not read"),
        ("reach 6.7\n  do any\n  data personal\n  if order\n", "R008", "does not read"),
        ("control 6.7\n  do any\n  data personal\n  need order\n  then log\n", "R008", "does not read"),
        ("permit 6.7\n  do use\n  data personal\n  to payer\n", "R009", "actions that know none"),
        ("permit 6.7\n  do collect\n  data personal\n  from payer\n", "R009", "actions that know none"),
        ("permit 6.7\n  do disclose\n  data personal\n  ch phone\n", "R009", "actions that know none"),
        (OPEN + "  if not consent newsletter\n", "R010", "when a person says no"),
        (OPEN + "  if withheld\n", "R010", "when a person says no"),
        ("forbid 6.7\n  do any\n  data personal\n  if consent newsletter\n", "R010", "when a person says no"),
        ("require 6.7\n  do any\n  data personal\n  need not consent newsletter\n", "R010", "when a person says no"),
        ("permit 6.7\n  do any\n  data web\n  beside identity\n", "R011", "those who ask for more"),
    ],
)
def test_a_faulty_rule_is_told_with_line_and_code(text: str, code: str, says: str) -> None:
    found = [one for one in faults(text) if one.code == code]
    assert found, faults(text)
    assert says in f"{found[0].message}; {found[0].hint}"
    assert (found[0].level, found[0].clause) == ("error", "6.7")
    assert found[0].line >= 1


def test_several_faults_are_told_at_once() -> None:
    assert len(faults(OPEN + "  who nobody\n  for nothing\n  then applause\n")) == 3
