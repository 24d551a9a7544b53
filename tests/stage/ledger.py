"""A ledger to fold: acts recorded as the web log-in records them, without the rest of custody around them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection, transaction

from amanat.crypto.secret import new_key
from amanat.database.home import Home
from amanat.ledger.append import Act, append, make_entry
from amanat.ledger.fold import fold
from amanat.ledger.verify import Finding, verify
from amanat.vocabulary import clock
from stage.databases import AsLogin
from stage.server import Clone

Record = Callable[..., Act]
FoldAll = Callable[[], int]
Audit = Callable[[], list[Finding]]
HOME_COMPANY = "ama-ch"


def an_act(**fields: Any) -> Act:
    made = Act(
        id=uuid4(), company=HOME_COMPANY, at=clock.now(), account=uuid4(), role="assistance_coordinator",
        action="view", purpose="case_coordination", channel="phone", recipient="", organisation="",
        statement="5e" * 32, outcome="permit", clauses=("6.1a", "8.4"),
    )  # fmt: skip
    return replace(made, **fields)


def record_act(subjects: list[UUID], **fields: Any) -> Act:
    """Record one act about these subjects, committed."""
    act = an_act(**fields)
    entries = [
        make_entry(act.id, one, act.company, new_key(), b"{}", (act.outcome, act.clauses), (7, 8)) for one in subjects
    ]
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('amanat.company', %s, true)", [act.company])
        append(act, entries, bare=None if entries else bytes(range(32)))
    return act


@pytest.fixture
def record(database: Clone) -> Record:
    """`record(5, company="ama-sg")`: one act about five people, or about named `subjects`."""

    def recorded(people: int = 1, *, subjects: list[UUID] | None = None, **fields: Any) -> Act:
        return record_act(subjects if subjects is not None else [uuid4() for _ in range(people)], **fields)

    return recorded


@pytest.fixture
def fold_all(as_login: AsLogin) -> FoldAll:
    """Fold the home company's log as the worker until nothing waits."""

    def folded() -> int:
        with as_login("worker"):
            return sum(iter(lambda: fold(HOME_COMPANY), 0))

    return folded


@pytest.fixture
def audit(database: Clone, home: Home) -> Audit:
    """What the audit log-in finds."""

    def found() -> list[Finding]:
        with database.connect("audit") as auditor:
            return list(verify(auditor, home.ledger))

    return found


@pytest.fixture
def owner(owner_connection: psycopg.Connection) -> psycopg.Connection:
    """The owner, whom no grant and, as a member of `migrate`, no row security hinders."""
    return owner_connection
