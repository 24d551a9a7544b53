"""L06 to L09: permits that open nothing, or that open without a guard. Each fault is planted in a few rules."""

import re
from dataclasses import replace

import pytest

from amanat.policy.prove import Analysis
from amanat.policy.rule import ALWAYS, NEVER, Box, Literal
from amanat.statement.compile import Statement, load_statement
from amanat.statement.lints.boxes import entails, guarded, inside, left_of
from amanat.statement.lints.lint import lint
from amanat.vocabulary.terms import ACTION, CATEGORY, CONTEXT, PURPOSE, RECIPIENT, ROLE
from stage.planted import clause, ruling, statement_of, told

PERMIT = """permit 6.7
  who   staff
  do    telling
  data  ordinary
  to    provider
  for   service
"""
MEDICAL = "permit 8.5a\n  do    using\n  data  medical\n  for   treatment\n"
NEED_YES = "require 8.3\n  do    using\n  data  sensitive\n  for   service\n  need  consent opt_in\n  or    glass\n"
NEED_TOOL = "require 6.8\n  do    telling\n  data  personal\n  to    provider\n  ctx   cross_border\n  need  tool\n"


@pytest.mark.parametrize("code", ["L07", "L08", "L09"])
def test_the_installed_statement_leaves_no_door_unguarded(ama: Statement, code: str) -> None:
    assert told(code, ama) == []


# L06


def test_a_permit_inside_what_is_always_forbidden_is_dead() -> None:
    forbid = "forbid 6.12\n  do    telling\n  data  personal\n  to    provider\n"
    assert told("L06", ruling(PERMIT + forbid)) == [
        "6.7 error: permit `6.7` is dead: all that it permits is forbidden for good"
    ]
    assert told("L06", ruling(PERMIT)) == []


def test_two_prohibitions_can_make_a_permit_dead_together() -> None:
    halves = "forbid 6.12{}\n  do    telling\n  data  personal\n  who   {}\n"
    first, second = halves.format("a", "assistance, care, security"), halves.format("b", "site, oversight")
    assert told("L06", ruling(PERMIT + first)) == []
    assert len(told("L06", ruling(PERMIT + first + second))) == 1


@pytest.mark.parametrize(
    "lifted",
    ["  unless  lawful_order\n", "  if      blocked_recipient\n", "  ctx     minor\n", "  beside  sensitive\n"],
)
def test_a_prohibition_that_can_be_lifted_or_may_not_apply_kills_no_permit(lifted: str) -> None:
    forbid = "forbid 6.12\n  do      telling\n  data    personal\n"
    assert told("L06", ruling(PERMIT + forbid + lifted)) == []


def test_a_permit_for_those_whom_a_reach_does_not_name_is_dead() -> None:
    reach = "reach 9.3\n  who   caring\n  do    any\n  data  personal\n"
    assert told("L06", ruling(PERMIT.replace("staff", "marketing_editor") + reach))
    assert not told("L06", ruling(PERMIT + reach))


def test_a_permit_inside_another_is_redundant() -> None:
    wide = PERMIT.replace("6.7", "8.11").replace("ordinary", "personal")
    assert [one for one in told("L06", ruling(PERMIT + wide)) if "warning" in one] == [
        "6.7 warning: permit `6.7` is redundant: all that it permits is permitted by 8.11"
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  data  personal\n", "  data  identity, sensitive\n"),
        ("  for   service\n", "  for   billing\n"),
        ("  to    provider\n", "  to    provider.travel\n"),
        ("  for   service\n", "  for   service\n  if    agreement\n"),
        ("  for   service\n", "  for   service\n  ctx   urgent\n"),
    ],
)
def test_a_permit_that_another_does_not_hold_whole_is_not_redundant(old: str, new: str) -> None:
    wide = PERMIT.replace("6.7", "8.11").replace("ordinary", "personal").replace(old, new)
    assert told("L06", ruling(PERMIT + wide)) == []


def test_a_permit_with_a_duty_of_its_own_is_not_redundant() -> None:
    wide = PERMIT.replace("6.7", "8.11").replace("ordinary", "personal")
    assert told("L06", ruling(PERMIT + "  then  minimise\n" + wide)) == []


def test_a_condition_that_the_wider_permit_does_not_ask_is_told() -> None:
    wide = PERMIT.replace("6.7", "8.11")
    (found,) = told("L06", ruling(PERMIT + "  if    agreement\n" + wide))
    assert found.endswith("and what its `if` asks is not asked there")


@pytest.mark.parametrize("name", ["ama", "ama-v0", "ama-1.1"])
def test_the_proof_over_all_requests_agrees_on_each_permit_that_is_told(name: str) -> None:
    statement = load_statement(name)
    idle = {one.rule.id: one.dead for one in Analysis(statement.policy).idle()}
    found = re.findall(r"permit `(.+?)` is (dead|redundant)", "\n".join(told("L06", statement)))
    assert found
    assert [(rule, idle.get(rule)) for rule, word in found if idle.get(rule) is not (word == "dead")] == []


# L07


def test_sensitive_data_without_a_requirement_is_an_error() -> None:
    (found,) = told("L07", ruling(MEDICAL))
    assert found.startswith("8.5a error: permit `8.5a` opens `medical` to `view` for `treatment`")
    assert told("L07", ruling(MEDICAL + NEED_YES)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  data  sensitive\n", "  data  medical_derived\n"),
        ("  for   service\n", "  for   statistics\n"),
        ("  for   service\n", "  for   service\n  who   escort\n"),
        ("  for   service\n", "  for   service\n  if    ctx urgent\n"),
        ("consent opt_in", "consent newsletter"),
        ("  or    glass\n", "  or    entitlement\n"),
    ],
)
def test_a_requirement_that_leaves_a_part_open_does_not_cover_it(old: str, new: str) -> None:
    assert old in NEED_YES
    assert len(told("L07", ruling(MEDICAL + NEED_YES.replace(old, new)))) == 1


def test_a_yes_asked_by_the_permit_itself_will_do() -> None:
    assert told("L07", ruling(MEDICAL + "  if    consent medical_service\n")) == []
    assert len(told("L07", ruling(MEDICAL + "  if    consent medical_service\n  or    entitlement\n"))) == 1


def test_a_right_asks_for_proof_of_identity_and_an_order_for_itself() -> None:
    right = "permit 2.5\n  do    view\n  data  personal\n  for   {}\n  if    {}\n"
    for purpose, fact in (("rights_fulfilment", "identity proven"), ("legal_order", "order")):
        assert told("L07", ruling(right.format(purpose, fact))) == []
        assert len(told("L07", ruling(right.format("service", fact)))) == 1


def test_the_requirement_taken_out_of_the_installed_statement_is_missed(ama: Statement) -> None:
    freed = replace(ama, policy=replace(ama.policy, rules=tuple(one for one in ama.policy.rules if one.id != "8.3")))
    assert len(told("L07", freed)) > 10


# L08


def test_telling_others_without_a_ground_is_an_error() -> None:
    (found,) = told("L08", ruling(PERMIT))
    assert found == "6.7 error: permit `6.7` tells `provider` without asking for an agreement, a consent or a law"


@pytest.mark.parametrize("ground", ["agreement", "consent payer_disclosure per recipient", "law", "order", "echo"])
def test_each_ground_will_do(ground: str) -> None:
    assert told("L08", ruling(f"{PERMIT}  if    {ground}\n")) == []


@pytest.mark.parametrize("fact", ["entitlement", "not agreement", "purpose_named", "agreement\n  or    entitlement"])
def test_other_facts_are_no_ground(fact: str) -> None:
    assert len(told("L08", ruling(f"{PERMIT}  if    {fact}\n"))) == 1


@pytest.mark.parametrize(("old", "new"), [("provider", "group"), ("provider", "self"), ("ordinary", "nonpersonal")])
def test_our_own_companies_the_person_and_plain_counts_need_none(old: str, new: str) -> None:
    assert told("L08", ruling(PERMIT.replace(old, new))) == []


def test_rescue_in_an_emergency_is_a_ground_of_its_own() -> None:
    rescue = PERMIT.replace("provider", "emergency_local").replace("service", "emergency_care")
    assert told("L08", ruling(rescue + "  ctx   emergency\n")) == []
    assert len(told("L08", ruling(rescue))) == 1
    assert len(told("L08", ruling(rescue.replace("emergency_care", "service") + "  ctx   emergency\n"))) == 1


# L09


def test_data_abroad_without_a_tool_is_an_error() -> None:
    (found,) = told("L09", ruling(PERMIT))
    assert found == "6.7 error: permit `6.7` lets data go abroad to `provider` without a transfer tool"
    assert told("L09", ruling(PERMIT + NEED_TOOL)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  to    provider\n", "  to    provider.travel\n"),
        ("  data  personal\n", "  data  identity\n"),
        ("cross_border", "same_country"),
        ("need  tool\n", "need  tool localisation_block\n"),
        ("need  tool\n", "need  tool\n  or    entitlement\n"),
    ],
)
def test_a_tool_that_is_not_asked_of_all_is_missed(old: str, new: str) -> None:
    assert old in NEED_TOOL
    assert len(told("L09", ruling(PERMIT + NEED_TOOL.replace(old, new)))) == 1


def test_what_stays_in_the_country_or_goes_to_the_person_needs_no_tool() -> None:
    assert told("L09", ruling(PERMIT + "  ctx   same_country\n")) == []
    assert told("L09", ruling(PERMIT.replace("provider", "subject"))) == []


def test_a_recipient_left_out_of_the_installed_requirement_is_missed(ama: Statement) -> None:
    rules = tuple(
        replace(one, box=replace(one.box, recipients=one.box.recipients & ~RECIPIENT.mask_of("payer")))
        if one.id == "6.8"
        else one
        for one in ama.policy.rules
    )
    found = told("L09", replace(ama, policy=replace(ama.policy, rules=rules)))
    assert {one.partition(" ")[0] for one in found} == {"6.10", "6.12"}


def test_a_finding_stands_on_the_line_at_fault() -> None:
    prose = "We [tell](do:telling) [it](data:ordinary) to [firms](to:provider) [for services](for:service)."
    cases = "permit escort disclose name to provider.travel for logistics"
    statement = statement_of(clause("6.7", prose, rule=PERMIT, cases=f"{cases}\ndeny escort use name for logistics"))
    (found,) = (one for one in lint(statement).findings if one.code == "L08")
    line = statement.text.split("\n")[found.line - 1]
    assert line == "  to    provider"


# The algebra itself.


def box(**axes: int) -> Box:
    return Box(**{"actions": ACTION.bit["use"], "leaves": CATEGORY.bit["name"], **axes})  # type: ignore[arg-type]


def test_an_axis_that_an_action_does_not_ask_for_is_no_limit() -> None:
    using = box()
    moving = box(actions=ACTION.mask_of("any"), recipients=RECIPIENT.bit["insurer"])
    assert inside(using, moving)
    assert not inside(replace(using, actions=ACTION.bit["disclose"]), moving)


def test_what_is_left_is_in_the_box_and_in_no_cover() -> None:
    whole = box(purposes=PURPOSE.mask_of("service"))
    half, other = box(purposes=PURPOSE.mask_of("medical_assistance")), box(actors=ROLE.mask_of("staff"))
    left = left_of(whole, [half, other])
    assert left is not None
    assert inside(left, whole)
    assert not left.purposes & half.purposes
    assert not left.actors & other.actors
    assert left_of(whole, [half, replace(whole, purposes=whole.purposes & ~half.purposes)]) is None


def test_contexts_cover_only_where_all_are_named() -> None:
    urgent, border = box(contexts=CONTEXT.bit["urgent"]), box(contexts=CONTEXT.bit["cross_border"])
    assert not inside(box(), urgent)
    assert inside(urgent, box())
    assert not inside(urgent, border)


def test_named_fields_and_company_are_compared_too() -> None:
    few, more = box(), box()
    few, more = replace(few, fields=frozenset({"name"})), replace(more, fields=frozenset({"name", "email"}))
    assert inside(few, more)
    assert not inside(more, few)
    assert not inside(box(), few)
    assert not inside(box(), replace(box(), beside=CATEGORY.bit["email"]))


def test_conditions_are_compared_as_written() -> None:
    yes, tool = Literal("consent", "opt_in"), Literal("tool")
    assert entails(((yes, tool),), ((yes,),))
    assert not entails(((yes,),), ((yes, tool),))
    assert entails(NEVER, ((yes,),))
    assert entails(ALWAYS, ALWAYS)
    assert guarded(((yes, tool), (tool,)), lambda one: one.atom == "tool")
    assert not guarded(ALWAYS, lambda _: True)
    assert not guarded(((replace(tool, wanted=False),),), lambda _: True)
