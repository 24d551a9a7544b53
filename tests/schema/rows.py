"""One row of every guarded table for a company, made from the catalogue: a new table joins the tests by itself.

A value is made from the column's type alone; the few columns that a constraint reads closer stand in `_FITTING`.
"""

from collections.abc import Mapping
from typing import Final, LiteralString
from uuid import UUID, uuid4

from psycopg import sql

from schema.catalogue import Owner, forced_tables

OURS, THEIRS = "ama-ch", "ama-sg"
PARENTS: Final = ("keys_bucket", "accounts_account")

_COLUMNS = """
SELECT a.attname, t.typname
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped
  AND (a.attnotnull OR a.attname = 'company') AND a.attidentity = ''
"""
_MADE: Final[Mapping[str, LiteralString]] = {
    "uuid": "gen_random_uuid()",
    "varchar": "'x'",
    "text": "'x'",
    "int2": "1",
    "int4": "1",
    "int8": "1",
    "bool": "true",
    "bytea": "uuid_send(gen_random_uuid())",
    "jsonb": "'{}'",
    "date": "current_date",
    "timestamptz": "now()",
}
_FITTING: Final[Mapping[str, Mapping[str, LiteralString]]] = {
    "accounts_account": {"audience": "'desk'", "role": "'clinician'"},
    "quarantine_pair": {"version": "2"},  # the first may be there
    "emergency_glass": {"until": "now() + interval '1 hour'", "verdict": "''"},
}


def fill(owner: Owner, companies: tuple[str, ...] = (OURS, THEIRS)) -> list[str]:
    """Put one row of each company into every guarded table; the tables' names."""
    guarded = forced_tables(owner)
    for company in companies:
        made = {table: _insert(owner, table, company, {}) for table in PARENTS}
        links = {"bucket_id": made["keys_bucket"], "account_id": made["accounts_account"]}
        for table in guarded:
            if table not in PARENTS:
                _insert(owner, table, company, links)
    return guarded


def _insert(owner: Owner, table: str, company: str, links: Mapping[str, UUID]) -> UUID:
    columns = dict(owner.execute(_COLUMNS, (table,)).fetchall())
    key, fitting = uuid4(), _FITTING.get(table, {})
    own = {"company": company, **links, **({"id": key} if columns.get("id") == "uuid" else {})}
    values = [sql.Literal(own[name]) if name in own else sql.SQL(fitting.get(name) or _made(kind))
              for name, kind in columns.items()]  # fmt: skip
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    insert = sql.SQL("INSERT INTO {} ({}) VALUES ({})")
    owner.execute(insert.format(sql.Identifier(table), names, sql.SQL(", ").join(values)))
    return key


def _made(kind: str) -> LiteralString:
    return "'{}'" if kind.startswith("_") else _MADE[kind]


def count(looking: Owner, table: str) -> int:
    """How many rows of a table somebody sees."""
    row = looking.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
    return int(row[0]) if row else 0


def acting_for(looking: Owner, company: str, subjects: str = "") -> None:
    """Set the row context of this transaction, as custody does."""
    looking.execute(
        "SELECT set_config('amanat.company', %s, true), set_config('amanat.subjects', %s, true)", (company, subjects)
    )
