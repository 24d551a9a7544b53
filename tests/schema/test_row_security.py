"""Every table with a company's or a person's rows keeps strangers out, by the catalogue and by trying it."""

from collections.abc import Mapping
from typing import Final, LiteralString

import psycopg
import pytest

from schema.catalogue import Owner, forced_tables, open_policies, tables, unguarded
from schema.rows import OURS, THEIRS, acting_for, count, fill
from stage.server import Clone

_PUBLIC = "who is who among organisations, the same for everybody; names no member"
_HASHES = "hashes alone; every company's log is shown to whoever cosigns it"
OPEN: Final[Mapping[str, str]] = {
    "keys_bucket": "wrapped keys that no row is reached by; a desk abroad needs them under a mandate",
    "keys_company": "wrapped keys, no person's",
    "keys_period": "wrapped keys, no person's; a desk abroad needs them under a mandate",
    "keys_touched": "which buckets of sixty-four lost a key, and when; the web log-in may not read them",
    "keys_turn": "how far a company's turn has come; names nobody",
    "ledger_bundle": _HASHES,
    "ledger_checkpoint": _HASHES,
    "ledger_cosignature": _HASHES,
    "ledger_incident": "what does not fit in a log, by act and checkpoint; names no member",
    "ledger_publication": "which public text is in force for a company, and from when; names no member",
    "ledger_pending": "hashes on their way into the log; the web log-in may not read them",
    "ledger_tile": _HASHES,
    "organisations_agreement": _PUBLIC,
    "organisations_client": _PUBLIC,
    "organisations_contact": _PUBLIC,
    "organisations_node": _PUBLIC,
    "organisations_staffrole": "an account's id and post, which each decision checks; its name is sealed elsewhere",
}
ALL_ROWS: Final = {
    ("accounts_securityevent", "everything_audit"): "audit",
    ("accounts_securityevent", "logging"): "",  # for INSERT: the log takes every row
    ("accounts_session", "everything_worker"): "worker",
    ("custody_letter", "everything_worker"): "worker",
    ("ledger_act", "everything_audit"): "audit",
    ("ledger_entry", "everything_audit"): "audit",
}
EVERYTHING_FOR_WORKER: Final = {"accounts_session", "custody_letter"}


def test_every_table_with_somebodys_rows_forces_row_security_or_says_why_not(owner_connection: Owner) -> None:
    assert unguarded(owner_connection) == set(OPEN)


def test_no_table_without_row_security_knows_a_person(owner_connection: Owner) -> None:
    open_tables = [table for table in tables(owner_connection) if table.name in OPEN]
    assert [table.name for table in open_tables if "subject" in table.columns] == []


@pytest.mark.parametrize(
    "weaken",
    [
        "ALTER TABLE people_standing DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE people_standing NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY context ON people_standing; DROP POLICY migration ON people_standing",
        "DROP TABLE people_standing; CREATE TABLE people_standing (subject uuid)",
    ],
)
def test_a_table_left_open_is_found(owner_connection: Owner, weaken: LiteralString) -> None:
    for statement in weaken.split("; "):
        owner_connection.execute(statement)
    assert unguarded(owner_connection) - set(OPEN) == {"people_standing"}


def test_only_named_policies_ask_nothing_and_none_lets_the_web_log_in_read(
    server_prefix: str, owner_connection: Owner
) -> None:
    asking_nothing = {(table, policy): role.removeprefix(f"{server_prefix}_")
                      for table, policy, _, role in open_policies(owner_connection)}  # fmt: skip
    migrations = {(table, "migration"): "migrate" for table in forced_tables(owner_connection)}
    assert asking_nothing == migrations | ALL_ROWS
    commands = {
        (table, policy): command for table, policy, command, role in open_policies(owner_connection) if not role
    }
    assert commands == {("accounts_securityevent", "logging"): "a"}


def test_a_policy_that_asks_nothing_is_found(owner_connection: Owner) -> None:
    before = open_policies(owner_connection)
    owner_connection.execute("CREATE POLICY wide ON vault_folder USING (true)")
    assert open_policies(owner_connection) - before == {("vault_folder", "wide", "*", "")}


def seen(looking: Owner, guarded: list[str], company: str | None) -> dict[str, int]:
    """How many rows of each table are seen in one company's context, or without one."""
    with looking.transaction():
        if company is not None:
            acting_for(looking, company)
        return {table: found for table in guarded if (found := count(looking, table))}


@pytest.mark.parametrize("kind", ["web", "worker"])
def test_a_company_sees_its_own_row_of_every_table_and_nobody_elses(
    database: Clone, owner_connection: Owner, kind: str
) -> None:
    guarded = fill(owner_connection)
    assert set(seen(owner_connection, guarded, None).values()) == {2}
    readable = [table for table in guarded if may_read(owner_connection, database, kind, table)]
    wide = EVERYTHING_FOR_WORKER if kind == "worker" else set()
    with database.connect(kind) as looking:
        narrow = [table for table in readable if table not in wide]
        assert len(narrow) > 12
        assert seen(looking, narrow, None) == seen(looking, narrow, "") == seen(looking, narrow, "ama-xx") == {}
        for company in (OURS, THEIRS):
            assert seen(looking, narrow, company) == dict.fromkeys(narrow, 1)


def test_a_row_of_no_company_is_not_seen_without_a_context(database: Clone, owner_connection: Owner) -> None:
    """After a transaction the setting is the empty string, and not NULL: it must not match an empty company."""
    owner_connection.execute("ALTER TABLE accounts_account DROP CONSTRAINT account_company_named")
    guarded = fill(owner_connection, ("",))
    with database.connect("web") as web:
        seen(web, guarded, OURS)
        assert web.execute("SELECT current_setting('amanat.company')").fetchone() == ("",)
        assert seen(web, guarded, None) == {}


def test_switching_one_table_open_shows_both_companies_rows(database: Clone, owner_connection: Owner) -> None:
    guarded = fill(owner_connection)
    owner_connection.execute("ALTER TABLE vault_folder DISABLE ROW LEVEL SECURITY")
    with database.connect("web") as web:
        assert seen(web, guarded, None) == {"vault_folder": 2}
        assert seen(web, guarded, OURS)["vault_folder"] == 2


@pytest.mark.parametrize("change", ["company", "subject"])
def test_a_row_cannot_be_handed_to_another_company(database: Clone, owner_connection: Owner, change: str) -> None:
    fill(owner_connection)
    statements: dict[str, LiteralString] = {
        "company": "UPDATE people_relation SET company = 'ama-sg'",
        "subject": "INSERT INTO vault_folder (subject, folder, record, version, company, categories, parts)"
        " SELECT subject, 'core', gen_random_uuid(), 1, 'ama-sg', '{}', '{}' FROM people_standing",
    }
    with database.connect("web") as web, pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level"):
        acting_transaction(web, statements[change])


def acting_transaction(web: Owner, statement: LiteralString) -> None:
    with web.transaction():
        acting_for(web, OURS)
        web.execute(statement)


def may_read(owner: Owner, database: Clone, kind: str, table: str) -> bool:
    role = database.settings(kind)["USER"]
    row = owner.execute("SELECT has_table_privilege(%s, %s, 'SELECT')", (role, table)).fetchone()
    return bool(row and row[0])
