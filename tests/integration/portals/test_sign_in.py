"""The sign-in page as a person meets it: one answer to all that is wrong, a new session each time, a real end."""

from urllib.parse import urlencode

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client

from amanat.accounts import hasher, sessions
from amanat.portals.door import cookie_name
from amanat.portals.routes import Audience
from stage.accounts import PASSWORD, Holder, MovedClock, OpenAccount, plain_browser, sign_in, token_of

OWN_PAGE = "/desk/recovery-codes/"
DESK = cookie_name(Audience.DESK)


def _post(client: Client, path: str, **form: str) -> HttpResponse:
    answer: HttpResponse = client.post(path, form | {"csrfmiddlewaretoken": token_of(client, path)})  # type: ignore[assignment]
    return answer


def _without_token(page: HttpResponse, *typed: str) -> str:
    text = page.content.decode()
    for value in (*typed, text.split('csrfmiddlewaretoken" value="')[1].split('"')[0]):
        text = text.replace(value, "…")
    return text


def test_a_signed_in_person_sees_her_own_page(basil: Holder) -> None:
    client = sign_in(basil)
    page = client.get(OWN_PAGE)
    assert page.status_code == 200
    assert "Basil" in page.content.decode()


def test_the_cookie_is_one_that_a_page_elsewhere_cannot_use(amina: Holder, basil: Holder) -> None:
    for holder, same_site in ((amina, "Lax"), (basil, "Strict")):
        cookie = sign_in(holder).cookies[f"__Host-amanat-{holder.audience}"]
        assert cookie["secure"]
        assert cookie["httponly"]
        assert (cookie["samesite"], cookie["path"], cookie["domain"]) == (same_site, "/", "")
        assert not cookie["max-age"]
        assert not cookie["expires"]


def test_every_wrong_part_gives_the_same_page(basil: Holder, open_account: OpenAccount) -> None:
    from amanat.accounts.service import close_account  # noqa: PLC0415

    emil = open_account("emil", "desk", "clinician")
    close_account(emil.account)
    code = basil.code
    tries = [
        (basil.email, "a wrong lantern over water", code),
        (basil.email, PASSWORD, "000000"),
        ("nobody@ama-sg.example", PASSWORD, code),
        (emil.email, PASSWORD, "000000"),
    ]
    pages = []
    for email, password, given in tries:
        answer = _post(plain_browser(), "/desk/sign-in/", email=email, password=password, code=given)
        assert password not in answer.content.decode()
        pages.append((answer.status_code, _without_token(answer, email)))
    assert len(set(pages)) == 1
    assert pages[0][0] == 403


def test_a_session_fixed_before_signing_in_is_not_the_one_after(basil: Holder) -> None:
    client = plain_browser()
    client.cookies[DESK] = "a-secret-that-mallory-chose"
    token_before = token_of(client, "/desk/sign-in/")
    sign_in(basil, client)
    assert client.cookies[DESK].value != "a-secret-that-mallory-chose"
    assert client.cookies["__Host-amanat-csrf"].value != token_before


def test_signing_in_again_ends_the_session_before(basil: Holder, moved_clock: MovedClock) -> None:
    client = sign_in(basil)
    first = client.cookies[DESK].value
    moved_clock.move(seconds=30)
    sign_in(basil, client)
    assert client.cookies[DESK].value != first
    assert sessions.read_session("desk", first) is None


def test_signing_out_ends_the_session_on_the_server(basil: Holder) -> None:
    client = sign_in(basil)
    secret = client.cookies[DESK].value
    token = client.cookies["__Host-amanat-csrf"].value
    answer = client.post("/desk/sign-out/", {"csrfmiddlewaretoken": token})
    assert answer.status_code == 302
    assert '"cache"' in answer["Clear-Site-Data"]
    assert client.cookies[DESK].value == ""
    client.cookies[DESK] = secret
    assert client.get(OWN_PAGE).status_code == 302


def test_signing_out_by_a_link_or_without_its_token_does_nothing(basil: Holder) -> None:
    client = sign_in(basil)
    assert client.get("/desk/sign-out/").status_code == 405
    assert client.post("/desk/sign-out/").status_code == 403
    assert client.get(OWN_PAGE).status_code == 200


def test_one_person_may_be_signed_in_to_two_audiences_and_leave_one(amina: Holder, basil: Holder) -> None:
    client = sign_in(basil, sign_in(amina))
    client.post("/desk/sign-out/", {"csrfmiddlewaretoken": client.cookies["__Host-amanat-csrf"].value})
    assert client.get(OWN_PAGE).status_code == 302
    assert client.get("/member/recovery-codes/").status_code == 200


def test_who_is_sent_to_sign_in_returns_to_the_page_she_wanted(basil: Holder) -> None:
    wanted = plain_browser().get(f"{OWN_PAGE}?page=2")["Location"]
    assert wanted == "/desk/sign-in/?" + urlencode({"next": f"{OWN_PAGE}?page=2"})
    answer = _post(plain_browser(), wanted, email=basil.email, password=PASSWORD, code=basil.code)
    assert answer["Location"] == f"{OWN_PAGE}?page=2"


def test_who_sends_a_form_too_late_is_told_that_it_is_lost_and_led_back_to_it(basil: Holder) -> None:
    browser = plain_browser()
    form = {"csrfmiddlewaretoken": token_of(browser, "/desk/sign-in/")}
    late = browser.post(OWN_PAGE, form)["Location"]
    assert "What you just sent was not saved" in browser.get(late).content.decode()
    answer = _post(plain_browser(), late, email=basil.email, password=PASSWORD, code=basil.code)
    assert answer["Location"] == OWN_PAGE


@pytest.mark.parametrize("wish", ["https://mallory.example/", "//mallory.example", "/\\mallory.example", "/member/",
                                  "/desk/sign-out/", "javascript:alert(1)", "/desk/nowhere/", "desk/", ""])  # fmt: skip
def test_nobody_is_led_anywhere_else_after_signing_in(basil: Holder, wish: str) -> None:
    path = "/desk/sign-in/?" + urlencode({"next": wish})
    answer = _post(plain_browser(), path, email=basil.email, password=PASSWORD, code=basil.code)
    assert answer["Location"] == "/desk/"


def test_a_flood_of_sign_ins_is_asked_to_come_back(basil: Holder, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> bool:
        raise hasher.SignInBusyError

    monkeypatch.setattr(hasher.Argon2Hasher, "verify", busy)
    answer = _post(plain_browser(), "/desk/sign-in/", email=basil.email, password=PASSWORD, code="000000")
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0


def test_without_a_database_nobody_gets_in_and_the_page_says_so(basil: Holder, monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in(basil)

    def lost(*_: object) -> None:
        raise OperationalError("server closed the connection: password=" + PASSWORD)

    monkeypatch.setattr(sessions, "read_session", lost)
    answer = client.get(OWN_PAGE)
    assert answer.status_code == 503
    assert PASSWORD not in answer.content.decode()


def test_plain_http_is_for_this_machine_alone(accounts: None, settings_hosts: None) -> None:
    assert plain_browser().get("/desk/sign-in/").status_code == 200
    assert plain_browser().get("/desk/sign-in/", SERVER_NAME="amanat.example").status_code == 400
    secure = plain_browser().get("/desk/sign-in/", SERVER_NAME="amanat.example", secure=True)
    assert secure.status_code == 200
    assert "max-age" in secure["Strict-Transport-Security"]


def test_an_upload_beyond_the_cap_is_refused_unread(accounts: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415

    from amanat.portals.middleware import uploads  # noqa: PLC0415

    monkeypatch.setattr(uploads, "LARGEST_UPLOAD", 1000)
    client = plain_browser()
    form = {"csrfmiddlewaretoken": token_of(client, "/desk/sign-in/"), "file": SimpleUploadedFile("x", b"x" * 2000)}
    answer = client.post("/desk/sign-in/", form, headers={"accept-language": "fr"})
    assert answer.status_code == 413
    assert "Un fichier peut faire au plus 16 Mo." in answer.content.decode()


@pytest.fixture
def settings_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings  # noqa: PLC0415

    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["localhost", "amanat.example"])
