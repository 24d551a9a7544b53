"""The auditor's room (U1, U2, U5): samples by a seed, replays, proofs, evidence; and whom it never names."""

import json
import re
from html import unescape
from typing import Any, LiteralString
from uuid import UUID, uuid4

import psycopg
import pytest
from django.test import Client

from amanat.audits.evidence import EvidenceError, check_evidence, place_of
from amanat.audits.room import room
from amanat.custody.actor import Actor
from amanat.custody.facts import Ask, Recipient
from amanat.custody.unit import unit
from amanat.ledger.fold import fold
from amanat.ledger.offline import parse_keys
from amanat.policy.decision import Outcome
from amanat.vocabulary.terms import CATEGORY
from stage.accounts import MovedClock, sign_in
from stage.databases import AsLogin
from stage.group import Group, hire
from stage.server import Clone
from stage.statements import few_statements

CARD = Ask("view", ("name", "birth_year", "cover_status"), "eligibility")
REPORT = Ask("view", ("report",), "treatment")
SEED = {"seed": "six of dice", "days": "30", "size": "5", "outcome": "", "recipient": "", "country": ""}


@pytest.fixture
def yvonne(group: Group, database: Clone, accounts: None) -> Client:
    browser = sign_in(hire(database, "yvonne", "audit", "auditor"))
    browser.handler.enforce_csrf_checks = False
    return browser


def read(browser: Client, path: str, status: int = 200) -> str:
    with few_statements():
        answer = browser.get(path)
    assert answer.status_code == status, answer.content.decode()[-2000:]
    return answer.content.decode()


def text_of(page: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def look(group: Group, ask: Ask = CARD, who: str = "basil", *people: UUID) -> UUID:
    with unit(group.actor(who), ask.purpose) as one:
        return one.ask(ask, people or [group.amina]).act


def draw(browser: Client, **changed: str) -> str:
    with few_statements():
        answer = browser.post("/audit/", SEED | changed)
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return str(answer["Location"])


def drawn(browser: Client, **changed: str) -> list[str]:
    return re.findall(r'href="/audit/decisions/([0-9a-f-]{36})/"', read(browser, draw(browser, **changed)))


def folded(as_login: AsLogin) -> None:
    with as_login("worker"):
        fold("ama-ch")


def test_a_seed_gives_the_same_sample_to_everybody_and_another_seed_another(group: Group, yvonne: Client) -> None:
    acts = [look(group) for _ in range(30)]
    first = drawn(yvonne, outcome="permit", size="10")
    known = set(map(str, acts))
    assert len(first) == 10
    assert first == sorted(first, key=lambda act: place_of("six of dice", UUID(act)))
    assert drawn(yvonne, outcome="permit", size="10") == first
    assert drawn(yvonne, seed="two of dice", outcome="permit", size="10") != first
    assert known & set(first)


def test_a_draw_is_recorded_with_its_seed_and_stands_in_the_journal(
    group: Group, database: Clone, yvonne: Client, owner_connection: psycopg.Connection[Any]
) -> None:
    look(group)
    path = draw(yvonne)
    page = text_of(read(yvonne, path))
    assert "six of dice" in page
    assert "Drawn again just now by the same seed, it came out the same." in page
    assert "six of dice" in read(yvonne, "/audit/")
    (recorded,) = owner_connection.execute("SELECT organisation FROM ledger_act WHERE action = 'sample'").fetchall()
    assert path == f"/audit/samples/{recorded[0]}/"
    assert "drew a sample" in read(sign_in(hire(database, "dina", "privacy", "privacy_officer")), "/privacy/journal/")


def test_a_message_that_comes_again_draws_nothing_new(group: Group, yvonne: Client) -> None:
    look(group)
    assert draw(yvonne, form_key="k" * 24) == draw(yvonne, form_key="k" * 24)


def test_a_decision_that_is_added_later_with_an_old_date_is_noticed(
    group: Group, yvonne: Client, owner_connection: psycopg.Connection[Any]
) -> None:
    act, path = look(group), draw(yvonne, outcome="permit")
    owner_connection.execute("UPDATE ledger_act SET outcome = 'deny' WHERE id = %s", (act,))
    assert "Drawn again, it is not the same" in read(yvonne, path)


def test_disclosures_are_sampled_by_recipient_and_country_with_what_they_rested_on(
    group: Group, yvonne: Client
) -> None:
    told = [
        look(group, Ask("disclose", ("name",), "eligibility", recipient=Recipient(kind, organisation)))
        for kind, organisation in (("employer", "oryx-energy"), ("assistance_centre", "ama-sg"))
    ]
    look(group)
    assert drawn(yvonne, recipient="payer") == [str(told[0])]
    assert drawn(yvonne, recipient="group") == [str(told[1])]
    assert "What held then" in read(yvonne, f"/audit/decisions/{told[0]}/replay/")
    assert drawn(yvonne, country="SG") == [str(told[1])]
    assert "No decision of that time fits" in read(yvonne, draw(yvonne, country="SG", recipient="payer"))


def test_what_cannot_be_drawn_is_refused_and_what_was_chosen_is_kept(yvonne: Client) -> None:
    answer = yvonne.post("/audit/", SEED | {"seed": " ", "size": "25"})
    assert answer.status_code == 422
    assert '<option value="25" selected>' in answer.content.decode()
    for wrong in ({"size": "1000"}, {"days": "x"}, {"recipient": "nobody"}, {"outcome": "perhaps"}, {"seed": "s" * 65}):
        assert yvonne.post("/audit/", SEED | wrong).status_code == 400


def test_any_decision_is_opened_by_its_number_checked_and_decided_again(
    group: Group, yvonne: Client, as_login: AsLogin
) -> None:
    act = look(group, CARD, "basil", group.amina, group.mallory)
    assert yvonne.get(f"/audit/decisions/?number={act}")["Location"] == f"/audit/decisions/{act}/"
    read(yvonne, "/audit/decisions/?number=none", 404)
    assert 'data-verdict="waiting">' in read(yvonne, f"/audit/decisions/{act}/")
    folded(as_login)
    page = read(yvonne, f"/audit/decisions/{act}/")
    assert page.count('data-verdict="sound">') == 2
    proof = read(yvonne, f"/audit/decisions/{act}/proof/1/")
    assert proof.startswith("c2sp.org/tlog-proof@v1\nindex ")
    read(yvonne, f"/audit/decisions/{act}/proof/2/", 404)
    said = text_of(read(yvonne, f"/audit/decisions/{act}/replay/"))
    assert said.count("The same, byte for byte") == 2
    assert "Person 2 of 2" in said


@pytest.mark.clause("2.1b")
def test_no_member_is_named_and_nobody_of_the_staff(
    group: Group, database: Clone, yvonne: Client, as_login: AsLogin
) -> None:
    """Not by name, number, pseudonym or any part of it: neither on a page nor in what is taken away."""
    emil = hire(database, "emil", "desk", "clinician")
    actor = group.actor("emil")
    with unit(type(actor)(emil.account, "clinician", "ama-ch", None, None, ""), "eligibility") as one:
        act = one.ask(CARD, [group.amina]).act
    folded(as_login)
    sample = draw(yvonne, outcome="permit", size="25")
    paths = ["/audit/", sample, f"{sample}evidence.json", f"/audit/decisions/{act}/", f"/audit/decisions/{act}/replay/"]
    for page in [read(yvonne, path) for path in (*paths, f"/audit/decisions/{act}/proof/0/")]:
        for secret in ("Amina", "Haddad", "OX-1001", "Emil", str(group.amina)[:8], str(emil.account)[:8]):
            assert secret not in page
        assert re.search(r"(?<![\w+/])1988(?![\w+/])", page) is None  # the year itself, and not a part of a digest


def test_the_statement_permits_an_auditor_no_word_of_anybodys_data(group: Group) -> None:
    """So there is none to show: what the room leaves out is what a clause would have to permit."""
    auditor = Actor(uuid4(), "auditor", "ama-ch", None, None, "")
    personal = tuple(CATEGORY.leaves_in(CATEGORY.mask_of("personal")))
    for action in ("view", "use", "receive"):
        with unit(auditor, "audit") as one:
            decided = one.ask(Ask(action, personal, "audit"), [group.amina]).decision(group.amina)
        assert {verdict.outcome for verdict in decided.verdicts} & {Outcome.PERMIT} == set()


@pytest.mark.parametrize("change", [
    "UPDATE ledger_act SET outcome = 'permit' WHERE id = %s", "UPDATE ledger_act SET people = 2 WHERE id = %s",
    "UPDATE ledger_act SET at = at + interval '1 second' WHERE id = %s",
])  # fmt: skip
def test_a_decision_that_was_changed_is_red(
    group: Group,
    yvonne: Client,
    as_login: AsLogin,
    owner_connection: psycopg.Connection[Any],
    change: LiteralString,
) -> None:
    act = look(group, REPORT)
    folded(as_login)
    owner_connection.execute(change, (act,))
    assert 'data-verdict="changed">' in read(yvonne, f"/audit/decisions/{act}/")


def test_an_entry_that_was_taken_out_is_red(
    group: Group, yvonne: Client, as_login: AsLogin, owner_connection: psycopg.Connection[Any]
) -> None:
    act = look(group, CARD, "basil", group.amina, group.mallory)
    folded(as_login)
    owner_connection.execute("DELETE FROM ledger_entry WHERE act = %s AND subject = %s", (act, group.mallory))
    assert 'data-verdict="changed">' in read(yvonne, f"/audit/decisions/{act}/")


def test_a_decision_that_never_reached_the_log_does_not_wait_for_ever(
    group: Group, yvonne: Client, moved_clock: MovedClock
) -> None:
    act = look(group)
    moved_clock.move(minutes=11)
    assert 'data-verdict="changed">' in read(yvonne, f"/audit/decisions/{act}/")


def evidence(yvonne: Client, group: Group, as_login: AsLogin) -> tuple[str, list[Any]]:
    for ask in (CARD, CARD, REPORT):
        look(group, ask, "basil", group.amina, group.mallory)
    folded(as_login)
    text = read(yvonne, draw(yvonne) + "evidence.json")
    return text, parse_keys(json.loads(text)["key"])


def test_evidence_is_checked_without_us(group: Group, yvonne: Client, as_login: AsLogin) -> None:
    text, keys = evidence(yvonne, group, as_login)
    shown = check_evidence(text, keys)
    assert shown.origin.endswith("/ama-ch")
    assert shown.decisions == 5
    assert shown.unproven == ()
    assert shown.leaves == sum(max(1, one["people"]) for one in json.loads(text)["decisions"])


def test_what_was_not_sealed_yet_is_told_as_not_proven(group: Group, yvonne: Client) -> None:
    act = look(group)
    text = read(yvonne, draw(yvonne, outcome="permit") + "evidence.json")
    assert str(act) in check_evidence(text, []).unproven


@pytest.mark.parametrize("damage", ["order", "leaf", "proof", "fewer", "other", "company", "seed", "form", "key"])
def test_evidence_that_was_touched_is_refused(group: Group, yvonne: Client, as_login: AsLogin, damage: str) -> None:
    text, keys = evidence(yvonne, group, as_login)
    told = json.loads(text)
    acts = told["decisions"]
    leaves = next(one["leaves"] for one in acts if one["people"] == 2)
    match damage:
        case "order":
            acts.reverse()
        case "leaf":
            leaves[0]["leaf"] = leaves[1]["leaf"]
        case "proof":
            leaves[0]["proof"] = leaves[1]["proof"]
        case "fewer":
            leaves.pop()
        case "other":
            acts[0]["leaves"], acts[1]["leaves"] = acts[1]["leaves"], acts[0]["leaves"]
        case "company":
            told["company"] = "ama-sg"
        case "seed":
            told["sample"]["seed"] = "another"
        case "form":
            del acts[0]["people"]
        case "key":
            keys = []
    with pytest.raises(EvidenceError):
        check_evidence(json.dumps(told), keys)


def test_another_companys_decisions_are_not_there(group: Group, database: Clone, yvonne: Client) -> None:
    act, path = look(group), draw(yvonne)
    stranger = sign_in(hire(database, "mallory", "audit", "auditor", company="ama-sg"))
    for gone in (f"/audit/decisions/{act}/", f"/audit/decisions/{act}/replay/", path, f"{path}evidence.json"):
        read(yvonne, gone)
        read(stranger, gone, 404)


def test_in_a_room_the_log_in_reads_one_company_and_writes_nothing(group: Group, database: Clone) -> None:
    look(group)
    with room("ama-ch") as here, room("ama-sg") as there:
        acts = "SELECT count(*) FROM ledger_act"
        assert here._connection.execute(acts).fetchone() != (0,)
        assert there._connection.execute(acts).fetchone() == (0,)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), here._connection.transaction():
            here._connection.execute("CREATE TABLE note (text text)")
        for closed in ("SELECT data FROM keys_subject", "SELECT id FROM accounts_account"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), here._connection.transaction():
                here._connection.execute(closed)


def test_only_an_auditor_enters(group: Group, database: Clone) -> None:
    dina = sign_in(hire(database, "dina", "privacy", "privacy_officer"))
    assert dina.get("/audit/")["Location"].startswith("/audit/sign-in/")


def test_the_room_tells_when_it_closes(yvonne: Client) -> None:
    page = read(yvonne, "/audit/")
    assert "This room closes by itself" in page
    assert "data-countdown" in page
