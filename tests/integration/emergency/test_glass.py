"""Break-glass: what opens it, what keeps it whole, how short it is, and that it is told."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError

from amanat.cases import service, sharing
from amanat.cases.breaking import break_glass, close_glass, through_glass
from amanat.custody.answers import AlreadyAnsweredError
from amanat.custody.models import Message
from amanat.custody.reading import history_of
from amanat.custody.unit import unit
from amanat.emergency.glass import MINIMUM
from amanat.emergency.models import Glass
from amanat.errors import AmanatError, Kind, NotFoundError
from amanat.policy.decision import Outcome
from stage.accounts import MovedClock
from stage.desk import CHECKLIST, RECORD, glass_for, key, open_for, take_back, write_record
from stage.group import Group


def _messages(group: Group) -> list[str]:
    with unit(group.actor("dina"), "rights_fulfilment"):
        told = Message.objects.filter(subject=group.amina, kind__startswith="glass").order_by("due")
        return [one.kind for one in told]


def _health(group: Group, case: UUID, who: str = "basil") -> Outcome | None:
    page = sharing.look_at_health(group.actor(who), case)
    return page.refusal.decision.outcome if page.refusal else None


def test_through_the_glass_one_sees_the_minimum_and_nothing_else(group: Group) -> None:
    case = glass_for(group)
    page = through_glass(group.actor("basil"), case)
    assert page.values["allergies"] == RECORD["allergies"]
    assert page.values["name"] == {"given": "Amina", "family": "Haddad"}
    assert set(page.values) <= set(MINIMUM)
    assert "email" not in page.values
    assert {"8.3", "8.4"} <= set(page.decision.clauses)


def test_the_person_is_told_when_it_opens_and_sees_each_look_in_their_history(group: Group) -> None:
    case = glass_for(group)
    through_glass(group.actor("basil"), case)
    assert _messages(group) == ["glass_opened"]
    with unit(group.actor("amina"), "rights_fulfilment") as one:
        newest = history_of(one, group.amina)[0]
    assert (newest.role, newest.purpose, newest.outcome) == ("assistance_coordinator", "emergency_care", "permit")
    assert "emergency_record" in newest.opened


def test_the_reason_is_a_sealed_entry_of_the_log(group: Group) -> None:
    case = glass_for(group)
    (entry,) = service.case_page(group.actor("basil"), case).values["case_log"]
    assert (entry["about"], entry["text"]) == ("glass_opened", CHECKLIST.words)


def test_it_ends_by_itself(group: Group, moved_clock: MovedClock) -> None:
    case = glass_for(group)
    moved_clock.move(minutes=59)
    assert through_glass(group.actor("basil"), case).values["allergies"]
    moved_clock.move(minutes=2)
    page = through_glass(group.actor("basil"), case)
    assert page.glass is not None
    assert not page.glass.live
    assert set(page.values) <= {"name"}
    assert _health(group, case) is Outcome.ASK


def test_it_is_closed_in_a_sentence_and_the_person_is_asked_what_stays(group: Group) -> None:
    case = glass_for(group)
    assert close_glass(group.actor("basil"), case, "care_arranged", "Told the ambulance about penicillin.", key())
    assert _messages(group) == ["glass_opened", "glass_closed"]
    assert _health(group, case) is Outcome.ASK
    with unit(group.actor("dina"), "rights_fulfilment"):
        told = Message.objects.get(subject=group.amina, kind="glass_closed")
    assert told.facts["offers"] == ["confirm", "limit", "erase"]


def test_what_ended_by_itself_can_still_be_closed_out(group: Group, moved_clock: MovedClock) -> None:
    case = glass_for(group)
    moved_clock.move(hours=2)
    assert close_glass(group.actor("basil"), case, "not_needed", "Nobody looked.", key())
    page = through_glass(group.actor("basil"), case)
    assert page.glass is not None
    assert page.glass.closed_at is not None


def test_no_glass_is_broken_outside_an_emergency(group: Group) -> None:
    write_record(group)
    take_back(group)
    case = open_for(group)
    assert break_glass(group.actor("basil"), case, CHECKLIST, key()).stays_whole == "no_emergency"
    assert _messages(group) == []


@pytest.mark.clause("0.2c")
def test_an_unrest_case_never_unlocks_medical_data_by_itself(group: Group) -> None:
    write_record(group)
    take_back(group)
    case = open_for(group, kind="unrest", reason="unrest", emergency="order_broke_down")
    assert _health(group, case) is Outcome.ASK
    assert break_glass(group.actor("basil"), case, CHECKLIST, key()).stays_whole == "no_emergency"
    assert _health(group, case) is Outcome.ASK


def test_the_no_of_an_adult_keeps_it_whole(group: Group) -> None:
    write_record(group)
    case = open_for(group, emergency="accident")
    sharing.record_answer(group.actor("basil"), case, agrees=False, wording="May we?", language="en", key=key())
    assert break_glass(group.actor("basil"), case, CHECKLIST, key()).stays_whole == "refused"
    assert _health(group, case) is Outcome.ASK
    with unit(group.actor("basil"), "emergency_care"):
        assert Glass.objects.count() == 0


def test_a_later_yes_lifts_the_no(group: Group) -> None:
    write_record(group)
    case = open_for(group, emergency="accident")
    for agrees in (False, True):
        sharing.record_answer(group.actor("basil"), case, agrees=agrees, wording="May we?", language="en", key=key())
    assert break_glass(group.actor("basil"), case, CHECKLIST, key()).stays_whole == "not_needed"
    assert _health(group, case) is None


def test_what_the_person_holds_back_stays_closed_in_an_emergency_too(group: Group) -> None:
    from amanat.choices.models import State  # noqa: PLC0415
    from amanat.custody.choosing import Answer, Asked, choose  # noqa: PLC0415
    from amanat.vocabulary.choices import parse_choice  # noqa: PLC0415

    write_record(group)
    take_back(group)
    with unit(group.actor("amina"), "rights_fulfilment", channel="web_account") as one:
        choose(one, group.amina, [Answer(parse_choice("withhold:medical"), State.GIVEN)], Asked("", "", "en"))
    case = open_for(group, emergency="accident")
    with pytest.raises(AmanatError) as refused:
        break_glass(group.actor("basil"), case, CHECKLIST, key())
    assert refused.value.kind is Kind.REFUSED
    assert _messages(group) == []


def test_who_does_not_hold_the_case_breaks_nothing(group: Group) -> None:
    write_record(group)
    case = open_for(group, emergency="accident")
    for who in ("chandra", "sam", "wei"):
        with pytest.raises(NotFoundError):
            break_glass(group.actor(who), case, CHECKLIST, key())
        with pytest.raises(NotFoundError):
            through_glass(group.actor(who), case)


def test_a_glass_of_one_is_no_glass_for_another(group: Group) -> None:
    from stage.desk import lend  # noqa: PLC0415

    case = glass_for(group)
    lend(group, "emil", case, ["emergency_medical"])
    page = through_glass(group.actor("emil"), case)
    assert page.glass is None
    assert "allergies" not in page.values


def test_a_checklist_sent_twice_breaks_one_glass(group: Group) -> None:
    write_record(group)
    take_back(group)
    case, once = open_for(group, emergency="accident"), key()
    break_glass(group.actor("basil"), case, CHECKLIST, once)
    with pytest.raises(AlreadyAnsweredError):
        break_glass(group.actor("basil"), case, CHECKLIST, once)
    with unit(group.actor("basil"), "emergency_care"):
        assert Glass.objects.count() == 1


def test_hours_that_nobody_offered_become_one(group: Group) -> None:
    write_record(group)
    take_back(group)
    case = open_for(group, emergency="accident")
    break_glass(group.actor("basil"), case, replace(CHECKLIST, hours=500), key())
    page = through_glass(group.actor("basil"), case)
    assert page.glass is not None
    assert page.glass.until - page.glass.opened_at == timedelta(hours=1)


def _row(group: Group, **changed: object) -> Glass:
    with unit(group.actor("basil"), "emergency_care") as one:
        whole: dict[str, object] = {
            "subject": group.amina, "id": uuid4(), "company": "ama-ch", "case": uuid4(),
            "holder": group.actor("basil").account, "holder_company": "ama-ch", "role": "clinician",
            "reason": "accident", "impracticable": "unconscious", "opened_at": one.now,
            "until": one.now + timedelta(hours=72), "told_at": one.now, "review_due": one.now,
        }  # fmt: skip
        return Glass.objects.create(
            **whole | {name: value(one.now) if callable(value) else value for name, value in changed.items()}
        )


@pytest.mark.parametrize(
    "fault",
    [
        {"until": lambda now: now + timedelta(hours=73)},
        {"until": lambda now: now},
        {"reason": ""},
        {"impracticable": ""},
        {"verdict": "justified"},
        {"verdict": "justified", "reviewed_at": lambda now: now},
    ],
    ids=["73 hours", "no time", "no reason", "no cause", "unsigned verdict", "no reviewer"],
)
def test_the_table_itself_refuses_a_glass_that_breaks_its_rules(group: Group, fault: dict[str, object]) -> None:
    _row(group)
    with pytest.raises(IntegrityError):
        _row(group, **fault)


def test_the_table_itself_refuses_a_review_by_the_holder(group: Group) -> None:
    basil = group.actor("basil").account
    with pytest.raises(IntegrityError):
        _row(group, verdict="justified", reviewer=basil, reviewed_at=lambda now: now)
