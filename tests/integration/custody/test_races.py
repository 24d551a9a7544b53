"""Two at once: what the lock on a person's standing promises, each with an interleaving that would show its absence."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from amanat.choices.models import ConsentRecord, State
from amanat.custody import erasing
from amanat.custody import unit as custody
from amanat.custody.actor import Actor
from amanat.custody.answers import AlreadyAnsweredError, Key
from amanat.custody.choosing import Answer, Asked, choose
from amanat.custody.facts import Ask, Recipient, read_people
from amanat.custody.reading import act_of
from amanat.custody.unit import run, unit
from amanat.database.erasures import Line, Mark, append_line
from amanat.database.home import Home
from amanat.errors import ConflictError, NotFoundError
from amanat.mandates.models import Mandate
from amanat.policy.decision import Outcome
from amanat.portals.door import Door
from amanat.portals.routes import Access, Audience, Route
from amanat.vocabulary.choices import Choice, ChoiceKind
from stage.group import ORYX, Group

WORDS = Asked("May they be told?", "1", "en")
YES = Answer(Choice(ChoiceKind.PAYER_DISCLOSURE, "employer"), State.GIVEN, ORYX)
TELL = Ask("disclose", ("name",), "billing", recipient=Recipient("employer", ORYX))
NOTE = Ask("collect", ("case_log",), "billing")
LONG_ENOUGH = 0.7  # for another thread to commit if nothing holds it up
Start = Callable[[Callable[[], object]], "Future[object]"]


@pytest.fixture
def start(group: Group) -> Iterator[Start]:
    """Run something beside the test, on a connection of its own."""

    def closing(work: Callable[[], object]) -> object:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        yield lambda work: pool.submit(closing, work)


def answer(group: Group, *answers: Answer) -> None:
    with unit(group.actor("amina"), "rights_fulfilment", channel="web_account") as one:
        choose(one, group.amina, answers, WORDS)


def withdraw(group: Group) -> None:
    answer(group, replace(YES, state=State.WITHDRAWN))


def in_force(group: Group) -> set[str]:
    with unit(group.actor("basil"), "eligibility") as one:
        return set(read_people(one.actor, [group.amina], one.now)[group.amina].choices)


def lend(group: Group, holder: Actor) -> None:
    with unit(group.actor("basil"), "case_coordination") as one:
        Mandate.objects.create(
            subject=group.amina, id=uuid4(), company="ama-ch", holder_company=holder.company, holder=holder.account,
            kind="case", contexts=[], since=one.now, until=one.now + timedelta(hours=1),
        )  # fmt: skip


def told_while_withdrawn(group: Group, start: Start, actor: Actor, ask: Ask) -> bool:
    """Whether a withdrawal was acknowledged while a permitted act was still on its way to its commit."""
    acknowledged = threading.Event()

    def withdrawal() -> None:
        run(lambda: withdraw(group))
        acknowledged.set()

    with unit(actor, ask.purpose) as one:
        assert one.ask(ask, [group.amina]).permits(group.amina)
        other = start(withdrawal)
        overtaken = acknowledged.wait(LONG_ENOUGH)
    other.result()
    return overtaken


@pytest.fixture
def agreed(group: Group) -> Group:
    answer(group, YES)
    lend(group, group.actor("basil"))
    return group


def test_a_withdrawal_is_not_acknowledged_while_a_disclosure_is_on_its_way(agreed: Group, start: Start) -> None:
    assert not told_while_withdrawn(agreed, start, agreed.actor("basil"), TELL)
    with unit(agreed.actor("basil"), "billing") as one:
        handle = one.ask(TELL, [agreed.amina])
    assert handle.decision(agreed.amina).outcome is Outcome.ASK


def test_without_the_lock_the_withdrawal_would_overtake(
    agreed: Group, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same interleaving, with the disclosure's lock taken away."""
    monkeypatch.setattr(custody, "_LOCKS", {"collect": "facts_owned"})
    assert told_while_withdrawn(agreed, start, agreed.actor("basil"), TELL)


def test_a_look_from_abroad_is_a_transfer_and_holds_up_a_withdrawal_too(agreed: Group, start: Start) -> None:
    wei = agreed.actor("wei")
    lend(agreed, wei)
    assert not told_while_withdrawn(agreed, start, wei, Ask("view", ("name",), "eligibility"))


def test_after_an_acknowledged_withdrawal_nobody_is_told(agreed: Group, start: Start) -> None:
    """Many disclosures against one withdrawal, begun and ended in whatever order the machine finds."""
    for _ in range(10):
        answer(agreed, YES)
        acknowledged = threading.Event()

        def tell(acknowledged: threading.Event = acknowledged) -> bool:
            """Whether it was permitted although the withdrawal had been acknowledged before it ended."""
            with unit(agreed.actor("basil"), "billing") as one:
                handle = one.ask(TELL, [agreed.amina])
                late = acknowledged.is_set()
            return handle.permits(agreed.amina) and late

        def take_back(acknowledged: threading.Event = acknowledged) -> bool:
            run(lambda: withdraw(agreed))
            acknowledged.set()
            return False

        at_once: list[Callable[[], object]] = [tell, tell, take_back, tell, tell, tell]
        running = [start(work) for work in at_once]
        assert not any(one.result() for one in running)


def test_two_choices_made_at_once_are_both_kept(group: Group, start: Start) -> None:
    other = Answer(Choice(ChoiceKind.NEWSLETTER), State.GIVEN)
    with unit(group.actor("amina"), "rights_fulfilment", channel="web_account") as one:
        choose(one, group.amina, [YES], WORDS)
        waiting = start(lambda: answer(group, other))
        assert not _ends(waiting)
    waiting.result()
    assert in_force(group) == {YES.written, other.written}
    with unit(group.actor("amina"), "rights_fulfilment"):
        assert ConsentRecord.objects.filter(subject=group.amina).count() == 2


def _ends(running: "Future[object]") -> bool:
    try:
        running.result(timeout=LONG_ENOUGH)
    except TimeoutError:
        return False
    return True


def test_two_who_tell_and_note_it_at_once_both_succeed(agreed: Group, start: Start) -> None:
    """Both share the lock and then want it whole: one is sent back by the database and asked again."""
    both_told = threading.Barrier(2, timeout=5)
    tries: list[UUID] = []

    def tell_and_note() -> None:
        with unit(agreed.actor("basil"), "billing") as one:
            one.ask(TELL, [agreed.amina])
            tries.append(one.last_act.id)
            if len(tries) <= 2:
                both_told.wait()
            one.ask(NOTE, [agreed.amina])

    for running in [start(lambda: run(tell_and_note)) for _ in range(2)]:
        running.result()
    assert len(tries) == 3


def test_the_door_asks_a_view_again_that_lost_against_another(group: Group) -> None:
    tries: list[int] = []

    def view(_request: HttpRequest) -> HttpResponse:
        tries.append(1)
        if len(tries) == 1:
            with connection.cursor() as cursor:
                cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = 'serialization_failure'; END $$")
        return HttpResponse("done")

    door = Door(Route("x/", view, "x", Audience.PUBLIC, {"GET": Access.OPEN}))
    assert door(RequestFactory().get("/x/")).content == b"done"
    assert len(tries) == 2


def test_one_message_sent_twice_at_once_has_one_effect_and_one_answer(agreed: Group, start: Start) -> None:
    key = Key.over("once", b"body")
    both_at_work = threading.Barrier(2, timeout=5)
    tries: list[UUID] = []

    def send() -> str:
        def work() -> str:
            with unit(agreed.actor("basil"), "billing", key=key) as one:
                one.ask(TELL, [agreed.amina])
                tries.append(one.last_act.id)
                one.result = {"number": str(one.last_act.id)}
                both_at_work.wait()
            return str(one.result["number"])

        try:
            return run(work)
        except AlreadyAnsweredError as before:
            return str(before.result["number"])

    answers = {running.result() for running in [start(send), start(send)]}
    assert len(tries) == 2
    assert len(answers) == 1
    with unit(agreed.actor("basil"), "billing") as one:
        states = sorted(line.state for act in tries if (line := act_of(one, act)))
    assert states == ["abandoned", "recorded"]


def test_the_answer_to_one_is_nobody_elses(group: Group) -> None:
    """Chandra sends what Basil sent, key and words: she is not told what he was answered."""
    key = Key.over("seen over a shoulder", b"body")
    with unit(group.actor("basil"), "eligibility", key=key) as one:
        one.result = {"case": "c1"}
    with pytest.raises(ConflictError) as refused, unit(group.actor("chandra"), "eligibility", key=key):
        pass
    assert not isinstance(refused.value, AlreadyAnsweredError)


def test_what_is_written_while_a_person_is_erased_is_gone_with_them(
    group: Group, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = Ask("correct", ("email",), "rights_fulfilment", channel="web_account")

    def correct() -> bool:
        try:
            with unit(group.actor("amina"), "rights_fulfilment") as one:
                return one.keep(ask, group.amina, {"email": "new@example.org"}, version_read=None).permits(group.amina)
        except NotFoundError:
            return False

    waiting: list[Future[object]] = []

    def while_it_writes(home: Home, after: Mark, line: Line) -> Mark:
        waiting.append(start(correct))
        assert not _ends(waiting[0])
        return append_line(home, after, line)

    monkeypatch.setattr(erasing, "append_line", while_it_writes)
    erasing.erase_myself(group.actor("amina"))
    assert waiting[0].result() is False
