"""Decisions inside overlays: law by place, contract by client, kept on record with the texts that were consulted."""

from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from amanat.custody.facts import Ask, Recipient
from amanat.custody.publishing import end_overlay, put_overlay_in_force
from amanat.custody.reading import act_of
from amanat.custody.replaying import Finding, Replayed, replay
from amanat.custody.unit import unit
from amanat.mandates.models import Mandate
from amanat.policy.decision import Decision, Outcome
from amanat.statement.compile import load_statement
from amanat.statement.overlay_compile import load_overlay
from amanat.vocabulary.choices import Choice, ChoiceKind
from stage.accounts import MovedClock
from stage.databases import AsLogin
from stage.group import CEDAR, ORYX, Group
from stage.versions import act, agree, open_case

NAME = Ask("view", ("name",), "eligibility")
TO_ORYX = Ask("disclose", ("name",), "billing", recipient=Recipient("employer", ORYX))
TO_CEDAR = Ask("disclose", ("name",), "billing", recipient=Recipient("membership_body", CEDAR))
REPORT = Ask("disclose", ("report",), "health_assessment", recipient=Recipient("employer", ORYX))


@pytest.fixture
def agreed(moved_clock: MovedClock, group: Group) -> Group:
    """Both agreed that whoever pays for them is told."""
    for subject, payer in ((group.amina, "employer"), (group.mallory, "membership_body")):
        agree(group, subject, Choice(ChoiceKind.PAYER_DISCLOSURE, payer))
        open_case(group, subject)
    return group


@pytest.fixture
def contract(moved_clock: MovedClock, agreed: Group, as_login: AsLogin) -> None:
    moved_clock.move(minutes=1)
    with as_login("worker"):
        put_overlay_in_force(load_overlay("contract:oryx-energy", load_statement("ama")))


def decision(group: Group, subject: UUID, ask: Ask) -> Decision:
    return act(group, [subject], ask).decision(subject)


def replayed(group: Group, act_id: UUID) -> Replayed:
    with unit(group.actor("dina"), "audit") as one:
        line = act_of(one, act_id)
        assert line is not None
        (found,) = replay(one, line)
    return found


def test_a_contract_binds_for_the_people_of_its_client_alone(
    agreed: Group, moved_clock: MovedClock, as_login: AsLogin
) -> None:
    assert decision(agreed, agreed.amina, TO_ORYX).outcome is Outcome.PERMIT
    moved_clock.move(minutes=1)
    with as_login("worker"):
        put_overlay_in_force(load_overlay("contract:oryx-energy", load_statement("ama")))
    stopped = decision(agreed, agreed.amina, TO_ORYX)
    assert (stopped.outcome, stopped.clauses) == (Outcome.DENY, ("contract:oryx-energy/6.5",))
    assert decision(agreed, agreed.mallory, TO_CEDAR).outcome is Outcome.PERMIT


def test_a_contract_that_ended_binds_no_more_and_its_decisions_still_replay(
    contract: None, agreed: Group, moved_clock: MovedClock, as_login: AsLogin
) -> None:
    stopped = act(agreed, [agreed.amina], TO_ORYX)
    moved_clock.move(minutes=1)
    with as_login("worker"):
        end_overlay("contract:oryx-energy")
    assert decision(agreed, agreed.amina, TO_ORYX).outcome is Outcome.PERMIT
    found = replayed(agreed, stopped.act)
    assert (found.finding, found.recorded["outcome"]) == (Finding.SAME, "deny")
    assert [overlay for overlay, _ in found.recorded["overlays"]] == [
        "bcr:group", "policy:data-protection", "contract:oryx-energy",
    ]  # fmt: skip


def test_the_clauses_of_an_overlay_stand_on_record(
    contract: None, agreed: Group, owner_connection: psycopg.Connection
) -> None:
    done = act(agreed, [agreed.amina], TO_ORYX)
    for table, key in (("ledger_act", "id"), ("ledger_entry", "act")):
        query = f"SELECT clauses FROM {table} WHERE {key} = %s"  # noqa: S608  # names of our own tables
        assert owner_connection.execute(query.encode(), (done.act,)).fetchall() == [(["contract:oryx-energy/6.5"],)]


@pytest.mark.parametrize("place", [
    "UPDATE organisations_company SET country = 'DE' WHERE code = 'ama-ch'",
    "UPDATE people_standing SET residence = 'DE'",
    "UPDATE organisations_client SET country = 'DE'",
])  # fmt: skip
def test_the_law_of_company_person_or_destination_binds(
    agreed: Group, owner_connection: psycopg.Connection, place: str
) -> None:
    agree(agreed, agreed.amina)
    owner_connection.execute(
        "INSERT INTO organisations_transfertool (origin, destination, tool, since)"
        " VALUES ('CH', 'DE', 'adequacy', '2020-01-01'), ('DE', 'CH', 'adequacy', '2020-01-01')"
    )
    assert decision(agreed, agreed.amina, REPORT).outcome is Outcome.PERMIT
    owner_connection.execute(place.encode())
    stopped = decision(agreed, agreed.amina, REPORT)
    assert (stopped.outcome, stopped.clauses) == (Outcome.DENY, ("law:EU/6.10",))


@pytest.mark.clause("1.1a")
def test_a_decision_keeps_the_digests_of_the_texts_that_were_consulted(group: Group) -> None:
    done = act(group, [group.amina], NAME)
    base = load_statement("ama")
    consulted = [[one, load_overlay(one, base).digest] for one in ("bcr:group", "policy:data-protection")]
    assert [list(one) for one in done.decision(group.amina).overlays] == consulted
    assert replayed(group, done.act).recorded["overlays"] == consulted


def test_a_look_from_abroad_replays_inside_the_overlays_of_both_requests(group: Group) -> None:
    wei = group.actor("wei")
    with unit(group.actor("basil"), "case_coordination") as one:
        one.ask(NAME, [group.amina])
        Mandate.objects.create(
            subject=group.amina, id=uuid4(), company="ama-ch", holder_company="ama-sg", holder=wei.account, kind="case",
            contexts=[], since=one.now, until=one.now + timedelta(hours=1),
        )  # fmt: skip
    with unit(wei, "eligibility") as one:
        handle = one.ask(NAME, [group.amina])
    assert handle.permits(group.amina)
    assert handle.decision(group.amina).overlays
    with unit(wei, "audit") as one:
        one.reach([group.amina])
        line = act_of(one, handle.act)
        assert line is not None
        assert [found.finding for found in replay(one, line)] == [Finding.SAME]
