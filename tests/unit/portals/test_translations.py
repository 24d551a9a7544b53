"""The catalogues: readable, complete for the shared parts, and true to the places for values."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from django.utils import translation

from amanat.portals.folders import LOCALES, TEMPLATES
from amanat.portals.languages import LANGUAGES
from amanat.portals.translations.compile import compile_catalogues

TRANSLATED = [code for code, _ in LANGUAGES if code != "en"]
SHARED = TEMPLATES[0]
PROGRAM = LOCALES.parents[2]


def _catalogue(language: str) -> Catalog:
    file = LOCALES / language / "LC_MESSAGES" / "django.po"
    return read_po(BytesIO(file.read_bytes()), locale=language, abort_invalid=True)


def _shared_words() -> Iterator[tuple[str, str | None]]:
    found = extract_from_dir(
        SHARED, method_map=[("**.html", "jinja2")], options_map={"**.html": {"trimmed": "true", "silent": "false"}}
    )
    for _, _, message, _, context in found:
        yield (message if isinstance(message, str) else message[0]), context


def _forms(message: Message) -> tuple[list[str], list[str]]:
    source = list(message.id) if isinstance(message.id, tuple | list) else [message.id]
    target = list(message.string) if isinstance(message.string, tuple | list) else [message.string]
    return source, [text or "" for text in target]


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_word_of_the_shared_parts_is_translated(language: str) -> None:
    catalogue = _catalogue(language)
    missing = [
        text for text, context in _shared_words()
        if (found := catalogue.get(text, context)) is None or not all(_forms(found)[1])
    ]  # fmt: skip
    assert missing == []


def test_every_word_of_every_page_is_in_french() -> None:
    """Arabic is kept complete for the shared parts alone."""
    catalogue = _catalogue("fr")
    methods = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
    options = {"**/templates/**.html": {"trimmed": "true", "silent": "false"}}
    missing = [
        (file, text)
        for file, _, text, _, context in extract_from_dir(PROGRAM, method_map=methods, options_map=options)
        if (found := catalogue.get(text if isinstance(text, str) else text[0], context)) is None
        or not all(_forms(found)[1])
    ]
    assert missing == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_keeps_the_places_for_values(language: str) -> None:
    for message in _catalogue(language):
        source, target = _forms(message)
        known = set(re.findall(r"%\(\w+\)s", " ".join(source)))
        for text in filter(None, target):
            assert set(re.findall(r"%\(\w+\)s", text)) <= known, text
        assert not message.id or not any(target) or not known or known & set(re.findall(r"%\(\w+\)s", " ".join(target)))


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_a_guess(language: str) -> None:
    assert not [message.id for message in _catalogue(language) if message.id and message.fuzzy]


def test_catalogues_are_compiled_once_and_again_only_when_stale(tmp_path: Path) -> None:
    source = tmp_path / "fr" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_bytes((LOCALES / "fr" / "LC_MESSAGES" / "django.po").read_bytes())
    compiled = source.with_suffix(".mo")
    assert compile_catalogues(tmp_path) == [compiled]
    assert compile_catalogues(tmp_path) == []
    assert list(source.parent.iterdir()) != [source]


@pytest.mark.parametrize(("language", "word"), [("en", "Back"), ("fr", "Retour"), ("ar", "رجوع")])
def test_a_page_speaks_the_active_language(language: str, word: str) -> None:
    compile_catalogues()
    with translation.override(language):
        assert translation.gettext("Back") == word
