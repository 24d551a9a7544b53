"""The words of letters, in the person's language where there is a translation."""

from datetime import UTC, datetime

import pytest

from amanat.worker.letters import UnknownLetterError, write_letter

_ON = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
_KINDS = ("glass_opened", "choice_changed")
_HEALTH_WORDS = ("health", "medical", "santé", "médic", "صح", "طب")


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize("language", ["en", "fr", "ar", "fr-CA", "AR", "zh", ""])
def test_every_kind_has_words_in_every_language(kind: str, language: str) -> None:
    letter = write_letter(kind, language, company="Amanat CH", on=_ON, clauses=("8.4", "8.13"))
    assert "\n" not in letter.subject
    assert "8.4, 8.13" in letter.body
    assert "2026" in letter.body or "٢٠٢٦" in letter.body
    assert not any(word in (letter.subject + letter.body).lower() for word in _HEALTH_WORDS)


def test_a_language_without_a_translation_gets_english() -> None:
    spoken = [write_letter("glass_opened", one, company="A", on=_ON, clauses=()) for one in ("zh-Hant", "", "en_GB")]
    assert {one.subject for one in spoken} == {"Somebody looked at your record"}


def test_the_translation_is_used() -> None:
    letter = write_letter("choice_changed", "fr_CH", company="A", on=_ON, clauses=())
    assert "23 novembre 2026" in letter.body
    assert "{" not in letter.body


@pytest.mark.parametrize("kind", ["", "unknown", "../mail/glass_opened", "glass_opened/body.txt"])
def test_there_are_no_words_for_an_unknown_kind(kind: str) -> None:
    with pytest.raises(UnknownLetterError):
        write_letter(kind, "en", company="A", on=_ON, clauses=())
