"""Reports from others at the desk: taken in, sealed, seen to wait, and read once they are permitted."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from amanat.choices.models import State
from amanat.custody.choosing import Answer, Asked, choose
from amanat.custody.unit import unit
from amanat.vocabulary import clock
from amanat.vocabulary.choices import parse_choice
from amanat.worker.duties import watch_quarantine
from stage.accounts import OpenAccount, sign_in, token_of
from stage.databases import AsLogin, acting_as
from stage.group import Group, hire
from stage.server import Clone
from stage.statements import few_statements

WORDS = "Ultrasound: nothing found, canary-91c2"


@pytest.fixture
def basil(group: Group, database: Clone, accounts: None) -> Client:
    from amanat.organisations.models import Attestation  # noqa: PLC0415

    today = clock.now().date()
    span = {"since": today - timedelta(days=9), "until": today + timedelta(days=400)}
    with acting_as(database, "worker"):
        Attestation.objects.create(source="alp-air", ground="contract", contact="privacy@alp-air.example", **span)
    return sign_in(hire(database, "basil", "desk", "assistance_coordinator"))


@pytest.fixture
def case(group: Group, basil: Client) -> str:
    form = {"subject": group.amina, "about": "medical:accident", "form_key": uuid4().hex,
            "csrfmiddlewaretoken": token_of(basil, "/desk/intake/")}  # fmt: skip
    return basil.post("/desk/cases/open/", form)["Location"].partition("?")[0]


def send(basil: Client, case: str, key: str, **typed: str) -> str:
    form = {"sender": "provider.medical@alp-air", "text": WORDS, "form_key": key, **typed,
            "csrfmiddlewaretoken": token_of(basil, f"{case}reports/")}  # fmt: skip
    answer = basil.post(f"{case}reports/", form)
    return answer["Location"] if answer.status_code == 302 else str(answer.status_code)


def page_of(basil: Client, case: str) -> str:
    with few_statements():
        return basil.get(f"{case}reports/").content.decode()


def test_a_report_is_sealed_shown_to_wait_and_read_once_permitted(
    basil: Client, case: str, group: Group, as_login: AsLogin
) -> None:
    assert "Reports from others" in basil.get(case).content.decode()
    assert "No report to read" in page_of(basil, case)
    assert [send(basil, case, "one") for _ in range(2)] == [f"{case}?said=report_held"] * 2
    page = page_of(basil, case)
    assert page.count("A report is sealed and unread") == 1
    assert WORDS not in page
    answers = [Answer(parse_choice(one), State.GIVEN) for one in ("medical_service",
                                                                  "third_party_source:provider.medical")]  # fmt: skip
    with unit(group.actor("amina"), "rights_fulfilment", channel="web_account") as one:
        choose(one, group.amina, answers, Asked("May they send it?", "sources-1", "en"))
    with as_login("worker"):
        assert watch_quarantine() == 1
    page = page_of(basil, case)
    assert WORDS in page
    assert "A report is sealed and unread" not in page
    assert send(basil, case, "two", text="a second one") == f"{case}?said=report_kept"


def test_the_privacy_desk_sees_how_many_wait_and_until_when(
    basil: Client, case: str, open_account: OpenAccount
) -> None:
    send(basil, case, "one")
    officer = sign_in(open_account("dora", "privacy", "privacy_officer", company="ama-ch"))
    page = officer.get("/privacy/").content.decode()
    assert re.search(r'Sealed and unread</h2>\s*<p class="count">1</p>', page)
    assert "The first is destroyed on" in page
    assert "canary-91c2" not in page


@pytest.mark.parametrize("sender", ["", "employer@oryx-energy", "hospital@"])
def test_a_sender_who_is_not_offered_is_not_taken(basil: Client, case: str, sender: str) -> None:
    assert send(basil, case, "one", sender=sender) == "422"


def test_a_colleague_finds_no_reports_page(basil: Client, case: str, database: Clone) -> None:
    chandra = sign_in(hire(database, "chandra", "desk", "assistance_coordinator"))
    assert chandra.get(f"{case}reports/").status_code == 404
