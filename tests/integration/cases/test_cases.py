"""A case from the first call to the end, and who has no part in it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError
from psycopg import Connection

from amanat.cases import service
from amanat.cases.models import Case
from amanat.cases.service import CaseRefusedError, Opening
from amanat.choices.models import State
from amanat.custody import budgets
from amanat.custody.answers import AlreadyAnsweredError
from amanat.custody.choosing import Answer, choose
from amanat.custody.facts import Ask
from amanat.custody.reading import history_of
from amanat.custody.searching import SearchBudgetError
from amanat.custody.unit import unit
from amanat.errors import ConflictError, NotFoundError
from amanat.policy.decision import Outcome
from amanat.vocabulary import clock
from amanat.vocabulary.choices import parse_choice
from stage.desk import WORDS, key, lend, open_for
from stage.group import Group


@pytest.mark.parametrize(
    ("field", "value"),
    [("policy_number", "OX-1001"), ("email", "AMINA@example.org "), ("surname_birth_date", "Haddad|{born}")],
)
def test_a_caller_is_found_by_one_exact_value(group: Group, field: str, value: str) -> None:
    born = clock.now().date().replace(year=clock.now().year - 38, month=3, day=14)
    (found,) = service.find_callers(group.actor("basil"), field, value.format(born=born.isoformat()))
    assert found.subject == group.amina
    assert set(found.card) == {"name", "birth_year", "cover_status"}


def test_nobody_and_somebody_elses_are_one_answer(group: Group) -> None:
    assert service.find_callers(group.actor("wei"), "policy_number", "OX-1001") == []
    assert service.find_callers(group.actor("wei"), "policy_number", "OX-9999") == []


def test_searches_are_counted(group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "SEARCHES", replace(budgets.SEARCHES, an_hour=2))
    for _ in range(2):
        service.find_callers(group.actor("basil"), "policy_number", "OX-9999")
    with pytest.raises(SearchBudgetError):
        service.find_callers(group.actor("basil"), "policy_number", "OX-1001")
    assert service.find_callers(group.actor("chandra"), "policy_number", "OX-1001")


def test_opening_a_case_lets_its_holder_see_the_minimum(group: Group) -> None:
    case = open_for(group)
    page = service.case_page(group.actor("basil"), case)
    assert (page.kind, page.state, page.reason) == ("medical", "open", "accident")
    assert page.values["name"] == {"given": "Amina", "family": "Haddad"}
    assert [line.id for line in service.my_cases(group.actor("basil"))] == [case]
    assert service.my_cases(group.actor("chandra")) == []


@pytest.mark.clause("9.2")
def test_out_of_case_access_is_denied_and_stands_in_the_persons_history(group: Group) -> None:
    case = open_for(group)
    with pytest.raises(NotFoundError):
        service.case_page(group.actor("chandra"), case)
    with unit(group.actor("amina"), "rights_fulfilment") as one:
        newest = history_of(one, group.amina)[0]
    assert (newest.account, newest.outcome, newest.opened) == (group.actor("chandra").account, "deny", ())
    assert "9.2" in newest.clauses


def test_another_desk_sees_the_person_under_a_mandate_alone(group: Group) -> None:
    case = open_for(group)
    with pytest.raises(NotFoundError):
        service.case_page(group.actor("wei"), case)
    lend(group, "wei", case)
    assert service.case_page(group.actor("wei"), case).values["name"] == {"given": "Amina", "family": "Haddad"}


@pytest.mark.clause("3.6a")
def test_recording_is_off_unless_chosen(group: Group) -> None:
    basil = group.actor("basil")
    quiet = open_for(group)
    assert not service.case_page(basil, quiet).recorded
    ask = Ask("collect", ("call_recording",), "patient_support", record=quiet)
    with unit(basil, "patient_support", channel="phone") as one:
        assert one.ask(ask, [group.amina]).decision(group.amina).outcome is Outcome.ASK
    heard = service.open_case(basil, group.amina, Opening("medical", "illness", recording=True), key())
    assert heard.case
    assert service.case_page(basil, heard.case).recorded


@pytest.mark.parametrize("fault", ["emergency_at", "emergency_by", "emergency_role", "emergency_reason"])
@pytest.mark.clause("0.2b")
def test_a_case_cannot_become_an_emergency_without_role_reason_and_time(group: Group, fault: str) -> None:
    case = open_for(group)
    said: dict[str, Any] = {
        "emergency_at": clock.now(), "emergency_by": uuid4(), "emergency_role": "clinician",
        "emergency_reason": "accident",
    }  # fmt: skip
    said[fault] = "" if fault in ("emergency_role", "emergency_reason") else None
    with pytest.raises(IntegrityError), unit(group.actor("basil"), "case_coordination"):
        Case.objects.filter(id=case).update(state="emergency", **said)
    assert service.case_page(group.actor("basil"), case).state == "open"


def test_an_emergency_is_declared_by_its_holder_for_a_reason(group: Group) -> None:
    case = open_for(group)
    service.declare_emergency(group.actor("basil"), case, "accident", key())
    page = service.case_page(group.actor("basil"), case)
    assert (page.state, page.emergency_reason) == ("emergency", "accident")
    assert page.emergency_at is not None
    with pytest.raises(CaseRefusedError):
        service.declare_emergency(group.actor("basil"), case, "order_broke_down", key())


@pytest.mark.parametrize(
    ("who", "opening"),
    [
        ("sam", Opening("medical", "illness")),
        ("dina", Opening("medical", "illness")),
        ("emil", Opening("unrest", "unrest")),
        ("basil", Opening("medical", "theft")),
        ("basil", Opening("advice", "question", "accident")),
        ("basil", Opening("magic", "illness")),
    ],
)
def test_a_case_that_does_not_fit_role_or_kind_is_not_opened(group: Group, who: str, opening: Opening) -> None:
    with pytest.raises(CaseRefusedError):
        service.open_case(group.actor(who), group.amina, opening, key())


@pytest.fixture
def lapsed(group: Group, owner_connection: Connection) -> None:
    """Amina's cover ended yesterday."""
    yesterday = clock.now().date() - timedelta(days=1)
    ended = owner_connection.execute(
        "UPDATE people_entitlement SET until = %s WHERE subject = %s", (yesterday, group.amina)
    )
    assert ended.rowcount == 1


@pytest.mark.clause("6.1b")
def test_cover_that_has_lapsed_opens_no_case(group: Group, lapsed: None) -> None:
    opened = service.open_case(group.actor("basil"), group.amina, Opening("medical", "illness"), key())
    assert opened.case is None
    assert (opened.decision.outcome, opened.decision.needs) == (Outcome.DENY, ("entitlement",))


def test_an_emergency_asks_for_no_cover_first(group: Group, lapsed: None) -> None:
    (found,) = service.find_callers(group.actor("basil"), "policy_number", "OX-1001")
    assert found.card == {}
    opened = service.open_case(group.actor("basil"), group.amina, Opening("medical", "illness", "grave_illness"), key())
    assert opened.case
    assert service.case_page(group.actor("basil"), opened.case).values["name"]


def test_an_adult_and_a_child_have_a_case_alike_but_notes_on_a_child_need_a_guardian(group: Group) -> None:
    opened = service.open_case(group.actor("basil"), group.child, Opening("medical", "illness"), key())
    assert opened.case
    judged = service.add_note(group.actor("basil"), opened.case, "Fever since Sunday.", {}, 0, key())
    assert (judged.decision.outcome, judged.decision.needs) == (Outcome.DENY, ("guardian_for",))


@pytest.mark.clause("6.3a", "8.10a")
def test_health_data_is_written_down_only_with_a_yes(group: Group) -> None:
    case = open_for(group)
    ask = Ask("collect", ("treatment_case",), "treatment", record=case)

    def written() -> Outcome:
        with unit(group.actor("basil"), "treatment", channel="phone") as one:
            kept = one.keep(ask, group.amina, {"treatment_case": {"diagnosis": "A broken wrist"}}, version_read=None)
        return kept.decision(group.amina).outcome

    assert written() is Outcome.ASK
    with unit(group.actor("amina"), "rights_fulfilment", channel="web_account") as one:
        yes = Answer(parse_choice("medical_service"), State.GIVEN)
        choose(one, group.amina, [yes], WORDS)
    assert written() is Outcome.PERMIT


def test_a_form_sent_twice_opens_one_case(group: Group) -> None:
    once = key()
    opened = service.open_case(group.actor("basil"), group.amina, Opening("medical", "illness"), once)
    with pytest.raises(AlreadyAnsweredError) as again:
        service.open_case(group.actor("basil"), group.amina, Opening("medical", "illness"), once)
    assert UUID(again.value.result["case"]) == opened.case
    assert len(service.my_cases(group.actor("basil"))) == 1


def test_notes_are_added_and_none_is_lost(group: Group) -> None:
    case = open_for(group)
    basil = group.actor("basil")
    service.add_note(basil, case, "Broken wrist.", {"place": "Hotel Krone", "country": "CH"}, 0, key())
    service.add_note(basil, case, "Taxi is on the way.", {}, 1, key())
    page = service.case_page(basil, case)
    assert [entry["text"] for entry in page.values["case_log"]] == ["Broken wrist.", "Taxi is on the way."]
    assert page.values["event_location"] == {"place": "Hotel Krone", "country": "CH"}
    assert page.version == 2


def test_the_second_of_two_desks_is_told_and_the_first_note_stays(group: Group) -> None:
    case = open_for(group)
    lend(group, "emil", case)
    service.add_note(group.actor("emil"), case, "Give nothing to eat.", {}, 0, key())
    with pytest.raises(ConflictError):
        service.add_note(group.actor("basil"), case, "Gave a sandwich.", {}, 0, key())
    page = service.case_page(group.actor("basil"), case)
    assert [entry["text"] for entry in page.values["case_log"]] == ["Give nothing to eat."]


def test_the_logs_of_two_cases_do_not_mix(group: Group) -> None:
    basil, first, second = group.actor("basil"), open_for(group), open_for(group, kind="security", reason="theft")
    service.add_note(basil, first, "A wrist.", {}, 0, key())
    service.add_note(basil, second, "A wallet.", {}, 0, key())
    assert [entry["text"] for entry in service.case_page(basil, second).values["case_log"]] == ["A wallet."]


def test_nobody_adds_to_a_case_of_another(group: Group) -> None:
    case = open_for(group)
    for who in ("chandra", "wei"):
        with pytest.raises(NotFoundError):
            service.add_note(group.actor(who), case, "Mine now.", {}, 0, key())
        with pytest.raises(NotFoundError):
            service.declare_emergency(group.actor(who), case, "accident", key())
        with pytest.raises(NotFoundError):
            service.close_case(group.actor(who), case, "helped", key())
    assert service.case_page(group.actor("basil"), case).version == 0


def test_closing_a_case_ends_every_look_into_it(group: Group) -> None:
    case = open_for(group)
    lend(group, "emil", case)
    service.close_case(group.actor("basil"), case, "helped", key())
    for who in ("basil", "emil"):
        with pytest.raises(NotFoundError):
            service.case_page(group.actor(who), case)
        assert service.my_cases(group.actor(who)) == []
    with unit(group.actor("basil"), "patient_support") as one:
        handle = one.ask(Ask("view", ("name",), "patient_support"), [group.amina])
    assert handle.decision(group.amina).outcome is Outcome.DENY
