"""What is looked at again within a quarter of an hour is found again, and nothing else is taken for it."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from amanat.crypto.secret import SecretKey, new_key
from amanat.ledger.append import append, make_entry
from amanat.ledger.openings import QUERY, Opening, act_of_repeat, mark_of, opening_of, read, values_of
from amanat.vocabulary import clock
from stage.ledger import HOME_COMPANY, an_act
from stage.server import Clone

RECORD, MASKS, ACCOUNT = b'{"format":1}', (7, 8), uuid4()
MARK = mark_of("session-1", [], "view", "case_coordination")


def _look(subject: UUID, history: SecretKey, *, minutes: float = 0, state: str = "recorded") -> UUID:
    act = an_act(account=ACCOUNT, at=clock.now() - timedelta(minutes=minutes), state=state)
    entry = make_entry(act.id, subject, act.company, history, RECORD, (act.outcome, act.clauses), MASKS)
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('amanat.company', %s, true)", [HOME_COMPANY])
        append(replace(act, opening=MARK), [entry])
    return act.id


def _found(subject: UUID, *, account: UUID = ACCOUNT, mark: bytes | None = MARK) -> list[Opening]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('amanat.company', %s, true)", [HOME_COMPANY])
        cursor.execute(QUERY, values_of([subject], account, mark, clock.now()))
        return read(cursor.fetchall()).get(subject, [])


def test_the_same_look_is_found_again_for_a_quarter_of_an_hour(database: Clone) -> None:
    subject, history = uuid4(), new_key()
    assert opening_of(_found(subject), history, RECORD, MASKS) is None
    act = _look(subject, history, minutes=14.9)
    found = opening_of(_found(subject), history, RECORD, MASKS)
    assert found is not None
    assert found.act == act


def test_after_a_quarter_of_an_hour_it_is_written_again(database: Clone) -> None:
    subject = uuid4()
    _look(subject, new_key(), minutes=15.1)
    assert _found(subject) == []


def test_what_was_abandoned_is_no_opening(database: Clone) -> None:
    subject = uuid4()
    _look(subject, new_key(), state="abandoned")
    assert _found(subject) == []


def test_another_person_session_or_colleague_is_another_look(database: Clone) -> None:
    subject = uuid4()
    _look(subject, new_key())
    assert len(_found(subject)) == 1
    assert _found(uuid4()) == []
    assert _found(subject, account=uuid4()) == []
    assert _found(subject, mark=mark_of("session-2", [], "view", "case_coordination")) == []
    assert _found(subject, mark=None) == []


@pytest.mark.parametrize(("record", "masks"), [(b'{"format":2}', MASKS), (RECORD, (3, 8)), (RECORD, (7, 0))])
def test_another_decision_is_another_entry(database: Clone, record: bytes, masks: tuple[int, int]) -> None:
    subject, history = uuid4(), new_key()
    _look(subject, history)
    assert opening_of(_found(subject), history, record, masks) is None


def test_another_s_history_key_recognises_nothing(database: Clone) -> None:
    subject = uuid4()
    _look(subject, new_key())
    assert opening_of(_found(subject), new_key(), RECORD, MASKS) is None


def test_a_page_is_repeated_only_if_everybody_on_it_is(database: Clone) -> None:
    people = {uuid4(): new_key() for _ in range(3)}
    looks = {subject: (history, RECORD, MASKS) for subject, history in people.items()}
    found = {}
    for number, (subject, history) in enumerate(people.items(), 1):
        act = _look(subject, history)
        found |= {subject: _found(subject)}
        assert act_of_repeat(found, looks) == (act if number == len(people) else None)
    assert act_of_repeat(found, {}) is None
    assert act_of_repeat(found, looks | {uuid4(): (new_key(), RECORD, MASKS)}) is None


def test_a_mark_tells_session_mandates_and_matter_apart() -> None:
    one, other = uuid4(), uuid4()
    marks = [
        mark_of("a", [one], "view"), mark_of("b", [one], "view"), mark_of("a", [other], "view"),
        mark_of("a", [], "view"), mark_of("a", [one, other], "view"), mark_of("a", [one], "use"),
        mark_of("a", [one], "view", ""),
    ]  # fmt: skip
    assert len(set(marks)) == len(marks)
    assert mark_of("a", [one, other], "view") == mark_of("a", [other, one], "view")
    assert mark_of("", [one], "view") is None
