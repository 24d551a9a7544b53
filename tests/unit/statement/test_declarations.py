"""Declarations: what a clause promises beside its rules is read, kept, said in words and held to the prose."""

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Any

import pytest

from amanat.policy.interpreter import decide
from amanat.policy.rule import Literal
from amanat.policy.wire import read_request
from amanat.statement.cases import read_world
from amanat.statement.compile import Statement, compile_statement
from amanat.statement.declaration_words import declaration_sentence
from amanat.statement.declarations import Consequence, Declaration, Definition, Duty, Right
from amanat.statement.declaring import read_declarations
from amanat.statement.diagnostics import Diagnostic, StatementError
from amanat.statement.document import Line, read_document
from amanat.statement.rules import read_rules
from amanat.vocabulary.choices import OPT_INS, ChoiceKind
from amanat.vocabulary.duties import ALWAYS_KEPT, hours_of
from amanat.vocabulary.services import SERVICE
from amanat.vocabulary.terms import ACTION, CATEGORY, ROLE

DUTY = "duty B.1\n  owner privacy_officer\n  for every breach\n  within 72h\n  evidence incident_register\n"
RIGHT = "right R.1\n  who person\n  do view\n  data personal\n  need identity proven\n  within 30d\n"
DEFINE = "define 3.4a\n  term data:identity, data:contact\n"
CONSEQUENCE = "consequence 8.8w\n  of withdraw newsletter\n  stops newsletter\n  continues travel\n"

HEADER = "---\nstatement: small\nversion: 0.1.0\neffective: 2027-01-01\n---\n"
CLAUSE = f"""### B.1 Leaks and losses
If [data leaks](every:breach), we tell the authority within [three days](within:72h).
```rule
{DUTY}```
"""


def lines(text: str) -> list[Line]:
    return [Line(number, line) for number, line in enumerate(text.splitlines(), 1)]


def declared(text: str, clause: str) -> Declaration:
    findings: list[Diagnostic] = []
    (draft,) = read_declarations(lines(text), clause, findings)
    assert not findings, findings
    return draft.declaration(clause)


def faults(text: str, clause: str) -> list[Diagnostic]:
    findings: list[Diagnostic] = []
    read_declarations(lines(text), clause, findings)
    return findings


def test_a_duty_has_owner_event_clock_and_evidence() -> None:
    wanted = Duty("B.1", "B.1", 1, "privacy_officer", "breach", "72h", ("incident_register",))
    assert declared(DUTY, "B.1") == wanted


def test_a_right_names_who_may_ask_for_what() -> None:
    found = declared(RIGHT, "R.1")
    assert found == Right(
        "R.1", "R.1", 1, ("person",), ("view",), ("personal",), ((Literal("identity", "proven"),),), "30d"
    )  # fmt: skip


def test_a_definition_names_the_words_that_it_explains() -> None:
    assert declared(DEFINE, "3.4a") == Definition("3.4a", "3.4a", 1, (("data", "identity"), ("data", "contact")))


def test_a_consequence_names_a_choice_and_its_services() -> None:
    travel = ("travel_advice", "travel_tracking", "security_help")
    found = declared(CONSEQUENCE, "8.8")
    assert found == Consequence("8.8w", "8.8", 1, "withdraw", "newsletter", ("newsletter",), (), travel)
    assert found.section == "8.8"


@pytest.mark.parametrize(
    ("text", "clause", "said"),
    [
        (DUTY, "B.1", ("For a leak or a loss of data, a privacy officer has to act within 72 hours; the list of"
         " incidents shows it.")),
        (DUTY.replace("breach", "page").replace("72h", "always"), "B.1", ("For a page of ours, a privacy officer has to"
         " act at all times; the list of incidents shows it.")),
        ("duty B.1\n", "B.1", "Again and again, nobody named has to act at no set time; nothing shows it."),
        (RIGHT, "R.1", ("You or your guardian may ask to view your data, once it is proven who asks; we do so within"
         " 30 days.")),
        (DEFINE, "3.4a", "What “your identity” and “your contact details” mean is said here."),
        (CONSEQUENCE, "8.8", ("If you take back your yes to news, these stop: the newsletter; these go on: travel"
         " services.")),
        ("consequence 8.12g\n  of give block_recipient\n  degrades any\n", "8.12",
         ("If you choose blocking a recipient, "
         "these may come with less: all services.")),
    ],
)  # fmt: skip
def test_a_declaration_reads_back_as_a_sentence(text: str, clause: str, said: str) -> None:
    assert declaration_sentence(declared(text, clause)) == said


@pytest.mark.parametrize(
    ("text", "clause", "code", "says"),
    [
        ("  owner escort\n", "B.1", "R001", "before any declaration"),
        ("duty B.1 by default\n", "B.1", "R001", "is not a declaration"),
        ("duty\n", "B.1", "R001", "is not a declaration"),
        ("duty 6.7\n", "B.1", "R001", "does not belong to clause B.1"),
        ("duty B.1\n  do view\n", "B.1", "R001", "a duty has no key `do`"),
        ("duty B.1\n  within 1h\n  within 2h\n", "B.1", "R001", "stands twice"),
        ("duty B.1\n  owner clinicain\n", "B.1", "R001", "did you mean `clinician`?"),
        ("duty B.1\n  owner staff\n", "B.1", "R001", "what several own nobody does"),
        ("duty B.1\n  for every breech\n", "B.1", "R001", "did you mean `breach`?"),
        ("duty B.1\n  for each breach\n", "B.1", "R001", "a duty has no key `for`"),
        ("duty B.1\n  within three days\n", "B.1", "R001", "is not a span of time"),
        ("duty B.1\n  within 0h\n", "B.1", "R001", "is not a span of time"),
        ("duty B.1\n  within 9999999999h\n", "B.1", "R001", "is not a span of time"),
        ("duty B.1\n  evidence hearsay\n", "B.1", "R001", "unknown evidence `hearsay`"),
        ("right R.1\n  data personal\n", "R.1", "R012", "has no `do` line"),
        ("right R.1\n  do view\n", "R.1", "R012", "has no `data` line"),
        ("right R.1\n  do veiw\n", "R.1", "R001", "did you mean `view`?"),
        ("right R.1\n  need luck\n", "R.1", "R001", "unknown condition `luck`"),
        ("define 3.4\n", "3.4", "R012", "has no `term` line"),
        ("define 3.4\n  term identity\n", "3.4", "R001", "is no word of the prose"),
        ("define 3.4\n  term data:idendity\n", "3.4", "R001", "did you mean `identity`?"),
        ("consequence 8.8\n  stops shop\n", "8.8", "R012", "has no `of` line"),
        ("consequence 8.8\n  of withdraw newsletter\n", "8.8", "R012", "names no service"),
        ("consequence 8.8\n  of lose newsletter\n", "8.8", "R001", "nothing one does with a choice"),
        ("consequence 8.8\n  of give newsleter\n", "8.8", "R001", "did you mean `newsletter`?"),
        ("consequence 8.8\n  of give newsletter\n  stops shopping\n", "8.8", "R001", "did you mean `shop`?"),
        (CONSEQUENCE + "  degrades site\n", "8.8", "R013", "says two things of `newsletter`"),
    ],
)
def test_a_faulty_declaration_is_told_at_its_words(text: str, clause: str, code: str, says: str) -> None:
    found = [one for one in faults(text, clause) if one.code == code]
    assert found, faults(text, clause)
    assert any(says in f"{one.message}; {one.hint}" for one in found)
    assert all(one.length and one.column for one in found)


def test_rules_alone_do_not_take_a_declaration_for_one_of_theirs() -> None:
    """Whoever reads rules and nothing else must not pass over a duty in silence."""
    findings: list[Diagnostic] = []
    read_rules(lines(DUTY), "B.1", findings)
    assert findings[0].code == "R001"


def test_declarations_are_kept_beside_the_rules_and_decide_nothing() -> None:
    statement = compile_statement(HEADER + CLAUSE)
    assert statement.declared("B.1") == statement.declarations
    assert [one.id for one in statement.declarations] == ["B.1"]
    assert statement.policy.rules == ()
    request = read_request({"actor": "clinician", "action": "view", "data": ["name"]})
    assert decide(statement.policy, request).outcome.value == "deny"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("[three days](within:72h)", "three days", "L02"),
        ("[three days](within:72h)", "[a day](within:24h)", "L02"),
        ("[data leaks](every:breach)", "data leaks", "L02"),
        ("```rule\n", "```rule\nduty B.1\n  owner escort\n", "R007"),
    ],
)
def test_the_prose_is_held_to_a_declaration(old: str, new: str, code: str) -> None:
    with pytest.raises(StatementError) as caught:
        compile_statement(HEADER + CLAUSE.replace(old, new))
    assert code in {one.code for one in caught.value.diagnostics}


def test_a_consequence_may_speak_of_a_choice_that_the_prose_calls_an_exception() -> None:
    text = """### 6.12 Nothing else
We [do](do:use) [nothing](data:personal) for [another aim](for:other), unless [you agree](unless:consent:other_purpose).
```rule
forbid 6.12 by default
  do      use
  data    personal
  for     other
  unless  consent other_purpose per purpose
consequence 6.12w
  of         withdraw other_purpose
  continues  any
```
"""
    assert compile_statement(HEADER + text).declared("6.12")
    with pytest.raises(StatementError, match="L02"):
        compile_statement(HEADER + text.replace("withdraw other_purpose", "withdraw newsletter"))


def test_spans_can_be_compared() -> None:
    assert sorted(["2y", "10wd", "30d", "72h", ALWAYS_KEPT], key=hours_of) == [ALWAYS_KEPT, "72h", "10wd", "30d", "2y"]
    assert hours_of("5wd") == hours_of("7d")


def test_the_installed_statement_declares_what_its_clauses_promise(ama: Statement) -> None:
    kinds = {kind: [one for one in ama.declarations if isinstance(one, kind)] for kind in (Duty, Right, Definition)}
    assert all(kinds.values())
    assert {one.clause for one in kinds[Right]} >= {"2.5", "R.1", "R.2", "R.3", "R.4", "R.5", "8.13b"}
    assert {one.clause for one in kinds[Duty]} >= {"N.1", "R.6", "R.7", "C.1", "C.2", "B.1", "T.1", "V.1", "7.2"}
    assert all(declaration_sentence(one).endswith(".") for one in ama.declarations)


def test_every_duty_of_the_installed_statement_has_an_owner_a_clock_and_a_proof(ama: Statement) -> None:
    duties = [one for one in ama.declarations if isinstance(one, Duty)]
    assert [one.id for one in duties if not (one.owner in ROLE.leaves and one.within and one.evidence)] == []


def test_every_choice_has_a_consequence_in_the_installed_statement(ama: Statement) -> None:
    told = {(one.act, one.choice) for one in ama.declarations if isinstance(one, Consequence)}
    assert told == {("withdraw" if kind in OPT_INS else "give", kind.value) for kind in ChoiceKind}


def asking(ama: Statement, right: Right) -> Iterator[dict[str, Any]]:
    """What a member asks for under a right, one action and one datum at a time."""
    world = read_world(read_document(ama.text).world, [])
    for action in ACTION.leaves_in(reduce(or_, map(ACTION.mask_of, right.do))):
        told = {"recipient": "self", "recipient_country": "CH"} if action in ("disclose", "transfer") else {}
        base = {key: value for key, value in world.items() if key != "recipient_country"}
        for leaf in CATEGORY.leaves_in(reduce(or_, map(CATEGORY.mask_of, right.data))):
            request = {"actor": "member", "action": action, "data": [leaf], "purpose": "rights_fulfilment"}
            yield {**base, **told, **request}


def test_every_right_of_the_installed_statement_is_opened_by_a_permit(ama: Statement) -> None:
    """What the statement promises that one may ask for, the decider lets through once it is proven who asks."""
    asked = [one for right in ama.declarations if isinstance(right, Right) for one in asking(ama, right)]
    assert len(asked) > 500
    assert {decide(ama.policy, read_request(one)).outcome.value for one in asked} == {"permit"}


def test_services_are_a_closed_axis_with_named_groups() -> None:
    assert SERVICE.mask_of("any") == SERVICE.everything
    assert SERVICE.names_in(SERVICE.everything) == ["any"]
