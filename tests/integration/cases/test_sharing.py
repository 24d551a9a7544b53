"""Telling somebody: foreseen truly, done with a record, and a refusal whose every way out works."""

from uuid import UUID

import pytest

from amanat.cases import service, sharing
from amanat.cases.breaking import break_glass
from amanat.cases.recipients import NoSuchRecipientError, options_for
from amanat.cases.sharing import Preview, Way
from amanat.choices.models import State
from amanat.custody.answers import AlreadyAnsweredError
from amanat.custody.choosing import Answer, choose
from amanat.custody.models import Message
from amanat.custody.reading import history_of
from amanat.custody.supposing import foresee
from amanat.custody.unit import unit
from amanat.errors import NotFoundError
from amanat.policy.decision import Outcome
from amanat.vocabulary.choices import parse_choice
from stage.desk import CHECKLIST, RECORD, WORDS, glass_for, key, open_for, take_back, write_record
from stage.group import Group

EMPLOYER, DOCTOR, RESCUE, ALP_AIR = (
    "employer@oryx-energy",
    "clinic_or_doctor@",
    "emergency_local@",
    "provider.medical@alp-air",
)


def _preview(group: Group, case: UUID, words: tuple[str, ...], to: str) -> Preview:
    return sharing.preview(group.actor("basil"), case, words, to, "CH")


def _ways(preview: Preview) -> dict[str, Way]:
    assert preview.refusal
    return {way.kind if way.option is None else way.option.key: way for way in preview.refusal.ways}


def _agree(group: Group, choice: str, organisation: str = "") -> None:
    with unit(group.actor("amina"), "rights_fulfilment", channel="web_account") as one:
        choose(one, group.amina, [Answer(parse_choice(choice), State.GIVEN, organisation)], WORDS)


def test_only_bodies_of_this_person_are_offered(group: Group) -> None:
    case = open_for(group)
    with unit(group.actor("basil"), "case_coordination") as one:
        keys = {option.key for option in options_for(one, foresee(one, group.amina, ()).person)}
    assert keys == {EMPLOYER, ALP_AIR, "assistance_centre@ama-sg", DOCTOR, RESCUE}
    with pytest.raises(NoSuchRecipientError):
        _preview(group, case, ("name",), "membership_body@cedar-school")


def test_a_preview_leaves_no_trace(group: Group) -> None:
    case = open_for(group)
    with unit(group.actor("amina"), "rights_fulfilment") as one:
        before = len(history_of(one, group.amina))
    _preview(group, case, ("name",), EMPLOYER)
    with unit(group.actor("amina"), "rights_fulfilment") as one:
        assert len(history_of(one, group.amina)) == before


def test_what_is_told_stands_in_the_record_before_it_is_shown(group: Group) -> None:
    case = open_for(group)
    sheet = sharing.disclose(group.actor("basil"), case, ("name",), ALP_AIR, "CH", "", key())
    assert sheet is not None
    assert sheet.values == {"name": {"given": "Amina", "family": "Haddad"}}
    with unit(group.actor("amina"), "rights_fulfilment") as one:
        newest = history_of(one, group.amina)[0]
    assert (newest.act, newest.action, newest.organisation) == (sheet.act, "disclose", "alp-air")


def test_what_was_foreseen_is_what_is_decided(group: Group) -> None:
    write_record(group, ["provider.medical"])
    case = open_for(group)
    for words in (("name",), ("allergies",), ("name", "allergies", "case_log")):
        for to in (EMPLOYER, ALP_AIR, DOCTOR, RESCUE):
            foreseen = _preview(group, case, words, to).decision.outcome
            told = sharing.disclose(group.actor("basil"), case, words, to, "CH", "", key())
            assert (told is not None) is (foreseen is Outcome.PERMIT), (words, to)


def test_telling_twice_is_done_once(group: Group) -> None:
    case, once = open_for(group), key()
    sharing.disclose(group.actor("basil"), case, ("name",), ALP_AIR, "CH", "", once)
    with pytest.raises(AlreadyAnsweredError):
        sharing.disclose(group.actor("basil"), case, ("name",), ALP_AIR, "CH", "", once)


@pytest.mark.clause("6.10", "6.10a")
def test_the_employer_is_told_only_with_a_yes_for_that_employer(group: Group) -> None:
    case = open_for(group)
    _agree(group, "payer_disclosure:insurer")
    _agree(group, "payer_disclosure:employer", "another-employer")
    refused = _preview(group, case, ("name",), EMPLOYER)
    assert (refused.decision.outcome, refused.decision.needs) == (Outcome.ASK, ("payer_disclosure:employer",))
    _agree(group, "payer_disclosure:employer", "oryx-energy")
    assert _preview(group, case, ("name",), EMPLOYER).refusal is None


@pytest.mark.clause("8.6")
def test_a_release_to_rescue_without_an_open_emergency_is_denied(group: Group) -> None:
    case = open_for(group)
    assert sharing.disclose(group.actor("basil"), case, ("name",), RESCUE, "CH", "They ask.", key()) is None
    service.declare_emergency(group.actor("basil"), case, "accident", key())
    told = sharing.disclose(group.actor("basil"), case, ("name",), RESCUE, "CH", "They ask who it is.", key())
    assert told is not None
    assert told.values["name"]


def test_what_rescue_was_told_is_noted_and_the_person_hears_of_it(group: Group) -> None:
    case = open_for(group, emergency="accident")
    sharing.disclose(group.actor("basil"), case, ("name",), RESCUE, "CH", "They look for her.", key())
    (entry,) = service.case_page(group.actor("basil"), case).values["case_log"]
    assert (entry["about"], entry["text"]) == ("told", "They look for her.")
    with unit(group.actor("dina"), "rights_fulfilment"):
        told = Message.objects.get(subject=group.amina, kind="told_in_emergency")
    assert (told.facts["recipient"], told.clauses) == ("emergency_local", ["8.6"])


def test_rescue_hears_of_allergies_only_through_a_broken_glass(group: Group) -> None:
    write_record(group)
    take_back(group)
    case = open_for(group, emergency="accident")
    assert _preview(group, case, ("name", "allergies"), RESCUE).decision.outcome is Outcome.GLASS
    break_glass(group.actor("basil"), case, CHECKLIST, key())
    told = sharing.disclose(group.actor("basil"), case, ("name", "allergies"), RESCUE, "CH", "Before surgery.", key())
    assert told is not None
    assert told.values["allergies"] == RECORD["allergies"]


def test_a_refusal_offers_the_permitted_part_and_it_passes(group: Group) -> None:
    case = open_for(group)
    way = _ways(_preview(group, case, ("name", "allergies"), ALP_AIR))["subset"]
    assert way.words == ("name",)
    assert _preview(group, case, way.words, ALP_AIR).refusal is None


def test_a_refusal_offers_somebody_else_who_may_know(group: Group) -> None:
    case = open_for(group)
    way = _ways(_preview(group, case, ("name", "event_location"), EMPLOYER))[ALP_AIR]
    assert way.option is not None
    assert _preview(group, case, way.words, way.option.key).refusal is None


def test_a_refusal_offers_to_ask_and_the_question_is_queued(group: Group) -> None:
    case = open_for(group)
    assert "ask" in _ways(_preview(group, case, ("name",), EMPLOYER))
    sharing.ask_member(group.actor("basil"), case, ("name",), EMPLOYER, "CH", key())
    with unit(group.actor("dina"), "rights_fulfilment"):
        asked = Message.objects.get(subject=group.amina, kind="consent_asked")
    assert asked.facts["needs"] == ["payer_disclosure:employer"]
    assert (asked.facts["organisation"], asked.clauses) == ("oryx-energy", ["6.10"])


def test_nobody_is_asked_who_forbade_to_be_written_to(group: Group) -> None:
    case = open_for(group)
    _agree(group, "withhold:email")
    assert "ask" not in _ways(_preview(group, case, ("name",), EMPLOYER))


def test_a_refused_look_offers_the_telephone_and_a_yes_opens_it(group: Group) -> None:
    write_record(group)
    take_back(group)
    case = open_for(group)
    page = sharing.look_at_health(group.actor("basil"), case)
    assert page.values == {}
    assert page.refusal is not None
    assert {way.kind for way in page.refusal.ways} == {"ask", "answer"}
    sharing.record_answer(group.actor("basil"), case, agrees=True, wording="May we?", language="en", key=key())
    assert sharing.look_at_health(group.actor("basil"), case).values == RECORD


def test_the_glass_is_offered_where_it_can_be_broken_and_only_there(group: Group) -> None:
    write_record(group)
    take_back(group)
    case = open_for(group)

    def offered() -> bool:
        page = sharing.look_at_health(group.actor("basil"), case)
        return page.refusal is not None and any(way.kind == "glass" for way in page.refusal.ways)

    assert not offered()
    service.declare_emergency(group.actor("basil"), case, "accident", key())
    assert offered()
    sharing.record_answer(group.actor("basil"), case, agrees=False, wording="May we?", language="en", key=key())
    assert not offered()


def test_through_a_broken_glass_the_least_is_offered_when_more_was_asked(group: Group) -> None:
    case = glass_for(group)
    way = _ways(_preview(group, case, ("name", "phone_home", "allergies"), RESCUE))["subset"]
    assert way.words == ("name", "allergies")
    assert _preview(group, case, way.words, RESCUE).refusal is None


@pytest.mark.parametrize("who", ["chandra", "wei"])
def test_a_stranger_shares_nothing_asks_nothing_and_looks_at_nothing(group: Group, who: str) -> None:
    case, actor = open_for(group), group.actor(who)
    with pytest.raises(NotFoundError):
        sharing.share_form(actor, case)
    with pytest.raises(NotFoundError):
        sharing.preview(actor, case, ("name",), ALP_AIR, "CH")
    with pytest.raises(NotFoundError):
        sharing.disclose(actor, case, ("name",), ALP_AIR, "CH", "", key())
    with pytest.raises(NotFoundError):
        sharing.ask_member(actor, case, ("name",), ALP_AIR, "CH", key())
    with pytest.raises(NotFoundError):
        sharing.look_at_health(actor, case)
    with pytest.raises(NotFoundError):
        sharing.record_answer(actor, case, agrees=True, wording="", language="en", key=key())
