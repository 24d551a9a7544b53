"""Drawing tamperings: one change, made as the owner of the database, of a kind and at a place that the seed chooses.

Each kind changes exactly one row; which one, and which bit or byte of it, is drawn. A change that meets no row, or
that a key of the table refuses, is drawn again. Every other one has to be found.
"""

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import psycopg

_ORDER: Final[Mapping[str, str]] = {
    "ledger_act": "id",
    "ledger_entry": "act, subject",
    "ledger_bundle": "company, number",
    "ledger_tile": "company, level, number",
    "ledger_checkpoint": "company, size",
}
_LEAF: Final = "leaves[%(byte)s %% cardinality(leaves) + 1]"
_PLACE: Final = "length(note) - 4 - %(byte)s %% 80"
_LETTER: Final = f"substr(note, {_PLACE}, 1)"


def _flip(column: str) -> str:
    """The column with one bit turned."""
    bit = f"(%(bit)s %% (octet_length({column}) * 8))::int"
    return f"set_bit({column}, {bit}, 1 - get_bit({column}, {bit}))"


# Kind and table of a change, and what it sets; a short text is made longer, a bit is turned.
_CHANGES: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("row", "ledger_act"): (
        *(f"{one} = left({one}, 8) || 'x'" for one in ("company", "role", "action", "purpose", "channel", "recipient")),
        *(f"{one} = left({one}, 8) || 'x'" for one in ("organisation", "statement", "outcome", "state")),
        "at = at + interval '1 second'",
        "account = gen_random_uuid()",
        "people = people + 1",
        "clauses = clauses || '{9.9}'",
        "id = gen_random_uuid()",
    ),
    ("row", "ledger_entry"): (
        "at = at - interval '1 hour'",
        "outcome = outcome || 'x'",
        "clauses = clauses[2:]",
        "opened = opened + 1",
        "refused = refused # 4",
        "subject = gen_random_uuid()",
        "act = gen_random_uuid()",
        "company = 'ama-xx'",
        f"body = {_flip('body')}",
        f"commitment = {_flip('commitment')}",
    ),
    ("leaf", "ledger_bundle"): (
        f"{_LEAF} = {_flip(_LEAF)}",
        f"leaves = array_remove(leaves, {_LEAF})",
        f"leaves = leaves || {_LEAF}",
    ),
    ("tile", "ledger_tile"): (f"hashes = {_flip('hashes')}", "hashes = substr(hashes, 33)"),
    ("checkpoint", "ledger_checkpoint"): (
        f"root = {_flip('root')}",
        "size = size + 1",
        "before = before + 1",
        "note = replace(note, size::text || chr(10), (size + 1)::text || chr(10))",
    ),
    # Not the last letter: spare bits of base64 say nothing.
    ("signature", "ledger_checkpoint"): (
        f"note = overlay(note PLACING CASE {_LETTER} WHEN 'A' THEN 'B' ELSE 'A' END FROM {_PLACE} FOR 1)",
    ),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to tamper with one row of a table. An empty `change` takes the row away."""

    name: str
    table: str
    change: str = ""

    @property
    def statement(self) -> str:
        row = f"WHERE ctid = (SELECT ctid FROM {self.table} ORDER BY {_ORDER[self.table]} OFFSET %(n)s LIMIT 1)"  # noqa: S608  # our own words
        return f"UPDATE {self.table} SET {self.change} {row}" if self.change else f"DELETE FROM {self.table} {row}"  # noqa: S608  # the same


KINDS: Final = (
    *(Kind(name, table, change) for (name, table), changes in _CHANGES.items() for change in changes),
    *(Kind("removed", table) for table in _ORDER),
)


@contextmanager
def tampered(owner: psycopg.Connection, draw: random.Random) -> Iterator[str]:
    """One drawn change, taken back afterwards; gives what it was, for the message of a failure."""
    while True:
        kind = draw.choice(KINDS)
        values = _values(owner, kind, draw)
        with owner.transaction(force_rollback=True):
            if _changed(owner, kind, values):
                yield f"{kind.name}: {kind.statement} {values}"
                return


def _changed(owner: psycopg.Connection, kind: Kind, values: Mapping[str, Any]) -> bool:
    try:
        with owner.transaction():
            return owner.execute(kind.statement.encode(), values).rowcount == 1
    except psycopg.errors.UniqueViolation:
        return False


def _values(owner: psycopg.Connection, kind: Kind, draw: random.Random) -> Mapping[str, Any]:
    rows = owner.execute(b"SELECT count(*) FROM " + kind.table.encode()).fetchone()
    most = rows[0] if rows and rows[0] else 1
    return {"n": draw.randrange(most), "bit": draw.randrange(1 << 16), "byte": draw.randrange(1 << 16)}
