"""What PostgreSQL itself says of the tables: who is kept out of which rows, who may do what, which keys there are.

The tests ask the catalogue and not the migrations: a door that was declared and then opened again is found here only.
Each question is one function, so that a test and the fault planted for it ask the same thing.
"""

from dataclasses import dataclass
from typing import Any

import psycopg

Owner = psycopg.Connection[Any]

_TABLES = """
SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,
       ARRAY(SELECT p.polname::text FROM pg_policy p WHERE p.polrelid = c.oid ORDER BY 1),
       ARRAY(SELECT a.attname::text FROM pg_attribute a
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum)
FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'f') ORDER BY c.relname
"""
_OPEN_POLICIES = """
SELECT c.relname, p.polname, p.polcmd::text, r.rolname
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid CROSS JOIN unnest(p.polroles) AS role
LEFT JOIN pg_roles r ON r.oid = role
WHERE 'true' IN (pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
"""
_GRANTS = """
SELECT c.relname, '', a.grantee::regrole::text, a.privilege_type
FROM pg_class c, aclexplode(c.relacl) a
WHERE c.relnamespace = 'public'::regnamespace AND a.grantee <> c.relowner
UNION
SELECT c.relname, t.attname, a.grantee::regrole::text, a.privilege_type
FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a
WHERE c.relnamespace = 'public'::regnamespace AND a.grantee <> c.relowner
"""
_UNIQUE = """
SELECT c.relname, i.relname,
       ARRAY(SELECT a.attname::text FROM unnest(x.indkey) WITH ORDINALITY AS k (number, place)
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number ORDER BY k.place)
FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
WHERE c.relnamespace = 'public'::regnamespace AND x.indisunique
"""
_BACK_DOORS = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace
  AND (c.relkind = 'm' OR c.relkind = 'v' AND NOT coalesce(c.reloptions @> ARRAY['security_invoker=true'], false))
UNION ALL
SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
UNION ALL
SELECT inhrelid::regclass::name FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid AND c.relkind = 'r'
"""


@dataclass(frozen=True)
class Table:
    """A table with the columns that make it somebody's."""

    name: str
    forced: bool
    policies: tuple[str, ...]
    columns: tuple[str, ...]

    @property
    def somebodys(self) -> bool:
        return bool({"company", "subject"} & set(self.columns))


@dataclass(frozen=True)
class Grant:
    """One verb that a role holds on a table, or on a column of it. `-` is PostgreSQL's name of PUBLIC."""

    table: str
    column: str
    role: str
    verb: str


def tables(owner: Owner) -> list[Table]:
    return [
        Table(name, enabled and forced, tuple(policies), tuple(columns))
        for name, enabled, forced, policies, columns in owner.execute(_TABLES)
    ]


def forced_tables(owner: Owner) -> list[str]:
    return [table.name for table in tables(owner) if table.forced]


def unguarded(owner: Owner) -> set[str]:
    """Tables with a company's or a person's rows that lack forced row security, or any policy."""
    return {table.name for table in tables(owner) if table.somebodys and not (table.forced and table.policies)}


def open_policies(owner: Owner) -> set[tuple[str, str, str, str]]:
    """Policies that ask nothing: (table, policy, command, role); the role of everybody is empty."""
    return {(table, policy, command, role or "") for table, policy, command, role in owner.execute(_OPEN_POLICIES)}


def grants(owner: Owner) -> set[Grant]:
    """What anybody but the owner may do."""
    return {Grant(*row) for row in owner.execute(_GRANTS)}


def unique_keys(owner: Owner) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Every primary key and unique index: its table and its columns in order."""
    return {index: (table, tuple(columns)) for table, index, columns in owner.execute(_UNIQUE)}


def back_doors(owner: Owner) -> set[str]:
    """What would read rows past row security: views with their owner's rights, stored copies, definers' functions,
    and tables that inherit columns but no policy.
    """
    return {name for (name,) in owner.execute(_BACK_DOORS)}
