"""The closed lexicon: its size, its bits, and its errors."""

import pytest

from amanat.vocabulary.terms import (
    ACTION,
    CATEGORY,
    CHANNEL,
    CONTEXT,
    FIELD_LEAF,
    OBLIGATION_PARAMETER,
    OBLIGATIONS,
    PROFILE,
    PURPOSE,
    RECIPIENT,
    RECIPIENT_KIND,
    RELATION,
    ROLE,
    ROOT_VERB,
    Axis,
    UnknownTermError,
)

AXES = [ACTION, ROLE, RECIPIENT, CATEGORY, PURPOSE, CONTEXT, CHANNEL, RELATION]
axes = pytest.mark.parametrize("axis", AXES, ids=[axis.name for axis in AXES])


def test_the_lexicon_has_the_agreed_size() -> None:
    sizes = [len(axis.leaves) for axis in (ACTION, ROLE, RECIPIENT, CONTEXT, CHANNEL)]
    assert sizes == [14, 18, 35, 11, 14]
    assert len(OBLIGATIONS) == 28


@axes
def test_each_leaf_has_a_bit_of_its_own(axis: Axis) -> None:
    bits = [axis.bit[leaf] for leaf in axis.leaves]
    assert len(set(axis.leaves)) == len(axis.leaves)
    assert [bit.bit_count() for bit in bits] == [1] * len(bits)
    assert sum(bits) == axis.everything


@axes
def test_a_group_is_the_union_of_its_leaves(axis: Axis) -> None:
    for name, leaves in axis.groups.items():
        if name not in axis.bit:
            assert axis.leaves_in(axis.mask_of(name)) == [leaf for leaf in axis.leaves if leaf in leaves]


@axes
def test_a_group_is_no_leaf(axis: Axis) -> None:
    for name in set(axis.groups) - set(axis.bit):
        with pytest.raises(UnknownTermError):
            axis.leaf(name)


@axes
def test_an_unknown_word_names_itself_and_its_neighbour(axis: Axis) -> None:
    word = axis.leaves[0]
    with pytest.raises(UnknownTermError, match=f"did you mean `{word}`"):
        axis.leaf(word + "x")
    with pytest.raises(UnknownTermError, match="`qqqq`"):
        axis.mask_of("qqqq")


def test_every_personal_leaf_is_ordinary_or_sensitive_and_never_both() -> None:
    ordinary, sensitive = CATEGORY.mask_of("ordinary"), CATEGORY.mask_of("sensitive")
    assert ordinary & sensitive == 0
    assert ordinary | sensitive == CATEGORY.mask_of("personal")
    assert CATEGORY.mask_of("personal") & CATEGORY.mask_of("nonpersonal") == 0


def test_a_field_belongs_to_a_leaf_and_is_none_itself() -> None:
    assert set(FIELD_LEAF.values()) <= set(CATEGORY.leaves)
    assert not set(FIELD_LEAF) & set(CATEGORY.leaves)


def test_the_emergency_minimum_is_the_agreed_one_and_leaves_the_diagnosis_out() -> None:
    minimum = PROFILE["emergency_minimum"]
    assert len(minimum) == 11
    assert minimum <= set(CATEGORY.leaves) | set(FIELD_LEAF)
    assert "diagnosis" not in minimum
    assert "emergency_record" not in minimum


def test_provider_leaves_are_written_with_their_kind_and_others_with_or_without() -> None:
    assert RECIPIENT.leaf("payer.employer") == RECIPIENT.leaf("employer") == "employer"
    assert RECIPIENT_KIND["provider.travel"] == "provider"
    with pytest.raises(UnknownTermError):
        RECIPIENT.leaf("travel")


def test_every_action_has_one_of_the_four_root_verbs() -> None:
    assert set(ROOT_VERB.values()) == {"collect", "hold", "use", "disclose"}
    assert set(ROOT_VERB) == set(ACTION.leaves)


def test_what_may_follow_an_obligation_is_said_for_known_ones_alone() -> None:
    assert set(OBLIGATION_PARAMETER) <= set(OBLIGATIONS)
