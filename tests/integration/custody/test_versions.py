"""Several versions of the statement: each from its day on, and nobody under a wider one before they answer."""

import hashlib
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from amanat.choices.models import State, StatementAnswer
from amanat.custody import words
from amanat.custody.choosing import answer_statement
from amanat.custody.facts import Ask, Recipient
from amanat.custody.publishing import publish
from amanat.custody.reading import act_of
from amanat.custody.replaying import Finding, replay
from amanat.custody.supposing import suppose
from amanat.custody.unit import unit
from amanat.database.home import Home
from amanat.ledger.health import health
from amanat.policy.decision import Outcome
from amanat.vocabulary.choices import Choice, ChoiceKind
from stage.accounts import MovedClock
from stage.databases import AsLogin
from stage.group import ORYX, Group, _enrol
from stage.versions import ASKED, HAND_OVER, MEDICAL, a_helper, act, agree, come_into_force, open_case, signed

RESCUE = Ask("disclose", ("policy_number",), "emergency_care", recipient=Recipient("emergency_local", country="CH"))
NAME = Ask("view", ("name",), "eligibility")


@pytest.fixture
def newer(moved_clock: MovedClock, group: Group, as_login: AsLogin) -> Group:
    """Amina and Mallory agreed to health data under 1.0; now 1.1 is in force."""
    a_helper(as_login)
    for subject in (group.amina, group.mallory):
        agree(group, subject)
    come_into_force(moved_clock, as_login)
    for subject in (group.amina, group.mallory):
        open_case(group, subject)
    return group


def newcomer(as_login: AsLogin, group: Group) -> UUID:
    """Somebody who came when 1.1 was in force already."""
    subject = uuid4()
    _enrol(subject, ORYX, "Late", "Lena", "lena@example.org", "OX-1009")
    agree(group, subject)
    open_case(group, subject)
    return subject


def decided(group: Group, subject: UUID, ask: Ask = HAND_OVER) -> tuple[Outcome, str]:
    decision = act(group, [subject], ask).decision(subject)
    return decision.outcome, decision.version


def replayed(group: Group, act_id: UUID) -> list[tuple[Finding, str]]:
    with unit(group.actor("dina"), "audit") as one:
        line = act_of(one, act_id)
        assert line is not None
        return [(found.finding, found.version) for found in replay(one, line)]


def test_a_statement_decides_from_its_day_on_and_not_before_without_a_restart(
    moved_clock: MovedClock, group: Group, as_login: AsLogin
) -> None:
    with as_login("worker"):
        publish(signed())
    assert decided(group, group.amina, NAME)[1] == "1.0.0"
    moved_clock.moment = moved_clock.moment.replace(year=2027, month=6, day=30, hour=23, minute=59)
    assert decided(group, group.amina, NAME)[1] == "1.0.0"
    moved_clock.move(minutes=1)
    assert decided(group, group.amina, NAME)[1] == "1.1.0"


def test_each_company_is_under_the_version_that_is_in_force_for_it(
    moved_clock: MovedClock, group: Group, as_login: AsLogin
) -> None:
    come_into_force(moved_clock, as_login, "ama-sg")
    told = {}
    for name in ("wei", "emil"):
        with unit(group.actor(name), "eligibility") as one:
            told[name] = one.statement().version
    assert told == {"wei": "1.1.0", "emil": "1.0.0"}


def test_what_became_stricter_holds_at_once_for_everybody(
    moved_clock: MovedClock, group: Group, as_login: AsLogin
) -> None:
    open_case(group, group.amina, "emergency_medical")
    assert decided(group, group.amina, RESCUE) == (Outcome.PERMIT, "1.0.0")
    come_into_force(moved_clock, as_login)
    open_case(group, group.amina, "emergency_medical")
    assert decided(group, group.amina, RESCUE) == (Outcome.DENY, "1.1.0")


def test_a_yes_of_old_does_not_stretch_to_a_widened_clause(newer: Group, as_login: AsLogin) -> None:
    assert decided(newer, newer.amina) == (Outcome.DENY, "1.0.0")
    assert decided(newer, newcomer(as_login, newer)) == (Outcome.PERMIT, "1.1.0")


def test_what_the_newer_version_leaves_as_it_was_is_decided_by_it(newer: Group) -> None:
    assert decided(newer, newer.amina, NAME) == (Outcome.PERMIT, "1.1.0")


def test_a_yes_under_the_newer_words_opens_what_they_say(newer: Group) -> None:
    agree(newer, newer.amina)
    assert decided(newer, newer.amina) == (Outcome.PERMIT, "1.1.0")
    assert decided(newer, newer.mallory) == (Outcome.DENY, "1.0.0")


def test_a_yes_to_something_else_opens_nothing(newer: Group) -> None:
    agree(newer, newer.amina, Choice(ChoiceKind.NEWSLETTER))
    assert decided(newer, newer.amina) == (Outcome.DENY, "1.0.0")


def test_a_yes_to_the_statement_is_no_new_yes_to_health_data(newer: Group) -> None:
    with unit(newer.as_member(newer.amina), "rights_fulfilment", channel="web_account") as one:
        answer_statement(one, newer.amina, State.GIVEN, ASKED)
    assert decided(newer, newer.amina) == (Outcome.DENY, "1.0.0")
    agree(newer, newer.amina)
    assert decided(newer, newer.amina) == (Outcome.PERMIT, "1.1.0")


def test_an_answer_to_the_statement_is_kept_and_a_no_leaves_the_person_where_they_were(
    newer: Group, owner_connection: psycopg.Connection
) -> None:
    for subject, state in ((newer.amina, State.GIVEN), (newer.mallory, State.REFUSED)):
        with unit(newer.as_member(subject), "rights_fulfilment", channel="web_account") as one:
            answer_statement(one, subject, state, ASKED)
            kept = StatementAnswer.objects.get(subject=subject)
        assert (kept.state, kept.statement, kept.channel) == (state.value, signed().digest, "web_account")
    given = dict(owner_connection.execute("SELECT subject, statement FROM people_standing").fetchall())
    assert given[newer.amina] == signed().digest != given[newer.mallory]


def test_a_yes_that_is_withdrawn_and_given_again_is_a_new_one(newer: Group) -> None:
    agree(newer, newer.amina, state=State.WITHDRAWN)
    assert decided(newer, newer.amina)[0] is Outcome.ASK
    agree(newer, newer.amina)
    assert decided(newer, newer.amina)[0] is Outcome.PERMIT


def test_who_was_there_before_versions_were_noted_is_under_the_first(
    newer: Group, owner_connection: psycopg.Connection
) -> None:
    owner_connection.execute("UPDATE people_standing SET statement = '', answered = '{}'")
    assert decided(newer, newer.amina) == (Outcome.DENY, "1.0.0")
    agree(newer, newer.amina)
    assert decided(newer, newer.amina) == (Outcome.PERMIT, "1.1.0")


def test_what_is_supposed_of_a_new_yes_is_what_then_happens(newer: Group) -> None:
    somebody = replace(newer.actor("emil"), account=None)

    def supposed(choices: frozenset[str] | None) -> Outcome:
        with unit(newer.as_member(newer.amina), "rights_fulfilment") as one:
            (decision,) = suppose(one, [somebody], newer.amina, [HAND_OVER], choices)
        return decision.outcome

    assert supposed(None) is Outcome.DENY
    agree(newer, newer.amina, state=State.WITHDRAWN)
    assert supposed(frozenset({str(MEDICAL)})) is Outcome.PERMIT
    agree(newer, newer.amina)
    assert supposed(None) is Outcome.PERMIT


def test_versions_of_people_cost_no_statement_and_equal_ones_share_a_decision(newer: Group, as_login: AsLogin) -> None:
    lena = newcomer(as_login, newer)
    people = [newer.amina, newer.mallory, lena]
    act(newer, people)
    with CaptureQueriesContext(connection) as caught:
        handle = act(newer, people)
    statements = [one for one in caught.captured_queries if not one["sql"].startswith(("BEGIN", "COMMIT"))]
    assert len(statements) == 7  # six, and the locks of a transfer
    assert handle.judged[newer.amina] is handle.judged[newer.mallory] is not handle.judged[lena]
    assert [handle.decision(one).version for one in people] == ["1.0.0", "1.0.0", "1.1.0"]


@pytest.mark.parametrize("again", [False, True])
def test_a_decision_replays_byte_for_byte_under_the_versions_that_it_was_held_to(newer: Group, *, again: bool) -> None:
    if again:
        agree(newer, newer.amina)
    done = act(newer, [newer.amina, newer.mallory])
    found = replayed(newer, done.act)
    versions = sorted(["1.1.0" if again else "1.0.0", "1.0.0"])
    assert sorted(found, key=lambda one: one[1]) == [(Finding.SAME, version) for version in versions]


def test_an_act_names_the_version_in_force_and_each_entry_the_one_that_decided(
    newer: Group, owner_connection: psycopg.Connection
) -> None:
    done = act(newer, [newer.amina])
    ((statement,),) = owner_connection.execute("SELECT statement FROM ledger_act WHERE id = %s", (done.act,)).fetchall()
    assert (statement, done.decision(newer.amina).version) == (signed().digest, "1.0.0")


def smuggle(owner: psycopg.Connection, since: datetime, overlay: str = "") -> str:
    """Put a text in force that compiles nowhere, past all checks."""
    digest = hashlib.sha256(overlay.encode()).hexdigest()
    table, name = ("ledger_overlay", "overlay") if overlay else ("ledger_statement", "name")
    kept = f"INSERT INTO {table} (digest, {name}, version, effective, text) VALUES (%s, %s, '2.0', now(), %s)"  # noqa: S608
    owner.execute(kept.encode(), (digest, overlay or "ama", overlay))
    owner.execute(
        "INSERT INTO ledger_publication (overlay, company, digest, since, at) VALUES (%s, '', %s, %s, now())",
        (overlay, digest, since),
    )
    return digest


def test_a_version_that_cannot_be_read_leaves_the_one_before_in_force_and_is_told(
    newer: Group, owner_connection: psycopg.Connection, moved_clock: MovedClock, caplog: pytest.LogCaptureFixture
) -> None:
    digest = smuggle(owner_connection, moved_clock.moment - timedelta(seconds=1))
    words._unusable.discard(digest)
    with caplog.at_level(logging.CRITICAL, "amanat.custody"):
        assert [decided(newer, newer.amina, NAME)[1] for _ in range(2)] == ["1.1.0", "1.1.0"]
    assert [digest[:12] in record.getMessage() for record in caplog.records] == [True]


def test_a_text_that_was_altered_on_record_is_not_used(
    group: Group, owner_connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner_connection.execute("UPDATE ledger_statement SET text = replace(text, 'unless', 'Unless')")
    for known in (words._statements, words._words, words._unusable):
        monkeypatch.setattr(words, _name_of(known), type(known)())
    with pytest.raises(words.NoStatementError), unit(group.actor("emil"), "eligibility") as one:
        one.ask(NAME, [group.amina])


def _name_of(known: object) -> str:
    return next(name for name, value in vars(words).items() if value is known)


@pytest.mark.parametrize("altered", ["ledger_statement", "ledger_overlay"])
def test_a_text_in_force_that_is_not_the_published_one_is_found_by_the_doctor(
    group: Group, home: Home, owner_connection: psycopg.Connection, altered: str
) -> None:
    assert health(home) == []
    owner_connection.execute(f"UPDATE {altered} SET text = text || ' '".encode())  # noqa: S608  # tables of ours
    assert {one.says for one in health(home)} == {"its text is not the one that was published"}


@pytest.mark.parametrize("overlay", ["", "law:XX"])
def test_a_text_in_force_that_cannot_be_read_is_found_by_the_doctor(
    group: Group, home: Home, owner_connection: psycopg.Connection, moved_clock: MovedClock, overlay: str
) -> None:
    smuggle(owner_connection, moved_clock.moment, overlay)
    (finding,) = health(home)
    assert "cannot be read" in finding.says


def test_without_an_overlay_that_is_in_force_nothing_is_decided(
    group: Group, owner_connection: psycopg.Connection, moved_clock: MovedClock
) -> None:
    smuggle(owner_connection, moved_clock.moment, "law:XX")
    with pytest.raises(words.UnreadableError), unit(group.actor("emil"), "eligibility") as one:
        one.ask(NAME, [group.amina])


def test_threads_take_a_new_version_up_between_two_decisions_and_never_go_back(
    moved_clock: MovedClock, group: Group, as_login: AsLogin, monkeypatch: pytest.MonkeyPatch
) -> None:
    with as_login("worker"):
        publish(signed("ama-1.1", ("version: 1.1.0", "version: 1.1.7")))
    monkeypatch.setattr(words, "_statements", {})
    monkeypatch.setattr(words, "_words", {})
    turned = threading.Event()

    def decide_on() -> list[str]:
        try:
            told = [decided(group, group.amina, NAME)[1]]
            while told[-1] == "1.0.0" or len(told) < 5:
                told.append(decided(group, group.amina, NAME)[1])
                turned.set()
            return told
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(decide_on) for _ in range(4)]
        assert turned.wait(30)
        moved_clock.moment = datetime(2027, 7, 1, 8, tzinfo=UTC)
        for told in (one.result(60) for one in waiting):
            assert told == sorted(told)
            assert {*told} <= {"1.0.0", "1.1.7"}
