"""C1 as a browser without a script meets it: send a roster, read what came of it, see nobody."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from threading import Event
from uuid import uuid4

import pytest
from django.test import Client

from amanat.organisations.models import Attestation
from amanat.portals.client import loading
from amanat.portals.folders import STATIC
from amanat.rosters import service
from amanat.vocabulary import clock
from stage.accounts import token_of
from stage.client import outcome, send, settled
from stage.databases import AsLogin
from stage.group import ORYX, Group
from stage.sheets import HEADERS, changed, crowd, crowds, written
from stage.statements import few_statements

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"


def text(page: str) -> str:
    """What a reader reads, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.split("<main", 1)[1])).split())


def test_the_example_file_is_taken_in_and_of_a_child_only_cover_and_identity(petra: Client) -> None:
    example = (EXAMPLES / "roster.csv").read_bytes()
    assert example == (STATIC / "amanat" / "roster-example.csv").read_bytes()
    page = text(outcome(petra, example))
    assert "12 people were taken in" in page
    assert "Rows read 12" in page


def test_bad_rows_come_back_with_line_column_fault_and_mend(petra: Client) -> None:
    page = outcome(petra, (EXAMPLES / "roster-three-bad-rows.csv").read_bytes())
    for told in (
        "2 people were taken in", "Rows read 5", "Sent back, to be mended 3",
        "3 Date of birth The date can be read in two ways Write year-month-day, as in 2026-04-03",
        "4 Dependant of Nobody with that policy number is an employee or member here",
        "5 Valid until The cover ends before it begins Correct one of the two dates",
        "They were dropped unread: Favourite colour",
    ):  # fmt: skip
        assert told in text(page), told


def test_no_page_of_a_file_repeats_a_value_or_names_a_member(petra: Client) -> None:
    pages = [outcome(petra, file.read_bytes()) for file in sorted(EXAMPLES.glob("*.csv"))]
    pages += [petra.get(path).content.decode() for path in ("/client/", "/client/rosters/", "/client/counts/")]
    for value in ("Nowak", "Oskar", "03/04/1980", "TRY-2004", "Solheim", "Kaya", "asthma", "Haddad", "OX-1001"):
        assert not any(value in page for page in pages), value


@pytest.mark.clause("3.2a")
def test_a_roster_with_a_diagnosis_column_is_refused_whole_and_the_page_cites_the_clause(petra: Client) -> None:
    page = outcome(petra, (EXAMPLES / "roster-with-diagnosis.csv").read_bytes())
    assert "The whole file was refused It has columns about health: Diagnosis § 3.2a No row was read" in text(page)
    assert 'href="/statement/#c-3.2a"' in page
    assert "Rows read" not in page


def test_spending_columns_cite_their_own_clause(petra: Client) -> None:
    sheet = written((*changed(), "12.50"), headers=(*HEADERS, "Amount spent")).encode()
    assert "It has columns about spending: Amount spent § 3.2d" in text(outcome(petra, sheet))


def test_a_lapsed_word_is_told_plainly_and_cites_its_clause(petra: Client, as_login: AsLogin) -> None:
    with as_login("worker"):
        Attestation.objects.filter(source=ORYX).update(until=clock.now().date() - timedelta(days=1))
    page = text(outcome(petra, crowds(crowd(3, "ORX"))))
    assert "data is missing or has run out Nobody was taken in" in page
    assert "§ 3.3" in page


def test_sending_the_same_form_twice_has_one_effect(petra: Client) -> None:
    data = crowds(crowd(3, "ORX"))
    first, again = (send(petra, data, key="one-form")["Location"] for _ in range(2))
    assert first == again
    assert "Taken in 3" in text(settled(petra, first))


def test_sending_the_same_file_again_changes_nothing(petra: Client) -> None:
    data = crowds(crowd(3, "ORX"))
    outcome(petra, data)
    assert "Everybody in this file is here already Nothing was changed." in text(outcome(petra, data))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "The file is empty."),
        (b"Amina;Haddad;1990-06-30\n", "The first line does not name the columns: begin the file with a line of"),
        (b"First name,Last name\nA,B\n", "These columns are missing: birth_date, country, relation, policy_number"),
        ("First name,Last name\n".encode("utf-16"), "The file is UTF-16: save it as CSV UTF-8."),
        (b"PK\x03\x04\x14\0", "The file is a workbook or another document, not CSV text: open it in your spreadsheet"),
    ],
)
def test_what_is_no_roster_is_told_at_the_field_and_leaves_no_file(petra: Client, data: bytes, told: str) -> None:
    answer = send(petra, data)
    assert answer.status_code == 422
    assert told in text(answer.content.decode())
    assert 'aria-invalid="true"' in answer.content.decode()
    assert "No file yet" in petra.get("/client/rosters/").content.decode()


def test_a_form_without_a_file_says_so(petra: Client) -> None:
    token = petra.cookies["__Host-amanat-csrf"].value
    answer = petra.post("/client/rosters/", {"csrfmiddlewaretoken": token, "form_key": "k"})
    assert (answer.status_code, "Choose the file that you want to send." in answer.content.decode()) == (422, True)


def test_another_clients_file_is_the_same_404_as_no_file(petra: Client, mallorys_admin: Client) -> None:
    theirs = send(mallorys_admin, crowds(crowd(2, "CS")))["Location"]
    settled(mallorys_admin, theirs)
    foreign, absent = petra.get(theirs), petra.get(f"/client/rosters/{uuid4()}/")
    assert foreign.status_code == absent.status_code == 404
    assert foreign.content == absent.content
    assert "No file yet" in petra.get("/client/rosters/").content.decode()


def test_every_page_needs_few_statements(petra: Client) -> None:
    token = token_of(petra, "/client/rosters/")
    with few_statements():
        sent = send(petra, crowds(crowd(3, "ORX")), token=token)["Location"]
    settled(petra, sent)
    for address in ("/client/", "/client/rosters/", sent, "/client/counts/", "/client/counts/method/", "/client/"):
        with few_statements():
            assert petra.get(address).status_code == 200, address


def test_a_long_file_shows_how_far_it_is(petra: Client, group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    """The load is held up between two units, as a file of thousands would be on its way."""
    monkeypatch.setattr("amanat.custody.sweep.UNIT", 2)
    monkeypatch.setattr(loading, "_PATIENCE", 0.0)
    reached, go_on = Event(), Event()
    take_in = service.take_in

    def held(received: service.Received) -> None:
        def wait(done: int, _: int) -> None:
            if done == 2:
                reached.set()
                go_on.wait(20)

        take_in(received, wait)

    monkeypatch.setattr(loading, "take_in", held)
    sent = send(petra, crowds(crowd(5, "ORX")))["Location"]
    assert reached.wait(20)
    page = petra.get(sent).content.decode()
    assert "2 of 5 people taken in" in page
    assert '<progress id="progress" value="2" max="5">' in page
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page
    busy = send(petra, crowds(crowd(1, "NEXT")))
    assert busy.status_code == 409
    assert "Another file of yours is being taken in." in busy.content.decode()
    go_on.set()
    assert "5 people were taken in" in text(settled(petra, sent))
    polled = petra.get(sent, headers={"hx-request": "true"})
    assert (polled["HX-Refresh"], polled.content) == ("true", b"")


def test_a_load_that_fails_is_told_and_finished_by_sending_again(
    petra: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the power went off")

    with monkeypatch.context() as patch:
        patch.setattr("amanat.custody.sweep.store_tokens", fail)
        assert "This file stopped half-way" in outcome(petra, crowds(crowd(3, "ORX")))
    assert "3 people were taken in" in text(outcome(petra, crowds(crowd(3, "ORX"))))


def test_a_file_of_column_names_alone_says_what_is_missing(petra: Client) -> None:
    assert "The file names its columns and no person Write a row for each person" in text(
        outcome(petra, written().encode())
    )


def test_many_faults_are_shown_page_by_page(petra: Client) -> None:
    rows = [("", f"Given{number}", "X", "1990-06-30", "CH", "employee", "2026-01-01", "") for number in range(60)]
    sent = send(petra, written(*rows).encode())["Location"]
    first = settled(petra, sent)
    assert first.count('data-label="Line"') == 50
    assert petra.get(sent + "?page=2").content.decode().count('data-label="Line"') == 10
