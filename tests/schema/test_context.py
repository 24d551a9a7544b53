"""The row context: it is one transaction's, a lapsed mandate is out of it, and whose word it is."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, LiteralString
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection
from psycopg.conninfo import make_conninfo
from psycopg_pool import ConnectionPool

from amanat.cases.models import Case
from amanat.custody.actor import Actor
from amanat.custody.facts import Ask
from amanat.custody.unit import unit
from amanat.database.logins import parameters
from amanat.database.target import parse_url
from amanat.mandates.models import Mandate
from amanat.people.models import Standing, Stay
from amanat.vocabulary import clock
from schema.catalogue import Owner
from schema.rows import acting_for, count, fill
from stage.accounts import MovedClock
from stage.group import Group
from stage.server import Clone

CARD = Ask("view", ("name", "birth_year"), "eligibility")
SETTINGS = ("amanat.company", "amanat.subjects", "amanat.account", "amanat.session", "amanat.sign_in")


@pytest.fixture
def web(database: Clone) -> Iterator[Owner]:
    with database.connect("web") as looking:
        yield looking


def left_over() -> set[str]:
    """What Django's own connection still says between two transactions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(name, true) FROM unnest(%s::text[]) AS name", [list(SETTINGS)])
        return {value for (value,) in cursor.fetchall()} - {None, ""}


def process() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (number,) = cursor.fetchone() or (0,)
    return int(number)


# a connection that serves one request after another ------------------------------------------------------------------


def test_the_next_request_on_the_same_connection_sees_nobody(group: Group) -> None:
    first = process()
    with unit(group.actor("basil"), "eligibility") as one:
        one.ask(CARD, [group.amina])
        assert Standing.objects.filter(subject=group.amina).exists()
    assert process() == first
    assert (Standing.objects.count(), left_over()) == (0, set())


@pytest.fixture
def pool(database: Clone) -> Iterator[ConnectionPool]:
    """One connection of the web log-in, handed to one after another as the site's threads do."""
    wanted = parameters("web", database.home, target=parse_url(database.url))
    with ConnectionPool(make_conninfo("", **wanted), min_size=1, max_size=1) as made:
        yield made


def test_a_pooled_connection_comes_back_without_context(group: Group, pool: ConnectionPool) -> None:
    served = []
    for company in ("ama-ch", None):
        with pool.connection() as one:
            if company:
                acting_for(one, company)
            served.append((one.info.backend_pid, count(one, "people_standing")))
    (first, own), (second, left) = served
    assert (first == second, own, left) == (True, 3, 0)


def test_a_request_that_failed_leaves_no_context_either(group: Group) -> None:
    with pytest.raises(ZeroDivisionError), unit(group.actor("basil"), "eligibility") as one:
        one.ask(CARD, [group.amina])
        raise ZeroDivisionError
    assert (Standing.objects.count(), left_over()) == (0, set())


def test_another_companys_request_on_the_same_connection_starts_anew(group: Group) -> None:
    first = process()
    mandate(group, group.actor("wei"))
    with unit(group.actor("wei"), "eligibility") as one:
        assert one.ask(CARD, [group.amina]).people
    with unit(group.actor("wei"), "eligibility"):
        assert Standing.objects.count() == 0
    assert process() == first


def test_a_context_set_for_the_whole_session_would_be_found(group: Group) -> None:
    """The planted fault: the same check sees what a set_config(…, false) leaves behind."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('amanat.company', 'ama-ch', false)")
    assert left_over() == {"ama-ch"}
    assert Standing.objects.count() > 0


@pytest.mark.parametrize("forget", ["RESET amanat.company", "RESET ALL", "SET amanat.company TO DEFAULT"])
def test_resetting_the_context_leaves_no_rows(group: Group, web: Owner, forget: LiteralString) -> None:
    with web.transaction():
        acting_for(web, "ama-ch")
        assert count(web, "people_standing") == 3
        web.execute(forget)
        assert count(web, "people_standing") == 0


def test_an_abandoned_savepoint_takes_its_context_along(group: Group, web: Owner) -> None:
    with web.transaction():
        acting_for(web, "ama-sg")
        with web.transaction(force_rollback=True):
            acting_for(web, "ama-ch")
            assert count(web, "people_standing") == 3
        assert count(web, "people_standing") == 0


@pytest.mark.parametrize("subjects", ["not-a-uuid", "' OR true --", "{}"])
def test_a_malformed_list_of_people_is_an_error_and_not_everybody(group: Group, web: Owner, subjects: str) -> None:
    with pytest.raises(psycopg.errors.InvalidTextRepresentation), web.transaction():
        acting_for(web, "ama-sg", subjects)
        count(web, "people_standing")


# whose word it is ----------------------------------------------------------------------------------------------------


def test_the_database_believes_the_company_that_the_web_log_in_names(group: Group, web: Owner) -> None:
    """What row security is not: whoever can run SQL of their own as `web` names any company and sees its rows.

    It keeps one request's code from another company's rows. Against that attacker stand the seals.
    """
    with web.transaction():
        acting_for(web, "ama-ch")
        assert count(web, "people_standing") == 3


def test_whoever_names_another_company_finds_seals_and_no_names(
    group: Group, web: Owner, owner_connection: Owner
) -> None:
    with web.transaction():
        acting_for(web, "ama-ch")
        rows = [read_out(web, table) for table in ("vault_folder", "vault_token", "keys_subject", "people_relation",
                                                   "keys_bucket", "keys_company", "ledger_entry")]  # fmt: skip
    for value in ("Haddad", "Amina", "amina@example.org", "OX-1001"):
        assert not any(form in dump for dump in rows for form in (value, value.encode().hex()))
    owner_connection.execute("ALTER TABLE vault_folder ADD COLUMN name text DEFAULT 'Amina'")
    with web.transaction():
        acting_for(web, "ama-ch")
        assert "Amina" in read_out(web, "vault_folder")


def read_out(web: Owner, table: str) -> str:
    """Everything a table shows, as text."""
    statement = psycopg.sql.SQL("SELECT string_agg(t::text, ' ') FROM {} AS t").format(psycopg.sql.Identifier(table))
    (dump,) = web.execute(statement).fetchone() or ("",)
    assert dump, f"{table} shows nothing, so nothing was tried"
    return str(dump)


# mandates ------------------------------------------------------------------------------------------------------------


def mandate(group: Group, to: Actor, lasts: float = 3600, **fields: Any) -> Mandate:
    """Basil gives somebody abroad a mandate on Amina."""
    with unit(group.actor("basil"), "case_coordination") as one:
        return Mandate.objects.create(
            subject=group.amina, id=uuid4(), company="ama-ch", holder_company=to.company, kind="case",
            since=one.now, until=one.now + timedelta(seconds=lasts), **{"holder": to.account, **fields},
        )  # fmt: skip


def reaches(actor: Actor, subject: UUID) -> bool:
    with unit(actor, "eligibility", channel="phone") as one:
        return subject in one.ask(CARD, [subject]).people


def test_a_mandate_holds_to_its_last_moment_and_not_a_second_longer(group: Group, moved_clock: MovedClock) -> None:
    wei = group.actor("wei")
    mandate(group, wei, lasts=60)
    moved_clock.move(seconds=59)
    assert reaches(wei, group.amina)
    moved_clock.move(seconds=1)
    assert not reaches(wei, group.amina)


@pytest.mark.parametrize(("state", "rows"), [({}, 1), ({"lasts": -1}, 0), ({"ended_at": "2026-01-01T00:00:00Z"}, 0)])
def test_a_case_abroad_is_a_row_for_as_long_as_its_mandate_lives(
    group: Group, owner_connection: Owner, state: dict[str, Any], rows: int
) -> None:
    case = a_case(owner_connection, group.amina)
    mandate(group, group.actor("wei"), record=case, **state)
    assert cases_of(group.actor("wei")) == rows


def test_a_mandate_written_abroad_shows_no_case(group: Group, owner_connection: Owner) -> None:
    """Singapore may write a row that names Singapore; a case of a Swiss member does not open to it."""
    wei = group.actor("wei")
    case = a_case(owner_connection, group.amina)
    with unit(wei, "case_coordination") as one:
        Mandate.objects.create(
            subject=group.amina, id=uuid4(), company="ama-sg", holder_company="ama-sg", holder=wei.account, kind="case",
            record=case, since=one.now, until=one.now + timedelta(hours=1),
        )  # fmt: skip
    assert cases_of(wei) == 0


def a_case(owner: Owner, subject: UUID) -> UUID:
    fill(owner, ("ama-ch",))
    row = owner.execute("UPDATE cases_case SET subject = %s RETURNING id", (subject,)).fetchone()
    assert row
    return UUID(str(row[0]))


def cases_of(actor: Actor) -> int:
    with unit(actor, "case_coordination"):
        return Case.objects.count()


def test_under_a_mandate_the_holder_may_write_of_that_person_and_of_nobody_else(group: Group) -> None:
    """Said openly: which rows, a further mandate among them, is for the slices to say and not for the database."""
    wei = group.actor("wei")
    mandate(group, wei)
    with unit(wei, "case_coordination") as one:
        one.ask(CARD, [group.amina, group.mallory])
        note(group.amina)
    with pytest.raises(DatabaseError, match="row-level security"), unit(wei, "case_coordination") as one:
        one.ask(CARD, [group.amina, group.mallory])
        note(group.mallory)


def note(subject: UUID) -> None:
    today = clock.now().date()
    Stay.objects.create(subject=subject, id=uuid4(), company="ama-ch", country="FR", since=today, until=today)
