"""Who saw or received my data (M3), and my first page: every act, refused ones too, each with why and proof."""

import re
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pytest

from amanat.custody.facts import Ask, Recipient
from amanat.custody.unit import unit
from amanat.database.home import Home
from amanat.errors import IntegrityError
from amanat.ledger.fold import fold
from amanat.ledger.proven import verify_file
from amanat.ledger.signing import begin_log, read_public_key
from stage.choices import say_yes
from stage.databases import AsLogin
from stage.desk import glass_for, lend, open_for
from stage.group import Group
from stage.member import Member

LOOK = Ask("view", ("name", "birth_year"), "eligibility")


def _look(group: Group, who: str, ask: Ask = LOOK) -> UUID:
    with unit(group.actor(who), ask.purpose) as one:
        handle = one.ask(ask, [group.amina])
    return handle.act


def _shown(html: str) -> list[str]:
    return re.findall(r"/member/seen/([0-9a-f-]{36})/", html)


def test_each_look_is_told_by_role_and_company_and_never_by_name(amina_signed_in: Member, group: Group) -> None:
    act = _look(group, "basil")
    html = amina_signed_in.get("/member/seen/")
    assert _shown(html)[0] == str(act)
    for part in ("An assistance coordinator", "Amanat CH", "looked at: name and year of birth",
                 "seeing what is due to you", "Allowed", "/statement/#c-6.1"):  # fmt: skip
        assert part in html
    assert "Basil" not in html


def test_a_refused_look_is_told_too(amina_signed_in: Member, group: Group) -> None:
    act = _look(group, "chandra", Ask("view", ("report",), "treatment"))
    html = amina_signed_in.get("/member/seen/?outcome=deny")
    assert _shown(html) == [str(act)]
    assert "asked for: medical report" in html
    assert "Not allowed" in html
    assert "§ 9.2" in html
    assert str(act) not in _shown(amina_signed_in.get("/member/seen/?outcome=permit"))


def test_of_a_look_that_was_allowed_in_part_both_parts_are_told(amina_signed_in: Member, group: Group) -> None:
    """What was opened was not only asked for, and a badge that says no would hide it."""
    act = _look(group, "basil", Ask("view", ("name", "report"), "eligibility"))
    html = amina_signed_in.get("/member/seen/?outcome=deny")
    assert _shown(html) == [str(act)]
    for part in ("looked at: name", "Kept closed: medical report", "Allowed in part"):
        assert part in html
    assert "asked for" not in html
    page = amina_signed_in.get(f"/member/seen/{act}/")
    assert "Why some of it was not allowed" in page
    assert "badge-partly" in page


def test_a_broken_glass_is_marked(amina_signed_in: Member, group: Group) -> None:
    from amanat.emergency.glass import glass_view  # noqa: PLC0415

    case = glass_for(group)
    with unit(group.actor("basil"), "emergency_care") as one:
        act = glass_view(one, group.amina, case).act
    html = amina_signed_in.get("/member/seen/")
    entry = html.split(str(act), 1)[0].rpartition("<li")[2]
    assert "Glass broken" in entry
    assert "Glass broken" in amina_signed_in.get(f"/member/seen/{act}/")


def test_own_looks_are_shown_when_asked_for(amina_signed_in: Member) -> None:
    amina_signed_in.get("/member/record/")
    assert "<bdi>You</bdi>" not in amina_signed_in.get("/member/seen/")
    assert "<bdi>You</bdi>" in amina_signed_in.get("/member/seen/?own=yes")


def test_what_went_to_others_can_be_seen_alone(amina_signed_in: Member, group: Group) -> None:
    look = _look(group, "basil")
    sister = Recipient("assistance_centre", "ama-sg")
    told = _look(group, "basil", Ask("disclose", ("name",), "case_coordination", recipient=sister))
    alone = _shown(amina_signed_in.get("/member/seen/?told=yes"))
    assert str(told) in alone
    assert str(look) not in alone


def test_the_history_turns_its_pages(amina_signed_in: Member, group: Group) -> None:
    acts = [str(_look(group, "basil")) for _ in range(27)]
    first = amina_signed_in.get("/member/seen/")
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    second = amina_signed_in.get("/member/seen/" + older[1].replace("&amp;", "&"))
    *looks, enrolment = _shown(first) + _shown(second)
    assert looks == acts[::-1]
    assert enrolment in _shown(second)
    assert "Newest" in second
    amina_signed_in.get("/member/seen/?before=yesterday&outcome=nonsense")


def test_the_why_panel_shows_the_clause_and_its_rule_in_plain_words(amina_signed_in: Member, group: Group) -> None:
    act = _look(group, "chandra", Ask("view", ("report",), "treatment"))
    html = amina_signed_in.get(f"/member/seen/{act}/")
    assert "Our people see what their work needs" in html
    assert "Its rules in plain words" in html
    assert "medical report" in html
    assert "Why it was not allowed" in html
    assert "it must be that the one who acts works on your case" in html


def test_what_was_allowed_has_no_refusal_to_explain(amina_signed_in: Member, group: Group) -> None:
    html = amina_signed_in.get(f"/member/seen/{_look(group, 'basil')}/")
    assert "Allowed" in html
    assert "Why it was not allowed" not in html


def test_the_proof_verifies_offline_once_it_is_sealed_into_the_log(
    amina_signed_in: Member, group: Group, as_login: AsLogin, home: Home
) -> None:
    """With the key that anybody can read beside the company's contacts; no other key opens it."""
    act = _look(group, "basil")
    page = amina_signed_in.get(f"/member/seen/{act}/")
    assert "Keep the proof" in page
    assert 'href="/contacts/#key-ama-ch"' in page
    assert "Being sealed into the log" in amina_signed_in.get(f"/member/seen/{act}/proof/", 202)
    with as_login("worker"):
        fold("ama-ch")
    text = amina_signed_in.get(f"/member/seen/{act}/proof/")
    begin_log(home, "ama-sg")
    keys = {code: read_public_key(line) for code, line in _published_keys(amina_signed_in.get("/contacts/"))}
    assert verify_file(text, [keys["ama-ch"]]).facts["act"] == str(act)
    with pytest.raises(IntegrityError):
        verify_file(text, [keys["ama-sg"]])


def _published_keys(page: str) -> list[tuple[str, str]]:
    return re.findall(r'id="key-([a-z-]+)".*?<code dir="ltr">(.+?)</code>', page, re.DOTALL)


def _verdict(page: str) -> str:
    (shown,) = re.findall(r'<div data-verdict="(\w+)">', page)
    return str(shown)


def test_the_page_checks_the_proof_itself(amina_signed_in: Member, group: Group, as_login: AsLogin) -> None:
    """Without a script too: the server's word is there, and says that it is the server's."""
    act = _look(group, "basil")
    assert f"/member/seen/{act}/check/" in amina_signed_in.get(f"/member/seen/{act}/")
    assert _verdict(amina_signed_in.get(f"/member/seen/{act}/check/")) == "waiting"
    with as_login("worker"):
        fold("ama-ch")
    page = amina_signed_in.get(f"/member/seen/{act}/check/")
    assert _verdict(page) == "sound"
    assert '<span data-by="server">' in page
    assert "c2sp.org/tlog-proof@v1" in page
    assert re.search(r"entry \d+ of \d+", page)


def test_a_changed_entry_is_red_and_says_what_is_wrong(
    amina_signed_in: Member, group: Group, as_login: AsLogin, owner_connection: psycopg.Connection[Any]
) -> None:
    act = _look(group, "chandra", Ask("view", ("report",), "treatment"))
    with as_login("worker"):
        fold("ama-ch")
    owner_connection.execute("UPDATE ledger_entry SET outcome = 'permit' WHERE act = %s", (act,))
    page = amina_signed_in.get(f"/member/seen/{act}/check/")
    assert _verdict(page) == "changed"
    assert "The entry was changed" in page
    amina_signed_in.get(f"/member/seen/{act}/proof/", 302)


@pytest.mark.parametrize(("damage", "verdict"), [
    ("SET note = replace(note, E'\\n\\n', E'0\\n\\n')", "signature"),
    ("SET note = 'nothing'", "form"),
])  # fmt: skip
def test_a_damaged_head_is_told_by_its_kind(
    amina_signed_in: Member, group: Group, as_login: AsLogin, owner_connection: psycopg.Connection[Any],
    damage: LiteralString, verdict: str,
) -> None:  # fmt: skip
    act = _look(group, "basil")
    with as_login("worker"):
        fold("ama-ch")
    owner_connection.execute("UPDATE ledger_checkpoint " + damage)
    assert _verdict(amina_signed_in.get(f"/member/seen/{act}/check/")) in {verdict, "signature"}


def test_a_damaged_tile_leads_nowhere(
    amina_signed_in: Member, group: Group, as_login: AsLogin, owner_connection: psycopg.Connection[Any]
) -> None:
    acts = [_look(group, "basil") for _ in range(3)]
    with as_login("worker"):
        fold("ama-ch")
    owner_connection.execute("UPDATE ledger_tile SET hashes = set_byte(hashes, 0, 255 - get_byte(hashes, 0))")
    assert "path" in {_verdict(amina_signed_in.get(f"/member/seen/{act}/check/")) for act in acts}


@pytest.mark.clause("6.8", "0.10e")
def test_each_way_over_a_border_is_listed_with_its_tool_and_reason(amina_signed_in: Member, group: Group) -> None:
    case = open_for(group)
    lend(group, "wei", case)
    say_yes(group.actor("amina"), ["emergency_record@self", "emergency_record@group"])
    _look(group, "wei", Ask("view", ("name", "language"), "case_coordination"))
    with unit(group.actor("basil"), "case_coordination") as one:
        ask = Ask("disclose", ("name",), "case_coordination", recipient=Recipient("assistance_centre", "ama-sg"))
        assert one.ask(ask, [group.amina]).permits(group.amina)
    html = amina_signed_in.get("/member/seen/borders/")
    rows = re.findall(r"<tr>\s*<td.*?</tr>", html, re.DOTALL)
    assert len(rows) == 2
    for row in rows:
        assert "Switzerland" in row
        assert "Singapore" in row
        assert "the binding rules of our group" in row
        assert "running your case" in row
        assert "§ 6.8" in row


def test_what_stayed_at_home_is_on_no_map(amina_signed_in: Member, group: Group) -> None:
    _look(group, "basil")
    assert "It went over no border" in amina_signed_in.get("/member/seen/borders/")


def test_another_members_entries_are_not_there(amina_signed_in: Member, group: Group) -> None:
    with unit(group.actor("basil"), "eligibility") as one:
        act = one.ask(LOOK, [group.mallory]).act
    nowhere = amina_signed_in.get(f"/member/seen/{UUID(int=7)}/", 404)
    assert amina_signed_in.get(f"/member/seen/{act}/", 404) == nowhere
    assert amina_signed_in.get(f"/member/seen/{act}/proof/", 404) == nowhere
    assert amina_signed_in.get(f"/member/seen/{act}/check/", 404) == nowhere


def test_the_first_page_says_who_answers_what_is_covered_and_who_looked(amina_signed_in: Member, group: Group) -> None:
    act = _look(group, "basil")
    html = amina_signed_in.get("/member/")
    for part in ("Welcome, Amina Haddad", "Amanat CH", "Switzerland", "privacy@ama-ch.example", "standard",
                 "You work for oryx-energy", "OX-1001", "Nobody of ours may open one", "0 choices"):  # fmt: skip
        assert part in html
    assert _shown(html)[0] == str(act)


def test_a_name_that_is_held_back_is_not_shown_on_the_first_page_either(amina_signed_in: Member) -> None:
    say_yes(amina_signed_in.actor, ["withhold:policy_number"])
    assert "OX-1001" not in amina_signed_in.get("/member/")
