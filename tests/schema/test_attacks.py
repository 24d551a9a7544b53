"""Mallory speaks SQL as the web log-in and wants rows that her transaction's context does not name.

Each way is tried against real rows; where the database is opened on purpose, the same try succeeds.
"""

from collections.abc import Iterator
from typing import LiteralString
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors, sql

from amanat.database.logins import KINDS
from schema.catalogue import Owner, unique_keys
from schema.rows import OURS, THEIRS, acting_for, count, fill
from stage.group import Group
from stage.server import Clone

_RANDOM = ("uuid", "bytea")
_KINDS_OF_COLUMNS = """
SELECT c.relname || '.' || a.attname, t.typname
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
WHERE c.relnamespace = 'public'::regnamespace AND c.relrowsecurity
"""


@pytest.fixture
def rows(owner_connection: Owner) -> list[str]:
    """A row of each company in every guarded table."""
    return fill(owner_connection)


@pytest.fixture
def mallory(database: Clone) -> Iterator[Owner]:
    with database.connect("web") as looking:
        yield looking


# becoming somebody else ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["owner", *(kind for kind in KINDS if kind != "web")])
@pytest.mark.parametrize("become", ["SET ROLE {}", "SET SESSION AUTHORIZATION {}"])
def test_the_web_log_in_becomes_nobody_else(mallory: Owner, database: Clone, kind: str, become: LiteralString) -> None:
    role = sql.Identifier(database.settings(kind)["USER"])
    with pytest.raises(errors.InsufficientPrivilege):
        mallory.execute(sql.SQL(become).format(role))


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE people_standing DISABLE ROW LEVEL SECURITY",
        "CREATE POLICY wide ON people_standing USING (true)",
        "DROP POLICY context ON people_standing",
        "ALTER ROLE CURRENT_USER BYPASSRLS",
        "GRANT pg_read_all_data TO CURRENT_USER",
        "SET session_replication_role = replica",
        "CREATE VIEW peephole AS SELECT * FROM people_standing",
        "CREATE TEMPORARY TABLE copy AS SELECT 1",
        "CREATE FUNCTION leak(text) RETURNS boolean LANGUAGE sql COST 0.1 AS 'SELECT true'",
        "COPY people_standing TO PROGRAM 'cat'",
        "SELECT pg_read_file('pg_hba.conf')",
        "SELECT lo_import('/etc/passwd')",
    ],
)
def test_the_web_log_in_changes_no_rule(mallory: Owner, statement: LiteralString) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        mallory.execute(statement)


def test_switching_row_security_off_is_an_error_and_not_a_view(rows: list[str], mallory: Owner) -> None:
    mallory.execute("SET row_security = off")
    with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
        count(mallory, "people_standing")


# reading by another way ----------------------------------------------------------------------------------------------


def test_a_view_of_the_owners_would_show_everybody(rows: list[str], mallory: Owner, owner_connection: Owner) -> None:
    """Why the catalogue may hold none but with its reader's rights."""
    for name, options in (("wide", ""), ("narrow", "WITH (security_invoker=true)")):
        view = sql.SQL("CREATE VIEW {} {} AS SELECT subject FROM people_standing")
        owner_connection.execute(view.format(sql.Identifier(name), sql.SQL(options)))
        owner_connection.execute(sql.SQL("GRANT SELECT ON {} TO PUBLIC").format(sql.Identifier(name)))
    assert (count(mallory, "wide"), count(mallory, "narrow")) == (2, 0)


def test_a_definers_function_would_show_everybody(rows: list[str], mallory: Owner, owner_connection: Owner) -> None:
    for name, whose in (("wide", "DEFINER"), ("narrow", "INVOKER")):
        made = sql.SQL("CREATE FUNCTION {}() RETURNS bigint LANGUAGE sql SECURITY {} AS {}")
        body = sql.Literal("SELECT count(*) FROM people_standing")
        owner_connection.execute(made.format(sql.Identifier(name), sql.SQL(whose), body))
    assert mallory.execute("SELECT wide(), narrow()").fetchone() == (2, 0)


def test_an_inheriting_table_would_take_rows_out_of_the_door(
    rows: list[str], mallory: Owner, owner_connection: Owner
) -> None:
    owner_connection.execute("CREATE TABLE archive () INHERITS (people_standing)")
    owner_connection.execute("INSERT INTO archive SELECT * FROM ONLY people_standing")
    owner_connection.execute("GRANT SELECT ON archive TO PUBLIC")
    assert (count(mallory, "archive"), count(mallory, "people_standing")) == (2, 0)


def test_an_error_carries_no_value_of_a_row_that_is_not_seen(rows: list[str], mallory: Owner) -> None:
    """A cast that fails names the value; the context must have thrown the row out before."""
    probing: LiteralString = "SELECT FROM people_standing WHERE residence::int = 1"
    mallory.execute(probing)
    with pytest.raises(errors.InvalidTextRepresentation, match='"x"'), mallory.transaction():
        acting_for(mallory, OURS)
        mallory.execute(probing)


def test_the_planners_statistics_show_nothing_of_guarded_tables(
    group: Group, mallory: Owner, owner_connection: Owner
) -> None:
    statistics: LiteralString = "SELECT count(*) FROM pg_stats WHERE tablename = ANY (%s)"
    named = (["people_standing", "people_relation"],)
    owner_connection.execute("ANALYZE people_standing, people_relation")
    assert mallory.execute(statistics, named).fetchone() == (0,)
    owner_connection.execute("ALTER TABLE people_relation DISABLE ROW LEVEL SECURITY")
    assert mallory.execute(statistics, named).fetchone() != (0,)


def test_an_explained_plan_counts_no_row_that_is_not_seen(rows: list[str], mallory: Owner) -> None:
    plan = mallory.execute("EXPLAIN (ANALYZE, COSTS off) SELECT FROM people_standing WHERE residence = 'x'").fetchall()
    assert not any("rows=1" in line or "rows=2" in line for (line,) in plan)


# keys that answer yes or no ------------------------------------------------------------------------------------------


def guessable_keys(owner: Owner) -> set[str]:
    """Unique keys of guarded tables that neither hold the company nor a random column: oracles for who is there."""
    kinds: dict[str, str] = dict(owner.execute(_KINDS_OF_COLUMNS).fetchall())
    return {
        index
        for index, (table, columns) in unique_keys(owner).items()
        if f"{table}.{columns[0]}" in kinds and "company" not in columns
        and not any(kinds[f"{table}.{column}"] in _RANDOM for column in columns)
    }  # fmt: skip


def test_no_unique_key_answers_a_guess_across_companies(owner_connection: Owner) -> None:
    assert guessable_keys(owner_connection) == set()


def test_a_unique_key_over_a_guessable_column_is_found(owner_connection: Owner) -> None:
    owner_connection.execute("CREATE UNIQUE INDEX oracle ON rosters_file (client, size)")
    assert guessable_keys(owner_connection) == {"oracle"}


def test_the_same_address_in_two_companies_meets_no_conflict(
    rows: list[str], mallory: Owner, owner_connection: Owner
) -> None:
    copied: LiteralString = """
        INSERT INTO accounts_account (id, audience, company, role, email_token, sealed_email, sealed_name,
                                      sealed_password, sealed_secret, last_step, failures, is_active, created_at)
        VALUES (gen_random_uuid(), 'desk', %s, 'clinician', %s, '', '', '', '', 0, 0, true, now())
    """
    (token,) = owner_connection.execute(
        "SELECT email_token FROM accounts_account WHERE company = %s", (OURS,)
    ).fetchone() or (b"",)
    with mallory.transaction():
        acting_for(mallory, THEIRS)
        mallory.execute(copied, (THEIRS, token))
    with pytest.raises(errors.UniqueViolation), mallory.transaction():
        acting_for(mallory, OURS)
        mallory.execute(copied, (OURS, token))


def test_a_conflict_over_a_random_subject_names_no_value(
    rows: list[str], mallory: Owner, owner_connection: Owner
) -> None:
    """Said openly: whoever already knows a subject's 122 random bits learns that it exists, and nothing else."""
    (known,) = owner_connection.execute(
        "SELECT subject FROM people_standing WHERE company = %s", (OURS,)
    ).fetchone() or ("",)
    with pytest.raises(errors.UniqueViolation) as caught, mallory.transaction():
        standing(mallory, known)
    assert caught.value.diag.message_detail is None
    assert str(known) not in str(caught.value)
    with mallory.transaction():
        standing(mallory, uuid4())


def standing(mallory: Owner, subject: UUID) -> None:
    acting_for(mallory, THEIRS)
    mallory.execute(
        "INSERT INTO people_standing (subject, company, residence, choices, version) VALUES (%s, %s, 'SG', '{}', 1)",
        (subject, THEIRS),
    )


# rows that hang on another company's row -----------------------------------------------------------------------------

_CHILDREN: dict[str, LiteralString] = {
    "accounts_recoverycode": "INSERT INTO accounts_recoverycode (id, account_id, company, digest)"
    " VALUES (gen_random_uuid(), %s, 'ama-sg', 'known')",
    "accounts_session": "INSERT INTO accounts_session (id, digest, account_id, audience, company, started_at, seen_at)"
    " VALUES (gen_random_uuid(), 'known', %s, 'desk', 'ama-sg', now(), now())",
}


@pytest.mark.parametrize("table", _CHILDREN)
def test_nothing_of_one_company_hangs_on_another_companys_account(
    rows: list[str], mallory: Owner, owner_connection: Owner, table: str
) -> None:
    """A recovery code of Singapore's on a Swiss account would be a way in. A foreign account is as good as none."""
    accounts = dict(owner_connection.execute("SELECT company, id FROM accounts_account").fetchall())
    assert hang(mallory, table, accounts[OURS]) == hang(mallory, table, uuid4()) != ""
    assert hang(mallory, table, accounts[THEIRS]) == ""


@pytest.mark.parametrize(("table", "key"), [("accounts_recoverycode", "recovery_code_of_one_company"),
                                            ("accounts_session", "session_of_one_company")])  # fmt: skip
def test_without_the_company_in_the_key_it_would_hang(
    rows: list[str], mallory: Owner, owner_connection: Owner, table: str, key: str
) -> None:
    accounts = dict(owner_connection.execute("SELECT company, id FROM accounts_account").fetchall())
    drop = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}")
    owner_connection.execute(drop.format(sql.Identifier(table), sql.Identifier(key)))
    assert hang(mallory, table, accounts[OURS]) == ""


def hang(mallory: Owner, table: str, account: UUID) -> str:
    """What Singapore is told when it hangs a row on an account: the broken key, or nothing."""
    try:
        with mallory.transaction():
            acting_for(mallory, THEIRS)
            mallory.execute(_CHILDREN[table], (account,))
    except psycopg.errors.ForeignKeyViolation as refused:
        return str(refused.diag.constraint_name)
    return ""
