"""Who may do what with each table, by the catalogue: append-only is a grant, and nobody stands above row security."""

from collections.abc import Iterable
from typing import Final, LiteralString

import pytest

from amanat.database.logins import KINDS
from schema.catalogue import Grant, Owner, back_doors, grants, tables

_CHANGING: Final = {"UPDATE", "DELETE", "TRUNCATE"}
_STRUCTURE: Final = {"TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"}
# What of the ledger is rewritten, and by the worker alone: the last, unfilled bundle and tile; what waited to be
# folded; since when a statement is in force; a witness's last word; what is known of an incident; the last look.
_FOLDING: Final = {
    ("ledger_bundle", "UPDATE"),
    ("ledger_cosignature", "UPDATE"),
    ("ledger_incident", "UPDATE"),
    ("ledger_look", "UPDATE"),
    ("ledger_pending", "DELETE"),
    ("ledger_statement", "UPDATE"),
    ("ledger_tile", "UPDATE"),
}
_HISTORIES: Final = ("ledger_", "choices_consentrecord", "accounts_securityevent")
_POWERS = """
SELECT r.rolname FROM pg_roles r
WHERE r.rolname = ANY (%s)
  AND (r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR NOT r.rolcanlogin)
"""
_MEMBERS = """
SELECT m.member::regrole::text FROM pg_auth_members m WHERE m.member::regrole::text = ANY (%s)
"""
_OWNED = "SELECT c.relname FROM pg_class c WHERE c.relowner::regrole::text = ANY (%s)"
_MAKING = """
SELECT r.rolname FROM pg_roles r
WHERE r.rolname = ANY (%s)
  AND (has_schema_privilege(r.oid, 'public', 'CREATE')
       OR has_database_privilege(r.oid, current_database(), 'CREATE, TEMPORARY'))
"""


@pytest.fixture
def log_ins(server_prefix: str) -> list[str]:
    return [f"{server_prefix}_{kind}" for kind in KINDS]


def of(held: Iterable[Grant], role: str) -> set[Grant]:
    return {grant for grant in held if grant.role == role}


def asked(owner: Owner, question: LiteralString, roles: list[str]) -> list[str]:
    return [name for (name,) in owner.execute(question, (roles,))]


def rewriting_of_history(owner: Owner, role: str) -> set[tuple[str, str]]:
    """Verbs on what happened that change what happened."""
    return {
        (grant.table, grant.verb)
        for grant in of(grants(owner), role)
        if grant.verb in _CHANGING and grant.table.startswith(_HISTORIES)
    }


def test_the_web_log_in_rewrites_no_history(owner_connection: Owner, server_prefix: str) -> None:
    assert rewriting_of_history(owner_connection, f"{server_prefix}_web") == set()


def test_the_worker_rewrites_only_what_folding_needs(owner_connection: Owner, server_prefix: str) -> None:
    assert rewriting_of_history(owner_connection, f"{server_prefix}_worker") == _FOLDING


@pytest.mark.parametrize("verb", ["UPDATE", "DELETE", "UPDATE (outcome)"])
def test_a_right_to_rewrite_history_is_found(owner_connection: Owner, server_prefix: str, verb: LiteralString) -> None:
    grant(owner_connection, f"{verb} ON ledger_entry", f"{server_prefix}_web")
    assert rewriting_of_history(owner_connection, f"{server_prefix}_web") == {("ledger_entry", verb.split()[0])}


def test_the_auditor_only_reads_and_reads_no_keys_accounts_or_people(
    owner_connection: Owner, server_prefix: str
) -> None:
    held = of(grants(owner_connection), f"{server_prefix}_audit")
    assert {one.verb for one in held} == {"SELECT"}
    rooms = {one.table.partition("_")[0] for one in held - {_event(server_prefix)}}
    assert rooms == {"choices", "django", "ledger", "organisations"}
    assert not any(one.table == "choices_consentrecord" for one in held)


def _event(prefix: str) -> Grant:
    return Grant("accounts_securityevent", "", f"{prefix}_audit", "SELECT")


def test_nothing_is_granted_to_everybody_or_to_a_role_that_is_no_log_in(
    owner_connection: Owner, log_ins: list[str]
) -> None:
    assert {one.role for one in grants(owner_connection)} == set(log_ins)


@pytest.mark.parametrize("verb", ["SELECT ON people_standing", "SELECT (residence) ON people_standing"])
def test_a_grant_to_everybody_is_found(owner_connection: Owner, log_ins: list[str], verb: LiteralString) -> None:
    owner_connection.execute("GRANT " + verb + " TO PUBLIC")
    assert {one.role for one in grants(owner_connection)} - set(log_ins) == {"-"}


def test_no_log_in_holds_a_right_over_the_structure_of_a_table(owner_connection: Owner) -> None:
    assert {one for one in grants(owner_connection) if one.verb in _STRUCTURE} == set()


def test_every_table_is_granted_to_somebody(owner_connection: Owner) -> None:
    """A table without grants is one whose door was forgotten."""
    assert {one.table for one in grants(owner_connection)} == {table.name for table in tables(owner_connection)}


def test_the_web_log_in_changes_of_a_wrapped_bucket_key_only_how_many_it_holds(
    owner_connection: Owner, server_prefix: str
) -> None:
    """Overwriting one would take sixty-four people's data with it."""
    held = of(grants(owner_connection), f"{server_prefix}_web")
    keys = {(one.table, one.column, one.verb) for one in held if one.table.startswith("keys_")}
    assert {one for one in keys if one[2] == "UPDATE"} == {("keys_bucket", "members", "UPDATE")}


@pytest.mark.parametrize("question", [_POWERS, _MEMBERS, _OWNED, _MAKING])
def test_no_log_in_stands_above_row_security(
    owner_connection: Owner, log_ins: list[str], question: LiteralString
) -> None:
    """Neither by a power, nor as a member of another role, nor as an owner, nor by making things of its own."""
    assert asked(owner_connection, question, log_ins) == []


def test_the_owner_is_neither_superuser_nor_exempt_from_row_security(owner_connection: Owner) -> None:
    row = owner_connection.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
    assert row.fetchone() == (False, False)


@pytest.mark.parametrize("right", ["CREATE ON SCHEMA public", "TEMPORARY ON DATABASE"])
def test_a_log_in_that_may_make_things_is_found(
    owner_connection: Owner, server_prefix: str, right: LiteralString
) -> None:
    here = f' "{owner_connection.info.dbname}"' if right.endswith("DATABASE") else ""
    grant(owner_connection, right + here, f"{server_prefix}_web")
    assert asked(owner_connection, _MAKING, [f"{server_prefix}_web"]) == [f"{server_prefix}_web"]


def test_a_log_in_that_owns_a_table_is_found(server_prefix: str, owner_connection: Owner) -> None:
    owner = owner_connection.info.user
    assert "vault_folder" in asked(owner_connection, _OWNED, [owner])


def test_nothing_reads_past_row_security(owner_connection: Owner) -> None:
    assert back_doors(owner_connection) == set()


@pytest.mark.parametrize(
    "door",
    [
        "CREATE VIEW peephole AS SELECT subject FROM people_standing",
        "CREATE MATERIALIZED VIEW peephole AS SELECT subject FROM people_standing",
        "CREATE FUNCTION peephole() RETURNS bigint SECURITY DEFINER LANGUAGE sql AS 'SELECT 1'",
        "CREATE TABLE peephole () INHERITS (people_standing)",
    ],
)
def test_a_back_door_is_found(owner_connection: Owner, door: LiteralString) -> None:
    owner_connection.execute(door)
    assert back_doors(owner_connection) == {"peephole"}


def test_a_view_with_its_readers_rights_is_none(owner_connection: Owner) -> None:
    owner_connection.execute("CREATE VIEW fine WITH (security_invoker=true) AS SELECT subject FROM people_standing")
    assert back_doors(owner_connection) == set()


def grant(owner: Owner, right: str, role: str) -> None:
    owner.execute(f'GRANT {right} TO "{role}"'.encode())
