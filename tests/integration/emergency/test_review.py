"""Every broken glass is looked at again, by somebody else, and the person hears of it."""

import pytest

from amanat.cases.breaking import close_glass, through_glass
from amanat.custody.models import Message
from amanat.custody.reading import journal_of
from amanat.custody.unit import unit
from amanat.emergency.review import OwnGlassError, review_glass, review_of, to_review
from amanat.errors import NotFoundError
from stage.accounts import MovedClock
from stage.desk import CHECKLIST, glass_for, key
from stage.group import Group


def test_a_broken_glass_is_in_the_queue_at_once_and_due_within_a_day(group: Group, moved_clock: MovedClock) -> None:
    glass_for(group)
    (due,) = to_review(group.actor("dina"))
    assert (due.holder, due.reason, due.closed_out) == (group.actor("basil").account, "accident", False)
    assert (due.review_due - due.opened_at).total_seconds() == 24 * 3600
    assert not due.overdue
    moved_clock.move(hours=25)
    assert to_review(group.actor("dina"))[0].overdue


def test_the_reviewer_reads_the_reasons_and_each_look(group: Group) -> None:
    case = glass_for(group)
    through_glass(group.actor("basil"), case)
    close_glass(group.actor("basil"), case, "care_arranged", "The ambulance knows.", key())
    (due,) = to_review(group.actor("dina"))
    seen = review_of(group.actor("dina"), due.id)
    assert [entry["text"] for entry in seen.words] == [CHECKLIST.words, "The ambulance knows."]
    assert any("emergency_record" in look.opened for look in seen.looks)
    assert seen.ended == "care_arranged"


def test_a_verdict_empties_the_queue_and_the_person_is_told(group: Group) -> None:
    glass_for(group)
    (due,) = to_review(group.actor("dina"))
    review_glass(group.actor("dina"), due.id, "justified", key())
    assert to_review(group.actor("dina")) == []
    assert review_of(group.actor("dina"), due.id).verdict == "justified"
    with unit(group.actor("dina"), "rights_fulfilment"):
        assert Message.objects.get(subject=group.amina, kind="glass_reviewed").facts["verdict"] == "justified"


def test_a_verdict_rests_on_a_decision_that_permits(group: Group) -> None:
    glass_for(group)
    (due,) = to_review(group.actor("dina"))
    review_glass(group.actor("dina"), due.id, "justified", key())
    with unit(group.actor("dina"), "audit") as one:
        decided = [line.outcome for line in journal_of(one, most=20) if line.account == one.actor.account]
    assert set(decided) == {"permit"}


def test_a_verdict_is_given_once(group: Group) -> None:
    glass_for(group)
    (due,) = to_review(group.actor("dina"))
    for verdict in ("justified", "not_justified"):
        review_glass(group.actor("dina"), due.id, verdict, key())
    assert review_of(group.actor("dina"), due.id).verdict == "justified"


def test_nobody_reviews_their_own(group: Group) -> None:
    glass_for(group)
    (due,) = to_review(group.actor("dina"))
    with pytest.raises(OwnGlassError):
        review_glass(group.actor("basil"), due.id, "justified", key())


def test_a_queue_holds_the_glasses_of_its_own_company_alone(group: Group) -> None:
    glass_for(group)
    (due,) = to_review(group.actor("dina"))
    assert to_review(group.actor("wei")) == []
    with pytest.raises(NotFoundError):
        review_of(group.actor("wei"), due.id)
