"""Every way in that changes something takes a key, and says of each error whether it was done.

The list comes from the inventory: a new route without a key is found by itself.
"""

from collections.abc import Callable
from typing import Any, Final

import pytest
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from amanat.custody.answers import AlreadyAnsweredError
from amanat.errors import (
    AmanatError,
    ConflictError,
    Effect,
    IntegrityError,
    Kind,
    MalformedError,
    NotFoundError,
    RateLimitedError,
    UnavailableError,
)
from amanat.inventory.doors import reaches
from amanat.inventory.platform import duties_in
from amanat.portals import form_key, problems
from amanat.portals.form_key import LASTS, StaleFormError, key_of, new_key
from amanat.portals.routes import Route
from amanat.portals.table import TABLE
from amanat.rosters.service import receive
from amanat.statement.compile import load_statement
from amanat.worker.duties import ANSWERS_KEPT, DUTIES
from stage.accounts import MovedClock

# POST without a key, and why a second one has no second effect.
READS: Final = "it reads: what was typed stays out of the address"
REPEATED: Final = {
    "caller": READS,
    "intake": READS,
    "share_preview": READS,
    "sign_in": "each try counts by itself, and a code is good once",
    "sign_out": "a session ends once",
    "erase": "a person is erased once, and the code that proves them is good once",
    "recovery_codes": "it replaces the whole set; the set that was shown last is the one that counts",
}


def takes_a_key(view: Callable[..., Any]) -> bool:
    """Whether the form's key comes to its unit: made by `key_of` or, of a file, by the roster's own `receive`."""
    return reaches(view, lambda found: found in (form_key.key_of, receive))


def changing(routes: tuple[Route, ...] = TABLE) -> list[Route]:
    return [route for route in routes if "POST" in route.methods]


def without_a_key(routes: list[Route]) -> set[str]:
    return {route.name for route in routes if not takes_a_key(route.view)}


def test_every_route_that_changes_something_takes_a_key() -> None:
    assert without_a_key(changing()) - set(REPEATED) == set()
    assert set(REPEATED) <= {route.name for route in changing()}


def test_a_write_without_a_key_is_found() -> None:
    def write(request: HttpRequest) -> HttpResponse:
        return HttpResponse(request.POST["text"])

    assert not takes_a_key(write)


def test_every_duty_can_be_done_again() -> None:
    """What the worker does is one transaction each, or claims a row first; none of it comes as a message."""
    assert {one.kind for one in duties_in(load_statement("ama").policy, DUTIES)} == {"duty"}
    assert all(not takes_a_key(duty.carry_out) for duty in DUTIES)


def ask(method: str, error: Exception) -> HttpResponse:
    return problems.answer(getattr(RequestFactory(), method)("/desk/intake/"), error)


@pytest.mark.parametrize(
    ("error", "effect"),
    [
        (AlreadyAnsweredError({}), Effect.DONE),
        *((one(), Effect.NOT_DONE) for one in (ConflictError, MalformedError, NotFoundError, RateLimitedError,
                                               UnavailableError)),
        (Http404(), Effect.NOT_DONE),
        (IntegrityError(), Effect.ASK),
        (OperationalError("server closed the connection"), Effect.ASK),
        (RuntimeError("a fault of ours, after the commit"), Effect.ASK),
    ],
)  # fmt: skip
def test_each_error_says_done_not_done_or_ask_with_this_key(error: Exception, effect: Effect) -> None:
    answer = ask("post", error)
    assert answer["Amanat-Effect"] == effect.value
    assert ("send the same form again" in answer.content.decode()) is (effect is Effect.ASK)
    assert "Amanat-Effect" not in ask("get", error)


def test_an_error_that_may_have_come_after_the_commit_never_says_that_nothing_was_done() -> None:
    for error in (OperationalError(), RuntimeError()):
        page = ask("post", error).content.decode()
        assert "nothing was changed" not in page
        assert "no part of it was done" not in page


def test_every_kind_of_error_has_an_effect() -> None:
    found, waiting = set(), [AmanatError]
    while waiting:
        one = waiting.pop()
        found.add(one.kind)
        assert isinstance(one.effect, Effect), one
        waiting += one.__subclasses__()
    assert found <= set(Kind)


def post(key: str) -> HttpRequest:
    return RequestFactory().post("/desk/cases/open/", {"form_key": key, "text": "x"})


def test_a_form_is_too_old_before_its_answer_is_forgotten(moved_clock: MovedClock) -> None:
    key = new_key()
    assert LASTS < ANSWERS_KEPT
    moved_clock.move(days=7)
    assert key_of(post(key)).value == key
    moved_clock.move(minutes=2)
    with pytest.raises(StaleFormError):
        key_of(post(key))


@pytest.mark.parametrize("key", ["zz.abc", ".abc", "ffffffffffff.abc"])
def test_a_key_that_was_not_made_here_is_refused(key: str) -> None:
    with pytest.raises(StaleFormError):
        key_of(post(key))
