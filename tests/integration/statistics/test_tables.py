"""A client's monthly tables, from people in the database to figures that may be shown."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from amanat.choices.models import State
from amanat.custody.choosing import Answer, Asked, choose
from amanat.custody.enrolled import known_by_policy_number
from amanat.custody.publishing import publish
from amanat.custody.unit import unit
from amanat.people.models import Stay
from amanat.rosters.service import load_roster
from amanat.statistics.models import Report
from amanat.statistics.service import Tables, monthly_tables
from amanat.statistics.suppression import Halves, Lines
from amanat.vocabulary import clock
from amanat.vocabulary.choices import Choice, ChoiceKind
from stage.accounts import MovedClock
from stage.databases import AsLogin
from stage.group import CEDAR, ORYX, Group
from stage.sheets import crowd, crowds
from stage.versions import signed

# In the group Oryx has Amina and her child, who live in Switzerland and do not travel.


def trip() -> tuple[str, str]:
    """From today, so that it is in this month."""
    today = clock.now().date()
    return today.isoformat(), (today + timedelta(days=4)).isoformat()


def tables(group: Group) -> Tables:
    with unit(group.actor("oryx"), "client_reporting") as one:
        return monthly_tables(one)


def send(*groups: list[tuple[str, ...]], client: str = ORYX) -> None:
    loaded = load_roster(crowds(*groups), client=client)
    assert not loaded.rejected, loaded.rejected


@pytest.mark.clause("3.5a")
def test_a_company_with_three_travellers_sees_no_figure(group: Group) -> None:
    send(crowd(30, "HOME"), crowd(3, "AWAY", to="TH", days=trip()))
    shown = tables(group)
    assert shown.people == 30
    assert shown.figures.travelling == Lines()
    assert shown.clauses == ("3.5a",)


def test_a_company_of_fewer_than_ten_sees_nothing(group: Group) -> None:
    shown = tables(group)
    assert shown.people is None
    assert {one.people for one in shown.figures.covered} == {Halves()}
    assert (shown.figures.living, shown.figures.travelling) == (Lines(), Lines())


def test_countries_with_few_people_stand_together(group: Group) -> None:
    days = trip()
    send(crowd(40, "HOME"), crowd(12, "TH", to="TH", days=days), crowd(11, "KE", country="KE", to="KE", days=days),
         crowd(7, "BR", country="BR", to="BR", days=days), crowd(4, "AQ", to="AQ", days=days))  # fmt: skip
    figures = tables(group).figures
    assert figures.travelling == Lines(30, (("KE", 10), ("TH", 10)), 10)
    assert figures.living == Lines(70, (("CH", 50),), 10)


def test_somebody_who_travels_twice_is_counted_once_where_they_go_first(group: Group) -> None:
    today = clock.now().date()
    first = today.replace(day=1)
    send(crowd(30, "HOME"), crowd(12, "TWICE", to="TH", days=(first.isoformat(), first.isoformat())),
         crowd(12, "ONCE", to="KE", days=trip()))  # fmt: skip
    twice = known_by_policy_number(group.actor("oryx"), [f"TWICE-{number}" for number in range(12)])
    with unit(group.actor("oryx"), "client_reporting"):
        Stay.objects.bulk_create(
            Stay(
                subject=subject, id=uuid4(), company="ama-ch", organisation=ORYX, country="KE", since=today, until=today
            )
            for subject in twice.values()
        )
    assert tables(group).figures.travelling == Lines(20, (("TH", 10),), 10)


def test_dependants_are_told_apart_only_when_both_parts_are_ten_or_more(group: Group) -> None:
    send(crowd(30, "HOME"), crowd(8, "KIN", of="HOME-1"))
    assert tables(group).figures.covered[-1].people == Halves(40)  # 31 and 9
    send(crowd(12, "MORE", of="HOME-2"))
    assert tables(group).figures.covered[-1].people == Halves(50, 30, 20)


def test_six_months_are_shown_and_cover_counts_from_its_first_day(group: Group) -> None:
    today = clock.now().date()
    send(crowd(20, "OLD", since="2020-01-01"), crowd(15, "NEW", since=today.isoformat()))
    covered = tables(group).figures.covered
    assert [one.people.whole for one in covered] == [20, 20, 20, 20, 20, 30]
    assert covered[-1].month == today.replace(day=1)


def test_another_clients_people_are_not_counted(group: Group) -> None:
    send(crowd(40, "CEDAR"), client=CEDAR)
    assert tables(group).people is None


def test_tables_stand_until_ten_people_more_came(group: Group, moved_clock: MovedClock) -> None:
    """The attack of a client who adds one person, looks, and compares."""
    send(crowd(29, "HOME"))
    before = tables(group)
    assert before.people == 30
    send(crowd(9, "MORE"))
    moved_clock.move(hours=5)
    assert tables(group) == before
    send(crowd(1, "LAST"))
    after = tables(group)
    assert (after.people, after.made) == (40, clock.now())


def test_a_new_month_has_new_tables(group: Group, moved_clock: MovedClock) -> None:
    send(crowd(29, "HOME"))
    first = tables(group)
    moved_clock.move(days=31)
    second = tables(group)
    assert second.month > first.month
    with unit(group.actor("oryx"), "client_reporting"):
        assert Report.objects.filter(client=ORYX).count() == 2


def test_who_holds_back_their_trips_is_not_counted_among_travellers(group: Group) -> None:
    send(crowd(30, "HOME"), crowd(20, "AWAY", to="TH", days=trip()))
    away = known_by_policy_number(group.actor("oryx"), [f"AWAY-{number}" for number in range(2)])
    for subject in away.values():
        with unit(group.as_member(subject), "rights_fulfilment", channel="web_account") as one:
            answer = Answer(Choice(ChoiceKind.WITHHOLD, "itinerary"), State.GIVEN)
            choose(one, subject, [answer], Asked("I hold back my trips.", "test-1", "en"))
    shown = tables(group)
    assert (shown.people, shown.figures.travelling.total) == (50, 10)  # 52 and 18


def test_counting_and_showing_are_recorded_without_anybody(group: Group, owner_connection: psycopg.Connection) -> None:
    send(crowd(30, "HOME"))
    tables(group)
    told = owner_connection.execute(
        "SELECT action, role, account IS NULL, purpose, organisation, outcome, clauses, people FROM ledger_act"
        " WHERE purpose = 'client_reporting' ORDER BY action"
    ).fetchall()
    assert told == [
        ("aggregate", "web_system", True, "client_reporting", ORYX, "permit", ["3.5"], 0),
        ("view", "client_admin", False, "client_reporting", ORYX, "deny", ["3.5a"], 0),
    ]


def test_trips_given_before_the_statement_counted_trips_are_not_counted(
    moved_clock: MovedClock, group: Group, as_login: AsLogin
) -> None:
    """Under the older statement only who somebody is, and their cover, is counted; nobody was asked since."""
    parts = "identity, contact, work, cover"
    anchored = ", ".join(f"[{part}](data:{part})" for part in parts.split(", "))
    older = signed(
        "ama",
        ("version: 1.0.0", "version: 1.0.5"),
        ("[everyday data](data:ordinary) for [statistics]", f"{anchored} for [statistics]"),
        ("data  ordinary\n  for   statistics, client_rep", f"data  {parts}\n  for   statistics, client_rep"),
        ("aggregate destinations for", "aggregate name for"),
    )
    for newer, month, name in ((older, 1, "OLD"), (signed(), 7, "NEW")):
        with as_login("worker"):
            publish(newer)
        moved_clock.moment = datetime(2027, month, 2, tzinfo=UTC)
        days = ("2027-01-03", "2027-07-30") if name == "OLD" else ("2027-07-02", "2027-07-30")
        send(crowd(30, f"HOME{name}"), crowd(15, name, to="TH", days=days))
    assert tables(group).figures.travelling.total == 10
