"""A past decision, decided again under the statement of its day."""

from typing import Any
from uuid import UUID

import psycopg
import pytest

from amanat.custody.facts import Ask
from amanat.custody.reading import Line, act_of, journal_of
from amanat.custody.replaying import Finding, replay
from amanat.custody.unit import Unit, unit
from stage.group import Group

CARD = Ask("view", ("name", "birth_year"), "eligibility")


def look(group: Group) -> Any:
    with unit(group.actor("basil"), "eligibility") as one:
        return one.ask(CARD, [group.amina]).act


def found_act(one: Unit, act: UUID) -> Line:
    line = act_of(one, act)
    assert line is not None
    return line


def test_a_decision_replays_byte_for_byte(group: Group) -> None:
    act = look(group)
    with unit(group.actor("dina"), "audit") as one:
        (found,) = replay(one, found_act(one, act))
    assert found.finding is Finding.SAME
    assert found.decision is not None
    assert found.recorded["clauses"] == list(found.decision.clauses)


@pytest.mark.clause("10.3")
def test_every_decision_names_the_version_it_was_made_under(group: Group) -> None:
    act = look(group)
    with unit(group.actor("dina"), "audit") as one:
        (found,) = replay(one, found_act(one, act))
    assert found.version == "1.0.0"
    assert len(found.recorded["statement"]) == 64


def test_of_an_erased_person_the_entry_proves_only_that_it_was(
    group: Group, owner_connection: psycopg.Connection[Any]
) -> None:
    act = look(group)
    owner_connection.execute("DELETE FROM keys_subject WHERE subject = %s", (group.amina,))
    with unit(group.actor("dina"), "audit") as one:
        (found,) = replay(one, found_act(one, act))
    assert found.finding is Finding.ERASED
    assert found.requests == ()


def test_an_entry_that_was_altered_is_found(group: Group, owner_connection: psycopg.Connection[Any]) -> None:
    act = look(group)
    owner_connection.execute("UPDATE ledger_entry SET commitment = sha256(commitment) WHERE act = %s", (act,))
    with unit(group.actor("dina"), "audit") as one:
        (found,) = replay(one, found_act(one, act))
    assert found.finding is Finding.BROKEN


@pytest.mark.parametrize("change", [
    "body = set_byte(body, 40, get_byte(body, 40) # 1)", "outcome = 'deny'", "clauses = ARRAY['6.12']",
])  # fmt: skip
def test_what_was_altered_beside_the_record_is_found(
    group: Group, owner_connection: psycopg.Connection[Any], change: str
) -> None:
    act = look(group)
    owner_connection.execute(f"UPDATE ledger_entry SET {change} WHERE act = %s", (act,))  # type: ignore[arg-type]  # noqa: S608
    with unit(group.actor("dina"), "audit") as one:
        (found,) = replay(one, found_act(one, act))
    assert found.finding is Finding.BROKEN


def test_an_altered_act_is_found(group: Group, owner_connection: psycopg.Connection[Any]) -> None:
    act = look(group)
    owner_connection.execute("UPDATE ledger_act SET action = 'erase' WHERE id = %s", (act,))
    with unit(group.actor("dina"), "audit") as one:
        (found,) = replay(one, found_act(one, act))
    assert found.finding is Finding.BROKEN


def test_a_replay_is_an_act_of_its_own(group: Group) -> None:
    act = look(group)
    dina = group.actor("dina")
    with unit(dina, "audit") as one:
        replay(one, found_act(one, act))
    with unit(dina, "audit") as one:
        newest = journal_of(one)[0]
    assert (newest.action, newest.organisation, newest.account) == ("replay", str(act), dina.account)
    assert (newest.people, newest.clauses) == (0, ("9.2",))
