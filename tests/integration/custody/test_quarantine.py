"""What others send before the person allowed it: sealed, opened by nobody, released by a yes or destroyed in time."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import errors, sql

from amanat.cases.reports import reports_page, take_report
from amanat.choices.models import State
from amanat.crypto.seal import SealError
from amanat.custody.choosing import Answer, Asked, choose
from amanat.custody.unit import unit
from amanat.errors import NotFoundError
from amanat.quarantine import keeping
from amanat.quarantine.keeping import NotPermittedError
from amanat.vocabulary import clock
from amanat.vocabulary.choices import parse_choice
from amanat.worker.duties import watch_quarantine
from stage.accounts import MovedClock
from stage.databases import AsLogin, acting_as
from stage.desk import key, open_for
from stage.group import Group
from stage.server import Clone

Owner = psycopg.Connection[Any]
SENDER, WORDS = "provider.medical@alp-air", "MRI of the knee: torn ligament, canary-7f3a"
YES = ("medical_service", "third_party_source:provider.medical")


@pytest.fixture(autouse=True)
def alp_air_gave_its_word(group: Group, database: Clone) -> None:
    from amanat.organisations.models import Attestation  # noqa: PLC0415

    today = clock.now().date()
    span = {"since": today - timedelta(days=9), "until": today + timedelta(days=400)}
    with acting_as(database, "worker"):
        Attestation.objects.create(source="alp-air", ground="contract", contact="privacy@alp-air.example", **span)


def allow(group: Group, *choices: str) -> None:
    answers = [Answer(parse_choice(one), State.GIVEN) for one in choices]
    with unit(group.actor("amina"), "rights_fulfilment", channel="web_account") as one:
        choose(one, group.amina, answers, Asked("May they send it?", "sources-1", "en"))


def hold(group: Group) -> UUID:
    """A case of Amina's with a report in quarantine."""
    case = open_for(group)
    taken = take_report(group.actor("basil"), case, SENDER, WORDS, key())
    assert (taken.kept, taken.until is not None) == (False, True), taken.decision
    return case


def read(group: Group, case: UUID) -> list[str]:
    return [one["text"] for one in reports_page(group.actor("basil"), case).read]


@pytest.mark.clause("3.2e", "8.10b")
def test_a_report_without_permission_is_sealed_and_shown_to_nobody(group: Group, as_login: AsLogin) -> None:
    case = hold(group)
    with as_login("worker"):
        assert watch_quarantine() == 0
    page = reports_page(group.actor("basil"), case)
    assert (page.read, [one.sender for one in page.waiting]) == ((), ["alp-air"])


@pytest.mark.clause("8.10b")
def test_permission_releases_it_to_the_holder_of_the_case(group: Group, as_login: AsLogin) -> None:
    case = hold(group)
    allow(group, *YES)
    assert read(group, case) == []
    with as_login("worker"):
        assert (watch_quarantine(), watch_quarantine()) == (1, 0)
    page = reports_page(group.actor("basil"), case)
    assert ([one["text"] for one in page.read], page.waiting) == ([WORDS], ())


def test_half_of_the_permission_releases_nothing(group: Group, as_login: AsLogin) -> None:
    hold(group)
    allow(group, "medical_service")
    with as_login("worker"):
        assert watch_quarantine() == 0
    allow(group, "third_party_source:hospital")
    with as_login("worker"):
        assert watch_quarantine() == 0


def test_a_permitted_report_is_kept_at_once_and_never_in_quarantine(group: Group, owner_connection: Owner) -> None:
    allow(group, *YES)
    case = open_for(group)
    assert take_report(group.actor("basil"), case, SENDER, WORDS, key()).kept
    assert read(group, case) == [WORDS]
    assert owner_connection.execute("SELECT count(*) FROM quarantine_item").fetchone() == (0,)


def test_without_permission_it_dies_by_time(
    group: Group, as_login: AsLogin, moved_clock: MovedClock, owner_connection: Owner
) -> None:
    hold(group)
    moved_clock.move(days=13, hours=23)
    with as_login("worker"):
        assert watch_quarantine() == 0
    moved_clock.move(hours=2)
    allow(group, *YES)
    with as_login("worker"):
        assert watch_quarantine() == 1
    assert owner_connection.execute("SELECT count(*) FROM quarantine_item").fetchone() == (0,)
    assert owner_connection.execute("SELECT count(*) FROM vault_folder WHERE version = 1 AND record <> %s",
                                    (UUID(int=0),)).fetchone() == (0,)  # fmt: skip


def test_a_case_that_is_over_releases_nothing(group: Group, as_login: AsLogin) -> None:
    from amanat.cases.service import close_case  # noqa: PLC0415

    case = hold(group)
    close_case(group.actor("basil"), case, "helped", key())
    allow(group, *YES)
    with as_login("worker"):
        assert watch_quarantine() == 0


@pytest.mark.parametrize("who", ["chandra", "wei", "dina"])
def test_nobody_but_the_holder_learns_that_a_report_came(group: Group, who: str) -> None:
    case = hold(group)
    with pytest.raises(NotFoundError):
        reports_page(group.actor(who), case)


def test_the_same_message_twice_is_one_report(group: Group, owner_connection: Owner) -> None:
    from amanat.custody.answers import AlreadyAnsweredError  # noqa: PLC0415

    case, same = open_for(group), key()
    take_report(group.actor("basil"), case, SENDER, WORDS, same)
    with pytest.raises(AlreadyAnsweredError):
        take_report(group.actor("basil"), case, SENDER, WORDS, same)
    assert owner_connection.execute("SELECT count(*) FROM quarantine_item").fetchone() == (1,)


# no role's SQL, and no key that a role holds --------------------------------------------------------------------------


TRYING = [
    sql.SQL(one)
    for one in (
        "SELECT {name} FROM {table}",
        "SELECT count(*) FROM {table} WHERE {name} > ''",
        "DELETE FROM {table} RETURNING {name}",
        "COPY {table} TO STDOUT",
    )
]


@pytest.mark.parametrize("kind", ["web", "audit"])
@pytest.mark.parametrize("column", ["quarantine_item.body", "quarantine_pair.wrapped"])
def test_neither_the_sealed_words_nor_the_key_can_be_selected(
    group: Group, database: Clone, kind: str, column: str
) -> None:
    hold(group)
    table, name = column.split(".")
    with database.connect(kind) as looking:
        for trying in TRYING:
            with pytest.raises(errors.InsufficientPrivilege), looking.transaction():
                looking.execute("SELECT set_config('amanat.company', 'ama-ch', true)")
                looking.execute(trying.format(table=sql.Identifier(table), name=sql.Identifier(name)))


def test_a_web_process_that_runs_mallorys_code_cannot_take_it_out(group: Group) -> None:
    """It has every key file and every line of ours; what it lacks is a right in the database."""
    from django.db import ProgrammingError  # noqa: PLC0415

    from amanat.custody.quarantining import _wrapping  # noqa: PLC0415
    from amanat.policy.permit import Permit  # noqa: PLC0415

    hold(group)
    with pytest.raises(ProgrammingError, match="permission denied"), unit(group.actor("basil"), "audit") as one:
        (frame,) = keeping.frames("ama-ch", one.now)
        wrapping = _wrapping("ama-ch")
        keeping.take(Permit(group.amina, frozenset({"report"})), frame, wrapping, wrapping, one.now)


def test_the_worker_takes_nothing_out_without_a_permit(group: Group, as_login: AsLogin) -> None:
    from amanat.policy.permit import Permit  # noqa: PLC0415

    hold(group)
    with as_login("worker"), unit(group.actor("basil"), "audit") as one:
        (frame,) = keeping.frames("ama-ch", one.now)
        key_ = keeping.new_pair()[1]
        for permit in (None, Permit(group.mallory, frozenset({"report"})), Permit(group.amina, frozenset({"name"}))):
            with pytest.raises(NotPermittedError):
                keeping.take(permit, frame, key_, key_, one.now)


def test_with_all_the_company_s_keys_it_does_not_open_once_the_person_is_erased(
    group: Group, as_login: AsLogin, owner_connection: Owner
) -> None:
    """The inner layer is the person's: a copy in a backup ends with their key."""
    from amanat.custody.quarantining import _wrapping  # noqa: PLC0415
    from amanat.policy.permit import Permit  # noqa: PLC0415

    hold(group)
    with as_login("worker"), pytest.raises(SealError), unit(group.actor("basil"), "audit") as one:
        (frame,) = keeping.frames("ama-ch", one.now)
        not_theirs = keeping.new_pair()[1]
        keeping.take(Permit(group.amina, frozenset({"report"})), frame, _wrapping("ama-ch"), not_theirs, one.now)
    assert owner_connection.execute("SELECT count(*) FROM quarantine_item").fetchone() == (1,)


def test_no_word_of_it_stands_in_any_table(group: Group, owner_connection: Owner) -> None:
    hold(group)
    tables = owner_connection.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = "
                                      "'public'::regnamespace").fetchall()  # fmt: skip
    for (table,) in tables:
        asked = sql.SQL("SELECT count(*) FROM {} t WHERE t::text LIKE '%canary-7f3a%'").format(sql.Identifier(table))
        found = owner_connection.execute(asked)
        assert found.fetchone() == (0,), table
    body = owner_connection.execute("SELECT body FROM quarantine_item").fetchone()
    assert b"canary" not in bytes((body or [b""])[0])
    assert body


def test_planted_a_right_to_read_the_body_lets_a_web_process_open_it(
    group: Group, owner_connection: Owner, database: Clone
) -> None:
    """What the tests above would find."""
    hold(group)
    role = database.settings("web")["USER"]
    owner_connection.execute(f'GRANT SELECT ON quarantine_item, quarantine_pair TO "{role}"'.encode())
    from amanat.custody.quarantining import _wrapping  # noqa: PLC0415
    from amanat.policy.permit import Permit  # noqa: PLC0415
    from amanat.vault.folders import fetch_sealed  # noqa: PLC0415

    with unit(group.actor("basil"), "audit") as one:
        (frame,) = keeping.frames("ama-ch", one.now)
        own = fetch_sealed([group.amina], ("report",))[group.amina].unwrap().history
        taken = keeping.take(Permit(group.amina, frozenset({"report"})), frame, _wrapping("ama-ch"), own, one.now)
    assert taken["text"] == WORDS
