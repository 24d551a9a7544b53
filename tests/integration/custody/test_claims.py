"""A request carries claims, never facts: what it says of the other side is held against what is on record."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from amanat.custody.actor import Actor
from amanat.custody.facts import Ask, Recipient
from amanat.custody.unit import unit
from amanat.errors import MalformedError
from amanat.mandates.models import Mandate
from amanat.organisations import models as on_record
from amanat.policy.decision import Decision, Outcome
from amanat.vocabulary import clock
from stage.databases import AsLogin
from stage.group import CEDAR, ORYX, Group

TELL = Ask("disclose", ("name",), "billing")
RECEIVE = Ask("receive", ("name",), "eligibility", "client_feed", source="employer", source_organisation=ORYX)
Owner = psycopg.Connection[Any]


@pytest.fixture(autouse=True)
def a_case(group: Group) -> None:
    give(group, group.actor("basil"), "case")


def give(group: Group, holder: Actor, kind: str) -> None:
    with unit(group.actor("basil"), "case_coordination") as one:
        Mandate.objects.create(
            subject=group.amina, id=uuid4(), company="ama-ch", holder_company=holder.company, holder=holder.account,
            kind=kind, contexts=[], since=one.now, until=one.now + timedelta(hours=1),
        )  # fmt: skip


def decide(actor: Actor, ask: Ask, group: Group) -> Decision:
    with unit(actor, ask.purpose, channel=ask.channel or "phone") as one:
        handle = one.ask(ask, [group.amina])
    return handle.decision(group.amina)


def tell(group: Group, recipient: Recipient) -> Decision:
    return decide(group.actor("basil"), replace(TELL, recipient=recipient), group)


def test_a_firm_is_told_as_what_it_is_on_record_as(group: Group) -> None:
    assert tell(group, Recipient("provider.medical", "alp-air")).outcome is Outcome.PERMIT
    for claim in ("employer", "hospital", "assistance_centre", "provider.tech", "emergency_local"):
        assert tell(group, Recipient(claim, "alp-air")).clauses == ("6.12",), claim
    for claim in ("self", "guardian"):
        assert tell(group, Recipient(claim, "alp-air")).outcome is Outcome.DENY, claim


def test_nobody_on_record_is_nobody_to_tell(group: Group) -> None:
    assert tell(group, Recipient("provider.medical", "no-such-firm", "CH")).clauses == ("6.12",)


def test_the_country_of_an_organisation_is_the_one_on_record(group: Group, owner_connection: Owner) -> None:
    """A sister company in Singapore, claimed to sit at home in Switzerland, is still told abroad."""
    lies = Recipient("assistance_centre", "ama-sg", "CH")
    assert tell(group, lies).outcome is Outcome.PERMIT
    owner_connection.execute("DELETE FROM organisations_transfertool")
    assert "6.8" in tell(group, lies).clauses


def test_an_agreement_for_next_year_does_not_end_this_years(group: Group, as_login: AsLogin) -> None:
    today = clock.now().date()
    with as_login("worker"):
        on_record.Agreement.objects.create(
            provider_id="alp-air", company_id="ama-ch", terms=[], since=today + timedelta(days=300),
            until=today + timedelta(days=900),
        )  # fmt: skip
    assert tell(group, Recipient("provider.medical", "alp-air")).outcome is Outcome.PERMIT


def test_a_source_is_what_it_is_on_record_as(group: Group) -> None:
    oryx = group.actor("oryx")
    assert decide(oryx, RECEIVE, group).outcome is Outcome.PERMIT
    assert decide(oryx, replace(RECEIVE, source="insurer"), group).clauses == ("6.12",)


def test_who_speaks_for_one_client_brings_nothing_from_another(group: Group) -> None:
    stolen = replace(RECEIVE, source="membership_body", source_organisation=CEDAR)
    assert decide(group.actor("oryx"), stolen, group).clauses == ("6.12",)
    assert decide(group.actor("oryx"), replace(RECEIVE, source_organisation=""), group).outcome is Outcome.DENY


def test_a_client_sees_nothing_of_any_person(group: Group) -> None:
    for purpose in ("eligibility", "case_coordination", "billing", "client_reporting"):
        ask = Ask("view", ("name", "itinerary", "entitlement"), purpose)
        assert decide(group.actor("oryx"), ask, group).outcome is Outcome.DENY


def test_a_firms_user_is_nobody_without_a_grant_of_their_own(group: Group) -> None:
    medic = Actor(uuid4(), "provider_user", "ama-ch", "alp-air", None, "session-medic")
    look = Ask("view", ("name",), "billing")
    assert decide(medic, look, group).clauses == ("6.12",)
    give(group, medic, "grant")
    assert decide(medic, look, group).clauses == ("6.7",)  # somebody now, of whose agreement nothing is known yet
    assert decide(replace(medic, account=uuid4()), look, group).clauses == ("6.12",)


def test_a_session_that_claims_a_better_post_is_held_against_the_record(group: Group) -> None:
    climbed = replace(group.actor("basil"), role="clinician")
    assert decide(climbed, Ask("view", ("name",), "eligibility"), group).clauses == ("0.1",)


def test_nothing_is_kept_that_was_not_asked_for(group: Group) -> None:
    """The decision is about the words of the question, so they are all that may be stored under it."""
    ask = Ask("correct", ("email",), "rights_fulfilment", channel="web_account")
    with pytest.raises(MalformedError), unit(group.actor("amina"), "rights_fulfilment") as one:
        one.keep(ask, group.amina, {"email": "a@example.org", "nationality": "CH"}, version_read=None)
