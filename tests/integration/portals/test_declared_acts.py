"""The guard that holds pages to their declarations finds an act that is not declared."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse

from amanat.custody.facts import Ask
from amanat.portals.routes import SIGNED_IN, Audience, Route
from amanat.vocabulary.needs import Need

_SEE = (Need("view", "case_coordination", ("contact",)), Need("view", "emergency_care", ("emergency_minimum",)))


def _page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.path)


ROUTE = Route("x/", _page, "x", Audience.DESK, {"GET": SIGNED_IN, "POST": _SEE})


Told = Callable[[Route, str, Ask], str]


@pytest.mark.parametrize(
    "ask",
    [
        Ask("view", ("email", "phone_home"), "case_coordination"),
        Ask("view", ("allergies", "name"), "emergency_care"),
        Ask("search", (), ""),
    ],
)
def test_an_act_inside_the_declaration_passes(ask: Ask, undeclared: Told) -> None:
    assert undeclared(ROUTE, "POST", ask) == ""


@pytest.mark.parametrize(
    ("method", "ask"),
    [
        ("POST", Ask("view", ("email",), "emergency_care")),
        ("POST", Ask("view", ("email", "name"), "case_coordination")),
        ("POST", Ask("use", ("email",), "case_coordination")),
        ("GET", Ask("view", ("email",), "case_coordination")),
    ],
)
def test_an_act_outside_the_declaration_is_found(method: str, ask: Ask, undeclared: Told) -> None:
    assert undeclared(ROUTE, method, ask).startswith(f"desk:x {method} does {ask.action}")
