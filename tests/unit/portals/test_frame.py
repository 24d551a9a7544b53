"""What surrounds a page follows from its path and from who is signed in, and from nothing else."""

import pytest
from django.test import RequestFactory

from amanat.portals.frame import SignedIn, audience_of, frame


@pytest.mark.parametrize(
    ("path", "audience"),
    [
        ("/", "public"),
        ("/statement/", "public"),
        ("/member/record/", "member"),
        ("/desk", "desk"),
        ("/privacy/journal/7/", "privacy"),
        ("/memberships/", "public"),
        ("//desk/", "desk"),
    ],
)
def test_the_audience_follows_from_the_path(path: str, audience: str) -> None:
    assert audience_of(path) == audience


def test_a_stranger_sees_no_account_and_no_company() -> None:
    surroundings = frame(RequestFactory().get("/desk/intake/"))["frame"]
    assert (surroundings.account, surroundings.company) == ("", "")
    assert (surroundings.home, surroundings.sign_out) == ("/desk/", "/desk/sign-out/")


def test_who_is_signed_in_and_who_answers_for_the_page_are_named() -> None:
    request = RequestFactory().get("/desk/")
    request.signed_in = SignedIn("Basil", "Amanat Singapore")  # type: ignore[attr-defined]
    surroundings = frame(request)["frame"]
    assert (surroundings.account, surroundings.company) == ("Basil", "Amanat Singapore")


def test_what_was_asked_stays_with_the_page() -> None:
    surroundings = frame(RequestFactory().get("/can-they/", {"who": "clinician", "do": "view"}))["frame"]
    assert (surroundings.path, surroundings.asked) == ("/can-they/", "?who=clinician&do=view")
