"""Nothing is kept longer than the statement says, nor ended while a case or a law needs it."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from amanat.cases.models import Case
from amanat.custody.actor import Actor
from amanat.custody.erasing import ErasureRefusedError
from amanat.custody.facts import Ask, read_scene
from amanat.custody.models import Hold
from amanat.custody.retaining import end_trips, erase_leaves, terms_of_trips
from amanat.custody.unit import unit
from amanat.custody.words import Words
from amanat.statement.compile import load_statement
from amanat.statement.overlay_compile import load_overlay
from amanat.vocabulary import clock
from stage.accounts import MovedClock
from stage.databases import AsLogin
from stage.group import ORYX, Group

Owner = psycopg.Connection[Any]
DESK = Actor(None, "assistance_coordinator", "ama-ch", None, None, "")
TRIP = Ask("collect", ("itinerary",), "travel_information", "phone")


def travel(subject: UUID, *, days_ago: int) -> UUID:
    """A trip that ended so many days ago."""
    ended, record = clock.now().date() - timedelta(days=days_ago), uuid4()
    ask = Ask(TRIP.action, TRIP.words, TRIP.purpose, TRIP.channel, record=record)
    with unit(DESK, "travel_information", channel="phone") as one:
        kept = one.keep(ask, subject, {"itinerary": {"country": "SG"}}, version_read=0)
        assert kept.permits(subject)
        one.note_stay(subject, "SG", ended - timedelta(days=7), ended, record=record)
    return record


def left(owner: Owner, subject: UUID) -> set[UUID]:
    stays = owner.execute("SELECT id FROM people_stay WHERE subject = %s", (subject,)).fetchall()
    folders = owner.execute("SELECT record FROM vault_folder WHERE subject = %s AND folder = 'trip'", (subject,))
    found = {one for (one,) in folders.fetchall()}
    assert found == {one for (one,) in stays}
    return found


def term() -> int:
    with unit(DESK, "travel_information") as one:
        return terms_of_trips(one.words(read_scene(DESK, TRIP, one.now)))[0].days


def test_a_trip_goes_when_its_days_are_over_and_not_before(
    group: Group, as_login: AsLogin, owner_connection: Owner
) -> None:
    days = term()
    travel(group.amina, days_ago=days + 1)
    recent = travel(group.amina, days_ago=days)
    with as_login("worker"):
        assert end_trips("ama-ch") == 1
        assert end_trips("ama-ch") == 0
        assert end_trips("ama-sg") == 0
    assert left(owner_connection, group.amina) == {recent}
    acts = owner_connection.execute("SELECT clauses FROM ledger_act WHERE action = 'erase'").fetchall()
    assert [clauses for (clauses,) in acts] == [["T.1"]]


def test_a_law_holds_a_trip_back(
    group: Group, as_login: AsLogin, owner_connection: Owner, moved_clock: MovedClock
) -> None:
    trip = travel(group.amina, days_ago=term() + 1)
    with unit(group.actor("dina"), "legal_order") as one:
        Hold.objects.create(
            subject=group.amina, id=uuid4(), company="ama-ch", law="CO 958f", since=one.now,
            until=one.now + timedelta(days=30),
        )  # fmt: skip
    with as_login("worker"):
        assert end_trips("ama-ch") == 0
    assert left(owner_connection, group.amina) == {trip}
    moved_clock.move(days=31)
    with as_login("worker"):
        assert end_trips("ama-ch") == 1


@pytest.mark.clause("3.4g")
def test_an_open_case_holds_a_trip_back(
    group: Group, as_login: AsLogin, owner_connection: Owner, moved_clock: MovedClock
) -> None:
    trip, case = travel(group.amina, days_ago=term() + 1), uuid4()
    with unit(group.actor("basil"), "case_coordination") as one:
        Case.objects.create(
            subject=group.amina, id=case, company="ama-ch", number="1", kind="medical", state="open",
            reason="illness", opened_at=one.now, opened_by=uuid4(), opened_role="assistance_coordinator",
        )  # fmt: skip
    with as_login("worker"):
        assert end_trips("ama-ch") == 0
    assert left(owner_connection, group.amina) == {trip}
    owner_connection.execute(
        "UPDATE cases_case SET state = 'closed', closed_at = now(), outcome = 'helped' WHERE id = %s", (case,)
    )
    with as_login("worker"):
        assert end_trips("ama-ch") == 1


def test_a_contract_that_is_stricter_counts_for_its_people_alone() -> None:
    statement = load_statement("ama")
    words = Words((), statement, (load_overlay("contract:oryx-energy", statement),))
    assert [(one.client, one.days) for one in terms_of_trips(words)] == [("", 90), (ORYX, 30)]


def test_a_leaf_goes_early_and_the_others_stay(group: Group, as_login: AsLogin) -> None:
    with as_login("worker"):
        assert erase_leaves(group.actor("amina"), group.amina, ["email"]) == 1
    with unit(group.actor("amina"), "rights_fulfilment") as one:
        handle = one.ask(Ask("view", ("name", "email"), "rights_fulfilment"), [group.amina])
    assert set(handle.values(group.amina)) == {"name"}


def test_a_coordinator_erases_no_leaf(group: Group, as_login: AsLogin) -> None:
    with as_login("worker"), pytest.raises(ErasureRefusedError):
        erase_leaves(group.actor("basil"), group.amina, ["email"])
