"""Rows of the source statement that the door itself shows, each by what its row asks for."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import IntegrityError

from amanat.choices.models import State
from amanat.custody.choosing import Answer, Asked, choose
from amanat.custody.facts import Ask, Recipient
from amanat.custody.unit import unit
from amanat.mandates.models import Mandate
from amanat.organisations.models import Client
from amanat.people.models import Relation
from amanat.policy.decision import Decision, Outcome
from amanat.vocabulary import clock
from amanat.vocabulary.choices import Choice, ChoiceKind
from amanat.vocabulary.terms import CATEGORY, PURPOSE, ROOT_VERB
from stage.databases import AsLogin
from stage.group import ORYX, Group

CARD = Ask("view", ("name", "birth_year"), "eligibility")
ASKED = Asked("I agree.", "1", "en")


def look(group: Group, ask: Ask = CARD, name: str = "basil") -> Decision:
    with unit(group.actor(name), ask.purpose) as one:
        return one.ask(ask, [group.amina]).decision(group.amina)


@pytest.mark.clause("0.3")
def test_a_client_without_a_kind_is_rejected(group: Group, as_login: AsLogin) -> None:
    with as_login("worker"), pytest.raises(IntegrityError, match="client_has_a_kind"):
        Client.objects.create(
            code="nobody", company_id="ama-ch", kind="", payer="employer", name="Nobody", country="CH"
        )


@pytest.mark.clause("0.5")
def test_every_action_has_exactly_one_root_verb() -> None:
    assert set(ROOT_VERB.values()) == {"collect", "hold", "use", "disclose"}
    assert len(ROOT_VERB) == 14


@pytest.mark.clause("2.3a", "2.3b", "2.3d")
def test_a_relation_is_on_record_with_evidence_and_scheme_before_anything_is_decided(
    group: Group, owner_connection: psycopg.Connection[Any]
) -> None:
    with unit(group.actor("basil"), "eligibility"):
        relation = Relation.objects.get(subject=group.amina)
    assert (relation.kind, relation.organisation, relation.scheme) == ("employee_of", ORYX, "standard")
    assert relation.evidence == "test roster"
    owner_connection.execute("UPDATE people_relation SET until = '2020-01-01'")
    assert look(group).clauses == ("6.1",)


@pytest.mark.clause("2.4")
def test_received_data_takes_the_same_way_as_given_data(
    group: Group, owner_connection: psycopg.Connection[Any]
) -> None:
    rows = owner_connection.execute(
        "SELECT a.action, a.clauses FROM ledger_act a JOIN ledger_entry e ON e.act = a.id WHERE e.subject = %s",
        (group.amina,),
    ).fetchall()
    assert rows == [("receive", ["3.2a", "3.3"])]


@pytest.mark.clause("3.4")
def test_every_entry_of_the_catalogue_has_a_parent_under_personal_or_is_said_not_to_be() -> None:
    outside = CATEGORY.everything & ~CATEGORY.mask_of("personal")
    assert set(CATEGORY.leaves_in(outside)) == {"aggregate", "anonymous", "analytics_event"}


@pytest.mark.clause("3.4c")
def test_age_is_computed_at_the_time_of_the_decision(group: Group, owner_connection: psycopg.Connection[Any]) -> None:
    tomorrow = clock.now().date() + timedelta(days=1)
    owner_connection.execute("UPDATE people_standing SET minor_until = %s WHERE subject = %s", (tomorrow, group.amina))
    with unit(group.actor("basil"), "eligibility") as one:
        assert one.ask(CARD, [group.amina]).requests[group.amina][0].under_age
    today = clock.now().date()
    owner_connection.execute("UPDATE people_standing SET minor_until = %s WHERE subject = %s", (today, group.amina))
    with unit(group.actor("basil"), "eligibility") as one:
        assert one.ask(CARD, [group.amina]).requests[group.amina][0].adult


@pytest.mark.clause("6.1b")
def test_cover_ends_on_the_day_that_the_employer_named(group: Group, owner_connection: psycopg.Connection[Any]) -> None:
    assert look(group).outcome is Outcome.PERMIT
    yesterday = clock.now().date() - timedelta(days=1)
    owner_connection.execute("UPDATE people_entitlement SET until = %s", (yesterday,))
    ended = look(group)
    assert (ended.outcome, ended.clauses, ended.needs) == (Outcome.DENY, ("6.1b",), ("entitlement",))


@pytest.mark.clause("6.1c", "6.1d", "6.1a")
@pytest.mark.parametrize(("kind", "clause"), [("member_of", "6.1c"), ("beneficiary_under", "6.1d"), ("direct", "6.1a")])
def test_without_live_cover_nothing_is_used_whoever_bought_it(
    group: Group, owner_connection: psycopg.Connection[Any], kind: str, clause: str
) -> None:
    owner_connection.execute("UPDATE people_relation SET kind = %s", (kind,))
    assert clause in look(group).clauses
    owner_connection.execute("UPDATE people_entitlement SET until = '2020-01-01'")
    assert look(group).clauses == (clause,)


@pytest.mark.clause("6.2")
def test_every_service_purpose_has_exactly_one_root() -> None:
    roots = ("medical_assistance", "security_assistance", "travel_support", "prevention_advice", "service_management")
    for leaf in PURPOSE.leaves_in(PURPOSE.mask_of("service")):
        assert sum(bool(PURPOSE.mask_of(f"service.{root}") & PURPOSE.bit[leaf]) for root in roots) == 1


@pytest.mark.clause("6.5")
def test_billing_sees_the_case_but_no_diagnosis(group: Group) -> None:
    open_case(group)
    invoice = look(group, Ask("view", ("case_log", "policy_number", "diagnosis"), "billing"))
    assert set(invoice.permitted) == {"case_log", "policy_number"}


@pytest.mark.clause("6.10c", "6.10d", "6.10e")
@pytest.mark.parametrize("payer", ["insurer", "medical_insurer", "card_issuer", "financial_institution"])
def test_a_yes_for_another_payer_does_not_unlock_this_one(group: Group, payer: str) -> None:
    open_case(group)
    agree(group, "employer")
    told = Ask("disclose", ("name",), "billing", recipient=Recipient(payer, country="CH"))
    refused = look(group, told)
    assert (refused.outcome, refused.needs) == (Outcome.ASK, (f"payer_disclosure:{payer}",))
    agree(group, payer)
    assert look(group, told).outcome is Outcome.PERMIT


@pytest.mark.clause("6.10f")
@pytest.mark.parametrize("payer", ["membership_body", "other_purchaser"])
def test_a_body_or_another_buyer_is_told_only_with_a_yes_for_it(group: Group, payer: str) -> None:
    open_case(group)
    agree(group, "insurer")
    told = Ask("disclose", ("name",), "billing", recipient=Recipient(payer, country="CH"))
    assert look(group, told).outcome is Outcome.ASK
    agree(group, payer)
    assert look(group, told).outcome is Outcome.PERMIT


@pytest.mark.clause("6.9b", "6.9c")
@pytest.mark.parametrize(("missing", "clause"), [("purpose_bound", "6.9b"), ("our_directions", "6.9c")])
def test_a_firm_that_did_not_sign_this_gets_nothing(
    group: Group, owner_connection: psycopg.Connection[Any], missing: str, clause: str
) -> None:
    open_case(group)
    owner_connection.execute("UPDATE organisations_agreement SET terms = array_remove(terms, %s)", (missing,))
    refused = look(group, Ask("transfer", ("name",), "evacuation", recipient=Recipient("provider.medical", "alp-air")))
    assert (refused.outcome, refused.clauses) == (Outcome.DENY, (clause,))


@pytest.mark.clause("7.1")
def test_an_attempt_online_on_a_minor_leaves_no_personal_row(
    group: Group, owner_connection: psycopg.Connection[Any]
) -> None:
    before = owner_connection.execute("SELECT count(*) FROM vault_folder").fetchone()
    child = group.as_member(group.child)
    ask = Ask("collect", ("emergency_record",), "emergency_record", "web_account")
    with unit(child, "emergency_record", channel="web_account") as one:
        handle = one.keep(ask, group.child, {"emergency_record": {"allergies": "eggs"}}, version_read=0)
    decision = handle.decision(group.child)
    assert (decision.outcome, decision.clauses) == (Outcome.DENY, ("7.1",))
    assert {"refuse_and_forget", "assisted_entry"} <= {duty.name for duty in decision.obligations}
    assert owner_connection.execute("SELECT count(*) FROM vault_folder").fetchone() == before


def agree(group: Group, payer: str) -> None:
    answer = Answer(Choice(ChoiceKind.PAYER_DISCLOSURE, payer), State.GIVEN)
    with unit(group.actor("amina"), "rights_fulfilment", channel="web_account") as one:
        choose(one, group.amina, [answer], ASKED)


def open_case(group: Group) -> None:
    basil = group.actor("basil")
    with unit(basil, "case_coordination") as one:
        one.ask(CARD, [group.amina])
        Mandate.objects.create(
            subject=group.amina, id=uuid4(), company="ama-ch", holder_company="ama-ch", holder=basil.account,
            kind="case", since=one.now, until=one.now + timedelta(hours=1),
        )  # fmt: skip
