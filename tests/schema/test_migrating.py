"""A migration over a filled database sees every row, loses none and leaves every door as it found it.

Row security is forced on the owner too: without the policy for migrations an UPDATE would change nothing and say so
to nobody.
"""

from collections.abc import Callable
from importlib import import_module
from io import StringIO
from typing import Any, LiteralString

import pytest
from django.core.management import call_command
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState
from django.db.models import F
from psycopg import sql
from psycopg.errors import ForeignKeyViolation

from amanat.database.rowsecurity import ForceRowSecurity, Grant
from schema.catalogue import Owner, forced_tables, grants, open_policies, tables
from schema.rows import OURS, THEIRS, acting_for, count, fill
from stage.databases import AsLogin
from stage.group import Group
from stage.server import Clone

NOTES, PEOPLE = "trial_note", 40


class Begin(migrations.Migration):
    """A table with a door, as a slice begins."""

    operations = (
        migrations.CreateModel(
            "Note",
            fields=[
                ("pk", models.CompositePrimaryKey("subject", "id", primary_key=True, serialize=False)),
                ("subject", models.UUIDField()),
                ("id", models.UUIDField()),
                ("company", models.CharField(max_length=32)),
                ("number", models.IntegerField()),
            ],
            options={"db_table": NOTES},
        ),
        ForceRowSecurity(NOTES),
        Grant(NOTES, web="SELECT, INSERT, UPDATE", worker="SELECT"),
    )


def _copy_numbers(room: Any, editor: Any) -> None:
    changed = room.get_model("trial", "Note").objects.update(code=F("number"))
    assert changed == PEOPLE, "a data migration counts what it changed"


class Grow(migrations.Migration):
    """Expand, move the data, contract, and take a right back: every kind of change that rewrites a filled table."""

    operations = (
        migrations.AddField("note", "code", models.CharField(max_length=8, default="")),
        migrations.RunPython(_copy_numbers),
        migrations.AlterField("note", "code", models.CharField(max_length=64, db_index=True)),
        migrations.AlterField("note", "number", models.BigIntegerField()),
        migrations.RemoveField("note", "number"),
        migrations.AddConstraint("note", models.CheckConstraint(condition=~models.Q(code=""), name="note_has_a_code")),
        Grant(NOTES, web="SELECT, INSERT, UPDATE (code)", worker="SELECT"),
    )


@pytest.fixture
def apply(as_login: AsLogin) -> Callable[..., ProjectState]:
    """Apply a migration of the room `trial` as the owner, as `amanat database migrate` does."""

    def applied(made: type[migrations.Migration], state: ProjectState | None = None) -> ProjectState:
        with as_login("owner"), connection.schema_editor(atomic=True) as editor:
            return made(made.__name__, "trial").apply(state or ProjectState(), editor)

    return applied


def put_notes(owner: Owner) -> None:
    owner.execute(
        "INSERT INTO trial_note SELECT gen_random_uuid(), gen_random_uuid(), c, n"
        " FROM generate_series(1, 20) AS n, unnest(%s::text[]) AS c",
        ([OURS, THEIRS],),
    )


def test_a_filled_table_keeps_its_rows_and_its_door(
    database: Clone, owner_connection: Owner, apply: Callable[..., ProjectState], server_prefix: str
) -> None:
    begun = apply(Begin)
    put_notes(owner_connection)
    apply(Grow, begun)
    codes = {code for (code,) in owner_connection.execute("SELECT code FROM trial_note")}
    assert (count(owner_connection, NOTES), codes) == (PEOPLE, {str(number) for number in range(1, 21)})
    (note,) = (table for table in tables(owner_connection) if table.name == NOTES)
    assert (note.forced, note.policies) == (True, ("context", "migration"))
    held = {(one.column, one.verb) for one in grants(owner_connection)
            if one.table == NOTES and one.role == f"{server_prefix}_web"}  # fmt: skip
    assert held == {("", "SELECT"), ("", "INSERT"), ("code", "UPDATE")}
    with database.connect("web") as web:
        assert count(web, NOTES) == 0
        with web.transaction():
            acting_for(web, THEIRS)
            assert count(web, NOTES) == PEOPLE / 2


def test_without_its_policy_a_migration_would_pass_over_every_row(
    owner_connection: Owner, apply: Callable[..., ProjectState]
) -> None:
    begun = apply(Begin)
    put_notes(owner_connection)
    owner_connection.execute("DROP POLICY migration ON trial_note")
    with pytest.raises(AssertionError, match="counts what it changed"):
        apply(Grow, begun)


def test_the_owner_sees_every_row_of_every_guarded_table(owner_connection: Owner) -> None:
    guarded = fill(owner_connection)
    assert {table: count(owner_connection, table) for table in guarded} == dict.fromkeys(guarded, 2)
    owner_connection.execute("DROP POLICY migration ON vault_folder")
    assert count(owner_connection, "vault_folder") == 0


def test_a_key_added_later_is_checked_against_every_companys_rows(owner_connection: Owner) -> None:
    fill(owner_connection)
    for table, key in (("session", "session"), ("recoverycode", "recovery_code")):
        drop = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}")
        names = (sql.Identifier(f"accounts_{table}"), sql.Identifier(f"{key}_of_one_company"))
        owner_connection.execute(drop.format(*names))
    statement = import_module("amanat.accounts.migrations.0003_of_one_company").CARRY_THE_COMPANY
    with owner_connection.transaction(force_rollback=True):
        owner_connection.execute(statement)
    owner_connection.execute("UPDATE accounts_session SET company = %s", (THEIRS,))
    with pytest.raises(ForeignKeyViolation):
        owner_connection.execute(statement)


def doors(owner: Owner) -> Any:
    return tables(owner), grants(owner), open_policies(owner)


@pytest.mark.parametrize(("room", "back_to"), [("rosters", "0001"), ("statistics", "0001"), ("people", "0001"),
                                               ("vault", "0001"), ("keys", "0001"), ("choices", "0001")])  # fmt: skip
def test_going_back_and_forward_again_keeps_rows_and_doors(
    database: Clone, owner_connection: Owner, as_login: AsLogin, room: str, back_to: str
) -> None:
    guarded = [table for table in fill(owner_connection) if table.startswith(room)]
    before = doors(owner_connection)
    with as_login("owner"):
        call_command("migrate", room, back_to, stdout=StringIO(), interactive=False)
        guarded = [table for table in guarded if table in {one.name for one in tables(owner_connection)}]
        with database.connect("web") as web:
            assert {count(web, table) for table in guarded} == {0}
        call_command("migrate", room, stdout=StringIO(), interactive=False)
    assert {table: count(owner_connection, table) for table in guarded} == dict.fromkeys(guarded, 2)
    assert doors(owner_connection) == before


def test_what_was_in_force_before_there_were_publications_is_in_force_still(
    group: Group, owner_connection: Owner, as_login: AsLogin
) -> None:
    asked: LiteralString = "SELECT company, digest, since FROM ledger_publication WHERE overlay = ''"
    before = owner_connection.execute(asked).fetchall()
    with as_login("owner"):
        for to in ("0003", "0004"):
            call_command("migrate", "ledger", to, stdout=StringIO(), interactive=False)
    assert owner_connection.execute(asked).fetchall() == before != []


def test_a_second_run_of_every_migration_has_nothing_to_do(owner_connection: Owner, as_login: AsLogin) -> None:
    before = (forced_tables(owner_connection), doors(owner_connection))
    with as_login("owner"):
        call_command("migrate", stdout=StringIO(), interactive=False)
    assert (forced_tables(owner_connection), doors(owner_connection)) == before
