"""The language switch: a plain link, one essential cookie, and no way out of the site."""

import pytest
from django.test import RequestFactory

from amanat.portals.languages import LANGUAGE_COOKIE, switch_language


def test_the_choice_is_remembered_in_one_essential_cookie_and_the_page_comes_back() -> None:
    request = RequestFactory().get("/language/ar/", {"next": "/statement/"}, headers={"sec-fetch-site": "same-origin"})
    response = switch_language(request, "ar")
    cookie = response.cookies[LANGUAGE_COOKIE]
    assert (response.status_code, response["Location"]) == (302, "/statement/")
    assert cookie.value == "ar"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert list(response.cookies) == [LANGUAGE_COOKIE]


@pytest.mark.parametrize(
    "wish", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example", ""]
)
def test_the_way_back_never_leaves_the_site(wish: str) -> None:
    response = switch_language(RequestFactory().get("/language/fr/", {"next": wish}), "fr")
    assert response["Location"] == "/"


def test_a_page_of_another_site_cannot_change_the_language() -> None:
    request = RequestFactory().get("/language/fr/", headers={"sec-fetch-site": "cross-site"})
    assert not switch_language(request, "fr").cookies


def test_a_language_we_do_not_speak_is_not_there() -> None:
    assert switch_language(RequestFactory().get("/language/xx/"), "xx").status_code == 404


def test_switching_takes_no_post() -> None:
    assert switch_language(RequestFactory().post("/language/fr/"), "fr").status_code == 405
