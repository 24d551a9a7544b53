"""A mandate opens one person to its holder, for as long as it lasts; nobody makes or borrows one."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import DatabaseError
from psycopg import sql

from amanat.choices.models import State
from amanat.custody.actor import Actor
from amanat.custody.choosing import Answer, Asked, choose
from amanat.custody.facts import Ask
from amanat.custody.unit import unit
from amanat.mandates.models import Mandate
from amanat.organisations.models import StaffRole
from amanat.policy.decision import Outcome
from amanat.vocabulary.choices import Choice, ChoiceKind
from stage.databases import AsLogin
from stage.group import Group

CARD = Ask("view", ("name", "birth_year", "cover_status"), "eligibility")
CONTACT = Ask("view", ("phone_home", "email"), "patient_support")
RECORD = Ask("collect", ("emergency_record",), "emergency_record", "web_account")
ALLERGIES = Ask("view", ("allergies",), "emergency_care")
LOG = Ask("view", ("case_log",), "patient_support")
WORDS = Asked("I agree.", "1", "en")
OPT_IN = Choice(ChoiceKind.EMERGENCY_RECORD)


def colleague_of(group: Group, name: str, as_login: AsLogin) -> Actor:
    """Somebody else on duty in the same role and company."""
    mine = group.actor(name)
    account = uuid4()
    with as_login("worker"):
        StaffRole.objects.create(
            account=account, company_id=mine.company, role=mine.role, trained=["ordinary", "medical"]
        )
    return Actor(account, mine.role, mine.company, None, None, "session-colleague")


def mandate(group: Group, to: Actor, **fields: Any) -> Mandate:
    """Basil gives somebody a mandate on Amina."""
    with unit(group.actor("basil"), "case_coordination") as one:
        given: dict[str, Any] = {"kind": "case", "since": one.now, "until": one.now + timedelta(hours=1)}
        given |= {"holder": to.account, **fields}
        return Mandate.objects.create(
            subject=group.amina, id=uuid4(), company="ama-ch", holder_company=to.company, **given
        )


def outcome(actor: Actor, ask: Ask, subject: UUID) -> Outcome | None:
    """What was decided; None if the person is not there for this actor."""
    with unit(actor, ask.purpose, channel="phone") as one:
        decisions = one.ask(ask, [subject]).decisions
    return decisions[subject].outcome if subject in decisions else None


def test_nobody_abroad_gives_themselves_a_mandate(group: Group) -> None:
    """The row would name the person's company, whose rows this company may not write."""
    wei = group.actor("wei")
    with pytest.raises(DatabaseError, match="row-level security"), unit(wei, "case_coordination") as one:
        Mandate.objects.create(
            subject=group.amina, id=uuid4(), company="ama-ch", holder_company="ama-sg", holder=wei.account, kind="case",
            contexts=["emergency_medical"], since=one.now, until=one.now + timedelta(hours=1),
        )  # fmt: skip


def test_a_mandate_that_lies_about_the_persons_company_reaches_nobody(group: Group) -> None:
    wei = group.actor("wei")
    with unit(wei, "case_coordination") as one:
        Mandate.objects.create(
            subject=group.amina, id=uuid4(), company="ama-sg", holder_company="ama-sg", holder=wei.account, kind="case",
            contexts=["emergency_medical"], since=one.now, until=one.now + timedelta(hours=1),
        )  # fmt: skip
    assert outcome(wei, CARD, group.amina) is None


def test_a_mandate_reaches_the_person_for_its_holder_and_for_no_colleague(group: Group, as_login: AsLogin) -> None:
    wei = group.actor("wei")
    mandate(group, wei)
    assert outcome(wei, CARD, group.amina) is Outcome.PERMIT
    assert outcome(colleague_of(group, "wei", as_login), CARD, group.amina) is None


def test_a_mandate_ends_for_its_holder_with_the_next_request(group: Group) -> None:
    wei = group.actor("wei")
    held = mandate(group, wei)
    with unit(group.actor("basil"), "case_coordination") as one:
        Mandate.objects.filter(subject=group.amina, id=held.id).update(ended_at=one.now)
    assert outcome(wei, CARD, group.amina) is None


def test_a_mandate_on_one_person_opens_nobody_else(group: Group) -> None:
    mandate(group, group.actor("basil"))
    assert outcome(group.actor("basil"), CONTACT, group.amina) is not Outcome.DENY
    assert outcome(group.actor("basil"), CONTACT, group.mallory) is Outcome.DENY


def test_a_case_opens_its_own_log_and_no_other_case_of_the_same_person(group: Group) -> None:
    first, second = uuid4(), uuid4()
    mandate(group, group.actor("basil"), record=first)
    mandate(group, group.actor("chandra"), record=second)
    asked = {case: Ask("view", ("case_log",), "patient_support", record=case) for case in (first, second)}
    assert outcome(group.actor("basil"), asked[first], group.amina) is Outcome.PERMIT
    assert outcome(group.actor("basil"), asked[second], group.amina) is Outcome.DENY
    assert outcome(group.actor("basil"), LOG, group.amina) is Outcome.DENY


@pytest.mark.parametrize("kind", ["guardian", "glass"])
def test_a_mandate_that_rests_on_one_persons_proof_needs_a_holder(group: Group, kind: str) -> None:
    """Without one it would be everybody's: each member of the company a guardian, each desk behind the glass."""
    with pytest.raises(DatabaseError, match="mandate_of_somebody"):
        mandate(group, group.actor("emil"), kind=kind, holder=None)


def test_a_no_after_the_glass_was_broken_closes_it(group: Group) -> None:
    with unit(group.actor("amina"), "emergency_record", channel="web_account") as one:
        choose(one, group.amina, [Answer(OPT_IN, State.GIVEN)], WORDS)
        one.keep(RECORD, group.amina, {"emergency_record": {"allergies": "penicillin"}}, version_read=0)
    with unit(group.actor("amina"), "rights_fulfilment", channel="web_account") as one:
        choose(one, group.amina, [Answer(OPT_IN, State.WITHDRAWN)], WORDS)
    proof = {"impracticable": True, "reason": "accident", "refusal_on_record": False}
    emil = group.actor("emil")
    mandate(group, emil, contexts=["emergency_medical"])
    mandate(group, emil, kind="glass", contexts=["emergency_medical"], proof=proof)
    assert outcome(emil, ALLERGIES, group.amina) is Outcome.PERMIT
    with unit(group.actor("amina"), "rights_fulfilment", channel="web_account") as one:
        choose(one, group.amina, [Answer(OPT_IN, State.REFUSED)], WORDS)
    assert outcome(emil, ALLERGIES, group.amina) is not Outcome.PERMIT


@pytest.mark.parametrize(
    "change",
    ["DELETE FROM organisations_staffrole", "UPDATE organisations_staffrole SET role = 'billing_clerk'",
     "UPDATE organisations_staffrole SET company = 'ama-sg'"],
)  # fmt: skip
def test_who_leaves_or_changes_post_is_refused_from_the_next_request_on(
    group: Group, owner_connection: psycopg.Connection[Any], change: Any
) -> None:
    """The session still says what they were; the record of staff decides (PY1)."""
    basil = group.actor("basil")
    mandate(group, basil)
    assert outcome(basil, CARD, group.amina) is Outcome.PERMIT
    owner_connection.execute(change)
    assert outcome(basil, CARD, group.amina) is Outcome.DENY


def test_a_member_who_moves_to_another_company_leaves_the_old_desk_behind(
    group: Group, owner_connection: psycopg.Connection[Any]
) -> None:
    """What the old company was given on its own member does not follow the person (PY3)."""
    basil = group.actor("basil")
    mandate(group, basil)
    assert outcome(basil, CARD, group.amina) is Outcome.PERMIT
    for table in ("people_standing", "people_relation", "people_entitlement", "keys_subject", "vault_folder"):
        moved = sql.SQL("UPDATE {} SET company = 'ama-sg' WHERE subject = %s").format(sql.Identifier(table))
        owner_connection.execute(moved, (group.amina,))
    assert outcome(basil, CARD, group.amina) is None
