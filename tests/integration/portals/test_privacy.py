"""The privacy office: what waits, the decision journal, any decision decided again, and the letters of visitors."""

import re
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.test import Client

from amanat.custody import letters
from amanat.custody.actor import Actor
from amanat.custody.facts import Ask, Recipient
from amanat.custody.unit import unit
from amanat.publication import journal
from stage.accounts import MovedClock, plain_browser, sign_in
from stage.group import Group, hire
from stage.server import Clone
from stage.statements import few_statements

CARD = Ask("view", ("name", "birth_year", "cover_status"), "eligibility")
REPORT = Ask("view", ("report",), "treatment")


@pytest.fixture
def dina(group: Group, database: Clone) -> Client:
    return sign_in(hire(database, "dina", "privacy", "privacy_officer"))


def read(browser: Client, path: str, status: int = 200) -> str:
    with few_statements():
        answer = browser.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def text_of(page: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def look(group: Group, ask: Ask = CARD, who: str = "basil", *people: UUID) -> UUID:
    with unit(group.actor(who), ask.purpose) as one:
        return one.ask(ask, people or [group.amina]).act


def test_the_first_page_counts_what_waits_and_what_was_decided(group: Group, dina: Client) -> None:
    letters.post_letter("ama-ch", "enquiry", "is anybody there?")
    look(group)
    look(group, REPORT)
    page = text_of(read(dina, "/privacy/"))
    assert "1 letter waits for an answer" in page
    assert "0 broken glasses wait to be looked at" in page
    assert re.search(r"Not allowed 1\b", page)


def test_a_company_that_nobody_can_reach_is_pointed_out(
    group: Group, dina: Client, owner_connection: psycopg.Connection[Any]
) -> None:
    assert "nobody can reach" not in read(dina, "/privacy/")
    owner_connection.execute("DELETE FROM organisations_contact WHERE company = 'ama-sg'")
    assert "nobody can reach" in read(dina, "/privacy/")


def test_the_journal_shows_who_what_and_under_which_clause_and_names_no_member(group: Group, dina: Client) -> None:
    act = look(group)
    page = read(dina, "/privacy/journal/")
    said = text_of(page)
    assert f"/privacy/journal/{act}/" in page
    for words in ("an assistance coordinator", "view", "checking cover", "§ 6.1b"):
        assert words in said
    for secret in ("Amina", "Haddad", str(group.amina), "OX-1001"):
        assert secret not in page


def test_a_member_who_looks_at_their_own_data_has_no_name_in_the_journal(
    group: Group, database: Clone, dina: Client
) -> None:
    amina = hire(database, "amina", "member", "member")
    with unit(Actor(amina.account, "member", "ama-ch", None, group.amina, ""), "rights_fulfilment") as one:
        act = one.ask(Ask("view", ("name",), "rights_fulfilment"), [group.amina]).act
    for page in (read(dina, "/privacy/journal/"), read(dina, f"/privacy/journal/{act}/")):
        assert "a member" in page
        assert "Amina" not in page


def test_staff_stand_in_the_journal_by_name(group: Group, database: Clone, dina: Client) -> None:
    emil = hire(database, "emil", "desk", "clinician")
    actor = group.actor("emil")
    with unit(type(actor)(emil.account, "clinician", "ama-ch", None, None, ""), "eligibility") as one:
        one.ask(CARD, [group.amina])
    assert "<bdi>Emil</bdi>" in read(dina, "/privacy/journal/")


def test_the_journal_can_be_read_by_outcome(group: Group, dina: Client) -> None:
    permitted, refused = look(group), look(group, REPORT)
    page = read(dina, "/privacy/journal/?outcome=deny")
    assert str(refused) in page
    assert str(permitted) not in page
    read(dina, "/privacy/journal/?outcome=perhaps", 400)


def test_what_was_allowed_in_part_is_called_so(group: Group, dina: Client) -> None:
    """The worst answer of an act is on record; it is not the whole of what happened."""
    act = look(group, Ask("view", ("name", "report"), "eligibility"))
    page = read(dina, "/privacy/journal/?outcome=deny")
    assert 'class="badge badge-partly"' in page.partition("<tbody>")[2]
    assert "Allowed in part" in text_of(read(dina, f"/privacy/journal/{act}/"))
    refused = read(dina, f"/privacy/journal/{look(group, REPORT)}/")
    assert "Allowed in part" not in text_of(refused)


def test_a_telling_is_never_allowed_in_part(group: Group, dina: Client) -> None:
    """Where one datum may not be told nothing is told, whatever the answer to the others was."""
    told = Ask("disclose", ("name", "report"), "eligibility", recipient=Recipient("employer", "oryx-energy"))
    assert "Allowed in part" not in text_of(read(dina, f"/privacy/journal/{look(group, told)}/"))


def test_every_decision_stands_on_exactly_one_page_of_the_journal(
    group: Group, dina: Client, monkeypatch: pytest.MonkeyPatch, moved_clock: MovedClock
) -> None:
    """Also those of one moment, and although new ones come while somebody reads."""
    monkeypatch.setattr(journal, "PAGE", 3)
    acts = {str(look(group)) for _ in range(8)}
    found: list[str] = []
    path = "/privacy/journal/"
    while path:
        page = read(dina, path)
        found += [one for one in re.findall(r'href="/privacy/journal/([0-9a-f-]{36})/"', page) if one in acts]
        moved_clock.move(seconds=1)
        look(group)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        path = unescape(older[1]) if older else ""
    assert sorted(found) == sorted(acts)


def test_a_page_that_begins_nowhere_is_refused(dina: Client) -> None:
    read(dina, "/privacy/journal/?after=yesterday", 400)
    read(dina, f"/privacy/journal/?after={uuid4()}", 404)


@pytest.mark.clause("10.3")
def test_every_act_names_the_version_it_was_decided_under(group: Group, dina: Client) -> None:
    page = text_of(read(dina, f"/privacy/journal/{look(group)}/"))
    assert "Version 1.0.0" in page
    assert "What an employer bought" in page


def test_a_decision_is_decided_again_and_comes_out_the_same(group: Group, dina: Client) -> None:
    act = look(group, CARD, "basil", group.amina, group.mallory)
    page = read(dina, f"/privacy/journal/{act}/replay/")
    said = text_of(page)
    assert said.count("The same, byte for byte") == 2
    assert "May an assistance coordinator view your name, your year of birth and whether you are covered" in said
    assert "What an employer bought" in said
    for secret in ("Amina", "Haddad", "1988"):
        assert secret not in page


def test_a_refusal_replays_too_with_what_was_missing(group: Group, dina: Client) -> None:
    said = text_of(read(dina, f"/privacy/journal/{look(group, REPORT)}/replay/"))
    assert "The same, byte for byte" in said
    assert "Not allowed" in said
    assert "What stands against it" in said
    assert "it must be that the one who acts works on your case" in said


def test_a_replay_stands_in_the_journal_under_the_name_of_who_asked(group: Group, dina: Client) -> None:
    act = look(group)
    read(dina, f"/privacy/journal/{act}/replay/")
    page = read(dina, "/privacy/journal/")
    assert "replayed a decision" in page
    assert "<bdi>Dina</bdi>" in page


def test_of_an_erased_person_the_page_says_so(
    group: Group, dina: Client, owner_connection: psycopg.Connection[Any]
) -> None:
    act = look(group)
    owner_connection.execute("DELETE FROM keys_subject WHERE subject = %s", (group.amina,))
    said = text_of(read(dina, f"/privacy/journal/{act}/replay/"))
    assert "The person was erased" in said
    assert "As recorded" not in said


@pytest.mark.parametrize("change", [
    "commitment = sha256(commitment)", "outcome = 'deny'", "body = set_byte(body, 30, get_byte(body, 30) # 1)",
])  # fmt: skip
def test_a_record_that_was_tampered_with_is_called_broken(
    group: Group, dina: Client, owner_connection: psycopg.Connection[Any], change: str
) -> None:
    act = look(group)
    owner_connection.execute(f"UPDATE ledger_entry SET {change} WHERE act = %s", (act,))  # type: ignore[arg-type]  # noqa: S608
    assert "The record is broken" in text_of(read(dina, f"/privacy/journal/{act}/replay/"))


def test_a_decision_of_another_company_is_not_there(group: Group, database: Clone) -> None:
    act = look(group)
    stranger = sign_in(hire(database, "mallory", "privacy", "privacy_officer", company="ama-sg"))
    for path in (f"/privacy/journal/{act}/", f"/privacy/journal/{act}/replay/", f"/privacy/journal/?after={act}"):
        read(stranger, path, 404)
    assert str(act) not in read(stranger, "/privacy/journal/")


@pytest.mark.parametrize(("role", "replay", "desk"), [
    ("privacy_officer", 200, 200), ("group_dpo", 200, 200), ("auditor", 200, 404), ("security_officer", 404, 404),
])  # fmt: skip
def test_each_role_reads_what_its_work_needs(group: Group, database: Clone, role: str, replay: int, desk: int) -> None:
    act = look(group)
    browser = sign_in(hire(database, "yvonne", "privacy", role))
    read(browser, "/privacy/")
    read(browser, "/privacy/journal/")
    page = read(browser, f"/privacy/journal/{act}/")
    assert ("/replay/" in page) is (replay == 200)
    read(browser, f"/privacy/journal/{act}/replay/", replay)
    read(browser, "/privacy/letters/", desk)


def test_a_letter_is_read_and_noted_as_answered(group: Group, dina: Client) -> None:
    posted = letters.post_letter("ama-ch", "complaint", "<b>Nobody</b> called back", "amina@example.org")
    listed = read(dina, "/privacy/letters/")
    assert posted.number in listed
    assert "Nobody" not in listed
    page = read(dina, f"/privacy/letters/{posted.id}/")
    assert "&lt;b&gt;Nobody&lt;/b&gt; called back" in page
    assert "mailto:amina@example.org" in page
    token = dina.cookies["__Host-amanat-csrf"].value
    with few_statements():
        answer = dina.post(f"/privacy/letters/{posted.id}/", {"csrfmiddlewaretoken": token})
    assert answer.status_code == 302
    assert "Noted as answered" in read(dina, answer["Location"])
    assert "0 letters wait" in text_of(read(dina, "/privacy/"))


def test_a_letter_to_another_company_is_not_there(group: Group, dina: Client) -> None:
    posted = letters.post_letter("ama-sg", "enquiry", "hello")
    read(dina, f"/privacy/letters/{posted.id}/", 404)


def test_a_search_stands_in_the_journal_without_what_was_typed(group: Group, dina: Client) -> None:
    from amanat.custody.searching import search  # noqa: PLC0415

    with unit(group.actor("basil"), "eligibility", channel="phone") as one:
        search(one, "policy_number", "OX-1001")
    page = read(dina, "/privacy/journal/")
    assert "searched for a person" in page
    assert "OX-1001" not in page


def test_no_tab_leads_to_nothing(dina: Client) -> None:
    plain_browser()
    tabs = re.findall(r'<nav class="tabs".*?</nav>', read(dina, "/privacy/"), re.DOTALL)
    for path in re.findall(r'href="([^"]+)"', tabs[0]):
        read(dina, path)
