"""No value without its record: whatever breaks between the decision and the commit, nothing comes out."""

import contextlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, LiteralString
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import DatabaseError, Error, IntegrityError, OperationalError, connection, transaction
from django.test import RequestFactory

from amanat.choices.models import Wording
from amanat.custody.facts import Ask
from amanat.custody.handle import Handle, NotCommittedError
from amanat.custody.unit import Unit, unit
from amanat.database.home import Home
from amanat.database.logins import connect
from amanat.keys.errors import KeyUnavailableError
from amanat.keys.tree import key_tree
from amanat.mandates.models import Mandate
from amanat.portals.problems import answer
from stage.group import Group
from stage.server import Server

CARD = Ask("view", ("name", "birth_year", "cover_status"), "eligibility")
Owner = psycopg.Connection[Any]


def acts_about(owner: Owner, subject: UUID) -> list[tuple[str, int]]:
    """State and opened mask of each entry about one person, in order."""
    rows = owner.execute(
        "SELECT a.state, e.opened FROM ledger_entry e JOIN ledger_act a ON a.id = e.act"
        " WHERE e.subject = %s ORDER BY e.at, e.act",
        (subject,),
    )
    return rows.fetchall()


def closed(handle: Handle, subject: UUID) -> bool:
    try:
        handle.values(subject)
    except NotCommittedError:
        return True
    return False


def failing_statement() -> None:
    with contextlib.suppress(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


def failing_model() -> None:
    for _ in range(2):
        with contextlib.suppress(IntegrityError):
            Wording.objects.create(digest="same", text="twice")


def giving_up() -> None:
    transaction.set_rollback(True)


def losing_the_connection() -> None:
    connection.close()


@pytest.mark.parametrize("mishap", [failing_statement, failing_model, giving_up, losing_the_connection])
def test_a_mishap_that_the_block_swallows_reveals_nothing(
    group: Group, owner_connection: Owner, mishap: Callable[[], None]
) -> None:
    """PostgreSQL answers COMMIT of a failed transaction with ROLLBACK and no error; the unit must not believe it."""
    before = len(acts_about(owner_connection, group.amina))
    with pytest.raises(NotCommittedError), unit(group.actor("basil"), "eligibility") as one:
        handle = one.ask(CARD, [group.amina])
        mishap()
    assert closed(handle, group.amina)
    assert acts_about(owner_connection, group.amina)[before:] == [("abandoned", 0)]


def backend(one: Unit) -> int:
    ((pid,),) = one.rows("SELECT pg_backend_pid()", {})
    return int(pid)


def kill(killer: Owner, pid: int) -> None:
    assert killer.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,)).fetchone() == (True,)


@pytest.fixture
def superuser(server: Server) -> Iterator[Owner]:
    """Who may end another log-in's connection."""
    kind = "superuser" if server.target.embedded else "owner"
    with contextlib.closing(connect(kind, server.home, target=server.target, autocommit=True)) as one:
        yield one


def test_a_database_lost_in_the_middle_reveals_nothing_and_is_told_as_unavailable(
    group: Group, superuser: Owner, owner_connection: Owner
) -> None:
    before = len(acts_about(owner_connection, group.amina))
    with pytest.raises(Error) as lost, unit(group.actor("basil"), "eligibility") as one:
        handle = one.ask(CARD, [group.amina])
        kill(superuser, backend(one))
        one.ask(CARD, [group.mallory])
    assert closed(handle, group.amina)
    assert answer(RequestFactory().get("/desk/"), lost.value).status_code == 503
    assert acts_about(owner_connection, group.amina)[before:] == [("abandoned", 0)]


def test_a_database_lost_at_the_commit_reveals_nothing(group: Group, superuser: Owner, owner_connection: Owner) -> None:
    before = len(acts_about(owner_connection, group.amina))
    with pytest.raises(Error) as lost, unit(group.actor("basil"), "eligibility") as one:
        handle = one.ask(CARD, [group.amina])
        kill(superuser, backend(one))
    assert closed(handle, group.amina)
    assert answer(RequestFactory().get("/desk/"), lost.value).status_code == 503
    assert acts_about(owner_connection, group.amina)[before:] == [("abandoned", 0)]


def test_a_database_that_stays_away_reveals_nothing_and_is_told_as_unavailable(
    group: Group, superuser: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Error) as lost, unit(group.actor("basil"), "eligibility") as one:
        handle = one.ask(CARD, [group.amina])
        kill(superuser, backend(one))
        monkeypatch.setitem(connection.settings_dict, "PORT", "1")
        raise ZeroDivisionError
    assert closed(handle, group.amina)
    assert answer(RequestFactory().get("/desk/"), lost.value).status_code == 503


DISK_FULL = """
    CREATE FUNCTION public.disk_is_full() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
"""
AT_THE_RECORD = "CREATE TRIGGER disk_is_full BEFORE INSERT ON ledger_act EXECUTE FUNCTION public.disk_is_full()"
AT_THE_COMMIT = """
    CREATE CONSTRAINT TRIGGER disk_is_full AFTER INSERT ON ledger_entry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION public.disk_is_full()
"""


@pytest.mark.parametrize("moment", [AT_THE_RECORD, AT_THE_COMMIT])
def test_a_full_disk_reveals_nothing_and_is_told_as_unavailable(
    group: Group, owner_connection: Owner, moment: LiteralString
) -> None:
    owner_connection.execute(DISK_FULL)
    owner_connection.execute(moment)
    before = len(acts_about(owner_connection, group.amina))
    handles: list[Handle] = []
    with pytest.raises(OperationalError) as full, unit(group.actor("basil"), "eligibility") as one:
        handles.append(one.ask(CARD, [group.amina]))
    assert all(closed(handle, group.amina) for handle in handles)
    assert answer(RequestFactory().get("/desk/"), full.value).status_code == 503
    assert len(acts_about(owner_connection, group.amina)) == before


def test_an_abandoned_look_from_abroad_is_recorded_too(group: Group, owner_connection: Owner) -> None:
    wei = group.actor("wei")
    with unit(group.actor("basil"), "case_coordination") as one:
        Mandate.objects.create(
            subject=group.amina, id=uuid4(), company="ama-ch", holder_company="ama-sg", holder=wei.account, kind="case",
            contexts=[], since=one.now, until=one.now + timedelta(hours=1),
        )  # fmt: skip
    before = len(acts_about(owner_connection, group.amina))
    with pytest.raises(ZeroDivisionError), unit(wei, "eligibility") as one:
        one.ask(CARD, [group.amina])
        raise ZeroDivisionError
    assert acts_about(owner_connection, group.amina)[before:] == [("abandoned", 0)]


def test_a_lock_that_does_not_come_is_told_as_unavailable(group: Group, owner_connection: Owner) -> None:
    """Statements that travel together fail like any other: as errors of the framework, which every edge knows."""
    disclose = Ask("disclose", ("name",), "billing")
    with owner_connection.transaction():
        owner_connection.execute("SELECT 1 FROM people_standing WHERE subject = %s FOR UPDATE", (group.amina,))
        with pytest.raises(OperationalError) as late, unit(group.actor("basil"), "billing") as one:
            one.rows("SELECT set_config('lock_timeout', '100ms', true)", {})
            one.ask(disclose, [group.amina])
    assert answer(RequestFactory().get("/desk/"), late.value).status_code == 503


def test_a_missing_provider_key_is_refused_in_words_and_nothing_is_half_written(
    group: Group, home: Home, owner_connection: Owner
) -> None:
    before = owner_connection.execute("SELECT count(*) FROM ledger_act").fetchone()
    key_tree()._cache.forget()
    kept = (home.keys / "provider.key").rename(home.keys / "taken-away")
    with (
        pytest.raises(KeyUnavailableError, match="restore it from the key backup") as refused,
        unit(group.actor("basil"), "eligibility") as one,
    ):
        one.ask(CARD, [group.amina])
    assert answer(RequestFactory().get("/desk/"), refused.value).status_code == 503
    assert owner_connection.execute("SELECT count(*) FROM ledger_act").fetchone() == before
    kept.rename(home.keys / "provider.key")
    with unit(group.actor("basil"), "eligibility") as one:
        handle = one.ask(CARD, [group.amina])
    assert handle.values(group.amina)["name"]["given"] == "Amina"
