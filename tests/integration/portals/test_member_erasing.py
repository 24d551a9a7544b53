"""A member erases everything about themself: proven once more, said in full before, with a proof to keep."""

import html
import re

import psycopg
import pytest
from django.test import Client

from amanat.custody.erasure_proof import verify_erasure
from amanat.database.home import Home
from amanat.ledger.signing import public_keys
from stage.accounts import PASSWORD, MovedClock
from stage.member import Member

PATH = "/member/erase/"


@pytest.fixture
def browser(amina_signed_in: Member, moved_clock: MovedClock) -> Client:
    moved_clock.move(seconds=30)
    return amina_signed_in.client


def post(client: Client, **form: str) -> tuple[int, str]:
    token = client.cookies["__Host-amanat-csrf"].value
    answer = client.post(PATH, form | {"csrfmiddlewaretoken": token})
    return answer.status_code, answer.content.decode()


def keys_left(owner: psycopg.Connection, member: Member) -> int:
    row = owner.execute("SELECT count(*) FROM keys_subject WHERE subject = %s", (member.subject,)).fetchone()
    return int(row[0]) if row else 0


@pytest.mark.clause("R.3")
def test_a_member_erases_everything_and_keeps_a_proof(
    browser: Client, amina_signed_in: Member, owner_connection: psycopg.Connection, home: Home
) -> None:
    assert "What stays, and why" in browser.get(PATH).content.decode()
    status, page = post(browser, agree="yes", password=PASSWORD, code=amina_signed_in.holder.code)
    assert status == 200
    (proof,) = re.findall(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)
    told = verify_erasure(html.unescape(proof), public_keys(home).values())
    assert told["person"] == str(amina_signed_in.subject)
    assert keys_left(owner_connection, amina_signed_in) == 0
    assert browser.get("/member/").status_code == 302


@pytest.mark.parametrize("lacks", ["agree", "password", "code"])
def test_without_the_tick_or_the_proof_nothing_is_erased(
    browser: Client, amina_signed_in: Member, owner_connection: psycopg.Connection, lacks: str
) -> None:
    form = {"agree": "yes", "password": PASSWORD, "code": amina_signed_in.holder.code}
    del form[lacks]
    status, page = post(browser, **form)
    assert status == (422 if lacks == "agree" else 403)
    assert "Nothing was" in page
    assert keys_left(owner_connection, amina_signed_in) == 1
