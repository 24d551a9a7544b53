"""A past decision, decided again under the statement of its day."""

from typing import Any

import psycopg
import pytest

from amanat.custody.facts import Ask
from amanat.custody.replaying import Finding, replay
from amanat.custody.unit import unit
from stage.group import Group

CARD = Ask("view", ("name", "birth_year"), "eligibility")


def look(group: Group) -> Any:
    with unit(group.actor("basil"), "eligibility") as one:
        return one.ask(CARD, [group.amina]).act


def test_a_decision_replays_byte_for_byte(group: Group) -> None:
    act = look(group)
    with unit(group.actor("dina"), "audit") as one:
        (found,) = replay(one, act)
    assert found.finding is Finding.SAME
    assert found.decision is not None
    assert found.recorded["clauses"] == list(found.decision.clauses)


@pytest.mark.clause("10.3")
def test_every_decision_names_the_version_it_was_made_under(group: Group) -> None:
    act = look(group)
    with unit(group.actor("dina"), "audit") as one:
        (found,) = replay(one, act)
    assert found.version == "1.0.0"
    assert len(found.recorded["statement"]) == 64


def test_of_an_erased_person_the_entry_proves_only_that_it_was(
    group: Group, owner_connection: psycopg.Connection[Any]
) -> None:
    act = look(group)
    owner_connection.execute("DELETE FROM keys_subject WHERE subject = %s", (group.amina,))
    with unit(group.actor("dina"), "audit") as one:
        (found,) = replay(one, act)
    assert found.finding is Finding.ERASED
    assert found.requests == ()


def test_an_entry_that_was_altered_is_found(group: Group, owner_connection: psycopg.Connection[Any]) -> None:
    act = look(group)
    owner_connection.execute("UPDATE ledger_entry SET commitment = sha256(commitment) WHERE act = %s", (act,))
    with unit(group.actor("dina"), "audit") as one:
        (found,) = replay(one, act)
    assert found.finding is Finding.BROKEN
