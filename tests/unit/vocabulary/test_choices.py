"""Choices as they are written down: an opt-in names one leaf, an opt-out reaches all below."""

import pytest

from amanat.vocabulary.choices import OPT_INS, OPT_OUTS, WRITTEN, Choice, ChoiceKind, parse_choice
from amanat.vocabulary.terms import UnknownTermError


def test_every_kind_is_an_opt_in_or_an_opt_out() -> None:
    assert len(ChoiceKind) == 16
    assert set(ChoiceKind) == OPT_INS | OPT_OUTS
    assert not OPT_INS & OPT_OUTS


def test_every_listed_choice_reads_back_as_its_canonical_form() -> None:
    for text, canonical in WRITTEN.items():
        assert str(parse_choice(text)) == str(parse_choice(canonical)) == canonical


def test_parts_of_a_choice() -> None:
    assert parse_choice("payer_disclosure:payer.insurer") == Choice(ChoiceKind.PAYER_DISCLOSURE, "insurer")
    assert parse_choice("other_purpose:other.film") == Choice(ChoiceKind.OTHER_PURPOSE, "film")
    assert parse_choice("withhold:allergies") == Choice(ChoiceKind.WITHHOLD, "allergies")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("medical_servce", "did you mean `medical_service`"),
        ("guardian_for", "unknown choice"),
        ("", "unknown choice"),
        ("newsletter:weekly", "takes no parameter"),
        ("newsletter:", "does not say what"),
        ("withhold", "does not say what"),
        ("block_purpose", "does not say what"),
        ("block_recipient:neighbour", "`neighbour`"),
        ("payer_disclosure:neighbour", "`neighbour`"),
        ("block_purpose:profit", "`profit`"),
    ],
)
def test_a_choice_that_cannot_be_read_is_an_error(text: str, says: str) -> None:
    with pytest.raises(UnknownTermError, match=says):
        parse_choice(text)
