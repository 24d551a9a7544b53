"""Recovery codes through the page: proven once more, shown once, and a way back in."""

import re

from django.test import Client

from stage.accounts import PASSWORD, Holder, MovedClock, plain_browser, sign_in, token_of

PATH = "/member/recovery-codes/"
_CODE = re.compile(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}")


def _renew(client: Client, **form: str) -> list[str]:
    token = client.cookies["__Host-amanat-csrf"].value
    return _CODE.findall(client.post(PATH, form | {"csrfmiddlewaretoken": token}).content.decode())


def test_new_codes_are_shown_once_and_sign_in_once(amina: Holder, moved_clock: MovedClock) -> None:
    client = sign_in(amina)
    moved_clock.move(seconds=30)
    codes = _renew(client, password=PASSWORD, code=amina.code)
    assert len(set(codes)) == 10
    assert not _CODE.findall(client.get(PATH).content.decode())
    for expected in (302, 403):
        other = plain_browser()
        form = {"email": amina.email, "password": PASSWORD, "code": codes[0]}
        token = token_of(other, "/member/sign-in/")
        assert other.post("/member/sign-in/", form | {"csrfmiddlewaretoken": token}).status_code == expected


def test_a_borrowed_screen_makes_no_codes(amina: Holder, moved_clock: MovedClock) -> None:
    """Mallory sits down at Amina's open session; she has neither password nor code."""
    client = sign_in(amina)
    moved_clock.move(seconds=30)
    assert _renew(client, password="a wrong lantern over water", code=amina.code) == []
    assert _renew(client, password=PASSWORD, code="000000") == []
    assert _renew(client) == []


def test_codes_of_one_account_do_not_open_another(amina: Holder, basil: Holder, moved_clock: MovedClock) -> None:
    """Basil's own proof in Amina's session changes nothing of hers or his."""
    client = sign_in(amina)
    moved_clock.move(seconds=30)
    assert _renew(client, email=basil.email, password=PASSWORD, code=basil.code) == []
