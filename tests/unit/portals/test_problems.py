"""What error pages and the log say of an error, and what they keep to themselves."""

import logging

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest
from django.test import RequestFactory

from amanat.accounts.hasher import SignInBusyError
from amanat.errors import AmanatError, ConflictError, IntegrityError, Kind, MalformedError, NotFoundError
from amanat.portals import problems

CANARY = "amina.rahman@example.org"


def _request(path: str = "/desk/cases/1/") -> HttpRequest:
    return RequestFactory().get(path)


def test_every_kind_of_error_has_its_answer() -> None:
    assert set(problems.PROBLEMS) == set(Kind)


@pytest.mark.parametrize(("error", "status"), [
    (MalformedError("x"), 400), (NotFoundError(), 404), (Http404(), 404), (ConflictError(), 409),
    (PermissionDenied(), 403), (SuspiciousOperation(), 400), (OperationalError(), 503), (IntegrityError(), 500),
    (ValueError("x"), 500),
])  # fmt: skip
def test_an_error_has_its_status(error: Exception, status: int) -> None:
    assert problems.answer(_request(), error).status_code == status


@pytest.mark.parametrize("error", [
    NotFoundError(CANARY), Http404(CANARY), ValueError(CANARY), IntegrityError(CANARY), OperationalError(CANARY),
    SuspiciousOperation(CANARY), AmanatError(CANARY),
])  # fmt: skip
def test_neither_page_nor_log_repeats_what_an_error_holds(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = problems.answer(_request(), error)
    assert CANARY.encode() not in answer.content
    assert CANARY not in caplog.text


def test_our_own_fault_has_a_number_on_the_page_and_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> None:
        raise ValueError(CANARY)

    try:
        broken()
    except ValueError as error:
        answer = problems.answer(_request(), error)
    (record,) = caplog.records
    number = record.getMessage().split("incident=")[1].split()[0]
    assert number in answer.content.decode()
    assert "builtins.ValueError" in record.getMessage()


def test_absent_and_foreign_things_give_the_same_bytes_whatever_they_are_called() -> None:
    pages = [problems.answer(_request(path), error)
             for path in ("/desk/cases/1/", "/desk/cases/2/?q=x")
             for error in (NotFoundError("gone"), NotFoundError("not yours"), Http404())]  # fmt: skip
    assert len({page.content for page in pages}) == 1
    assert len({tuple(sorted(page.headers.items())) for page in pages}) == 1


def test_who_is_sent_away_by_load_is_told_when_to_come_back() -> None:
    answer = problems.answer(_request(), SignInBusyError())
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0


def test_a_fault_of_form_says_what_to_mend() -> None:
    answer = problems.answer(_request(), MalformedError("the date has no month", hint="write day, month, year"))
    assert "the date has no month" in answer.content.decode()
