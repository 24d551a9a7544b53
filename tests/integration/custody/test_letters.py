"""Letters from strangers: taken under a clause, sealed, read by the privacy desk of the company alone, and let go."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from amanat.custody import letters
from amanat.custody.letters import LetterRefusedError, TooManyLettersError
from amanat.custody.reading import journal_of
from amanat.custody.unit import unit
from amanat.errors import NotFoundError
from amanat.worker.duties import expire
from stage.accounts import MovedClock
from stage.databases import AsLogin
from stage.group import Group

WORDS = "my brother was left waiting at gate B44"


def rows(owner: psycopg.Connection[Any]) -> int:
    found = owner.execute("SELECT count(*) FROM custody_letter").fetchone()
    return int(found[0]) if found else 0


def test_a_letter_is_taken_under_its_clause_and_read_by_the_privacy_officer(group: Group) -> None:
    posted = letters.post_letter("ama-ch", "complaint", WORDS, "brother@example.org")
    assert posted.clauses == ("C.2",)
    (listed,) = letters.letters_of(group.actor("dina"))
    assert (listed.number, listed.state) == (posted.number, "waiting")
    opened = letters.open_letter(group.actor("dina"), posted.id)
    assert (opened.text, opened.reply) == (WORDS, "brother@example.org")


def test_taking_and_reading_stand_in_the_journal_about_nobody(group: Group) -> None:
    posted = letters.post_letter("ama-ch", "enquiry", WORDS)
    letters.open_letter(group.actor("dina"), posted.id)
    with unit(group.actor("dina"), "audit") as one:
        read, taken, *_ = journal_of(one)
    assert (taken.action, taken.role, taken.outcome, taken.people) == ("collect", "web_system", "permit", 0)
    assert (read.action, read.role, read.outcome, read.people) == ("view", "privacy_officer", "permit", 0)


def test_what_was_written_is_nowhere_in_clear(group: Group, owner_connection: psycopg.Connection[Any]) -> None:
    letters.post_letter("ama-ch", "enquiry", WORDS, "brother@example.org")
    (row,) = owner_connection.execute("SELECT custody_letter::text, body FROM custody_letter").fetchall()
    for word in ("brother", "B44"):
        assert word not in row[0]
        assert word.encode() not in bytes(row[1])


def test_another_company_finds_no_letter(group: Group) -> None:
    posted = letters.post_letter("ama-ch", "enquiry", WORDS)
    assert letters.letters_of(group.actor("wei")) == []
    with pytest.raises(NotFoundError):
        letters.open_letter(group.actor("wei"), posted.id)
    with pytest.raises(NotFoundError):
        letters.close_letter(group.actor("wei"), posted.id)


def test_nobody_reads_a_letter_in_a_role_without_a_clause(group: Group) -> None:
    """An auditor is no staff of ours: clause C.2 does not name one, and the refusal is on record."""
    posted = letters.post_letter("ama-ch", "enquiry", WORDS)
    dina = group.actor("dina")
    auditor = type(dina)(uuid4(), "auditor", "ama-ch", None, None, "session-auditor")
    with pytest.raises(LetterRefusedError):
        letters.open_letter(auditor, posted.id)
    with unit(dina, "audit") as one:
        assert journal_of(one)[0].outcome == "deny"


def test_a_letter_that_was_moved_to_another_row_does_not_open(
    group: Group, owner_connection: psycopg.Connection[Any]
) -> None:
    posted = letters.post_letter("ama-ch", "enquiry", WORDS)
    moved = uuid4()
    owner_connection.execute("UPDATE custody_letter SET id = %s WHERE id = %s", (moved, posted.id))
    with pytest.raises(letters.AmanatError):
        letters.open_letter(group.actor("dina"), moved)


def test_an_answered_letter_stands_last(group: Group) -> None:
    first = letters.post_letter("ama-ch", "enquiry", WORDS)
    second = letters.post_letter("ama-ch", "enquiry", WORDS)
    letters.close_letter(group.actor("dina"), second.id)
    listed = letters.letters_of(group.actor("dina"))
    assert [(one.id, one.state) for one in listed] == [(first.id, "waiting"), (second.id, "answered")]
    with unit(group.actor("dina"), "audit") as one:
        assert letters.waiting_letters(one) == 1


def test_a_letter_goes_when_its_time_is_over(
    group: Group, moved_clock: MovedClock, as_login: AsLogin, owner_connection: psycopg.Connection[Any]
) -> None:
    letters.post_letter("ama-ch", "enquiry", WORDS)
    moved_clock.move(days=letters.KEPT.days, seconds=1)
    assert letters.letters_of(group.actor("dina")) == []
    with as_login("worker"):
        assert expire() == 1
    assert rows(owner_connection) == 0


def test_a_flood_is_asked_to_come_back(group: Group, monkeypatch: pytest.MonkeyPatch, moved_clock: MovedClock) -> None:
    monkeypatch.setattr(letters, "MOST_AN_HOUR", 2)
    for _ in range(2):
        letters.post_letter("ama-ch", "enquiry", WORDS)
    with pytest.raises(TooManyLettersError):
        letters.post_letter("ama-ch", "enquiry", WORDS)
    letters.post_letter("ama-sg", "enquiry", WORDS)
    moved_clock.moment += timedelta(hours=2)
    letters.post_letter("ama-ch", "enquiry", WORDS)
