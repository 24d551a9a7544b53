"""The one door: what it decides, records and reveals, and in which order."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from psycopg import sql

from amanat.choices.models import ConsentRecord, State
from amanat.custody.actor import Actor
from amanat.custody.answers import AlreadyAnsweredError, Key
from amanat.custody.choosing import Answer, Asked, choose
from amanat.custody.facts import Ask, Recipient
from amanat.custody.handle import NotCommittedError
from amanat.custody.reading import history_of
from amanat.custody.unit import Unit, unit
from amanat.errors import ConflictError, NotFoundError
from amanat.mandates.models import Mandate
from amanat.policy.decision import Outcome
from amanat.vocabulary import clock
from amanat.vocabulary.choices import Choice, ChoiceKind
from amanat.vocabulary.terms import UnknownTermError
from stage.group import Group

CARD = Ask("view", ("name", "birth_year", "cover_status"), "eligibility")
RECORD = Ask("collect", ("emergency_record",), "emergency_record", "web_account")
ALLERGIES = Ask("view", ("allergies",), "emergency_care")
ASKED = Asked("I agree that my record is used.", "1", "en")
OPT_IN = Answer(Choice(ChoiceKind.EMERGENCY_RECORD), State.GIVEN)


def acts(owner: psycopg.Connection[Any]) -> list[tuple[str, str, str, int]]:
    return owner.execute("SELECT action, outcome, state, people FROM ledger_act ORDER BY at, id").fetchall()


def last_acts(owner: psycopg.Connection[Any], count: int) -> list[tuple[str, str, str, int]]:
    return acts(owner)[-count:]


def open_case(group: Group, name: str, subject: UUID, *contexts: str) -> None:
    actor = group.actor(name)
    with unit(actor, "case_coordination") as one:
        handle = one.ask(CARD, [subject])
        Mandate.objects.create(
            subject=subject, id=uuid4(), company=handle.people[subject].company, holder_company=actor.company,
            holder=actor.account, kind="case", contexts=list(contexts), since=one.now,
            until=one.now + timedelta(hours=1),
        )  # fmt: skip


def write_record(group: Group) -> None:
    with unit(group.actor("amina"), "emergency_record", channel="web_account") as one:
        choose(one, group.amina, [OPT_IN], ASKED)
        one.keep(RECORD, group.amina, {"emergency_record": {"allergies": "penicillin"}}, version_read=0)


def test_values_come_out_only_after_the_commit(group: Group) -> None:
    with unit(group.actor("basil"), "eligibility") as one:
        handle = one.ask(CARD, [group.amina])
        with pytest.raises(NotCommittedError):
            handle.values(group.amina)
    assert handle.values(group.amina) == {
        "name": {"given": "Amina", "family": "Haddad"},
        "birth_year": str(clock.now().year - 38),
        "cover_status": "covered",
    }


def test_a_unit_does_not_open_inside_another_transaction(group: Group) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"), unit(group.actor("basil"), "eligibility"):
        pass


def test_a_refused_look_is_recorded_and_opens_nothing(group: Group, owner_connection: psycopg.Connection[Any]) -> None:
    with unit(group.actor("chandra"), "emergency_care") as one:
        handle = one.ask(ALLERGIES, [group.amina])
    assert handle.decision(group.amina).clauses == ("9.2",)
    assert handle.values(group.amina) == {}
    assert last_acts(owner_connection, 1) == [("view", "deny", "recorded", 1)]


def test_an_exception_rolls_back_and_leaves_the_decision_as_abandoned(
    group: Group, owner_connection: psycopg.Connection[Any]
) -> None:
    with pytest.raises(ZeroDivisionError), unit(group.actor("basil"), "eligibility") as one:
        handle = one.ask(CARD, [group.amina])
        _ = 1 // 0
    assert last_acts(owner_connection, 1) == [("view", "permit", "abandoned", 1)]
    with pytest.raises(NotCommittedError):
        handle.values(group.amina)
    opened = owner_connection.execute("SELECT opened FROM ledger_entry ORDER BY at DESC LIMIT 1").fetchone()
    assert opened == (0,)


def test_the_number_of_statements_does_not_depend_on_the_number_of_people(group: Group) -> None:
    def statements(subjects: list[UUID]) -> int:
        with CaptureQueriesContext(connection) as caught, unit(group.actor("basil"), "eligibility") as one:
            one.ask(CARD, subjects)
        return len([one for one in caught.captured_queries if not one["sql"].startswith(("BEGIN", "COMMIT"))])

    statements([group.amina])
    assert statements([group.amina]) == statements([group.amina, group.mallory, group.child]) == 6


def test_a_person_who_is_not_there_and_one_of_another_company_are_the_same_not_found(group: Group) -> None:
    for subject in (uuid4(), group.amina):
        with unit(group.actor("wei"), "eligibility") as one:
            handle = one.ask(CARD, [subject])
        with pytest.raises(NotFoundError):
            handle.decision(subject)


def test_another_company_looks_only_under_a_mandate_and_the_look_is_a_transfer(group: Group) -> None:
    wei = group.actor("wei")
    with unit(group.actor("basil"), "case_coordination") as one:
        one.ask(CARD, [group.amina])
        Mandate.objects.create(
            subject=group.amina, id=uuid4(), company="ama-ch", holder_company="ama-sg", holder=wei.account, kind="case",
            contexts=["emergency_medical"], since=one.now, until=one.now + timedelta(hours=1),
        )  # fmt: skip
    with unit(wei, "eligibility") as one:
        handle = one.ask(CARD, [group.amina])
    assert handle.values(group.amina)["name"]["given"] == "Amina"
    assert {"6.6", "6.8"} <= set(handle.decision(group.amina).clauses)


def test_a_lapsed_mandate_opens_nothing(group: Group) -> None:
    wei = group.actor("wei")
    with unit(group.actor("basil"), "case_coordination") as one:
        one.ask(CARD, [group.amina])
        Mandate.objects.create(
            subject=group.amina, id=uuid4(), company="ama-ch", holder_company="ama-sg", holder=wei.account, kind="case",
            contexts=[], since=one.now - timedelta(hours=2), until=one.now - timedelta(seconds=1),
        )  # fmt: skip
    with unit(wei, "eligibility") as one:
        handle = one.ask(CARD, [group.amina])
    assert group.amina not in handle.decisions


@pytest.mark.clause("8.4", "6.3c")
def test_the_emergency_record_is_not_kept_before_the_opt_in(group: Group) -> None:
    with unit(group.actor("amina"), "emergency_record", channel="web_account") as one:
        handle = one.keep(RECORD, group.amina, {"emergency_record": {"allergies": "nuts"}}, version_read=0)
    assert handle.decision(group.amina).outcome is Outcome.ASK
    assert handle.decision(group.amina).needs == ("emergency_record",)
    write_record(group)
    open_case(group, "basil", group.amina, "emergency_medical")
    with unit(group.actor("basil"), "emergency_care") as one:
        handle = one.ask(ALLERGIES, [group.amina])
    assert handle.values(group.amina) == {"allergies": "penicillin"}


def test_a_withdrawal_holds_from_the_next_decision_on(group: Group) -> None:
    write_record(group)
    open_case(group, "basil", group.amina, "emergency_medical")
    with unit(group.actor("amina"), "rights_fulfilment", channel="web_account") as one:
        choose(one, group.amina, [Answer(OPT_IN.choice, State.WITHDRAWN)], ASKED)
    with unit(group.actor("basil"), "emergency_care") as one:
        handle = one.ask(ALLERGIES, [group.amina])
    assert handle.decision(group.amina).outcome is Outcome.ASK
    assert handle.values(group.amina) == {}


def test_the_second_of_two_writers_is_told_and_nothing_is_lost(group: Group) -> None:
    write_record(group)
    with unit(group.actor("amina"), "emergency_record", channel="web_account") as one:
        one.keep(RECORD, group.amina, {"emergency_record": {"allergies": "bees"}}, version_read=1)
    with (
        pytest.raises(ConflictError),
        unit(group.actor("amina"), "emergency_record", channel="web_account") as one,
    ):
        one.keep(RECORD, group.amina, {"emergency_record": {"allergies": "cats"}}, version_read=1)
    with unit(group.actor("amina"), "rights_fulfilment") as one:
        handle = one.ask(Ask("view", ("emergency_record",), "rights_fulfilment"), [group.amina])
    assert handle.values(group.amina)["emergency_record"] == {"allergies": "bees"}


def test_a_repeated_message_has_no_second_effect_and_gets_the_first_answer(
    group: Group, owner_connection: psycopg.Connection[Any]
) -> None:
    key = Key.over("k1", b"body")
    with unit(group.actor("basil"), "eligibility", key=key) as one:
        one.ask(CARD, [group.amina])
        one.result = {"case": "c1"}
    before = len(acts(owner_connection))
    with pytest.raises(AlreadyAnsweredError) as again, unit(group.actor("basil"), "eligibility", key=key) as one:
        one.ask(CARD, [group.amina])
    assert again.value.result == {"case": "c1"}
    assert len(acts(owner_connection)) == before
    other = Key.over("k1", b"another body")
    with pytest.raises(ConflictError), unit(group.actor("basil"), "eligibility", key=other):
        pass


def test_a_refusal_under_a_key_is_no_answer_and_is_decided_again(group: Group) -> None:
    """A message sent twice and refused twice must not be told, the second time, that it was carried out."""
    key = Key.over("k3", b"body")
    for _ in range(2):
        with unit(group.actor("chandra"), "emergency_care", key=key) as one:
            handle = one.ask(ALLERGIES, [group.amina])
        assert handle.decision(group.amina).outcome is Outcome.DENY


def test_what_was_decided_under_a_key_that_was_settled_meanwhile_is_rolled_back(group: Group) -> None:
    key = Key.over("k2", b"body")
    with pytest.raises(Exception, match="faster"), unit(group.actor("basil"), "eligibility", key=key) as one:
        one.ask(CARD, [group.amina])
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO custody_answer (company, key, asked, result, at) VALUES ('ama-ch', 'k2', 'x', '{}', now())"
            )


@pytest.mark.clause("6.10a", "6.10")
def test_consent_for_one_payer_does_not_unlock_another(group: Group) -> None:
    open_case(group, "basil", group.amina)
    given = Answer(Choice(ChoiceKind.PAYER_DISCLOSURE, "employer"), State.GIVEN, "oryx-energy")
    with unit(group.actor("amina"), "rights_fulfilment", channel="web_account") as one:
        choose(one, group.amina, [given], ASKED)

    def tell(leaf: str, organisation: str) -> Outcome:
        recipient = Recipient(leaf, organisation, "CH")
        with unit(group.actor("basil"), "billing") as one:
            handle = one.ask(Ask("disclose", ("name",), "billing", recipient=recipient), [group.amina])
        return handle.decision(group.amina).outcome

    assert tell("employer", "oryx-energy") is Outcome.PERMIT
    assert tell("membership_body", "cedar-school") is Outcome.ASK
    assert tell("insurer", "") is Outcome.ASK


@pytest.mark.clause("2.1b")
def test_staff_whose_training_lapsed_are_refused_medical_data(
    group: Group, owner_connection: psycopg.Connection[Any]
) -> None:
    write_record(group)
    open_case(group, "basil", group.amina, "emergency_medical")
    owner_connection.execute("UPDATE organisations_staffrole SET trained_until = '2020-01-01'")
    with unit(group.actor("basil"), "emergency_care") as one:
        handle = one.ask(ALLERGIES, [group.amina])
    assert handle.decision(group.amina).clauses == ("2.1b",)


@pytest.mark.clause("2.3c")
def test_a_member_cannot_look_at_somebody_else_of_the_family(group: Group) -> None:
    with unit(group.actor("amina"), "rights_fulfilment") as one:
        handle = one.ask(Ask("view", ("name",), "rights_fulfilment"), [group.child])
    assert handle.decision(group.child).outcome is Outcome.DENY
    assert handle.values(group.child) == {}


@pytest.mark.clause("0.4")
def test_a_company_without_a_law_pack_decides_nothing(group: Group, owner_connection: psycopg.Connection[Any]) -> None:
    owner_connection.execute("UPDATE organisations_company SET country = 'XX' WHERE code = 'ama-ch'")
    with unit(group.actor("basil"), "eligibility") as one:
        handle = one.ask(CARD, [group.amina])
    assert handle.decision(group.amina).clauses == ("0.4",)


@pytest.mark.clause("6.7", "6.9a", "2.2")
def test_a_provider_gets_data_only_under_a_live_and_whole_agreement(
    group: Group, owner_connection: psycopg.Connection[Any]
) -> None:
    open_case(group, "basil", group.amina)

    def send() -> tuple[Outcome, tuple[str, ...]]:
        ask = Ask("transfer", ("name",), "evacuation", recipient=Recipient("provider.medical", "alp-air"))
        with unit(group.actor("basil"), "evacuation") as one:
            decision = one.ask(ask, [group.amina]).decision(group.amina)
        return decision.outcome, decision.clauses

    assert send() == (Outcome.PERMIT, ("6.7", "6.9"))
    owner_connection.execute("UPDATE organisations_agreement SET terms = '{purpose_bound,our_directions}'")
    assert send() == (Outcome.DENY, ("6.9a",))
    owner_connection.execute("UPDATE organisations_agreement SET until = '2020-01-01'")
    assert send() == (Outcome.DENY, ("6.7",))


def test_the_history_of_a_person_names_every_look_and_its_clauses(group: Group) -> None:
    with unit(group.actor("basil"), "eligibility") as one:
        one.ask(CARD, [group.amina])
    with unit(group.actor("chandra"), "emergency_care") as one:
        one.ask(ALLERGIES, [group.amina])
    with unit(group.actor("amina"), "rights_fulfilment") as one:
        lines = history_of(one, group.amina)
    assert [(line.role, line.outcome) for line in lines[:2]] == [
        ("assistance_coordinator", "deny"),
        ("assistance_coordinator", "permit"),
    ]
    assert lines[0].refused == ("emergency_record",)
    assert set(lines[1].opened) == {"name", "birth_date", "entitlement"}
    assert "6.1b" in lines[1].clauses


def test_nothing_is_decided_without_a_statement_in_force(
    group: Group, owner_connection: psycopg.Connection[Any]
) -> None:
    owner_connection.execute("DELETE FROM ledger_publication")
    with pytest.raises(Exception, match="No statement is in force"), unit(group.actor("basil"), "eligibility") as one:
        one.ask(CARD, [group.amina])


def test_a_consent_record_keeps_wording_version_and_channel(group: Group) -> None:
    write_record(group)
    with unit(group.actor("amina"), "rights_fulfilment"):
        kept = ConsentRecord.objects.get(subject=group.amina)
    assert (kept.kind, kept.state, kept.channel, kept.form_version) == ("emergency_record", "given", "web_account", "1")
    assert len(kept.wording) == len(kept.statement) == 64


def test_a_stolen_database_shows_no_value(group: Group, owner_connection: psycopg.Connection[Any]) -> None:
    write_record(group)
    tables = owner_connection.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    ).fetchall()
    for (table,) in tables:
        every = sql.SQL("SELECT to_jsonb(t)::text FROM {} t").format(sql.Identifier(table))
        rows = owner_connection.execute(every).fetchall()
        text = json.dumps(rows)
        for value in ("Haddad", "amina@example.org", "OX-1001", "penicillin", b"Haddad".hex(), b"penicillin".hex()):
            assert value not in text, table


def test_an_actor_without_a_company_on_record_decides_nothing(group: Group) -> None:
    nobody = Actor(uuid4(), "assistance_coordinator", "ama-xx", None, None, "")
    with pytest.raises(Exception, match="not on record"), unit(nobody, "eligibility") as one:
        one.ask(CARD, [group.amina])


def test_a_unit_that_nobody_opened_meets_closed_rows(group: Group) -> None:
    """Row context lives in the transaction: without one, nothing is seen and nothing can be recorded."""
    loose = Unit(group.actor("basil"), "eligibility", "")
    with pytest.raises(DatabaseError, match="row-level security"):
        loose.ask(CARD, [group.amina])


def test_a_choice_in_unknown_words_is_refused_and_nothing_is_recorded(group: Group) -> None:
    wrong = Answer(Choice(ChoiceKind.BLOCK_RECIPIENT, "employr"), State.GIVEN)
    with pytest.raises(UnknownTermError, match="employr"), unit(group.actor("amina"), "rights_fulfilment") as one:
        choose(one, group.amina, [wrong], ASKED)
    with unit(group.actor("amina"), "rights_fulfilment"):
        assert not ConsentRecord.objects.filter(subject=group.amina).exists()
