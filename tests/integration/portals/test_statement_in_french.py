"""A French reader meets the statement in French, with the numbers, links and rules of the English one."""

import logging
import re
from collections.abc import Iterator
from html import unescape

import pytest
from django.test import Client

from amanat.portals.languages import LANGUAGE_COOKIE
from amanat.publication import reading
from amanat.statement import translations
from amanat.statement.compile import Statement, load_statement
from amanat.statement.translations import faults
from stage.accounts import plain_browser
from stage.group import Group
from stage.planted import edited
from stage.statements import few_statements

DRAFT = "Traduction provisoire\u00a0; le texte anglais fait foi"


@pytest.fixture
def french(group: Group) -> Client:
    browser = plain_browser()
    browser.cookies[LANGUAGE_COOKIE] = "fr"
    return browser


@pytest.fixture
def english(group: Group) -> Client:
    return plain_browser()


@pytest.fixture
def stale_french(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    old = edited(load_statement("ama.fr"), ("original: ", "original: 0"))

    def installed(_name: str, _language: str) -> Statement:
        return old

    monkeypatch.setattr(translations, "installed", installed)
    faults.cache_clear()
    reading._behind.cache_clear()
    yield
    faults.cache_clear()
    reading._behind.cache_clear()


def read(browser: Client, path: str = "/statement/") -> str:
    with few_statements():
        answer = browser.get(path)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_the_text_is_french_and_says_that_it_is_a_draft(french: Client) -> None:
    page = read(french)
    assert DRAFT in page
    assert '<p class="prose" lang="fr" dir="ltr">Quand vous avez besoin d' in " ".join(page.split())
    assert '<span lang="fr" dir="ltr">La chaîne qui vous sert</span>' in page
    assert 'lang="fr">Les cookies</span>' in page
    assert "La société qui vous répond sur cette page est Amanat CH." in page
    assert "{company}" not in page


def test_numbers_links_and_rules_are_the_same(french: Client, english: Client) -> None:
    ours, theirs = read(french, "/statement/?view=full"), read(english, "/statement/?view=full")
    for same in (r' id="(c-[^"]+)"', r' id="(part-\d+)"', r'<ul class="rules" lang="en" dir="ltr">(.*?)</ul>'):
        assert re.findall(same, ours, re.DOTALL) == re.findall(same, theirs, re.DOTALL) != []
    links = r'class="word" href="([^"]+)"'
    assert sorted(re.findall(links, ours)) == sorted(re.findall(links, theirs)) != []


def test_meanings_are_french_and_what_rules_say_is_marked_as_english(french: Client) -> None:
    page = read(french)
    assert '<dl class="meanings" lang="fr" dir="ltr">' in page
    assert "<dt>les données de santé</dt><dd>dossiers, rapports et ce qu" in page
    assert '<dl class="meanings" lang="en"' not in page
    assert '<ul class="rules" lang="en" dir="ltr">' in page
    assert re.search(r'<span class="soft">ajouté, car\u00a0:</span> <span lang="fr" dir="ltr">G16: une', page)


def test_a_colon_stays_on_the_line_of_its_word(french: Client) -> None:
    page = read(french)
    assert "Vos données sont protégées\u00a0: c" in page
    assert not re.search(r'<p class="(?:prose|short)" lang="fr"[^>]*>[^<]* [:;?!»]', page)


def test_a_word_opens_in_french_and_names_clauses_by_their_french_titles(french: Client) -> None:
    page = read(french, "/statement/words/to/hospital/")
    assert '<p lang="fr" dir="ltr"><strong>un hôpital du lieu</strong>\u00a0: qui vous soigne' in page
    assert '<span lang="fr" dir="ltr">Les médecins qui vous soignent</span>' in page
    assert '<ul class="rules" lang="en" dir="ltr">' in page


def test_all_words_are_listed_in_french(french: Client) -> None:
    page = read(french, "/statement/words/")
    assert '<dl class="meanings" lang="fr" dir="ltr">' in page
    assert "sous 72 heures" in page
    assert 'lang="en" dir="ltr">' not in page.partition("<main")[2].partition("</main")[0]


@pytest.mark.parametrize("language", ["ar", "en", ""])
def test_other_readers_get_the_english_text(group: Group, language: str) -> None:
    browser = plain_browser()
    browser.cookies[LANGUAGE_COOKIE] = language
    page = read(browser)
    assert '<p class="prose" lang="en" dir="ltr">' in page
    assert 'lang="fr" dir="ltr"' not in page
    assert DRAFT not in page


@pytest.mark.usefixtures("stale_french")
def test_a_translation_that_fell_behind_is_not_shown_and_is_told(
    french: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "amanat.publication"):
        page = read(french)
        read(french)
    assert '<p class="prose" lang="en" dir="ltr">' in page
    assert 'class="prose" lang="fr"' not in page
    assert "Il existe une traduction, mais pas de ce texte-ci" in page
    told = [one.getMessage() for one in caplog.records if one.name == "amanat.publication"]
    assert len(told) == 1
    assert "the words of ama 1.0.0 have changed since they were translated" in told[0]


def test_the_box_offers_its_words_in_french_and_quotes_the_clauses_in_french(french: Client, english: Client) -> None:
    asked = "/can-they/?who=clinician&do=view&data=report&for=treatment"
    page, theirs = read(french, asked), read(english, asked)
    assert '<option lang="fr" value="clinician" selected>' in page
    assert 'lang="en" value=' not in page
    assert re.findall(r'(?:name|value)="[^"]+"', page) == re.findall(r'(?:name|value)="[^"]+"', theirs)
    assert '<p class="prose" lang="fr" dir="ltr">' in page
    assert "la réponse est donc en anglais" in page
    assert "the answer is in English" not in theirs
