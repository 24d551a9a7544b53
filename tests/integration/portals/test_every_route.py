"""The route table, walked: every route, by every method, by everybody who has no business there.

Nobody lists these cases by hand; a page that is added to the table is walked the same day.
"""

import uuid
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.urls.resolvers import RoutePattern

from amanat.accounts.service import close_account
from amanat.portals.door import cookie_name
from amanat.portals.routes import METHODS, STRANGERS, Audience, Route
from amanat.portals.table import TABLE
from stage.accounts import OTHER_COMPANY, Holder, MovedClock, OpenAccount, plain_browser, sign_in
from stage.group import Group

SIGNING_IN = [audience for audience in Audience if audience is not Audience.PUBLIC]
ROLE_OF = {
    Audience.MEMBER: "member",
    Audience.DESK: "assistance_coordinator",
    Audience.CLIENT: "client_admin",
    Audience.PRIVACY: "privacy_officer",
    Audience.AUDIT: "auditor",
}
ALL_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
_SAMPLES = {
    "uuid": uuid.UUID(int=7),
    "int": 7,
    "string": "nothing",
    "slug": "nothing",
    "path": "nothing",
    "tilepath": "000",
}


def _address(route: Route) -> str:
    """The route's address, with ids of nothing in its places."""
    converters = RoutePattern(route.path).converters
    names = {name: _SAMPLES[type(kind).__name__.removesuffix("Converter").lower()] for name, kind in converters.items()}
    return reverse(route.full_name, kwargs=names)


def _closed(routes: tuple[Route, ...]) -> Iterator[tuple[Route, str]]:
    """Each route and method that asks for a sign-in."""
    for route in routes:
        for method, declared in route.methods.items():
            if declared not in STRANGERS:
                yield route, method


def _ask(client: Client, route: Route, method: str, **headers: str) -> HttpResponse:
    answer: HttpResponse = client.generic(method, _address(route), headers=headers)  # type: ignore[assignment]
    return answer


def _unchecked(client: Client) -> Client:
    """The same browser with a valid token in hand: what is tested here is the door and not the token."""
    client.handler.enforce_csrf_checks = False
    return client


def _assert_sent_to_sign_in(answer: HttpResponse, route: Route) -> None:
    assert answer.status_code == 302, (route.full_name, answer.status_code)
    assert urlsplit(answer["Location"]).path == reverse(f"{route.audience}:sign_in")
    assert answer.content == b""


@pytest.fixture
def cast(open_account: OpenAccount) -> Callable[[Audience], Holder]:
    return lambda audience: open_account("mallory", audience.value, ROLE_OF[audience])


def test_every_audience_but_the_public_signs_in_and_out() -> None:
    names = {route.full_name for route in TABLE}
    for audience in SIGNING_IN:
        assert {f"{audience}:sign_in", f"{audience}:sign_out", f"{audience}:home"} <= names


def test_every_route_refuses_a_stranger(accounts: None) -> None:
    stranger = _unchecked(plain_browser())
    for route, method in _closed(TABLE):
        _assert_sent_to_sign_in(_ask(stranger, route, method), route)


@pytest.mark.parametrize("audience", SIGNING_IN)
def test_every_route_refuses_every_other_audience(audience: Audience, cast: Callable[[Audience], Holder]) -> None:
    """Also when the other audience's secret is put under this audience's cookie name."""
    client = _unchecked(sign_in(cast(audience)))
    secret = client.cookies[cookie_name(audience)].value
    for other in SIGNING_IN:
        if other is not audience:
            client.cookies[cookie_name(other)] = secret
    for route, method in _closed(TABLE):
        if route.audience is not audience:
            _assert_sent_to_sign_in(_ask(client, route, method), route)


@pytest.mark.parametrize("audience", SIGNING_IN)
def test_every_route_refuses_a_session_that_is_over(
    audience: Audience, cast: Callable[[Audience], Holder], moved_clock: MovedClock
) -> None:
    client = _unchecked(sign_in(cast(audience)))
    moved_clock.move(hours=13)
    for route, method in _closed(TABLE):
        _assert_sent_to_sign_in(_ask(client, route, method), route)


@pytest.mark.parametrize("audience", SIGNING_IN)
def test_every_route_refuses_a_person_who_was_removed(audience: Audience, cast: Callable[[Audience], Holder]) -> None:
    holder = cast(audience)
    client = _unchecked(sign_in(holder))
    close_account(holder.account)
    for route, method in _closed(TABLE):
        _assert_sent_to_sign_in(_ask(client, route, method), route)


def test_every_route_refuses_a_method_that_it_does_not_declare(accounts: None) -> None:
    stranger = _unchecked(plain_browser())
    for route in TABLE:
        for method in set(ALL_METHODS) - route.methods.keys() - ({"HEAD"} if "GET" in route.methods else set()):
            answer = _ask(stranger, route, method)
            assert answer.status_code == 405, (route.full_name, method)
            assert answer["Allow"] == ", ".join(sorted(route.methods))


def test_every_change_is_refused_without_its_token(cast: Callable[[Audience], Holder]) -> None:
    for audience in SIGNING_IN:
        client = sign_in(cast(audience))
        for route in TABLE:
            if route.audience is audience and "POST" in route.methods:
                assert _ask(client, route, "POST").status_code == 403, route.full_name


@pytest.mark.parametrize("origin", ["https://mallory.example", "null", "http://localhost.mallory.example"])
def test_every_change_is_refused_from_another_site(origin: str, cast: Callable[[Audience], Holder]) -> None:
    for audience in SIGNING_IN:
        client = sign_in(cast(audience))
        token = {"x-csrftoken": client.cookies["__Host-amanat-csrf"].value}
        for route in TABLE:
            if route.audience is audience and "POST" in route.methods:
                assert _ask(client, route, "POST", origin=origin, **token).status_code == 403, route.full_name


@pytest.mark.parametrize("audience", SIGNING_IN)
def test_what_is_not_there_and_what_is_not_yours_are_one_answer(
    audience: Audience, open_account: OpenAccount, group: Group
) -> None:
    """Absent ids, asked for by a person of the audience: each page gives the bytes of an address that is nowhere."""
    client = _unchecked(sign_in(open_account("mallory", audience.value, ROLE_OF[audience], company=OTHER_COMPANY)))
    nowhere = client.get(f"{audience.prefix}there-is-no-such-page/")
    assert nowhere.status_code == 404
    for route in TABLE:
        if route.audience is audience and "uuid" in route.path:
            for method in METHODS & route.methods.keys():
                answer = _ask(client, route, method)
                assert (answer.status_code, answer.content) == (404, nowhere.content), (route.full_name, method)


def test_a_page_that_is_not_there_looks_the_same_to_everybody(cast: Callable[[Audience], Holder]) -> None:
    for audience in SIGNING_IN:
        address = f"{audience.prefix}there-is-no-such-page/{uuid.uuid4()}/"
        assert plain_browser().get(address).content == sign_in(cast(audience)).get(address).content


HEADERS = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=()",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}


def _assert_headers(answer: HttpResponse, name: str) -> None:
    for header, part in HEADERS.items():
        assert part in answer[header], (name, header)
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_every_answer_carries_the_headers(cast: Callable[[Audience], Holder]) -> None:
    """Pages, redirects, refusals and faults alike."""
    stranger = plain_browser()
    for route in TABLE:
        for method in ("GET", "POST", "DELETE"):
            answer = _ask(stranger, route, method)
            if route.audience is not Audience.PUBLIC:
                _assert_headers(answer, f"{method} {route.full_name}")
    for audience in SIGNING_IN:
        _assert_headers(sign_in(cast(audience)).get(audience.prefix), audience)
    _assert_headers(stranger.get("/there-is-no-such-page/"), "404")
    _assert_headers(stranger.get("/desk/", SERVER_NAME="mallory.example"), "400")
