"""The preview of a choice and what really happens: the same decider, so the same difference (8.13a, I13)."""

import pytest

from amanat.choices.models import State
from amanat.custody.comparing import Ground, Supposed, person_of
from amanat.custody.facts import Person
from amanat.custody.unit import unit
from amanat.policy.consequences import CONTINUES, LESS, STOPS, Preview, Told
from amanat.policy.request import purpose_of
from amanat.rights import service
from amanat.rights.options import option_of, options_of
from amanat.rights.preview import Surroundings, act_of, acts_of, trials_in
from amanat.vocabulary.acts import Use
from amanat.vocabulary.choices import OPT_OUTS, ChoiceKind
from stage import choices
from stage.choices import decided, furnish, say_yes
from stage.databases import AsLogin
from stage.group import Group

# What each change must touch at the least; the rest is for the comparison to say.
TOUCHES = {
    "medical_service": "consultation",
    "call_recording": "recorded_calls",
    "live_location": "travel_tracking",
    "nominee": "emergency_help",
    "newsletter": "newsletter",
    "cookies_analytics": "site_statistics",
    "cookies_survey": "survey",
    "cookies_ads": "adverts",
    "third_party_source:provider.medical": "consultation",
    "other_purpose:training_film": "other.training_film",
    "payer_disclosure:employer@oryx-energy": "direct_payment",
    "emergency_record@self": "emergency_help",
    "block_recipient:payer": "client_reports",
    "block_recipient:local_clinician": "local_treatment",
    "block_purpose:newsletter": "newsletter",
    "block_purpose:advertising": "adverts",
    "withhold:phone_home": "help_line",
    "withhold:itinerary": "travel_tracking",
    "opt_out_service": "help_line",
}


@pytest.fixture
def amina(group: Group, as_login: AsLogin) -> Group:
    """Amina said yes to everything there is."""
    with as_login("worker"):
        furnish()
    say_yes(group.actor("amina"))
    return group


def _person(group: Group) -> tuple[Person, Surroundings]:
    with unit(group.actor("amina"), "rights_fulfilment") as one:
        person = person_of(one, group.amina)
        return person, service.surroundings_of(one, person)


def _slug(group: Group, written: str) -> str:
    person, around = _person(group)
    return next(one.slug for one in options_of(person, around.payers) if one.written == written)


def _foretold(group: Group, written: str) -> Preview:
    return service.foretell(group.actor("amina"), _slug(group, written)).preview


def _change(group: Group, written: str, *, back: bool = False) -> None:
    forbids = option_of(written).choice.kind in OPT_OUTS
    state = State.GIVEN if forbids is not back else State.WITHDRAWN
    service.change(group.actor("amina"), _slug(group, written), state, lambda *_: choices.ASKED)


def test_every_kind_of_choice_is_compared() -> None:
    assert {option_of(one).choice.kind for one in TOUCHES} == set(ChoiceKind)


# What is asked beside its field, or only when it comes up, is not given on the board.
BESIDE = ("emergency_record", "nominee", "other_purpose")


@pytest.mark.clause("8.13a")
@pytest.mark.parametrize("written", TOUCHES)
def test_the_preview_equals_the_difference_of_real_decisions(amina: Group, written: str) -> None:
    """One way and, where the board gives it, back again."""
    person, around = _person(amina)
    foretold = _foretold(amina, written)
    acts = acts_of(person, around, person.choices)
    tellings = _tellings(amina, foretold.untold)
    before, told_before = decided(amina.amina, acts), _told(decided(amina.amina, tellings))
    _change(amina, written)
    after, told_after = decided(amina.amina, acts), _told(decided(amina.amina, tellings))
    assert (foretold.lost, foretold.gained) == (before - after, after - before)
    assert TOUCHES[written] in {service for service, _, _ in foretold.lost}
    asked = {recipient for recipient, _, _ in told_before | told_after}
    assert told_before - told_after == {one for one in foretold.untold if one[0] in asked}
    if written.startswith(BESIDE):
        return
    back = _foretold(amina, written)
    assert (back.gained, back.lost) == (foretold.lost, frozenset())
    assert (back.told, back.untold) == (foretold.untold, frozenset())
    _change(amina, written, back=True)
    assert decided(amina.amina, acts) == before


def _tellings(group: Group, untold: frozenset[Told]) -> list[tuple[str, Use, Supposed]]:
    """All that is told to one of those who will no longer be told something, for every aim."""
    with unit(group.actor("amina"), "rights_fulfilment") as one:
        person = person_of(one, group.amina)
        around = service.surroundings_of(one, person)
        trials = trials_in(Ground(one, person, []), person, around, frozenset())
    who = min((recipient for recipient, _, _ in untold), default="")
    return [("", one.act, act_of(person, around, one)) for one in trials if one.recipient == who and not one.service]


def _told(permitted: set[tuple[str, Use, str]]) -> set[Told]:
    return {(use.recipient, word, purpose_of(use.purpose)[1]) for _, use, word in permitted if use.recipient}


@pytest.mark.clause("8.13a")
def test_what_does_not_need_the_data_goes_on(amina: Group) -> None:
    """No retaliation: without health data, help by telephone, travel advice and the newsletter are as they were."""
    preview = _foretold(amina, "medical_service")
    assert {line.service for line in preview.of(STOPS)} == {
        "consultation", "local_treatment", "firm_treatment", "health_assessment", "evacuation",
    }  # fmt: skip
    assert {line.service for line in preview.of(LESS)} == {"help_line", "emergency_help", "security_help"}
    assert {"travel_advice", "newsletter", "shop", "life_at_risk", "own_data", "billing"} <= {
        line.service for line in preview.of(CONTINUES)
    }


def test_a_life_at_risk_is_still_helped_through_the_glass(amina: Group) -> None:
    preview = _foretold(amina, "emergency_record@self")
    assert "life_at_risk" in {line.service for line in preview.of(CONTINUES)}
    assert any(service == "life_at_risk" for service, _, _ in preview.lost)


def test_a_preview_leaves_no_choice_and_asks_nothing_of_the_vault(amina: Group) -> None:
    before, _ = _person(amina)
    service.foretell(amina.actor("amina"), _slug(amina, "opt_out_service"))
    after, _ = _person(amina)
    assert before == after
