"""The tables are what the models say: columns, keys, indexes, constraints; and a person's rows are keyed by the person.

The models are built a second time, in a schema of their own, and PostgreSQL describes both: what a migration forgot,
lost in a later one or added by hand is a difference between two lists.
"""

from collections.abc import Iterator, Mapping
from typing import Final, LiteralString

import pytest
from django.apps import apps
from django.db import connection

from schema.catalogue import Owner, tables, unique_keys
from stage.databases import AsLogin

# What Django 5.2 cannot declare.
_BY_HAND: Final = {
    ("accounts_recoverycode", "recovery_code_of_one_company"),
    ("accounts_session", "session_of_one_company"),
}
# Keys of tables with a subject that do not begin with it, and why.
_OTHERWISE: Final[Mapping[str, str]] = {
    "accounts_account_pkey": "an account is staff's or a client's as well; it is found by its own random id",
    "account_once": "one e-mail token, one account for each company and audience",
    "account_of_one_company": "what the keys of sessions and recovery codes point at",
    "vault_token_pkey": "tokens are looked up by value, so they are spread by it; the company comes first",
}
_DESCRIBED = """
SELECT c.relname, i.relname, pg_get_indexdef(i.oid, 0, true) || CASE WHEN x.indisvalid THEN '' ELSE ' INVALID' END
FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
WHERE c.relnamespace = current_schema()::regnamespace
UNION ALL
SELECT c.relname, n.conname, pg_get_constraintdef(n.oid, true)
FROM pg_constraint n JOIN pg_class c ON c.oid = n.conrelid
WHERE c.relnamespace = current_schema()::regnamespace AND n.contype <> 'n'
UNION ALL
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
"""

Described = set[tuple[str, str, str]]


@pytest.fixture
def declared(as_login: AsLogin) -> Iterator[Described]:
    """What the models describe."""
    with as_login("owner"):
        with connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA declared")
            cursor.execute("SET search_path = declared")
        with connection.schema_editor() as editor:
            for model in apps.get_models():
                editor.create_model(model)
        yield described("declared")


def described(schema: LiteralString) -> Described:
    with connection.cursor() as cursor:
        cursor.execute("SET search_path = " + schema)
        cursor.execute(_DESCRIBED)
        return {row for row in cursor.fetchall() if row[0] != "django_migrations"}


def beyond(declared: Described) -> tuple[Described, Described]:
    """What the database lacks, and what it has beyond the models."""
    found = described("public")
    return declared - found, {one for one in found - declared if one[:2] not in _BY_HAND}


def test_the_database_is_what_the_models_declare(declared: Described) -> None:
    assert len(declared) > 300
    assert beyond(declared) == (set(), set())


@pytest.mark.parametrize(
    ("change", "lost", "gained"),
    [
        ("DROP INDEX mandates_subject", {"mandates_subject"}, set()),
        ("ALTER TABLE mandates_mandate DROP CONSTRAINT mandate_of_somebody", {"mandate_of_somebody"}, set()),
        ("ALTER TABLE vault_folder DROP CONSTRAINT vault_folder_pkey", {"vault_folder_pkey"}, set()),
        ("CREATE INDEX by_hand ON people_standing (residence)", set(), {"by_hand"}),
        ("ALTER TABLE people_standing ALTER residence DROP NOT NULL", {"residence"}, {"residence"}),
        ("ALTER TABLE people_standing ADD COLUMN name text", set(), {"name"}),
    ],
)
def test_a_difference_is_found(
    declared: Described, owner_connection: Owner, change: LiteralString, lost: set[str], gained: set[str]
) -> None:
    owner_connection.execute(change)
    assert tuple({name for _, name, _ in side} for side in beyond(declared)) == (lost, gained)


def not_led_by_the_subject(owner: Owner) -> set[str]:
    """Unique keys of tables with a subject that begin with something else."""
    with_subject = {table.name for table in tables(owner) if "subject" in table.columns}
    return {
        index
        for index, (table, columns) in unique_keys(owner).items()
        if table in with_subject and columns[0] != "subject"
    }


def test_every_key_of_a_persons_rows_begins_with_the_subject(owner_connection: Owner) -> None:
    assert not_led_by_the_subject(owner_connection) == set(_OTHERWISE)


def test_a_table_about_people_has_a_primary_key(owner_connection: Owner) -> None:
    """Changing one in a later migration silently leaves none."""
    keyed = {table for index, (table, _) in unique_keys(owner_connection).items() if index.endswith("_pkey")}
    assert {table.name for table in tables(owner_connection)} - keyed == set()


@pytest.mark.parametrize("key", ["(id)", "(company, subject)"])
def test_a_key_that_begins_with_something_else_is_found(owner_connection: Owner, key: LiteralString) -> None:
    owner_connection.execute("CREATE UNIQUE INDEX elsewhere ON people_stay " + key)
    assert not_led_by_the_subject(owner_connection) - set(_OTHERWISE) == {"elsewhere"}


def test_every_row_about_a_person_says_how_long_it_is_kept(owner_connection: Owner) -> None:
    """`governed` is how export and erasure find a table; without it a person's rows would outlive their erasure."""
    governed = {model._meta.db_table for model in apps.get_models() if hasattr(model, "governed")}
    with_subject = {table.name for table in tables(owner_connection) if "subject" in table.columns}
    assert with_subject - governed == {"accounts_account"}
