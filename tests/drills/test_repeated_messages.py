"""Messages that come late, twice, at the same time or in another order: none has a second effect.

The size follows AMANAT_DRILL: 300 deliveries for a commit, 3,000 for a night, 30,000 for a release. Each message is
delivered three times on average, some of them at once from two threads; the copies of a week later come last.
"""

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from amanat.cases.reports import take_report
from amanat.cases.service import Opening, open_case
from amanat.cases.sharing import record_answer
from amanat.custody import letters, unit
from amanat.custody.answers import AlreadyAnsweredError, Key
from amanat.custody.choosing import digest_of
from amanat.errors import ConflictError
from amanat.vocabulary import clock
from amanat.worker.duties import expire
from stage.databases import AsLogin
from stage.desk import open_for
from stage.group import Group

Owner = psycopg.Connection[Any]
DELIVERIES: Final = {"commit": 300, "night": 3_000, "release": 30_000}[os.environ.get("AMANAT_DRILL", "commit")]
KINDS: Final = ("answer",) * 12 + ("letter",) * 4 + ("report",) * 3 + ("case",)
_CONSENTS: Final = """
SELECT wording, count(DISTINCT at) FROM choices_consentrecord GROUP BY wording ORDER BY 2 DESC
"""


@dataclass(frozen=True)
class Message:
    number: int
    kind: str

    @property
    def key(self) -> Key:
        return Key.over(f"drill-{self.number}", f"{self.kind} {self.number}".encode())

    @property
    def wording(self) -> str:
        return f"May we use it? ({self.number})"

    @property
    def says_yes(self) -> bool:
        return self.number % 3 != 0


class Desk:
    """Where the messages arrive, and how often each was carried out."""

    def __init__(self, group: Group) -> None:
        self.group, self.case = group, open_for(group)
        self.told: Counter[str] = Counter()

    def deliver(self, message: Message) -> str:
        """What the sender is told: `done` now, `repeated` (done before), or `busy` (ask again with this key)."""
        try:
            unit.run(lambda: self._carry_out(message))
        except AlreadyAnsweredError:
            return "repeated"
        except ConflictError:
            return "other"
        return "done"

    def at_once(self, message: Message) -> list[str]:
        """The same message from two threads."""

        def send(_: int) -> str:
            try:
                return self.deliver(message)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(send, range(2)))

    def _carry_out(self, message: Message) -> None:
        basil = self.group.actor("basil")
        match message.kind:
            case "answer":
                record_answer(basil, self.case, agrees=message.says_yes, wording=message.wording, language="en",
                              key=message.key)  # fmt: skip
            case "letter":
                letters._post("ama-ch", "enquiry", f"letter {message.number}", "", message.key)
            case "report":
                take_report(basil, self.case, "provider.medical@alp-air", f"report {message.number}", message.key)
            case _:
                open_case(basil, self.group.amina, Opening("advice", "question"), message.key)


@pytest.fixture
def desk(group: Group, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(letters, "MOST_AN_HOUR", DELIVERIES)
    return Desk(group)


def deliveries(seed: int, many: int) -> Iterator[Message]:
    """Each message three times on average, its copies up to fifty places late and out of order."""
    draw = random.Random(seed)  # noqa: S311  # an order, no secret
    messages = [Message(number, KINDS[number % len(KINDS)]) for number in range(many // 3)]
    copies = [(place + draw.random() * 50, message) for place, message in enumerate(messages)
              for _ in range(draw.choice((2, 3, 4)))]  # fmt: skip
    yield from (message for _, message in sorted(copies, key=lambda one: one[0]))


def effects(owner: Owner) -> dict[str, int]:
    """What stands in the tables now, and how many answers were recorded more than once."""
    count: Callable[[Any], int] = lambda statement: owner.execute(statement).fetchone()[0]  # type: ignore[index]  # noqa: E731
    consents = owner.execute(_CONSENTS).fetchall()
    return {
        "answer": len(consents),
        "twice": sum(times > 1 for _, times in consents),
        "letter": count("SELECT count(*) FROM custody_letter"),
        "report": count("SELECT count(*) FROM quarantine_item"),
        "case": count("SELECT count(*) FROM cases_case") - 1,  # the one in which all this happens
    }


def expected(sent: set[Message]) -> dict[str, int]:
    kinds = Counter(message.kind for message in sent)
    return {"twice": 0, **{kind: kinds[kind] for kind in ("answer", "letter", "report", "case")}}


def choices(owner: Owner, subject: UUID) -> list[str]:
    row = owner.execute("SELECT choices FROM people_standing WHERE subject = %s", (subject,)).fetchone()
    return list(row[0]) if row else []


def test_late_doubled_and_reordered_messages_have_one_effect(
    desk: Desk, owner_connection: Owner, as_login: AsLogin, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: set[Message] = set()
    agreed = False
    for message in deliveries(7, DELIVERIES):
        told = desk.deliver(message)
        assert told == ("repeated" if message in seen else "done"), message
        if message not in seen and message.kind == "answer":
            agreed = message.says_yes
        seen.add(message)
    assert effects(owner_connection) == expected(seen)
    assert ("emergency_record" in choices(owner_connection, desk.group.amina)) is agreed, "an old copy changed it back"
    # A week later the worker has let go of old answers; copies that still come are known all the same.
    monkeypatch.setattr(clock, "now", lambda now=clock.now: now() + timedelta(days=7))
    with as_login("worker"):
        expire()
    for message in sorted(seen, key=lambda one: one.number)[:: max(1, len(seen) // 200)]:
        assert desk.deliver(message) == "repeated", message
    assert effects(owner_connection) == expected(seen)


def test_two_copies_at_the_same_time_have_one_effect(desk: Desk, owner_connection: Owner) -> None:
    sent = {Message(number, KINDS[number % len(KINDS)]) for number in range(max(20, DELIVERIES // 30))}
    for message in sorted(sent, key=lambda one: one.number):
        assert sorted(desk.at_once(message)) == ["done", "repeated"], message
    assert effects(owner_connection) == expected(sent)


def test_the_same_key_with_other_words_is_refused_and_changes_nothing(desk: Desk, owner_connection: Owner) -> None:
    message = Message(1, "letter")
    assert desk.deliver(message) == "done"
    other = Key.over(message.key.value, b"something else")
    first = letters.post_letter("ama-ch", "enquiry", "letter 1", key=message.key)
    assert first == letters.post_letter("ama-ch", "enquiry", "letter 1", key=message.key)
    with pytest.raises(ConflictError):
        letters.post_letter("ama-ch", "enquiry", "other", key=other)
    assert effects(owner_connection)["letter"] == 1


def test_planted_a_desk_that_forgets_its_answers_does_things_twice(
    desk: Desk, owner_connection: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit, "refuse_repeat", lambda *_: None)
    monkeypatch.setattr(unit, "settle", lambda *_: None)
    sent = list(deliveries(7, 120))
    assert {desk.deliver(message) for message in sent} == {"done"}
    found, fair = effects(owner_connection), expected(set(sent))
    assert found["twice"] > 0
    assert all(found[kind] > fair[kind] for kind in ("letter", "report", "case"))


def test_planted_an_answer_that_is_forgotten_too_soon_lets_an_old_copy_change_it_back(
    desk: Desk, owner_connection: Owner
) -> None:
    yes, no = Message(1, "answer"), Message(3, "answer")
    assert [desk.deliver(one) for one in (yes, no)] == ["done", "done"]
    assert "emergency_record" not in choices(owner_connection, desk.group.amina)
    owner_connection.execute("DELETE FROM custody_answer")
    assert desk.deliver(yes) == "done"
    assert "emergency_record" in choices(owner_connection, desk.group.amina)


def test_a_wording_leads_to_its_message() -> None:
    assert digest_of(Message(1, "answer").wording) != digest_of(Message(2, "answer").wording)
