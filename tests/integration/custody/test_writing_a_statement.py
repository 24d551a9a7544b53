"""The walk-through for lawyers, done as written, down to the clause that it changes and the platform then enforces."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg

from amanat.custody.actor import Actor
from amanat.custody.facts import Ask
from amanat.custody.unit import unit
from amanat.policy.decision import Outcome
from amanat.vocabulary.choices import Choice, ChoiceKind
from stage.accounts import MovedClock
from stage.databases import AsLogin
from stage.group import Group, found_group
from stage.server import Clone
from stage.versions import agree
from stage.walks import walk

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "write-a-statement.md"


def news(group: Group) -> list[tuple[Outcome, tuple[str, ...], str]]:
    """What the website is told when it would write to Amina, who is grown up, and to Mallory, who is not."""
    told = []
    with unit(Actor(None, "web_system", "ama-ch", None, None, ""), "newsletter") as one:
        handle = one.ask(Ask("contact", ("email",), "newsletter"), [group.amina, group.mallory])
        for subject in (group.amina, group.mallory):
            decision = handle.decision(subject)
            told.append((decision.outcome, decision.clauses, decision.version))
    return told


def sign_up(group: Group, subject: UUID) -> None:
    agree(group, subject, Choice(ChoiceKind.NEWSLETTER))


def test_each_step_does_what_the_page_says_and_the_changed_clause_is_enforced(
    tmp_path: Path, moved_clock: MovedClock, database: Clone, as_login: AsLogin,
    owner_connection: psycopg.Connection,
) -> None:  # fmt: skip
    moved_clock.moment = datetime(2026, 12, 1, 8, tzinfo=UTC)
    group = found_group(database)
    sign_up(group, group.amina)
    sign_up(group, group.mallory)
    changed = owner_connection.execute(
        "UPDATE people_standing SET minor_until = '2028-01-01' WHERE subject = %s", [group.mallory]
    )
    assert changed.rowcount == 1
    assert news(group) == [(Outcome.PERMIT, ("8.8",), "1.0.0")] * 2

    @contextmanager
    def as_whoever_runs_it(_: str) -> Iterator[None]:
        with as_login("worker"):
            yield

    done = walk(GUIDE, tmp_path, as_whoever_runs_it)
    assert {one.split()[1] for one in done} == {
        "statement", "check", "lint", "prove", "diff", "sign", "decide", "explain"
    }  # fmt: skip
    assert news(group) == [(Outcome.PERMIT, ("8.8",), "1.0.0")] * 2
    moved_clock.moment = datetime(2027, 2, 1, tzinfo=UTC)
    assert news(group) == [(Outcome.PERMIT, ("8.8",), "1.1.0"), (Outcome.DENY, ("8.8",), "1.1.0")]
