"""The box algebra of the lints against single requests: what is covered is covered for each, what is left for none."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from amanat.policy.rule import Box
from amanat.statement.lints.boxes import left_of
from amanat.vocabulary.terms import ACTION, CATEGORY, CHANNEL, PURPOSE, RECIPIENT, RELATION, ROLE, Axis

AXES: dict[str, Axis] = {
    "actors": ROLE, "actions": ACTION, "leaves": CATEGORY, "recipients": RECIPIENT, "sources": RECIPIENT,
    "purposes": PURPOSE, "channels": CHANNEL, "relations": RELATION,
}  # fmt: skip
ASKED = {"recipients": ("disclose", "transfer"), "sources": ("receive",), "channels": ("collect", "receive")}
FEW = 4  # words of each axis, so that boxes meet
ACTS = ("collect", "receive", "view", "disclose")

Point = dict[str, str]


def words(name: str) -> tuple[str, ...]:
    return ACTS if name == "actions" else AXES[name].leaves[:FEW]


def mask(name: str) -> st.SearchStrategy[int]:
    """Some of the few words, or all there are."""
    some = st.sets(st.sampled_from(words(name)), min_size=1).map(AXES[name].union)
    return some | st.just(AXES[name].everything)


boxes = st.builds(Box, **{name: mask(name) for name in AXES})
points: st.SearchStrategy[Point] = st.fixed_dictionaries({name: st.sampled_from(words(name)) for name in AXES})


def holds(box: Box, point: Point) -> bool:
    """Whether a request lies in a box; what its action does not ask for is no limit."""
    return all(
        (name in ASKED and point["actions"] not in ASKED[name]) or bool(getattr(box, name) & axis.bit[point[name]])
        for name, axis in AXES.items()
    )


@given(boxes, st.lists(boxes, max_size=4), st.lists(points, min_size=20, max_size=20))
def test_nothing_left_means_that_each_request_lies_in_a_cover(box: Box, covers: list[Box], asked: list[Point]) -> None:
    if left_of(box, covers) is None:
        assert all(any(holds(cover, one) for cover in covers) for one in asked if holds(box, one))


@given(boxes, st.lists(boxes, max_size=4), st.data())
def test_what_is_left_lies_in_the_box_and_in_no_cover(box: Box, covers: list[Box], data: st.DataObject) -> None:
    left = left_of(box, covers)
    if left is not None:
        inner = {name: st.sampled_from(axis.leaves_in(getattr(left, name))) for name, axis in AXES.items()}
        point: Any = data.draw(st.fixed_dictionaries(inner))
        assert holds(box, point)
        assert not any(holds(cover, point) for cover in covers)


@given(boxes, boxes)
def test_a_box_and_what_is_left_of_it_cover_it(box: Box, cover: Box) -> None:
    covers, pieces = [cover], 0
    while (left := left_of(box, covers)) is not None:
        covers.append(left)
        pieces += 1
        assert pieces < 200
    assert left_of(box, [*covers, replace(box)]) is None
