"""Data ends by its keys: those of a month, of a person, of a leaf; what was sealed before months were still opens."""

from datetime import date
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction

from amanat.crypto.seal import SealError, month_of, nonce_of, seal
from amanat.custody.facts import Ask
from amanat.custody.unit import unit
from amanat.errors import MalformedError, NotFoundError
from amanat.keys.turn import turn
from amanat.vault import folders
from amanat.vault.periods import OPEN, drop_period
from amanat.vault.periods import month_of as month_after
from amanat.vault.rekeying import rekey_subject
from stage.databases import AsLogin
from stage.group import Group

Owner = psycopg.Connection[Any]
CARD = Ask("view", ("name", "birth_date", "policy_number", "email"), "eligibility")
OURS = "ama-ch"
_WITHIN = "SELECT set_config('amanat.company', 'ama-ch', true)"


def card(group: Group, subject: UUID) -> dict[str, Any]:
    with unit(group.actor("basil"), "eligibility") as one:
        handle = one.ask(CARD, [subject])
    return handle.values(subject)


def within() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_WITHIN)


def store(subject: UUID, values: dict[str, Any], until: dict[str, date], version: int) -> None:
    """A version of the core folder whose leaves end on the days given."""
    with transaction.atomic():
        within()
        keys = folders.fetch_sealed([subject], ["name"])[subject].unwrap()
        folders.insert_folder(folders.seal_folder(keys, "core", folders.NO_RECORD, version, values, until=until))


def parts(owner: Owner, subject: UUID) -> dict[tuple[int, int], bytes]:
    rows = owner.execute("SELECT version, categories, parts FROM vault_folder WHERE subject = %s", (subject,))
    return {(version, leaf): bytes(part) for version, leaves, sealed in rows
            for leaf, part in zip(leaves, sealed, strict=True)}  # fmt: skip


def test_a_part_names_the_month_of_its_end_and_needs_that_months_key(group: Group, owner_connection: Owner) -> None:
    assert {month_of(part) for part in parts(owner_connection, group.amina).values()} == {OPEN}
    store(group.amina, {"name": {"family": "Haddad"}, "email": "a@example.org"}, {"email": date(2027, 3, 9)}, 2)
    ends = {month_of(part) for (version, _), part in parts(owner_connection, group.amina).items() if version == 2}
    assert ends == {OPEN, month_after(date(2027, 3, 9))}
    assert card(group, group.amina)["email"] == "a@example.org"
    owner_connection.execute("DELETE FROM keys_period WHERE month > 0")
    assert "email" not in card(group, group.amina)
    assert card(group, group.amina)["name"] == {"family": "Haddad"}


def test_dropping_a_month_ends_it_for_all_and_touches_no_later_one(
    group: Group, as_login: AsLogin, owner_connection: Owner
) -> None:
    store(group.amina, {"email": "a@example.org"}, {"email": date(2026, 1, 31)}, 2)
    store(group.mallory, {"email": "m@example.org"}, {"email": date(2026, 2, 1)}, 2)
    with as_login("worker"), transaction.atomic():
        within()
        assert drop_period(OURS, ["email"], date(2026, 2, 1)) == 1
    assert "email" not in card(group, group.amina)
    assert card(group, group.mallory)["email"] == "m@example.org"
    with as_login("worker"), transaction.atomic():
        assert drop_period(OURS, ["email"], date(2100, 1, 1)) == 1, "what has no end yet stays"
    left = owner_connection.execute("SELECT count(*) FROM keys_period WHERE company = %s AND month = 0", (OURS,))
    assert left.fetchone()[0] > 10  # type: ignore[index]
    with pytest.raises(MalformedError):
        drop_period(OURS, [], date(2026, 2, 1))


def test_a_part_of_the_format_before_months_still_opens_and_is_carried_over(
    group: Group, owner_connection: Owner
) -> None:
    """As it was written before: version 1, under the data key itself."""
    with transaction.atomic():
        within()
        sealed = folders.fetch_sealed([group.amina], ["name"])[group.amina]
        keys, (folder,) = sealed.unwrap(), sealed.folders
        values = folders.open_parts(keys, folder, folder.parts)
    old = {
        leaf: seal(keys.data, keys.key_id, folders._encode(value), folders._place_in(folder)(leaf))
        for leaf, value in sorted(values.items())
    }
    assert {part[0] for part in old.values()} == {1}
    owner_connection.execute(
        "UPDATE vault_folder SET categories = %s, parts = %s WHERE subject = %s AND folder = 'core'",
        ([folders.months.POSITION[leaf] for leaf in old], list(old.values()), group.amina),
    )
    assert card(group, group.amina)["policy_number"] == "OX-1001"
    with transaction.atomic():
        within()
        sealed = folders.fetch_sealed([group.amina], ["name"])[group.amina]
        carried = folders.carry_over(sealed.unwrap(), sealed.folders[0], ["policy_number", "name"])
    assert carried["policy_number"] == "OX-1001"


def test_a_leaf_erased_early_opens_nowhere_and_the_rest_stays(
    group: Group, as_login: AsLogin, owner_connection: Owner
) -> None:
    store(group.amina, {"name": {"family": "H"}, "email": "b@example.org"}, {"name": date(2031, 5, 5)}, 2)
    before = parts(owner_connection, group.amina)
    with as_login("worker"), transaction.atomic():
        within()
        old = folders.fetch_sealed([group.amina], ["name"])[group.amina].unwrap()
        assert rekey_subject(group.amina, without=["email"]) == 2, "of both versions"
    assert set(card(group, group.amina)) == {"name"}
    after = parts(owner_connection, group.amina)
    email = folders.months.POSITION["email"]
    assert after.keys() == {place for place in before if place[1] != email}
    assert {place: month_of(part) for place, part in after.items()} == {
        place: month_of(before[place]) for place in after
    }
    assert not set(after.values()) & set(before.values())
    with as_login("worker"):
        assert turn(OURS).state == "done"
    assert set(card(group, group.amina)) == {"name"}
    new = folders.fetch_sealed
    assert old.data != key_of(group, new).data
    assert old.history == key_of(group, new).history


def key_of(group: Group, fetch: Any) -> Any:
    with transaction.atomic():
        within()
        return fetch([group.amina], ["name"])[group.amina].unwrap()


def test_nobody_without_keys_is_given_new_ones(group: Group, as_login: AsLogin, owner_connection: Owner) -> None:
    owner_connection.execute("DELETE FROM keys_subject WHERE subject = %s", (group.amina,))
    with as_login("worker"), transaction.atomic(), pytest.raises(NotFoundError):
        within()
        rekey_subject(group.amina)


def test_a_part_moved_to_another_month_does_not_open(group: Group, owner_connection: Owner) -> None:
    """Its month stands in the header, and the header is under the seal."""
    store(group.amina, {"email": "a@example.org"}, {"email": date(2027, 3, 9)}, 2)
    (email,) = [part for (version, _), part in parts(owner_connection, group.amina).items() if version == 2]
    moved = email[:5] + OPEN.to_bytes(2, "big") + email[7:]
    owner_connection.execute(
        "UPDATE vault_folder SET parts = %s WHERE subject = %s AND version = 2", ([moved], group.amina)
    )
    with pytest.raises(SealError):
        card(group, group.amina)


def test_no_nonce_stands_twice_in_all_that_is_stored(group: Group, as_login: AsLogin, owner_connection: Owner) -> None:
    """Every column of bytes whose blobs are sealed, found by their form; a copied blob is caught."""
    with as_login("worker"):
        turn(OURS)
    nonces = stored_nonces(owner_connection)
    assert len(nonces) > 100
    assert len(set(nonces)) == len(nonces)
    owner_connection.execute("UPDATE keys_subject SET data = history WHERE subject = %s", (group.amina,))
    nonces = stored_nonces(owner_connection)
    assert len(set(nonces)) == len(nonces) - 1


_SEALED = """
SELECT c.table_name, c.column_name, c.data_type = 'ARRAY' FROM information_schema.columns c
WHERE c.table_schema = 'public' AND c.udt_name IN ('bytea', '_bytea')
"""
# Bytes that are no seals: tokens, hashes, commitments, signatures, public keys.
_OTHERS = ("token", "digest", "hash", "commitment", "signature", "root", "public", "leaf", "tile", "salt")


def stored_nonces(owner: Owner) -> list[bytes]:
    found: list[bytes] = []
    for table, column, listed in owner.execute(_SEALED).fetchall():
        if any(word in column for word in _OTHERS) or table.startswith(("ledger_tile", "ledger_bundle", "ledger_p")):
            continue
        name = psycopg.sql.Identifier(column)
        of = psycopg.sql.SQL("unnest({})").format(name) if listed else name
        select = psycopg.sql.SQL("SELECT {} FROM {} WHERE {} IS NOT NULL")
        for (blob,) in owner.execute(select.format(of, psycopg.sql.Identifier(table), name)):
            if len(blob) >= 33 and blob[0] in (1, 2):
                found.append(nonce_of(bytes(blob)))
    return found
