"""My choices (M4): empty boxes, a preview before, an honest word after, effective at once."""

import re
from uuid import uuid4

import pytest

from amanat.choices.models import ConsentRecord
from amanat.custody.comparing import person_of
from amanat.custody.facts import Ask, Recipient
from amanat.custody.models import Message
from amanat.custody.unit import unit
from amanat.policy.decision import Outcome
from amanat.rights.options import option_of
from stage.choices import EVERY_YES, decide_once, furnish, open_case, order_for, say_yes
from stage.databases import AsLogin
from stage.group import ORYX, Group, _enrol
from stage.member import Member, member_account

CARE = Ask("use", ("consultation",), "consultation")


def _address(written: str) -> str:
    return f"/member/choices/{option_of(written).slug}/"


def _in_force(member: Member) -> set[str]:
    with unit(member.actor, "rights_fulfilment") as one:
        return set(person_of(one, member.subject).choices)


def test_the_board_shows_every_kind_of_choice_with_its_state(amina_signed_in: Member) -> None:
    say_yes(amina_signed_in.actor, ["other_purpose:training_film"])
    html = amina_signed_in.get("/member/choices/")
    listed = re.findall(r"/member/choices/([0-9a-f]{16})/", html)
    assert len(listed) == len(set(listed)) > 30
    for title in ("Use health data to help me", "Record my calls", "Keep and use my emergency record",
                  "Tell the person I named", "Follow where I am right now", "Tell oryx-energy",
                  "Take health data from a hospital near you", "Another aim: training film", "Send me the newsletter",
                  "Count my visits", "Ask me in surveys", "Show me adverts by interest", "Leave the services",
                  "Tell nothing to whoever pays", "Nothing for the newsletter",
                  "Hold back: private telephone"):  # fmt: skip
        assert title in html
    assert html.count(">You agreed<") == 1


def test_a_yes_needs_a_tick_in_an_empty_box(amina_signed_in: Member) -> None:
    address = _address("medical_service")
    (box,) = re.findall(r"<input[^>]*type=\"checkbox\"[^>]*>", amina_signed_in.get(address))
    assert " checked" not in box
    html = amina_signed_in.post(address, 422, wish="give").content.decode()
    assert "tick the box first" in html
    assert _in_force(amina_signed_in) == set()


def test_a_yes_works_at_once_and_taking_it_back_works_at_once(amina_signed_in: Member, group: Group) -> None:
    address = _address("medical_service")
    assert decide_once(group.amina, CARE, "clinician").outcome is Outcome.ASK
    amina_signed_in.post(address, wish="give", agree="yes")
    assert decide_once(group.amina, CARE, "clinician").outcome is Outcome.PERMIT
    html = amina_signed_in.get(amina_signed_in.post(address, wish="withdraw")["Location"])
    assert "It holds from the next look on" in html
    assert "nobody who pays was told" in html
    assert decide_once(group.amina, CARE, "clinician").outcome is Outcome.ASK


@pytest.mark.clause("8.7")
def test_who_leaves_is_served_no_more(amina_signed_in: Member, group: Group) -> None:
    advice = Ask("use", ("destinations",), "travel_information")
    assert decide_once(group.amina, advice).outcome is Outcome.PERMIT
    html = amina_signed_in.get(_address("opt_out_service"))
    assert "Advice for your trips" in html
    amina_signed_in.post(_address("opt_out_service"), wish="give", agree="yes")
    with unit(amina_signed_in.actor, "rights_fulfilment") as one:
        assert "opt_out_service" in person_of(one, group.amina).choices
    refused = decide_once(group.amina, advice)
    assert (refused.outcome, refused.clauses) == (Outcome.DENY, ("8.7",))


def _told(group: Group, leaf: str, code: str = "") -> Outcome:
    """Whether a clerk may tell somebody who pays about a claim."""
    ask = Ask("disclose", ("case_log",), "claims", recipient=Recipient(leaf, code, None if code else "CH"))
    return decide_once(group.amina, ask, "billing_clerk").outcome


@pytest.mark.clause("6.10a")
def test_a_yes_for_one_payer_is_none_for_another(amina_signed_in: Member, group: Group) -> None:
    say_yes(amina_signed_in.actor, ["payer_disclosure:insurer"])
    assert _told(group, "insurer") is Outcome.PERMIT
    assert _told(group, "employer", ORYX) is Outcome.ASK
    amina_signed_in.post(_address("payer_disclosure:employer@oryx-energy"), wish="give", agree="yes")
    assert _told(group, "employer", ORYX) is Outcome.PERMIT


@pytest.mark.clause("8.12a")
def test_a_block_stops_what_was_allowed_and_a_valid_order_alone_passes_it(
    amina_signed_in: Member, group: Group
) -> None:
    amina_signed_in.post(_address("payer_disclosure:employer@oryx-energy"), wish="give", agree="yes")
    amina_signed_in.post(_address("block_recipient:payer"), wish="give", agree="yes")
    assert _told(group, "employer", ORYX) is Outcome.DENY
    amina_signed_in.post(_address("block_recipient:authority"), wish="give", agree="yes")
    order = Ask("disclose", ("name",), "legal_order", recipient=Recipient("police_or_court", "", "CH"))
    assert decide_once(group.amina, order, "privacy_officer").outcome is Outcome.DENY
    order_for(group.amina)
    assert decide_once(group.amina, order, "privacy_officer").outcome is Outcome.PERMIT
    allowed = Ask("disclose", ("name",), "legal_permission", recipient=Recipient("police_or_court", "", "CH"))
    assert decide_once(group.amina, allowed, "privacy_officer").outcome is Outcome.DENY


@pytest.mark.clause("0.9")
def test_reading_is_no_yes(amina_signed_in: Member) -> None:
    for page in ("/statement/", "/member/", "/member/record/", "/member/choices/", _address("newsletter"),
                 "/member/seen/"):  # fmt: skip
        amina_signed_in.get(page)
    with unit(amina_signed_in.actor, "rights_fulfilment"):
        assert not ConsentRecord.objects.filter(subject=amina_signed_in.subject).exists()


@pytest.mark.clause("8.12b")
@pytest.mark.parametrize(
    ("aim", "act"),
    [
        ("newsletter", Ask("contact", ("email",), "newsletter")),
        ("site_analytics", Ask("use", ("browse",), "site_analytics")),
        ("survey", Ask("disclose", ("device",), "survey", recipient=Recipient("provider.survey", "firm-survey"))),
        ("advertising", Ask("disclose", ("browse",), "advertising_onsite",
                            recipient=Recipient("provider.ads", "firm-ads"))),
    ],
)  # fmt: skip
def test_a_blocked_aim_stops(amina_signed_in: Member, group: Group, as_login: AsLogin, aim: str, act: Ask) -> None:
    with as_login("worker"):
        furnish()
    say_yes(amina_signed_in.actor, EVERY_YES)
    assert decide_once(group.amina, act, "web_system").outcome is Outcome.PERMIT
    amina_signed_in.post(_address(f"block_purpose:{aim}"), wish="give", agree="yes")
    assert decide_once(group.amina, act, "web_system").outcome is Outcome.DENY


def test_who_takes_back_the_keeping_takes_back_the_showing(amina_signed_in: Member) -> None:
    amina_signed_in.save_record(keep="yes", group="yes", doctors="yes")
    html = amina_signed_in.get(_address("emergency_record@self"))
    assert "Help if your life is at risk" in html
    assert "emergency record told to doctors near you" in html
    amina_signed_in.post(_address("emergency_record@self"), wish="withdraw")
    assert _in_force(amina_signed_in) == set()


def test_the_preview_says_what_stays_and_that_nobody_who_pays_is_told(amina_signed_in: Member) -> None:
    say_yes(amina_signed_in.actor)
    html = amina_signed_in.get(_address("medical_service"))
    for part in ("Stops", "Consultations by telephone", "Gets less", "Goes on as it is", "What stays, and why",
                 "Your employer is not told"):  # fmt: skip
        assert part in html


def test_the_preview_names_who_may_be_told_no_longer_and_what_becomes_of_the_record(amina_signed_in: Member) -> None:
    amina_signed_in.save_record(keep="yes", group="yes", doctors="yes")
    html = amina_signed_in.get(_address("emergency_record@self"))
    told = html.partition("No longer told")[2].partition("</section>")[0]
    assert "doctors near you" in told
    assert "emergency record" in told
    assert "<dt>emergency record</dt><dd>Locked at once" in html
    assert "May be told from now on" in amina_signed_in.get(_address("payer_disclosure:employer@oryx-energy"))


def test_who_has_an_open_case_is_asked_to_talk_first_where_it_matters(amina_signed_in: Member) -> None:
    say_yes(amina_signed_in.actor)
    assert "You have an open case" not in amina_signed_in.get(_address("medical_service"))
    open_case(amina_signed_in.subject)
    assert "Talk to them first" in amina_signed_in.get(_address("medical_service"))
    assert "You have an open case" not in amina_signed_in.get(_address("newsletter"))


def test_each_change_leaves_its_proof_and_tells_the_person_alone(amina_signed_in: Member) -> None:
    amina_signed_in.post(_address("newsletter"), wish="give", agree="yes")
    amina_signed_in.post(_address("newsletter"), wish="withdraw")
    with unit(amina_signed_in.actor, "rights_fulfilment"):
        states = list(ConsentRecord.objects.order_by("at").values_list("state", "kind"))
        messages = list(Message.objects.values_list("kind", "subject", "clauses"))
    assert states == [("given", "newsletter"), ("withdrawn", "newsletter")]
    assert messages == [("choice_changed", amina_signed_in.subject, ["8.8"])] * 2
    html = amina_signed_in.get("/member/choices/")
    assert "Taken back" in html
    assert "I take back my yes: Send me the newsletter." in html


def test_sent_twice_it_changes_once_and_in_a_stale_window_nothing(amina_signed_in: Member) -> None:
    address, form = _address("newsletter"), {"wish": "give", "agree": "yes"}
    first = amina_signed_in.post(address, form_key="n" * 20, **form)
    assert amina_signed_in.post(address, form_key="n" * 20, **form)["Location"] == first["Location"]
    assert amina_signed_in.post(address, 409, **form)


def test_an_address_of_no_choice_is_not_there(amina_signed_in: Member) -> None:
    nowhere = amina_signed_in.get("/member/choices/0123456789abcdef/", 404)
    assert amina_signed_in.get("/member/nothing/", 404) == nowhere
    amina_signed_in.post(_address("newsletter"), 400, wish="")


def test_a_question_of_the_desk_waits_on_the_board_until_it_is_answered(amina_signed_in: Member, group: Group) -> None:
    with unit(group.actor("basil"), "service_message") as one:
        one.ask(Ask("contact", ("phone_work",), "service_message"), [group.amina])
        facts = {"needs": ["payer_disclosure:employer"], "organisation": ORYX}
        one.notify(group.amina, "consent_asked", facts, ("6.10",))
    address = _address("payer_disclosure:employer@oryx-energy")
    question = amina_signed_in.get("/member/choices/").partition("You are asked")[2].partition("</ul>")[0]
    assert address in question
    amina_signed_in.post(address, wish="give", agree="yes")
    assert "You are asked" not in amina_signed_in.get("/member/choices/")


def test_the_record_is_asked_beside_its_fields_and_not_on_the_board(amina_signed_in: Member) -> None:
    address = _address("emergency_record@self")
    assert amina_signed_in.client.get(address)["Location"] == "/member/record/"
    amina_signed_in.post(address, 400, wish="give", agree="yes")
    assert _in_force(amina_signed_in) == set()


def test_a_yes_to_all_that_was_taken_back_in_another_window_is_said_to_be_so(amina_signed_in: Member) -> None:
    say_yes(amina_signed_in.actor, ["emergency_record"])
    address = _address("emergency_record")
    amina_signed_in.post(address, wish="withdraw")
    said = amina_signed_in.post(address, 409, wish="withdraw").content.decode()
    assert "Your choice already stands so" in said


def test_who_leaves_is_told_what_whoever_pays_learns(amina_signed_in: Member) -> None:
    html = amina_signed_in.get(_address("opt_out_service"))
    assert "Only that you are not enrolled any more" in html
    assert "Your employer is not told" not in html


def test_other_aims_are_taken_back_here_and_never_given_wholesale(amina_signed_in: Member) -> None:
    amina_signed_in.get(_address("other_purpose"), 404)
    amina_signed_in.get(_address("other_purpose:anything"), 404)
    say_yes(amina_signed_in.actor, ["other_purpose:training_film"])
    amina_signed_in.post(_address("other_purpose:training_film"), wish="withdraw")
    assert _in_force(amina_signed_in) == set()


@pytest.mark.clause("6.10b")
def test_the_yes_to_a_relatives_employer_is_the_relatives_own(amina_signed_in: Member, group: Group) -> None:
    """Amina's yes is about Amina; her husband's data waits for his, given on his own board."""
    yusuf = uuid4()
    _enrol(yusuf, ORYX, "Haddad", "Yusuf", "yusuf@example.org", "OX-1002", other=group.amina)
    amina_signed_in.post(_address("payer_disclosure:employer@oryx-energy"), wish="give", agree="yes")
    ask = Ask("disclose", ("case_log",), "claims", recipient=Recipient("employer_of_relative", ORYX))
    assert decide_once(yusuf, ask, "billing_clerk").outcome is Outcome.ASK
    own = _address("payer_disclosure:employer_of_relative@oryx-energy")
    amina_signed_in.get(own, 404)
    husband = Member(member_account(yusuf, "Yusuf Haddad", "yusuf@example.org"), yusuf)
    husband.post(own, wish="give", agree="yes")
    assert decide_once(yusuf, ask, "billing_clerk").outcome is Outcome.PERMIT
