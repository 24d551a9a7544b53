"""Versions that a reader may open, what changed from one to the next, and what is proven of them."""

import re
import time
from datetime import UTC, datetime
from html import unescape

import pytest
from django.test import Client

from amanat.policy import solving
from amanat.portals.public import versions as pages
from amanat.publication import changes, proofs, service
from amanat.statement import diff
from amanat.statement.compile import load_statement
from amanat.statement.properties import properties_of, read_properties
from stage.accounts import MovedClock, plain_browser
from stage.databases import AsLogin
from stage.group import Group
from stage.planted import too_hard_a_property
from stage.statements import few_statements

OLD, NEW = load_statement("ama"), load_statement("ama-1.1")
CHANGES = f"/statement/versions/{NEW.digest}/changes/"
MOST = 5


@pytest.fixture
def browser(group: Group) -> Client:
    return plain_browser()


def read(browser: Client, path: str, status: int = 200) -> str:
    with few_statements(MOST):
        answer = browser.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def announce(as_login: AsLogin, company: str = "") -> None:
    """Publish the successor for its own first day, as if all had signed it."""
    from amanat.custody.publishing import put_in_force  # noqa: PLC0415

    with as_login("worker"):
        put_in_force(NEW, datetime(2027, 7, 1, tzinfo=UTC), company)


def clause(page: str, number: str, following: str) -> str:
    return page.partition(f" {number} ")[2].partition(f" {following} ")[0]


def test_an_installed_successor_is_shown_with_its_day_and_decides_nothing(browser: Client) -> None:
    listed = read(browser, "/statement/versions/")
    assert "Version 1.1.0 prepared It names 1 Jul 2027 as its first day." in listed
    assert "not in force yet" in read(browser, f"/statement/versions/{NEW.digest}/")
    assert service.edition().version.digest == OLD.digest


def test_a_version_kept_to_before_its_own_first_day_says_so_in_words(browser: Client) -> None:
    page = read(browser, "/statement/")
    assert "The text names 1 Jan 2027 as its first day. Here it began earlier:" in page
    assert "First day" not in page


def test_a_published_successor_is_announced_and_then_in_force(
    browser: Client, as_login: AsLogin, moved_clock: MovedClock
) -> None:
    announce(as_login)
    page = read(browser, "/statement/versions/")
    assert "Version 1.1.0 announced It comes into force on 1 Jul 2027." in page
    assert page.count("Read version 1.1.0") == 1
    moved_clock.move(days=250)
    page = read(browser, "/statement/versions/")
    assert "Version 1.1.0 in force It has been in force here since 1 Jul 2027" in page
    assert "Version 1.0.0 no longer in force" in page


def test_a_version_for_one_company_is_announced_by_that_company_alone(browser: Client, as_login: AsLogin) -> None:
    announce(as_login, "ama-sg")
    assert "announced" in read(browser, "/statement/versions/?company=ama-sg")
    assert "announced" not in read(browser, "/statement/versions/?company=ama-ch")


def test_what_changed_is_told_clause_by_clause_in_words(browser: Client) -> None:
    page = read(browser, CHANGES)
    assert "5 clauses are not the same in version 1.1.0 as in version 1.0.0." in page
    wider = clause(page, "8.5d", "8.6")
    assert "This could not be done before May an assistance coordinator tell your emergency record" in wider
    assert "Version 1.0.0 Not allowed Version 1.1.0 Allowed" in wider
    narrower = clause(page, "8.6", "T.1")
    assert "This can no longer be done" in narrower
    assert "Version 1.0.0 Allowed Version 1.1.0 Not allowed" in narrower
    assert "A new duty of ours we send no more than the job needs" in clause(page, "6.6", "8.5d")
    assert "the end of a trip Version 1.0.0 90 days Version 1.1.0 30 days" in page
    assert "the rule is the same, and so is every answer" in clause(page, "5.6", "6.6")


def test_a_change_whose_day_is_not_fixed_is_not_told_as_if_it_were(browser: Client, as_login: AsLogin) -> None:
    assert "as its first day. It is laid out here to be read; the day is not fixed yet" in read(browser, CHANGES)
    announce(as_login)
    assert "It comes into force on 1 Jul 2027." in read(browser, CHANGES)


def test_what_changed_shows_nothing_that_only_a_program_reads(browser: Client) -> None:
    page = read(browser, CHANGES)
    assert re.findall(r"[{}]|\bNone\b|frozenset|Outcome|obligation added|declared otherwise", page) == []


def test_the_order_of_the_two_versions_does_not_matter_and_none_changed_nothing(browser: Client) -> None:
    assert read(browser, f"/statement/versions/{OLD.digest}/changes/?from={NEW.digest}") == read(browser, CHANGES)
    assert "Nothing changed" in read(browser, f"{CHANGES}?from={NEW.digest}")


@pytest.mark.parametrize("path", [
    f"/statement/versions/{OLD.digest}/changes/", f"/statement/versions/{'0' * 64}/changes/",
    f"{CHANGES}?from={'0' * 64}", f"{CHANGES}?company=mallory-inc", "/statement/proofs/?version=none",
])  # fmt: skip
def test_what_cannot_be_compared_is_not_there(browser: Client, path: str) -> None:
    read(browser, path, 404)


def test_a_pair_of_versions_is_compared_once(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []
    monkeypatch.setattr(changes, "_kept", {})
    monkeypatch.setattr(changes, "diff", lambda old, new: compared.append(new.version) or diff.diff(old, new))
    first, second = (read(browser, CHANGES) for _ in range(2))
    assert (first == second, compared) == (True, ["1.1.0"])


def test_the_proofs_are_worked_out_beside_the_page_and_then_told(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proofs, "_kept", {})
    assert "It is being worked out" in read(browser, "/statement/proofs/")
    for _ in range(300):
        page = read(browser, "/statement/proofs/")
        if "All 10 hold" in page:
            break
        time.sleep(0.1)
    assert "proven health data is used for advertising" in page
    assert "a number of 27 digits" in page
    assert re.search(r"about one in [0-9],[0-9]00 ", page)


def test_a_property_that_does_not_hold_is_told_with_a_question_that_breaks_it(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = "May a clinician view your medical report for treatment?"
    broken = proofs.Proven(
        "nobody sees a report", possible=False, holds=False, rule="Nobody may view it.", example=asked,
        given=("your yes",),
    )  # fmt: skip
    told = proofs.Proofs((broken,), 132, 27, 1900)
    monkeypatch.setattr(pages.service, "proofs_of", lambda _: told)
    page = read(browser, "/statement/proofs/")
    assert "1 of these does not hold" in page
    assert f"Yet this is answered with yes: {asked} Given: your yes." in page


def test_a_question_can_be_asked_of_the_version_to_come(browser: Client) -> None:
    query = "who=assistance_coordinator&do=disclose&data=emergency_record&for=treatment&to=assistance_company"
    query += "&choice=emergency_record"
    now = read(browser, f"/can-they/?{query}")
    assert "Under version 1.1.0, which names 1 Jul 2027 as its first day: Allowed" in now
    assert "Amanat CH · Version 1.1.0" in read(browser, f"/can-they/?{query}&version={NEW.digest}")


def worked_out(browser: Client) -> str:
    for _ in range(300):
        page = read(browser, "/statement/proofs/")
        if "It is being worked out" not in page:
            break
        time.sleep(0.1)
    return page


def test_of_a_property_that_is_too_hard_to_decide_nothing_is_claimed(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    easy, *_ = properties_of("ama")
    hard = read_properties(too_hard_a_property("nobody can tell"))
    monkeypatch.setattr(proofs, "_kept", {})
    monkeypatch.setattr(proofs, "properties_of", lambda _: (easy, *hard))
    page = worked_out(browser)
    assert f"proven {easy.title}" in page
    assert "too hard to decide nobody can tell" in page
    assert "1 of these was too hard to decide So many facts hang together in it" in page
    assert not re.search(r"All [0-9]+ hold", page)
    assert "about one in" in page


def test_a_statement_that_is_too_hard_altogether_is_told_as_such(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proofs, "_kept", {})
    monkeypatch.setattr(changes, "_kept", {})
    monkeypatch.setattr(solving, "_MOST", 1)
    page = worked_out(browser)
    assert re.search(r"[0-9]+ of these were too hard to decide", page)
    assert "Answered with yes as things stand too hard to count" in page
    compared = read(browser, CHANGES)
    assert "From version 1.0.0 to version 1.1.0" in compared
    assert "We cannot tell this exactly" in compared
    assert "Read version 1.0.0 Read version 1.1.0" in compared
    assert "Nothing changed" not in compared
