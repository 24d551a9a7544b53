"""The published statement as a page: who answers, what it says, what its words mean, and which versions there were."""

import re
from html import unescape

import psycopg
import pytest
from django.test import Client

from amanat.publication import service
from amanat.statement.compile import compile_statement
from amanat.vocabulary.clauses import ADDED_CLAUSES, SOURCE_CLAUSES
from stage.accounts import MovedClock, plain_browser
from stage.databases import AsLogin
from stage.group import Group
from stage.statements import few_statements


@pytest.fixture
def browser(group: Group) -> Client:
    return plain_browser()


def text_of(page: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def read(browser: Client, path: str, status: int = 200) -> str:
    with few_statements():
        answer = browser.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


@pytest.mark.clause("0.7")
@pytest.mark.parametrize(("query", "name"), [
    ("", "Amanat CH"), ("?company=ama-ch", "Amanat CH"), ("?company=ama-sg", "Amanat SG"), ("?view=full", "Amanat CH"),
])  # fmt: skip
def test_the_page_always_names_the_responsible_company(browser: Client, query: str, name: str) -> None:
    page = read(browser, f"/statement/{query}")
    assert f'<p class="answering"><bdi>{name}</bdi>' in page
    assert f"The company that answers to you on this page is {name}." in text_of(page)
    assert "{company}" not in page


def test_a_company_that_is_not_ours_has_no_statement(browser: Client) -> None:
    read(browser, "/statement/?company=mallory-inc", 404)


def test_every_clause_can_be_linked_to(browser: Client) -> None:
    page = read(browser, "/statement/")
    ids = re.findall(r' id="c-([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(SOURCE_CLAUSES) | set(ADDED_CLAUSES) <= set(ids)


def test_each_part_says_in_short_what_follows(browser: Client) -> None:
    parts = service.edition().parts
    assert len(parts) == 17
    assert [part.title for part in parts if not part.short or not part.clauses] == []


def test_version_first_day_and_fingerprint_stand_on_the_page(browser: Client) -> None:
    edition = service.edition()
    page = text_of(read(browser, "/statement/"))
    assert f"Version {edition.version.number}" in page
    assert edition.version.digest in page
    assert "1 Jan 2027" in page


def test_every_word_that_carries_weight_opens(browser: Client) -> None:
    page = read(browser, "/statement/")
    links = set(re.findall(r'href="(/statement/words/[^"]+/)"', page))
    assert len(links) > 150
    for link in sorted(links):
        opened = read(browser, link)
        assert '<div class="meaning">' in opened
        assert "#c-" in opened


def test_a_word_shows_the_rules_that_name_it_or_hold_it(browser: Client) -> None:
    page = text_of(read(browser, "/statement/words/to/hospital/"))
    assert "one that treats you and is not ours" in page
    assert "§ 8.5d" in page


@pytest.mark.parametrize("path", ["to/mallory", "spell/abracadabra", "data/..", "if/consent:mallory", "if/mallory:x",
                                  "term/k", "data/withhold:x"])  # fmt: skip
def test_a_word_that_is_not_in_the_vocabulary_is_not_there(browser: Client, path: str) -> None:
    read(browser, f"/statement/words/{path}/", 404)


def test_all_words_are_listed(browser: Client) -> None:
    assert read(browser, "/statement/words/").count("<dt>") > 150


def test_versions_are_listed_and_an_older_one_can_be_read(
    browser: Client, as_login: AsLogin, moved_clock: MovedClock
) -> None:
    from amanat.custody.publishing import put_in_force  # noqa: PLC0415

    first = service.edition()
    moved_clock.move(days=1)
    newer = compile_statement(first.statement.text.replace("version: 1.0.0", "version: 1.1.0"))
    with as_login("worker"):
        put_in_force(newer)
    listed = read(browser, "/statement/versions/")
    assert text_of(listed).count("in force") >= 1
    assert all(f"/statement/versions/{one.digest}/" in listed for one in (first.statement, newer))
    assert "undated" in listed
    assert "Version 1.1.0" in text_of(read(browser, "/statement/"))
    older = text_of(read(browser, f"/statement/versions/{first.version.digest}/"))
    assert "Version 1.0.0" in older
    assert "no longer in force" in older


def test_a_version_that_never_was_is_not_there(browser: Client) -> None:
    read(browser, f"/statement/versions/{'0' * 64}/", 404)
    read(browser, "/statement/versions/1.0.0/", 404)


@pytest.mark.clause("0.9", "4.0")
def test_reading_is_never_taken_as_a_yes(browser: Client, owner_connection: psycopg.Connection) -> None:
    for path in ("/", "/statement/", "/statement/?view=full", "/statement/words/", "/can-they/", "/contacts/"):
        read(browser, path)
    consents = owner_connection.execute("SELECT count(*) FROM choices_consentrecord").fetchone()
    chosen = owner_connection.execute("SELECT count(*) FROM people_standing WHERE choices <> '{}'").fetchone()
    assert (consents, chosen) == ((0,), (0,))


def test_a_page_without_a_statement_in_force_refuses(accounts: None) -> None:
    assert plain_browser().get("/statement/").status_code == 403
