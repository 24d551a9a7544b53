"""Rows of the source on who is told of health data and who may open it (8.5, 9.3a), and rows on young people.

Each is asked of the whole vocabulary, with every yes that could be given, so that nothing but the clause itself stops.
"""

from collections.abc import Callable, Iterator

import pytest

from amanat.policy.decision import Decision
from amanat.policy.interpreter import decide
from amanat.policy.wire import read_request
from amanat.statement.compile import Statement
from amanat.statement.declarations import Duty
from amanat.vocabulary.choices import OPT_INS
from amanat.vocabulary.terms import AGREEMENT_TERMS, CATEGORY, FIELD_LEAF, PURPOSE, RECIPIENT, ROLE

Decided = Callable[..., Decision]

HEALTH = (
    *CATEGORY.groups["medical"],
    *(field for field, leaf in FIELD_LEAF.items() if leaf in CATEGORY.groups["medical"]),
)
FLAGS = CATEGORY.groups["medical_derived"]
NAMED = {"third_party_source": "hospital", "payer_disclosure": "employer", "other_purpose": "film"}
GIVEN = [f"{kind.value}:{NAMED[kind.value]}" if kind.value in NAMED else kind.value for kind in OPT_INS]


def outcome(decision: Decision) -> str:
    return decision.outcome.value


def ask_all(statement: Statement, action: str, word: str, recipient: str = "") -> Iterator[tuple[str, str, Decision]]:
    """Role, purpose and answer of everybody who asks for everything, all facts being as good as they can be."""
    facts = {"entitlement": True, "agreement": "live", "agreement_terms": [*AGREEMENT_TERMS], "identity": "proven",
             "attested_source": True, "order": True, "guardian_for": True, "k": 25}  # fmt: skip
    to = {"recipient": recipient, "recipient_country": "CH"} if recipient else {}
    for role in ROLE.leaves:
        for purpose in PURPOSE.leaves:
            subject = {"relation": "employee_of", "age": 41, "country": "CH", "choices": GIVEN}
            aim = "other.film" if purpose == "other" else purpose
            wire = {"actor": role, "company": "CH", "action": action, "data": [word], "subject": subject}
            yield role, purpose, decide(statement.policy, read_request({**wire, **to, "purpose": aim, "facts": facts}))


def permitted(answers: Iterator[tuple[str, str, Decision]]) -> set[tuple[str, str]]:
    return {(role, purpose) for role, purpose, decision in answers if outcome(decision) == "permit"}


@pytest.mark.clause("8.5a")
def test_health_data_moves_inside_the_group_only_for_a_purpose_that_is_named(decided: Decided) -> None:
    for company in RECIPIENT.groups["group"]:
        for action in ("disclose", "transfer"):
            moved = f"clinician {action} report to {company}{{}} given consent(medical_service)"
            assert outcome(decided(moved.format(" for treatment"))) == "permit"
            refused = decided(moved.format(""))
            assert (outcome(refused), refused.clauses) == ("deny", ("6.6",))


@pytest.mark.clause("8.5c")
@pytest.mark.parametrize("action", ["disclose", "transfer"])
def test_a_travel_firm_gets_flags_and_never_what_is_wrong(ama: Statement, action: str) -> None:
    for word in HEALTH:
        assert permitted(ask_all(ama, action, word, "provider.travel")) == set(), word
    for flag in FLAGS:
        answers = [one for *_, one in ask_all(ama, action, flag, "provider.travel") if "8.5c" in one.clauses]
        assert flag == "diet_need" or any(outcome(one) == "permit" for one in answers)
        told = [{duty.name for duty in one.obligations} for one in answers if outcome(one) == "permit"]
        assert all("translate_to_flags" in duties for duties in told)


CARING = {"clinician", "escort", "assistance_coordinator"}
WITH_FLAGS = CARING | {"security_specialist", "logistics_agent", "billing_clerk"}
OWN = {"member", "dependant"}


@pytest.mark.clause("9.3a")
@pytest.mark.parametrize("action", ["collect", "store", "use", "view", "combine", "track", "disclose", "transfer"])
def test_only_those_on_the_matrix_of_permissions_ever_touch_health_data(ama: Statement, action: str) -> None:
    """A guardian stands for nobody here: the person is an adult who can answer."""
    to = "hospital" if action in ("disclose", "transfer") else ""
    for words, roles in ((HEALTH, CARING), (FLAGS, WITH_FLAGS)):
        for word in words:
            found = permitted(ask_all(ama, action, word, to))
            by_right = {one for one in found if one[1] in ("rights_fulfilment", "legal_order")}
            assert {role for role, _ in found - by_right} <= roles | OWN | {"provider_user"}, word
            assert {role for role, _ in by_right} <= OWN | {"privacy_officer"}, word
    assert permitted(ask_all(ama, "view", "report")) >= {(role, "treatment") for role in CARING}


@pytest.mark.clause("7.2")
def test_learning_that_somebody_is_a_minor_starts_two_clocks_with_evidence(ama: Statement) -> None:
    clocks = {one.within: one for one in ama.declarations if isinstance(one, Duty) and one.event == "minor_found"}
    assert {within: (one.section, one.evidence) for within, one in clocks.items()} == {
        "1h": ("7.2", ("age_record",)), "14d": ("7.2", ("erasure_record",)),
    }  # fmt: skip
    assert all(one.owner == "privacy_officer" for one in clocks.values())


@pytest.mark.clause("7.2")
def test_an_age_that_nobody_stated_is_no_knowledge(decided: Decided) -> None:
    taken = "web_system collect name for order_fulfilment via assisted_entry given {}"
    assert outcome(decided(taken.format("no age"))) == "permit"
    for known in ("age(17)", "age(0)"):
        assert decided(
            f"web_system collect email for newsletter via app given consent(newsletter), {known}"
        ).clauses == ("7.1",)
    unknown = decided("web_system collect email for newsletter via app given consent(newsletter), no age")
    assert outcome(unknown) == "permit"
