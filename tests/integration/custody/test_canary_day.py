"""A day at the desk with 500 marked values, and then a look at every byte that the database left behind.

The control patches an identity cipher into the vault for the length of the test, and must be found: a scanner that
finds nothing either way would prove nothing.
"""

import base64
import contextlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection
from django.urls import reverse
from psycopg import sql

from amanat.choices.models import State
from amanat.custody.actor import Actor
from amanat.custody.choosing import Answer, Asked, choose
from amanat.custody.enrolled import known_by_policy_number
from amanat.custody.erasing import erase_myself
from amanat.custody.facts import Ask
from amanat.custody.searching import search
from amanat.custody.unit import unit
from amanat.database.logins import connect
from amanat.mandates.models import Mandate
from amanat.rosters.report import MedicalColumnError
from amanat.rosters.service import load_roster
from amanat.vault import folders
from amanat.vocabulary.choices import Choice, ChoiceKind
from stage.accounts import plain_browser, token_of
from stage.group import ORYX, Group
from stage.server import Clone, Server

PEOPLE = 90
HEADERS = "given_name,family_name,birth_date,country,relation,policy_number,cover_from,email,industry_sector"


class Canaries:
    """Marked values. Each holds the mark, so that one search finds all of them, in whatever coding."""

    def __init__(self) -> None:
        self.mark = f"Kanari{secrets.token_hex(5)}"
        self.made = 0

    def value(self) -> str:
        self.made += 1
        return f"{self.mark}x{self.made}"

    def codings(self) -> dict[str, bytes]:
        """The mark as it would look in each coding, cut to what does not depend on its neighbours."""
        raw = self.mark.encode()
        phases = {
            f"base64/{shift}": base64.b64encode(b"\0" * shift + raw + b"\0" * 3)[4 if shift else 0 : -6]
            for shift in range(3)
        }
        return {
            "utf-8": raw, "lower": raw.lower(), "utf-16": self.mark.encode("utf-16-le"), "hex": raw.hex().encode(),
            "HEX": raw.hex().upper().encode(), **phases,
        }  # fmt: skip


@dataclass(frozen=True)
class AtRest:
    """What the server under test keeps on disk."""

    server: Server

    def hits(self, canaries: Canaries, *beside: Path) -> list[tuple[str, str]]:
        """Files (tables, WAL, temporary files, logs) that hold a mark, and in which coding."""
        with connect("superuser", self.server.home, target=self.server.target, name="postgres", autocommit=True) as one:
            one.execute("CHECKPOINT")
        codings = canaries.codings()
        found = []
        for path in _files(self.server.home.postgres, *beside):
            # Databases of other tests come and go beside ours.
            with contextlib.suppress(FileNotFoundError):
                content = path.read_bytes()
                found += [(path.name, name) for name, coded in codings.items() if coded in content]
        return found


def _files(*tops: Path) -> Iterator[Path]:
    for top in tops:
        for folder, _, names in os.walk(top):
            yield from (path for name in names if (path := Path(folder) / name).is_file())


@pytest.fixture
def at_rest(server: Server) -> AtRest:
    if not server.target.embedded:
        pytest.skip("the bytes at rest are looked at on the embedded server alone")
    return AtRest(server)


def roster(canaries: Canaries) -> bytes:
    rows = [
        f"{canaries.value()},{canaries.value()},1980-02-03,CH,employee,{canaries.value()},2026-01-01,"
        f"{canaries.value()}@example.org,{canaries.value()}"
        for _ in range(PEOPLE)
    ]
    return "\n".join([HEADERS, *rows]).encode()


def the_day(group: Group, canaries: Canaries) -> None:
    """Enrol, opt in, write, search, look, be refused, be told off, fail to sign in, be erased."""
    data = roster(canaries)
    assert load_roster(data, client=ORYX).file.taken == PEOPLE
    numbers = [line.split(",")[5] for line in data.decode().splitlines()[1:]]
    subjects = list(known_by_policy_number(Actor(None, "web_system", "ama-ch", ORYX, None, ""), numbers).values())
    for subject in subjects[:8]:
        write_record(group, subject, canaries)
        look(group, subject)
    for number in numbers[:5]:
        with unit(group.actor("basil"), "eligibility") as one:
            search(one, "policy_number", number)
    with pytest.raises(MedicalColumnError):
        load_roster(f"{HEADERS},diagnosis\n{canaries.value()}".encode(), client=ORYX)
    fail_in_the_middle(group, subjects[0], canaries)
    erase_myself(group.as_member(subjects[-1]))


def write_record(group: Group, subject: UUID, canaries: Canaries) -> None:
    ask = Ask("collect", ("emergency_record",), "emergency_record", "web_account")
    answer = Answer(Choice(ChoiceKind.EMERGENCY_RECORD), State.GIVEN)
    with unit(group.as_member(subject), "emergency_record", channel="web_account") as one:
        choose(one, subject, [answer], Asked("I agree.", "1", "en"))
        record = {"allergies": canaries.value(), "current_medicines": canaries.value()}
        one.keep(ask, subject, {"emergency_record": record}, version_read=0)


def look(group: Group, subject: UUID) -> None:
    basil = group.actor("basil")
    with unit(basil, "case_coordination") as one:
        one.ask(Ask("view", ("name",), "eligibility"), [subject])
        Mandate.objects.create(
            subject=subject, id=uuid4(), company="ama-ch", holder_company="ama-ch", holder=basil.account, kind="case",
            contexts=["emergency_medical"], since=one.now, until=one.now + timedelta(hours=1),
        )  # fmt: skip
    with unit(basil, "emergency_care") as one:
        handle = one.ask(Ask("view", ("name", "email", "allergies"), "emergency_care"), [subject])
    assert len(handle.values(subject)) == 3


def fail_in_the_middle(group: Group, subject: UUID, canaries: Canaries) -> None:
    with pytest.raises(ZeroDivisionError), unit(group.actor("basil"), "emergency_care") as one:
        one.ask(Ask("view", ("name",), "emergency_care"), [subject])
        raise ZeroDivisionError(canaries.value())


def break_each_constraint(owner: psycopg.Connection[Any]) -> int:
    """Insert a row of each table once more, and a row of nothing: keys, checks and required columns complain."""
    broken = 0
    names = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    again = sql.SQL("INSERT INTO {0} SELECT * FROM {0} LIMIT 1")
    nothing = sql.SQL("INSERT INTO {0} DEFAULT VALUES")
    for (table,) in owner.execute(names).fetchall():
        for statement in (again, nothing):
            try:
                owner.execute(statement.format(sql.Identifier(table)))
            except psycopg.Error:
                broken += 1
    return broken


def sign_in_wrongly(canaries: Canaries, times: int) -> None:
    path = reverse("desk:sign_in")
    browser = plain_browser()
    for _ in range(times):
        form = {"email": f"{canaries.value()}@example.org", "password": canaries.value(), "code": "123456"}
        answer = browser.post(path, form | {"csrfmiddlewaretoken": token_of(browser, path)})
        assert answer.status_code != 302


@contextlib.contextmanager
def identity_cipher(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setattr(folders, "seal", lambda *given, **_: given[2])
        patched.setattr(folders, "unseal", lambda *given: given[1])
        patched.setattr(folders, "month_of", lambda _: None)
        yield


def test_no_marked_value_is_in_any_byte_at_rest(
    group: Group, accounts: None, at_rest: AtRest, owner_connection: psycopg.Connection[Any], database: Clone
) -> None:
    canaries = Canaries()
    the_day(group, canaries)
    sign_in_wrongly(canaries, 50)
    assert break_each_constraint(owner_connection) >= 25
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT %s::int", [canaries.value()])
    assert canaries.made >= 500
    assert at_rest.hits(canaries, database.home.folder) == []


def test_the_scanner_finds_every_value_of_a_day_without_a_cipher(
    group: Group, at_rest: AtRest, monkeypatch: pytest.MonkeyPatch
) -> None:
    canaries = Canaries()
    with identity_cipher(monkeypatch):
        the_day(group, canaries)
    assert len(at_rest.hits(canaries)) >= 2
