"""Whom a newer statement touches is counted, not listed: those to ask again, those to tell, and nobody twice."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from amanat.choices.models import State
from amanat.custody.choosing import answer_statement
from amanat.custody.publishing import NotPublishedError, publish, publishable, touched_between, touched_by, widened_by
from amanat.custody.touching import Touched
from amanat.custody.unit import unit
from amanat.ledger.models import Act
from amanat.policy.decision import Outcome
from amanat.statement.compile import Statement, load_statement
from amanat.vocabulary.choices import Choice, ChoiceKind
from stage.accounts import MovedClock
from stage.databases import AsLogin
from stage.group import CEDAR, Group, _enrol
from stage.versions import ASKED, HAND_OVER, a_helper, act, agree, come_into_force, open_case, signed
from stage.walks import walk

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
OPENED = ("medical_service", "emergency_record")
EMPLOYER = Choice(ChoiceKind.PAYER_DISCLOSURE, "employer")


@pytest.fixture
def agreed(group: Group) -> Group:
    """Amina and Mallory agreed to health data, and Mallory to letters; the child was only enrolled."""
    for subject in (group.amina, group.mallory):
        agree(group, subject)
    agree(group, group.mallory, Choice(ChoiceKind.NEWSLETTER))
    return group


@pytest.fixture
def worker(agreed: Group, as_login: AsLogin) -> Iterator[None]:
    with as_login("worker"):
        yield


def counted(as_login: AsLogin, new: Statement | None = None) -> tuple[int, int]:
    """How many of those under the installed statement a newer one asks, and tells."""
    with as_login("worker"):
        touched = touched_between(load_statement("ama"), new or signed())
    return touched.ask, touched.tell


def without(*rules: str) -> Statement:
    """The installed statement without some of its rules."""
    ama = load_statement("ama")
    kept = tuple(one for one in ama.policy.rules if one.id not in rules)
    assert len(kept) == len(ama.policy.rules) - len(rules)
    return replace(ama, policy=replace(ama.policy, rules=kept, digest="newer"), digest="newer")


@pytest.mark.usefixtures("worker")
def test_whose_yes_opens_more_is_asked_again_and_all_who_were_given_the_older_one_are_told() -> None:
    assert touched_between(load_statement("ama"), load_statement("ama-1.1")) == Touched(OPENED, ask=2, tell=3)


@pytest.mark.usefixtures("worker")
def test_words_alone_touch_nobody() -> None:
    ama = load_statement("ama")
    title = next(one for one in ama.sections if one.id == "8.8")
    reworded = replace(
        ama, sections=tuple(replace(one, title="Letters") if one is title else one for one in ama.sections),
    )  # fmt: skip
    assert touched_between(ama, reworded) == Touched((), 0, 0)


def test_a_yes_that_was_taken_back_asks_nobody(agreed: Group, as_login: AsLogin) -> None:
    agree(agreed, agreed.mallory, state=State.WITHDRAWN)
    assert counted(as_login) == (1, 3)


def test_a_yes_towards_one_payer_is_a_yes_of_its_kind(agreed: Group, as_login: AsLogin) -> None:
    """Without the yes to health data it would be told to whoever may be told something: to a payer by a yes to them."""
    assert counted(as_login, without("8.3")) == (0, 3)
    agree(agreed, agreed.amina, EMPLOYER)
    assert counted(as_login, without("8.3")) == (1, 3)


def test_a_no_that_would_stop_less_is_asked_about_and_a_yes_is_not(agreed: Group, as_login: AsLogin) -> None:
    assert counted(as_login, without("8.12a")) == (0, 3)
    agree(agreed, agreed.mallory, Choice(ChoiceKind.BLOCK_RECIPIENT, "payer"))
    assert counted(as_login, without("8.12a")) == (1, 3)


def test_who_may_not_be_counted_is_left_out(agreed: Group, as_login: AsLogin) -> None:
    agree(agreed, agreed.amina, Choice(ChoiceKind.BLOCK_PURPOSE, "statistics"))
    assert counted(as_login) == (1, 2)


def test_who_answered_in_the_newer_words_is_not_asked_again(
    agreed: Group, moved_clock: MovedClock, as_login: AsLogin
) -> None:
    a_helper(as_login)
    come_into_force(moved_clock, as_login)
    assert counted(as_login) == (2, 3)
    agree(agreed, agreed.amina)
    assert counted(as_login) == (1, 3)
    open_case(agreed, agreed.amina)
    open_case(agreed, agreed.mallory)
    done = act(agreed, [agreed.amina, agreed.mallory], HAND_OVER)
    assert [done.decision(one).outcome for one in (agreed.amina, agreed.mallory)] == [Outcome.PERMIT, Outcome.DENY]


def test_a_yes_to_the_statement_ends_the_telling_and_not_the_asking(
    agreed: Group, moved_clock: MovedClock, as_login: AsLogin
) -> None:
    come_into_force(moved_clock, as_login)
    with unit(agreed.as_member(agreed.amina), "rights_fulfilment", channel="web_account") as one:
        answer_statement(one, agreed.amina, State.GIVEN, ASKED)
    assert counted(as_login) == (2, 2)


def test_who_was_there_before_versions_were_noted_is_under_the_first(
    agreed: Group, as_login: AsLogin, owner_connection: psycopg.Connection
) -> None:
    owner_connection.execute("UPDATE people_standing SET statement = '', answered = '{}'")
    assert counted(as_login) == (2, 3)


def test_companies_are_counted_together_or_one_alone(agreed: Group, as_login: AsLogin) -> None:
    pair = (load_statement("ama"), load_statement("ama-1.1"))
    with as_login("worker"):
        assert touched_between(*pair, "ama-sg") == Touched(OPENED, 0, 0)
        assert touched_between(*pair, "ama-ch") == touched_between(*pair)
        with pytest.raises(NotPublishedError, match="no company"):
            touched_between(*pair, "ama-xx")


@pytest.mark.usefixtures("worker")
def test_nobody_is_under_a_text_that_was_never_in_force() -> None:
    with pytest.raises(NotPublishedError, match="never in force"):
        touched_between(load_statement("ama-1.1"), load_statement("ama"))


def test_counting_costs_as_many_statements_for_many_people_as_for_few(agreed: Group, as_login: AsLogin) -> None:
    def statements() -> int:
        with as_login("worker"), CaptureQueriesContext(connection) as caught:
            touched_between(load_statement("ama"), signed())
        return len([one for one in caught.captured_queries if not one["sql"].startswith(("BEGIN", "COMMIT"))])

    statements()
    few = statements()
    for number in range(12):
        subject = uuid4()
        _enrol(subject, CEDAR, f"Doe{number}", "Jo", f"jo{number}@example.org", f"CS-30{number}")
        agree(agreed, subject)
    assert counted(as_login) == (14, 15)
    assert statements() == few < 20


def test_the_count_is_an_act_of_the_platform_about_nobody(agreed: Group, as_login: AsLogin) -> None:
    counted(as_login)
    with unit(agreed.actor("dina"), "audit"):
        (done,) = Act.objects.filter(action="aggregate")
    assert (done.role, done.purpose, done.outcome, done.account) == ("web_system", "statistics", "permit", None)
    assert (done.clauses, done.people) == (["3.5"], 0)


@pytest.mark.usefixtures("worker")
def test_before_it_is_published_the_same_is_told_and_nothing_changes() -> None:
    foreseen = publishable(signed())
    told = widened_by(foreseen), touched_by(foreseen)
    with pytest.raises(NotPublishedError, match="never in force"):
        touched_between(signed(), load_statement("ama"))
    done = publish(signed())
    assert (done, widened_by(done), touched_by(done)) == (foreseen, *told)
    assert told == ({"8.5d"}, Touched(OPENED, 2, 3))


def test_the_commands_print_what_their_pages_say(agreed: Group, as_login: AsLogin, tmp_path: Path) -> None:
    (tmp_path / "newer.md").write_text(signed().text, encoding="utf-8")
    assert len(walk(REFERENCE / "versions.md", tmp_path, lambda _: as_login("worker"))) == 2
    printed = "people: 2 to ask again (medical_service, emergency_record); 3 to tell"
    assert all(printed in (REFERENCE / page).read_text(encoding="utf-8") for page in ("diff.md", "versions.md"))


@pytest.mark.usefixtures("worker")
def test_what_is_published_for_all_is_held_against_what_each_company_had() -> None:
    """One company had the wider version already; for the others it is new."""
    publish(signed(), company="ama-sg")
    done = publish(
        signed("ama-1.1", ("version: 1.1.0", "version: 1.2.0"), ("effective: 2027-07-01", "effective: 2027-08-01"))
    )
    assert widened_by(done) == {"8.5d"}
    assert touched_by(done) == Touched(OPENED, 2, 3)
