"""The yes to the emergency record counts for each kind of recipient apart, and an empty box says nothing else."""

import pytest

from amanat.custody.facts import Ask, Recipient
from amanat.custody.unit import unit
from amanat.emergency.service import RECIPIENTS, record_of, save_record, told_to
from amanat.policy.decision import Outcome
from stage.desk import WORDINGS, WORDS, draft, lend, open_for, write_record
from stage.group import Group

TREATING = {
    "group": Recipient("assistance_centre", "ama-sg"),
    "provider.medical": Recipient("provider.medical", "alp-air"),
    "local_clinician": Recipient("hospital", country="CH"),
}


def _told(group: Group, words: tuple[str, ...], to: Recipient) -> Outcome:
    with unit(group.actor("basil"), "treatment", channel="phone") as one:
        handle = one.ask(Ask("disclose", words, "treatment", recipient=to), [group.amina])
    return handle.decision(group.amina).outcome


@pytest.mark.clause("6.3c")
def test_a_record_cannot_be_saved_before_the_yes(group: Group) -> None:
    saved = save_record(group.actor("amina"), draft(yes=False), WORDS, WORDINGS)
    assert not saved.kept
    assert "8.4" in saved.clauses
    assert record_of(group.actor("amina")).version == 0


@pytest.mark.parametrize("ticked", RECIPIENTS)
def test_each_kind_of_recipient_follows_its_own_box(group: Group, ticked: str) -> None:
    write_record(group, [ticked])
    open_for(group)
    outcomes = {kind: _told(group, ("allergies",), to) for kind, to in TREATING.items()}
    assert outcomes == dict.fromkeys(TREATING, Outcome.ASK) | {ticked: Outcome.PERMIT}


@pytest.mark.clause("8.3a")
def test_a_yes_to_keeping_alone_tells_nobody(group: Group) -> None:
    write_record(group, [])
    open_for(group)
    assert [_told(group, ("allergies",), to) for to in TREATING.values()] == [Outcome.ASK] * 3


def test_an_empty_box_blocks_nothing_but_the_record(group: Group) -> None:
    write_record(group, [])
    open_for(group)
    assert _told(group, ("name",), TREATING["provider.medical"]) is Outcome.PERMIT
    assert _told(group, ("name",), TREATING["group"]) is Outcome.PERMIT


def test_a_look_from_another_company_needs_the_box_of_our_group(group: Group) -> None:
    write_record(group, ["local_clinician"])
    lend(group, "wei")
    with unit(group.actor("wei"), "treatment", channel="phone") as one:
        handle = one.ask(Ask("view", ("allergies", "name"), "treatment"), [group.amina])
    verdicts = {one.word: one.outcome for one in handle.decision(group.amina).verdicts}
    assert verdicts == {"allergies": Outcome.ASK, "name": Outcome.PERMIT}


def test_a_yes_that_names_nobody_is_a_yes_towards_all() -> None:
    assert told_to(["emergency_record"]) == {"self", *RECIPIENTS}
    assert told_to(["emergency_record@self", "emergency_record@group", "newsletter"]) == {"self", "group"}
    assert told_to([]) == frozenset()
