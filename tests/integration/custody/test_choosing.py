"""A choice that would stop the person from choosing again is refused, and nothing of it is kept."""

import pytest

from amanat.choices.models import ConsentRecord, State
from amanat.custody.choosing import Answer, Asked, LastingChoiceError, choose
from amanat.custody.unit import unit
from amanat.vocabulary.choices import parse_choice
from stage.group import Group

ASKED = Asked("I hold this back.", "test-1", "en")
KINDLY = Answer(parse_choice("cookies_analytics"), State.GIVEN)


def states_of(group: Group) -> list[str]:
    with unit(group.actor("amina"), "rights_fulfilment"):
        found = ConsentRecord.objects.filter(subject=group.amina, form_version="test-1").order_by("at")
        return [one.state for one in found]


@pytest.mark.parametrize(
    "choice",
    ["block_purpose:rights_fulfilment", "block_purpose:legal", "withhold:consent_choice", "withhold:ordinary",
     "withhold:personal"],
)  # fmt: skip
def test_what_could_never_be_taken_back_is_refused_whole(group: Group, choice: str) -> None:
    lasting = Answer(parse_choice(choice), State.GIVEN)
    with (
        pytest.raises(LastingChoiceError, match=choice),
        unit(group.actor("amina"), "rights_fulfilment", channel="web_account") as one,
    ):
        choose(one, group.amina, [KINDLY, lasting], ASKED)
    assert states_of(group) == []


@pytest.mark.parametrize("choice", ["block_purpose:advertising", "withhold:medical", "withhold:travel"])
def test_what_spares_the_choices_themselves_is_recorded_and_taken_back(group: Group, choice: str) -> None:
    for state in (State.GIVEN, State.WITHDRAWN):
        with unit(group.actor("amina"), "rights_fulfilment", channel="web_account") as one:
            choose(one, group.amina, [Answer(parse_choice(choice), state)], ASKED)
    assert states_of(group) == [State.GIVEN.value, State.WITHDRAWN.value]
