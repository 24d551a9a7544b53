"""My emergency record (M2): empty boxes beside the fields, nothing kept without a tick, nothing typed lost."""

import json
import re
from datetime import timedelta
from uuid import UUID

import pytest

from amanat.choices.models import ConsentRecord
from amanat.custody.facts import Ask, Recipient
from amanat.custody.models import Message
from amanat.custody.unit import unit
from amanat.emergency import service
from amanat.policy.decision import Outcome
from amanat.vocabulary import clock
from stage.choices import ASKED, decide_once
from stage.group import Group
from stage.member import TYPED, Member

KEEP = {"keep": "yes"}


def _boxes(html: str) -> list[str]:
    return re.findall(r"<input[^>]*type=\"checkbox\"[^>]*>", html)


def _records(member: Member) -> list[ConsentRecord]:
    with unit(member.actor, "rights_fulfilment"):
        return list(ConsentRecord.objects.filter(subject=member.subject).order_by("organisation"))


@pytest.mark.clause("8.4")
def test_no_box_is_ticked_for_the_member(amina_signed_in: Member) -> None:
    boxes = _boxes(amina_signed_in.get("/member/record/"))
    names = [re.search(r'name="(\w+)"', box)[1] for box in boxes]  # type: ignore[index]
    assert names == ["keep", "group", "medical_firms", "doctors", "naming"]
    assert not [box for box in boxes if " checked" in box]


@pytest.mark.clause("6.3c", "8.4")
def test_nothing_is_saved_before_the_opt_in_and_nothing_typed_is_lost(amina_signed_in: Member) -> None:
    html = amina_signed_in.save_record(422).content.decode()
    assert "clause 8.4 asks for your tick" in html
    assert 'href="/statement/#c-8.4"' in html
    for typed in TYPED.values():
        assert typed in html.replace("&#43;", "+")
    assert not [box for box in _boxes(html) if " checked" in box]
    assert _records(amina_signed_in) == []
    assert service.record_of(amina_signed_in.actor).version == 0


def test_a_tick_for_others_alone_keeps_nothing_either(amina_signed_in: Member) -> None:
    html = amina_signed_in.save_record(422, doctors="yes").content.decode()
    assert [box for box in _boxes(html) if " checked" in box and 'name="doctors"' in box]
    assert _records(amina_signed_in) == []


@pytest.mark.clause("8.4", "8.3a")
def test_saving_gives_a_receipt_with_wording_version_verbs_and_recipients(amina_signed_in: Member) -> None:
    place = amina_signed_in.save_record(**KEEP, doctors="yes")["Location"]
    html = amina_signed_in.get(place)
    assert "I agree that you keep this record and use it for my care." in html
    assert "I agree that you show it to doctors near me." in html
    slip = json.loads(amina_signed_in.get(place.partition("?")[0] + "receipt.json"))
    by_choice = {one["choice"]: one for one in slip["consent_records"]}
    assert set(by_choice) == {"emergency_record@self", "emergency_record@local_clinician"}
    kept, shown = by_choice["emergency_record@self"], by_choice["emergency_record@local_clinician"]
    assert kept["processing"]["processing_methods"] == ["collect", "store", "use"]
    assert (kept["processing"]["recipient_third_parties"], shown["processing"]["recipient_third_parties"]) == (
        [], ["local_clinician"],
    )  # fmt: skip
    assert shown["processing"]["processing_methods"] == ["disclose", "transfer"]
    assert kept["wording_digest"].startswith("sha256:")
    assert kept["form_version"] == service.FORM_VERSION
    assert kept["event"]["event_state"] == "dpv:ConsentGiven"


@pytest.mark.clause("8.3a")
def test_a_yes_to_keeping_alone_lets_nobody_else_see_it(amina_signed_in: Member, group: Group) -> None:
    amina_signed_in.save_record(**KEEP)
    hospital = Recipient("hospital", "", "CH")
    used = decide_once(group.amina, Ask("use", ("allergies",), "emergency_care"))
    shown = decide_once(group.amina, Ask("disclose", ("allergies",), "emergency_care", recipient=hospital))
    assert (used.outcome, shown.outcome) == (Outcome.PERMIT, Outcome.ASK)
    assert "8.4" in shown.clauses


def test_record_and_yes_are_kept_in_one_moment_and_the_member_is_told(amina_signed_in: Member) -> None:
    amina_signed_in.save_record(**KEEP, group="yes")
    records = _records(amina_signed_in)
    assert len({one.at for one in records}) == 1
    assert {one.organisation for one in records} == {"self", "group"}
    with unit(amina_signed_in.actor, "rights_fulfilment"):
        (message,) = Message.objects.filter(subject=amina_signed_in.subject)
    assert (message.kind, message.clauses) == ("choice_changed", ["8.4"])
    page = service.record_of(amina_signed_in.actor)
    assert page.values == TYPED
    assert page.version == 1


def test_the_second_of_two_windows_is_told_and_loses_nothing(amina_signed_in: Member) -> None:
    amina_signed_in.save_record(**KEEP)
    amina_signed_in.save_record(version=1, blood_type="A+")
    html = amina_signed_in.save_record(409, version=1, allergies="Latex: rash").content.decode()
    assert "Your record was changed in another window" in html
    assert "Latex: rash</textarea>" in html
    assert "A+" in html
    assert 'name="version" value="2"' in html
    amina_signed_in.save_record(version=2, allergies="Latex: rash")
    assert service.record_of(amina_signed_in.actor).values["allergies"] == "Latex: rash"


def test_sent_twice_it_is_saved_once(amina_signed_in: Member) -> None:
    first = amina_signed_in.save_record(**KEEP, form_key="k" * 20)["Location"]
    again = amina_signed_in.save_record(**KEEP, form_key="k" * 20)["Location"]
    assert first == again
    assert service.record_of(amina_signed_in.actor).version == 1


@pytest.mark.clause("8.3b")
def test_a_yes_older_than_the_form_is_asked_again(amina_signed_in: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    amina_signed_in.save_record(**KEEP)
    monkeypatch.setattr(service, "FORM_SINCE", clock.now() + timedelta(seconds=1))
    html = amina_signed_in.get("/member/record/")
    assert "We ask you again" in html
    assert len(_boxes(html)) == 5
    assert not [box for box in _boxes(html) if " checked" in box]
    refused = amina_signed_in.save_record(422, version=1, allergies="Bees").content.decode()
    assert "clause 8.3 has us ask you again" in refused
    assert "Bees</textarea>" in refused
    assert service.record_of(amina_signed_in.actor).version == 1
    amina_signed_in.save_record(version=1, allergies="Bees", **KEEP)
    assert service.record_of(amina_signed_in.actor).values["allergies"] == "Bees"


def test_a_nominee_is_kept_only_with_the_tick_beside_them(amina_signed_in: Member) -> None:
    named = {"nominee-name": "Yusuf Haddad", "nominee-phone": "+41795550100"}
    refused = amina_signed_in.save_record(422, **KEEP, **named).content.decode()
    assert "clause E.1 asks for your tick" in refused
    assert "Yusuf Haddad" in refused
    assert service.record_of(amina_signed_in.actor).version == 0
    amina_signed_in.save_record(**KEEP, **named, naming="yes")
    page = service.record_of(amina_signed_in.actor)
    assert (page.nominee["name"], page.named) == ("Yusuf Haddad", True)
    amina_signed_in.save_record(version=page.version, **{"nominee-name": "", "nominee-phone": ""})
    assert service.record_of(amina_signed_in.actor).nominee["name"] == ""


def test_the_second_of_two_windows_sees_whom_the_first_one_named(amina_signed_in: Member) -> None:
    yusuf, layla = ({"nominee-name": name, "nominee-phone": "+41795550100"} for name in ("Yusuf", "Layla"))
    amina_signed_in.save_record(**KEEP, **yusuf, naming="yes")
    html = amina_signed_in.save_record(409, version=0, **layla).content.decode()
    assert "<dd>Yusuf</dd>" in html
    assert 'value="Layla"' in html


def test_a_telephone_that_nobody_can_dial_is_not_taken(amina_signed_in: Member) -> None:
    html = amina_signed_in.save_record(422, treating_doctor_phone="ask my wife", **KEEP).content.decode()
    assert "Write a telephone number" in html
    assert 'value="ask my wife"' in html
    amina_signed_in.save_record(treating_doctor_phone="044 555 01 17 (ext. 2)", **KEEP)


def test_too_long_an_answer_is_kept_on_the_page_with_its_error(amina_signed_in: Member) -> None:
    html = amina_signed_in.save_record(422, allergies="x" * 501, **KEEP).content.decode()
    assert "x" * 501 in html
    assert "Write at most 500 characters" in html
    assert 'aria-invalid="true"' in html


@pytest.mark.clause("7.1")
def test_nothing_of_a_minor_is_kept_online_whoever_types_it(group: Group) -> None:
    child = group.as_member(group.child)
    draft = service.Draft(TYPED, 0, ticked=frozenset({"self"}))
    saved = service.save_record(child, draft, ASKED, {"self": "I agree."})
    assert (saved.kept, saved.clauses) == (False, ("7.1",))
    with unit(child, "rights_fulfilment") as one:
        rows = one.rows("SELECT count(*) FROM vault_folder WHERE folder = 'emergency' AND subject = %(child)s",
                        {"child": group.child})  # fmt: skip
        answers = ConsentRecord.objects.filter(subject=group.child).count()
    assert (rows, answers) == ([(0,)], 0)


def test_another_member_sees_neither_record_nor_receipt(amina_signed_in: Member, group: Group) -> None:
    from stage.member import member_account  # noqa: PLC0415

    place = amina_signed_in.save_record(**KEEP)["Location"].partition("?")[0]
    mallory = Member(member_account(group.mallory, "Mallory", "mallory@example.org"), group.mallory)
    assert "Penicillin" not in mallory.get("/member/record/")
    nowhere = mallory.get("/member/receipts/" + str(UUID(int=7)) + "/", 404)
    assert mallory.get(place, 404) == nowhere
    assert mallory.get(place + "receipt.json", 404) == nowhere
