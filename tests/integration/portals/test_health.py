"""The health page says what `amanat doctor` says, and is red within a minute of the fold standing still."""

import re
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.test import Client

from amanat.audits import condition
from amanat.custody.facts import Ask
from amanat.custody.unit import unit
from amanat.database.home import Home, write_private_file
from amanat.ledger import incidents
from amanat.ledger.fold import fold
from amanat.ledger.incidents import Look
from amanat.vocabulary import clock
from stage.accounts import MovedClock, sign_in
from stage.databases import AsLogin
from stage.group import Group, hire
from stage.server import Clone
from stage.statements import few_statements

CARD = Ask("view", ("name", "birth_year", "cover_status"), "eligibility")


@pytest.fixture
def dina(group: Group, database: Clone, accounts: None) -> Client:
    return sign_in(hire(database, "dina", "privacy", "privacy_officer"))


@pytest.fixture
def well(group: Group, as_login: AsLogin, home: Home) -> None:
    """A worker has just been round, and a copy was made."""
    with unit(group.actor("basil"), CARD.purpose) as one:
        one.ask(CARD, [group.amina])
    write_private_file(home.folder / "last_copy", clock.now().isoformat() + "\n")
    with as_login("worker"):
        fold("ama-ch")
        incidents.note_look(Look(clock.now(), 0.1, 0, clock.now() + timedelta(seconds=20)))


def sides(browser: Client) -> dict[str, str]:
    with few_statements():
        answer = browser.get("/privacy/health/")
    assert answer.status_code == 200
    return dict(re.findall(r'data-side="(\w+)" data-well="(\w+)"', answer.content.decode()))


def ill(browser: Client) -> set[str]:
    return {name for name, well in sides(browser).items() if well == "no"}


def test_a_sound_installation_is_green_on_all_six_sides(well: None, dina: Client) -> None:
    assert sides(dina).keys() == {"fold", "log", "watch", "keys", "copy", "rows"}
    assert ill(dina) == set()


def test_within_a_minute_of_the_fold_standing_still_the_page_is_red(
    well: None, dina: Client, group: Group, moved_clock: MovedClock
) -> None:
    moved_clock.move(seconds=25)
    with unit(group.actor("basil"), CARD.purpose) as one:
        one.ask(CARD, [group.amina])
    assert ill(dina) == set()
    moved_clock.move(seconds=31)
    assert ill(dina) == {"fold", "watch"}


def test_a_worker_that_is_gone_is_noticed_although_nothing_waits(
    well: None, dina: Client, as_login: AsLogin, moved_clock: MovedClock
) -> None:
    moved_clock.move(seconds=59)
    assert "watch" in ill(dina)


def test_an_open_incident_is_red(well: None, dina: Client, as_login: AsLogin) -> None:
    from amanat.ledger.verify import Finding  # noqa: PLC0415

    with as_login("worker"):
        incidents.note([Finding("ama-ch", "changed", "act 7", "it is not what was signed")])
    assert ill(dina) == {"log"}


def test_a_late_copy_and_a_lost_signing_key_are_red(well: None, dina: Client, home: Home) -> None:
    (home.folder / "last_copy").unlink()
    (home.ledger / "ama-ch.key").unlink()
    assert ill(dina) == {"copy", "log"}


def test_a_table_that_is_open_is_red(well: None, dina: Client, owner_connection: psycopg.Connection[Any]) -> None:
    owner_connection.execute("ALTER TABLE ledger_entry NO FORCE ROW LEVEL SECURITY")
    assert ill(dina) == {"rows"}


def test_a_side_that_cannot_be_looked_at_is_red_and_hides_no_other(
    well: None, dina: Client, owner_connection: psycopg.Connection[Any]
) -> None:
    owner_connection.execute("DROP TABLE ledger_look CASCADE")
    assert "watch" in ill(dina)
    assert sides(dina)["rows"] == "yes"


def test_old_keys_are_red(well: None, dina: Client, moved_clock: MovedClock, home: Home) -> None:
    moved_clock.move(days=366)
    assert "keys" in {one.name for one in condition.examine(home) if not one.is_well}


def test_no_stranger_and_no_auditor_reads_it(group: Group, database: Clone, accounts: None) -> None:
    yvonne = sign_in(hire(database, "yvonne", "privacy", "auditor"))
    assert yvonne.get("/privacy/health/").status_code == 404
