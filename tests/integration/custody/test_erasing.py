"""Erasure of a person: nothing of theirs opens or is found again, and the ledger still stands."""

from typing import Any

import psycopg

from amanat.custody.erasing import erase_person
from amanat.custody.facts import Ask
from amanat.custody.searching import search
from amanat.custody.unit import unit
from amanat.policy.decision import Outcome
from stage.group import Group

CARD = Ask("view", ("name",), "eligibility")


def test_an_erased_person_is_neither_found_nor_opened(group: Group, owner_connection: psycopg.Connection[Any]) -> None:
    with unit(group.actor("dina"), "rights_fulfilment") as one:
        handle = erase_person(one, group.amina)
    assert handle.decision(group.amina).outcome is Outcome.PERMIT
    with unit(group.actor("basil"), "eligibility") as one:
        assert search(one, "policy_number", "OX-1001") == []
        assert group.amina not in one.ask(CARD, [group.amina]).decisions
    left = owner_connection.execute("SELECT count(*) FROM keys_subject WHERE subject = %s", (group.amina,)).fetchone()
    assert left == (0,)
    entries = owner_connection.execute(
        "SELECT count(*) FROM ledger_entry WHERE subject = %s", (group.amina,)
    ).fetchone()
    assert entries is not None
    assert entries[0] >= 2


def test_a_coordinator_erases_nobody(group: Group) -> None:
    with unit(group.actor("basil"), "rights_fulfilment") as one:
        handle = erase_person(one, group.amina)
    assert handle.decision(group.amina).outcome is Outcome.DENY
    with unit(group.actor("basil"), "eligibility") as one:
        found = one.ask(CARD, [group.amina])
    assert found.values(group.amina)["name"]["given"] == "Amina"
