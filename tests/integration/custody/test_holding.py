"""A law that makes us keep data is named, has an end, and is placed by an officer alone."""

from datetime import timedelta

import pytest

from amanat.custody.erasing import ErasureHeldError, erase_myself
from amanat.custody.holding import HoldRefusedError, end_hold, place_hold
from amanat.errors import MalformedError, NotFoundError
from amanat.vocabulary import clock
from stage.accounts import MovedClock
from stage.group import Group


def test_an_erasure_waits_for_the_law_and_is_told_which_and_until_when(group: Group) -> None:
    until = clock.now() + timedelta(days=30)
    hold = place_hold(group.actor("dina"), group.amina, "CO 958f", until)
    with pytest.raises(ErasureHeldError, match=f"CO 958f.*{until:%Y-%m-%d}"):
        erase_myself(group.actor("amina"))
    end_hold(group.actor("dina"), group.amina, hold)
    erase_myself(group.actor("amina"))


def test_a_hold_ends_by_itself(group: Group, moved_clock: MovedClock) -> None:
    place_hold(group.actor("dina"), group.amina, "CO 958f", clock.now() + timedelta(days=30))
    moved_clock.move(days=30)
    erase_myself(group.actor("amina"))


def test_a_coordinator_places_and_ends_none(group: Group) -> None:
    with pytest.raises(HoldRefusedError):
        place_hold(group.actor("basil"), group.amina, "CO 958f", clock.now() + timedelta(days=30))
    hold = place_hold(group.actor("dina"), group.amina, "CO 958f", clock.now() + timedelta(days=30))
    with pytest.raises(HoldRefusedError):
        end_hold(group.actor("basil"), group.amina, hold)
    with pytest.raises(ErasureHeldError):
        erase_myself(group.actor("amina"))


def test_a_hold_names_a_law_and_an_end_to_come_and_ends_once(group: Group) -> None:
    for law, days in (("", 30), ("CO 958f", 0)):
        with pytest.raises(MalformedError):
            place_hold(group.actor("dina"), group.amina, law, clock.now() + timedelta(days=days))
    hold = place_hold(group.actor("dina"), group.amina, "CO 958f", clock.now() + timedelta(days=30))
    end_hold(group.actor("dina"), group.amina, hold)
    with pytest.raises(NotFoundError):
        end_hold(group.actor("dina"), group.amina, hold)
