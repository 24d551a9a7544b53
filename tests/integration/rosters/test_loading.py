"""Loading a client's roster: once, whole or not at all for each person, and never across clients."""

import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connections

from amanat.custody import sweep
from amanat.custody.answers import AlreadyAnsweredError
from amanat.custody.enrolled import enrolled_by_policy_number
from amanat.custody.unit import unit
from amanat.database.logins import connect
from amanat.errors import ConflictError, NotFoundError
from amanat.organisations.models import Attestation, Client
from amanat.rosters.models import RosterFile, State
from amanat.rosters.report import MedicalColumnError, NotAttestedError, RosterRefusedError, SpendingColumnError
from amanat.rosters.service import (
    BusyError,
    Received,
    client_of,
    file_of,
    load_roster,
    receive,
    recent_files,
    take_in,
)
from amanat.vocabulary import clock
from stage.accounts import MovedClock
from stage.databases import AsLogin
from stage.group import CEDAR, ORYX, Group
from stage.server import Clone, Server
from stage.sheets import HEADERS, changed, written

KIN = (*HEADERS, "Dependant of")
TABLES = ("people_standing", "people_relation", "people_entitlement", "keys_subject", "vault_folder", "vault_token")
Counted = Callable[[], dict[str, int]]


def people(*numbers: str) -> bytes:
    """A roster of employees with these policy numbers."""
    rows = [changed(policy_number=one, e_mail=f"{one.strip().lower()}@oryx-energy.example") for one in numbers]
    return written(*rows).encode()


def child(number: str, of: str) -> tuple[str, ...]:
    return (number, "Lina", "Haddad", "2017-08-05", "CH", "dependant", "2026-01-01", "", of)


@pytest.fixture
def counted(owner_connection: psycopg.Connection) -> Counted:
    """How many rows each table of people has, of all companies."""

    def count() -> dict[str, int]:
        every = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in TABLES)  # noqa: S608
        return dict(owner_connection.execute(every).fetchall())  # type: ignore[arg-type]

    return count


def others_of(owner: psycopg.Connection, subject: UUID) -> list[UUID]:
    rows = owner.execute("SELECT other FROM people_relation WHERE subject = %s", [subject]).fetchall()
    return [row[0] for row in rows]


def subject_of(group: Group, number: str) -> UUID:
    return enrolled_by_policy_number(group.actor("oryx"), [number])[number].subject


def test_a_file_takes_in_who_is_new_and_says_so(group: Group, counted: Counted) -> None:
    before = counted()
    loaded = load_roster(people("ORX-1", "ORX-2", "OX-1001"), client=ORYX)
    assert (loaded.file.rows, loaded.file.taken, loaded.file.known, loaded.file.rejected) == (3, 2, 1, 0)
    assert loaded.file.state == State.LOADED
    assert counted()["people_standing"] == before["people_standing"] + 2


def test_the_same_file_again_changes_nothing(group: Group, counted: Counted) -> None:
    load_roster(people("ORX-1", "ORX-2"), client=ORYX)
    before = counted()
    again = load_roster(people("ORX-1", "orx-2 "), client=ORYX)
    assert (again.file.taken, again.file.known, again.file.state) == (0, 2, State.LOADED)
    assert counted() == before


def test_a_policy_number_of_another_client_is_not_known_here(group: Group, counted: Counted) -> None:
    """Else a client could find out, by guessing numbers, who is covered through somebody else."""
    before = counted()
    loaded = load_roster(people("CS-2001"), client=ORYX)
    assert (loaded.file.taken, loaded.file.known) == (1, 0)
    assert counted()["people_standing"] == before["people_standing"] + 1


def test_nobody_is_attached_to_another_clients_member(group: Group) -> None:
    loaded = load_roster(written(child("ORX-3", "CS-2001"), headers=KIN).encode(), client=ORYX)
    assert (loaded.file.taken, loaded.file.rejected) == (0, 1)


def test_a_dependant_joins_a_member_enrolled_before_however_the_number_is_spelled(
    group: Group, owner_connection: psycopg.Connection
) -> None:
    load_roster(written(child("ORX-3", "ox-1001"), headers=KIN).encode(), client=ORYX)
    assert others_of(owner_connection, subject_of(group, "ORX-3")) == [group.amina]


def test_nobody_joins_a_dependant_enrolled_before(group: Group) -> None:
    loaded = load_roster(written(child("ORX-3", "OX-1003"), headers=KIN).encode(), client=ORYX)
    assert [one.fault.name for one in loaded.rejected] == ["NO_EMPLOYEE"]


@pytest.mark.clause("3.3")
def test_a_sender_whose_word_has_run_out_is_refused_whole(
    group: Group, counted: Counted, as_login: AsLogin, owner_connection: psycopg.Connection
) -> None:
    with as_login("worker"):
        Attestation.objects.filter(source=ORYX).update(until=clock.now().date() - timedelta(days=1))
    before = counted()
    with pytest.raises(NotAttestedError, match=r"3\.3") as refused:
        load_roster(people("ORX-1", "ORX-2"), client=ORYX, account=uuid4())
    assert counted() == before
    with unit(group.actor("oryx"), "eligibility") as one:
        file = file_of(one, refused.value.file or uuid4())
    assert (file.state, file.clause, file.taken) == (State.REFUSED, "3.3", 0)
    told = owner_connection.execute("SELECT outcome, clauses FROM ledger_act WHERE role = 'client_admin' ORDER BY at")
    assert told.fetchall()[-1] == ("deny", ["3.3"])


SECRET = ("Qvistgaard", "Zebulon", "zebulon.qvistgaard@oryx-energy.example", "ORX-77881", "pemphigus-77881")


def diagnoses() -> bytes:
    name, given, email, number, illness = SECRET
    row = changed(policy_number=number, first_name=given, last_name=name, e_mail=email)
    return written((*row, illness), headers=(*HEADERS, "Diagnosis")).encode()


@pytest.mark.clause("3.2a")
def test_a_roster_with_a_diagnosis_column_is_refused_whole_and_leaves_headers_size_and_digest(
    group: Group, counted: Counted, owner_connection: psycopg.Connection
) -> None:
    before = counted()
    with pytest.raises(MedicalColumnError) as refused:
        load_roster(diagnoses(), client=ORYX)
    assert refused.value.columns == ("Diagnosis",)
    assert counted() == before
    kept = RosterFile(id=refused.value.file)
    with unit(group.actor("oryx"), "eligibility"):
        kept.refresh_from_db()
    assert (kept.state, kept.clause, kept.headers) == (State.REFUSED, "3.2a", [*HEADERS, "Diagnosis"])
    assert (kept.size, len(kept.digest)) == (len(diagnoses()), 64)
    assert (kept.rows, kept.faults, kept.dropped, kept.by_clause, kept.sweep) == (0, [], [], {}, None)
    assert not found_in_tables(owner_connection)


def found_in_tables(owner: psycopg.Connection) -> list[tuple[str, str]]:
    """Where any value of the refused file stands in any table."""
    tables = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    found = []
    for (table,) in tables:
        text = str(owner.execute(f"SELECT array_agg(t::text) FROM {table} t").fetchone())  # noqa: S608
        found += [(table, value) for value in SECRET if value.lower() in text.lower()]
    return found


@pytest.mark.clause("3.2d")
def test_a_card_issuers_transaction_list_is_refused(group: Group, counted: Counted, as_login: AsLogin) -> None:
    with as_login("worker"):
        Client.objects.filter(code=CEDAR).update(payer="card_issuer", kind="card_issuer")
    before = counted()
    sheet = written((*changed(relation="beneficiary"), "Duty free", "120.50"), headers=(*HEADERS, "Merchant", "Amount"))
    with pytest.raises(SpendingColumnError, match=r"3\.2d"):
        load_roster(sheet.encode(), client=CEDAR)
    assert counted() == before


def test_what_is_no_roster_at_all_leaves_nothing(group: Group) -> None:
    with pytest.raises(RosterRefusedError):
        load_roster(b"Amina Haddad;1990-06-30\n", client=ORYX)
    with unit(group.actor("oryx"), "eligibility") as one:
        assert recent_files(one) == []


# What stops a load half-way ---------------------------------------------------------------------------------------


class StoppedError(Exception):
    """The power went off."""


def stop_after(done: int) -> Callable[[int, int], None]:
    def progress(reached: int, _: int) -> None:
        if reached >= done:
            raise StoppedError

    return progress


def household(number: int) -> list[tuple[str, ...]]:
    """A child, written before the member it belongs to."""
    head = changed(policy_number=f"ORX-{number}", e_mail=f"{number}@oryx-energy.example")
    return [child(f"ORX-{number}-K", f"orx-{number}"), (*head, "")]


def test_an_interrupted_file_is_finished_by_sending_it_again(
    group: Group, counted: Counted, monkeypatch: pytest.MonkeyPatch, owner_connection: psycopg.Connection
) -> None:
    monkeypatch.setattr(sweep, "UNIT", 2)
    data = written(*household(1), *household(2), *household(3), headers=KIN).encode()
    before = counted()
    with pytest.raises(StoppedError):
        load_roster(data, client=ORYX, progress=stop_after(2))
    with unit(group.actor("oryx"), "eligibility") as one:
        (stopped,) = recent_files(one)
    assert (stopped.state, counted()["people_standing"]) == (State.STOPPED, before["people_standing"] + 2)
    finished = load_roster(data, client=ORYX)
    assert (finished.file.taken, finished.file.known) == (4, 2)
    assert counted()["people_standing"] == before["people_standing"] + 6
    for number in ("1", "2", "3"):
        assert others_of(owner_connection, subject_of(group, f"ORX-{number}-K")) == [subject_of(group, f"ORX-{number}")]


def test_a_failure_leaves_nobody_half_enrolled(group: Group, counted: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "UNIT", 2)
    before = counted()
    store, calls = sweep.store_tokens, iter(range(9))

    def break_on_the_second(tokens: object) -> None:
        if next(calls):
            raise StoppedError
        store(tokens)  # type: ignore[arg-type]

    monkeypatch.setattr(sweep, "store_tokens", break_on_the_second)
    with pytest.raises(StoppedError):
        load_roster(people("ORX-1", "ORX-2", "ORX-3"), client=ORYX)
    after = counted()
    for table in ("people_standing", "people_relation", "people_entitlement", "keys_subject", "vault_folder"):
        assert after[table] == before[table] + 2, table


def test_two_files_of_a_client_are_not_taken_in_at_once(group: Group, as_login: AsLogin) -> None:
    second = receive(people("ORX-2"), client_of(ORYX))

    def send_another(_: int, __: int) -> None:
        with ThreadPoolExecutor(1) as elsewhere:
            for blocked in (receive_elsewhere, lambda: take_in_elsewhere(second)):
                with pytest.raises(BusyError):
                    elsewhere.submit(blocked).result()

    assert load_roster(people("ORX-1"), client=ORYX, progress=send_another).file.taken == 1
    with unit(group.actor("oryx"), "eligibility") as one:
        assert file_of(one, second.file).state == State.STOPPED
    assert load_roster(people("ORX-1", "ORX-2"), client=ORYX).file.taken == 1


def receive_elsewhere() -> None:
    try:
        receive(people("ORX-1"), client_of(ORYX))
    finally:
        connections.close_all()


def take_in_elsewhere(received: Received) -> None:
    try:
        take_in(received)
    finally:
        connections.close_all()


def test_a_load_that_died_is_told_as_stopped_and_makes_way(group: Group, moved_clock: MovedClock) -> None:
    dead = receive(people("ORX-1"), client_of(ORYX))
    moved_clock.move(minutes=3)
    with unit(group.actor("oryx"), "eligibility") as one:
        assert file_of(one, dead.file).state == State.STOPPED
    assert load_roster(people("ORX-1"), client=ORYX).file.taken == 1
    with unit(group.actor("oryx"), "eligibility"):
        assert RosterFile.objects.get(id=dead.file).state == State.STOPPED


def test_a_message_sent_twice_is_answered_once(group: Group) -> None:
    first = receive(people("ORX-1"), client_of(ORYX), key="form-1")
    with pytest.raises(AlreadyAnsweredError) as again:
        receive(people("ORX-1"), client_of(ORYX), key="form-1")
    assert again.value.result == {"file": str(first.file)}
    with pytest.raises(ConflictError):
        receive(people("ORX-2"), client_of(ORYX), key="form-1")


def test_another_clients_file_is_not_found(group: Group) -> None:
    theirs = load_roster(people("CS-1"), client=CEDAR).file
    with unit(group.actor("oryx"), "eligibility") as one:
        assert recent_files(one) == []
        with pytest.raises(NotFoundError):
            file_of(one, theirs.id)


# What is left of a refused file -----------------------------------------------------------------------------------


def test_no_byte_at_rest_holds_a_value_of_a_refused_file(group: Group, server: Server, database: Clone) -> None:
    if not server.target.embedded:
        pytest.skip("the files of this server are out of reach")
    with pytest.raises(MedicalColumnError):
        load_roster(diagnoses(), client=ORYX)
    with connect("superuser", server.home, target=server.target, name="postgres", autocommit=True) as superuser:
        superuser.execute("CHECKPOINT")
    searched = {"Diagnosis", *SECRET, *(value.lower() for value in SECRET)}
    assert found_at_rest(searched, server.home.postgres, database.home.folder) == {"Diagnosis"}


def found_at_rest(searched: set[str], *folders: Path) -> set[str]:
    """Which of the texts stand in any file. That the header name does shows that the search sees."""
    found: set[str] = set()
    for file in (file for folder in folders for file in folder.rglob("*")):
        with contextlib.suppress(OSError):  # the server runs on
            content = file.read_bytes()
            found |= {text for text in searched if text.encode() in content}
    return found
