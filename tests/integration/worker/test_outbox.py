"""Notices leave through real SMTP, one recipient each, decided again at the moment they leave."""

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from amanat.custody.facts import Ask
from amanat.custody.unit import unit
from amanat.worker import mail
from amanat.worker.outbox import TRY_AGAIN_AFTER, send_due
from stage.accounts import MovedClock
from stage.databases import AsLogin
from stage.group import Group
from stage.postbox import Postbox


def _notify(group: Group, subject: UUID, kind: str = "glass_opened") -> None:
    with unit(group.actor("basil"), "eligibility") as one:
        one.ask(Ask("view", ("name",), "eligibility"), [subject])
        one.notify(subject, kind, {"role": "assistance_coordinator"}, ("8.4", "8.13"))


@pytest.fixture
def send(as_login: AsLogin) -> Any:
    """Send as the worker does."""

    def sent() -> int:
        with as_login("worker"):
            return send_due()

    return sent


def _states(owner: psycopg.Connection) -> list[str]:
    return [state for (state,) in owner.execute("SELECT state FROM custody_message ORDER BY due")]


def _acts(owner: psycopg.Connection) -> list[tuple[str, str, str, str]]:
    statement = "SELECT role, action, purpose, outcome FROM ledger_act WHERE action = 'contact'"
    return owner.execute(statement).fetchall()


def test_a_notice_reaches_exactly_its_person(
    group: Group, send: Any, postbox: Postbox, owner_connection: psycopg.Connection
) -> None:
    _notify(group, group.amina)
    _notify(group, group.mallory)
    assert send() == 2
    assert [one.rcpt_tos for one in postbox.envelopes] == [["amina@example.org"], ["mallory@example.org"]]
    assert all(letter["To"] == one.rcpt_tos[0] for letter, one in zip(postbox.letters, postbox.envelopes, strict=True))
    assert not any(letter["Cc"] or letter["Bcc"] for letter in postbox.letters)
    assert _states(owner_connection) == ["sent", "sent"]


def test_a_letter_tells_nothing_that_was_kept(group: Group, send: Any, postbox: Postbox) -> None:
    _notify(group, group.amina)
    send()
    (letter,) = postbox.letters
    assert letter["Subject"] == "Somebody looked at your record"
    assert letter["Auto-Submitted"] == "auto-generated"
    body = letter.get_content()
    assert "8.4, 8.13" in body
    assert "Amanat CH" in body
    assert not any(word in str(letter) for word in ("Haddad", "OX-1001", "glass", "medical", "health"))


def test_sending_is_an_act_of_its_own_in_the_ledger(
    group: Group, send: Any, postbox: Postbox, owner_connection: psycopg.Connection
) -> None:
    _notify(group, group.amina)
    send()
    assert _acts(owner_connection) == [("web_system", "contact", "service_message", "permit")]


def test_what_was_sent_is_not_sent_again(group: Group, send: Any, postbox: Postbox) -> None:
    _notify(group, group.amina)
    assert (send(), send(), len(postbox.envelopes)) == (1, 0, 1)


def test_a_person_who_meanwhile_held_back_the_address_is_not_written_to(
    group: Group, send: Any, postbox: Postbox, owner_connection: psycopg.Connection
) -> None:
    _notify(group, group.amina)
    change = "UPDATE people_standing SET choices = '{withhold:email}' WHERE subject = %s"
    assert owner_connection.execute(change, (group.amina,)).rowcount == 1
    assert (send(), postbox.envelopes, _states(owner_connection)) == (0, [], ["refused"])
    assert [outcome for *_, outcome in _acts(owner_connection)] == ["deny"]


def test_a_person_without_an_address_is_not_tried_again(
    group: Group, send: Any, postbox: Postbox, owner_connection: psycopg.Connection
) -> None:
    _notify(group, group.child)
    assert (send(), postbox.envelopes) == (0, [])
    assert _states(owner_connection) == ["no_address"]


def test_without_a_mail_server_messages_wait(
    group: Group, send: Any, owner_connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AMANAT_SMTP_URL", raising=False)
    _notify(group, group.amina)
    assert (send(), _states(owner_connection), _acts(owner_connection)) == (0, ["waiting"], [])


def test_a_mail_server_that_is_down_reveals_nothing_and_loses_nothing(
    group: Group, send: Any, owner_connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMANAT_SMTP_URL", "smtp://127.0.0.1:1")
    _notify(group, group.amina)
    with pytest.raises(mail.MailServerError):
        send()
    assert (_states(owner_connection), _acts(owner_connection)) == (["waiting"], [])


def test_a_try_that_failed_is_repeated_after_a_while(
    group: Group, send: Any, postbox: Postbox, owner_connection: psycopg.Connection, moved_clock: MovedClock
) -> None:
    _notify(group, group.amina)
    postbox.answer = "451 come back later"
    assert send() == 0
    postbox.answer = "250 kept"
    assert (send(), _states(owner_connection)) == (0, ["sending"])
    moved_clock.move(seconds=TRY_AGAIN_AFTER / timedelta(seconds=1) + 1)
    assert (send(), _states(owner_connection)) == (1, ["sent"])
    assert len(_acts(owner_connection)) == 2


def test_an_address_that_is_refused_for_good_holds_up_nobody_and_stays_out_of_the_log(
    group: Group, send: Any, postbox: Postbox, owner_connection: psycopg.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    _notify(group, group.amina)
    postbox.answer = "550 no such person as amina@example.org"
    with caplog.at_level(logging.DEBUG):
        assert send() == 0
    assert _states(owner_connection) == ["failed"]
    said = [one.getMessage() for one in caplog.records if one.name.partition(".")[0] in ("amanat", "django")]
    assert any("550" in one for one in said)
    assert not any("example.org" in one for one in said)


def test_a_message_that_cannot_be_decided_holds_up_nobody(
    group: Group, send: Any, postbox: Postbox, owner_connection: psycopg.Connection
) -> None:
    _notify(group, group.amina)
    _notify(group, group.mallory)
    broken = "UPDATE keys_subject SET history = overlay(history placing 'xx' from 20) WHERE subject = %s"
    assert owner_connection.execute(broken, (group.amina,)).rowcount == 1
    assert (send(), _states(owner_connection)) == (1, ["waiting", "sent"])


def test_a_kind_without_words_is_not_sent(
    group: Group, send: Any, postbox: Postbox, owner_connection: psycopg.Connection
) -> None:
    _notify(group, group.amina, "../glass_opened")
    assert (send(), _states(owner_connection), postbox.envelopes) == (0, ["failed"], [])


def test_a_message_another_worker_took_is_left_alone(
    group: Group, send: Any, postbox: Postbox, owner_connection: psycopg.Connection
) -> None:
    _notify(group, group.amina)
    owner_connection.execute("UPDATE custody_message SET state = 'sending', sent_at = now()")
    assert (send(), postbox.envelopes) == (0, [])


@pytest.mark.parametrize("url", ["", "smtp://", "mail.example.org:25", "http://mail.example.org", "smtp://h:port"])
def test_a_setting_that_names_no_mail_server_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from amanat.errors import MalformedError  # noqa: PLC0415

    with pytest.raises(MalformedError):
        mail.parse_url(url)


def test_a_mail_server_may_want_a_password_and_speak_tls() -> None:
    server = mail.parse_url("smtps://post%40office:s%3Acret@mail.example.org")
    assert (server.host, server.port, server.tls) == ("mail.example.org", 465, True)
    assert (server.user, server.password) == ("post@office", "s:cret")
