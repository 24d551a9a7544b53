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


@pytest.mark.parametrize(
    ("method", "ask", "fits"),
    [
        ("POST", Ask("view", ("email", "phone_home"), "case_coordination"), True),
        ("POST", Ask("view", ("allergies", "name"), "emergency_care"), True),
        ("POST", Ask("search", (), ""), True),
        ("POST", Ask("view", ("email",), "emergency_care"), False),
        ("POST", Ask("view", ("email", "name"), "case_coordination"), False),
        ("POST", Ask("use", ("email",), "case_coordination"), False),
        ("GET", Ask("view", ("email",), "case_coordination"), False),
    ],
)
def test_an_act_outside_the_declaration_is_found(
    method: str,
    ask: Ask,
    fits: bool,
    undeclared: Callable[[Route, str, Ask], str],  # noqa: FBT001  # a table
) -> None:
    told = undeclared(ROUTE, method, ask)
    assert (told == "") is fits
    if not fits:
        assert told.startswith(f"desk:x {method} does {ask.action}")
