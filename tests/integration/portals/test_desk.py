"""The pages of the desk as a signed-in person meets them: few statements, one answer for strangers, nothing lost."""

import re
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from amanat.custody import budgets
from amanat.custody.actor import Actor
from stage.accounts import Holder, MovedClock, sign_in, token_of
from stage.choices import furnish
from stage.databases import AsLogin
from stage.desk import CHECKLIST, RECORD, take_back, write_record
from stage.group import Group, hire
from stage.server import Clone
from stage.statements import MOST, few_statements

CHECKED = {
    "at_stake": "on", "nobody_refused": "on", "reason": CHECKLIST.reason, "impracticable": CHECKLIST.impracticable,
    "hours": "1", "words": CHECKLIST.words,
}  # fmt: skip


class Desk:
    """Somebody at the desk, in a browser without a browser."""

    def __init__(self, holder: Holder) -> None:
        self.holder = holder
        self.client: Client = sign_in(holder)
        self.token = token_of(self.client, "/desk/intake/")

    @property
    def actor(self) -> Actor:
        return Actor(self.holder.account, "assistance_coordinator", self.holder.company, None, None, "")

    def get(self, path: str, status: int = 200) -> str:
        with few_statements():
            answer = self.client.get(path)
        return _read(answer, status)

    def post(self, path: str, status: int = 302, **form: object) -> HttpResponse:
        answer = self.client.post(path, {**form, "csrfmiddlewaretoken": self.token})
        assert answer.status_code == status, answer.content.decode()[-2000:]
        return answer  # type: ignore[return-value]

    def show(self, path: str, status: int = 200, *, most: int = MOST, **form: object) -> str:
        """Post what is answered by a page, and hold it to the number of statements of a page."""
        with few_statements(most):
            return self.post(path, status, **form).content.decode()

    def open_case(self, subject: UUID, about: str = "medical:accident", emergency: str = "") -> str:
        """A new case; its address."""
        form = {"subject": subject, "about": about, "emergency": emergency, "form_key": uuid4().hex}
        return self.post("/desk/cases/open/", **form)["Location"].partition("?")[0]


def _read(answer: object, status: int) -> str:
    assert answer.status_code == status, answer.content.decode()[-2000:]  # type: ignore[attr-defined]
    return str(answer.content.decode())  # type: ignore[attr-defined]


@pytest.fixture
def basil(group: Group, database: Clone, accounts: None) -> Desk:
    return Desk(hire(database, "basil", "desk", "assistance_coordinator"))


@pytest.fixture
def chandra(group: Group, database: Clone, accounts: None) -> Desk:
    return Desk(hire(database, "chandra", "desk", "assistance_coordinator"))


def test_the_first_page_says_how_to_begin(basil: Desk) -> None:
    assert "No open case" in basil.get("/desk/")


def test_the_first_page_lists_ones_own_cases_by_name(basil: Desk, group: Group) -> None:
    for _ in range(3):
        basil.open_case(group.amina)
    page = basil.get("/desk/")
    assert page.count("Amina Haddad") == 3


def test_intake_begins_with_the_notice_that_is_read_aloud(basil: Desk) -> None:
    page = basil.get("/desk/intake/")
    assert "This call is not recorded unless you say yes to that." in page


def test_a_caller_is_shown_by_name_birth_year_and_cover_alone(basil: Desk, group: Group) -> None:
    page = basil.show("/desk/intake/", field="policy_number", value="OX-1001")
    assert "Amina Haddad" in page
    assert "amina@example.org" not in page
    assert "03-14" not in page


def test_a_search_shows_nothing_of_what_was_typed_in_an_address(basil: Desk) -> None:
    answer = basil.post("/desk/intake/", 200, field="email", value="amina@example.org")
    assert "amina%40" not in str(answer.headers)


def test_nobody_found_is_one_answer(basil: Desk) -> None:
    pages = {_without_keys(basil.show("/desk/intake/", field="policy_number", value=one)) for one in ("X-1", "ZZ-9")}
    assert len({page.replace("X-1", "…").replace("ZZ-9", "…") for page in pages}) == 1


def _without_keys(page: str) -> str:
    return re.sub(r'value="[A-Za-z0-9_-]{24,}"', 'value=""', page)


def test_a_surname_without_its_date_is_asked_for_it(basil: Desk) -> None:
    page = basil.show("/desk/intake/", 422, field="surname_birth_date", value="Haddad")
    assert "Give the whole date of birth" in page
    assert "Haddad" in page


@pytest.mark.parametrize("year", ["90", "9" * 25, "Ju", "-1"])
def test_what_is_no_date_is_told_once_and_kept(basil: Desk, year: str) -> None:
    form = {"field": "surname_birth_date", "value": "Haddad", "birth_day": "30", "birth_month": "6"}
    page = basil.show("/desk/intake/", 422, **form, birth_year=year)
    assert page.count("Give the whole date of birth, as on the calendar.") == 2, "in the summary and at the boxes"
    assert f'value="{year}"' in page


def test_the_budget_of_searches_ends_in_kind_words(basil: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "SEARCHES", replace(budgets.SEARCHES, an_hour=0))
    page = basil.show("/desk/intake/", 429, field="policy_number", value="OX-1001")
    assert "Your searches of this hour are used up" in page
    assert 'value="OX-1001"' in page


def test_a_form_that_is_not_whole_keeps_what_was_chosen(basil: Desk, group: Group) -> None:
    page = basil.show("/desk/cases/open/", 422, subject=group.amina, about="advice:question", emergency="accident")
    assert "does not belong to what has happened" in page
    assert re.search(r'value="advice:question" checked', page)


def test_a_case_shows_the_minimum(basil: Desk, group: Group) -> None:
    page = basil.get(basil.open_case(group.amina))
    assert "Amina Haddad" in page
    assert "Call is not recorded" in page
    assert "amina@example.org" not in page


def test_a_stranger_gets_for_a_case_what_an_address_of_nothing_gives(basil: Desk, chandra: Desk, group: Group) -> None:
    case = basil.open_case(group.amina)
    nothing = _read(chandra.client.get("/desk/there-is-nothing/"), 404)
    for page in ("", "emergency/", "close/", "answer/", "health/", "share/", "glass/", "glass/open/", "glass/close/"):
        assert _read(chandra.client.get(case + page), 404) == nothing, page
        assert _read(basil.client.get(f"/desk/cases/{uuid4()}/{page}"), 404) == nothing, page
    for page in ("", "share/preview/", "share/send/", "ask/", "glass/open/"):
        assert chandra.post(case + page, 404).content.decode() == nothing, page


def test_the_second_note_finds_its_words_again(basil: Desk, group: Group) -> None:
    case = basil.open_case(group.amina)
    basil.post(case, text="The first note.", version=0, form_key="one")
    page = basil.post(case, 409, text="The second note.", version=0, form_key="two").content.decode()
    assert "Somebody else added to this case first" in page
    assert "The first note." in page
    assert "The second note.</textarea>" in page
    assert 'name="version" value="1"' in page
    basil.post(case, text="The second note.", version=1, form_key="three")
    assert basil.get(case).count("note.</p>") == 2


def test_a_note_sent_twice_is_kept_once(basil: Desk, group: Group) -> None:
    case = basil.open_case(group.amina)
    for _ in range(2):
        basil.post(case, text="Once.", version=0, form_key="the-same")
    assert basil.get(case).count("Once.</p>") == 1


def test_an_empty_note_is_asked_for(basil: Desk, group: Group) -> None:
    assert "Write a note" in basil.show(basil.open_case(group.amina), 422, version=0)


def test_a_note_on_a_child_is_refused_with_its_reason_and_not_lost(basil: Desk, group: Group) -> None:
    page = basil.show(basil.open_case(group.child), 403, text="Fever since Sunday.", version=0)
    assert "§ M.1" in page
    assert "What stands against it" in page
    assert "Fever since Sunday." in page


def test_an_emergency_is_declared_with_its_reason(basil: Desk, group: Group) -> None:
    case = basil.open_case(group.amina)
    assert "Why is it an emergency?" in basil.get(f"{case}emergency/")
    assert "This field is required" in basil.show(f"{case}emergency/", 422)
    basil.post(f"{case}emergency/", reason="accident")
    assert "Emergency: Grave accident" in basil.get(case)


def test_a_closed_case_is_gone(basil: Desk, group: Group) -> None:
    case = basil.open_case(group.amina)
    assert "How did it end?" in basil.get(f"{case}close/")
    basil.post(f"{case}close/", outcome="helped")
    assert basil.client.get(case).status_code == 404


def _buttons(page: str) -> list[tuple[str, dict[str, str], str]]:
    """The alternatives of a refusal: address, hidden fields, label. A link has no fields."""
    (panel,) = re.findall(r"What you can do instead</h3>(.*?)</details>", page, re.DOTALL)
    posts = re.findall(r'<form method="post" action="([^"]+)">(.*?)<button[^>]*>([^<]+)</button>', panel, re.DOTALL)
    fields = [dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', body)) for _, body, _ in posts]
    links = re.findall(r'<a class="button[^"]*" href="([^"]+)">([^<]+)</a>', panel)
    return [(one[0], two, one[2]) for one, two in zip(posts, fields, strict=True)] + [
        (to, {}, say) for to, say in links
    ]


def _press(desk: Desk, button: tuple[str, dict[str, str], str]) -> int:
    address, fields, _ = button
    answer = desk.client.post(address, fields) if fields else desk.client.get(address)
    return answer.status_code


def test_every_alternative_of_every_refusal_succeeds_when_pressed(basil: Desk, group: Group) -> None:
    write_record(group)
    take_back(group)
    plain, urgent = basil.open_case(group.amina), basil.open_case(group.amina, emergency="accident")
    words = ["name", "event_location", "allergies"]
    refusals = [basil.get(f"{case}health/", 403) for case in (plain, urgent)]
    for case in (plain, urgent):
        for to in ("employer@oryx-energy", "provider.medical@alp-air", "clinic_or_doctor@", "emergency_local@"):
            form = {"words": words, "to": to, "country": "CH"}
            refusals.append(basil.show(f"{case}share/preview/", 403, **form))
            refusals.append(basil.show(f"{case}share/preview/", 403, **form | {"words": ["allergies"]}))
        refusals.append(
            basil.show(f"{case}share/preview/", 403, words=["name"], to="employer@oryx-energy", country="CH")
        )
    pressed = [button for page in refusals if "What you can do instead" in page for button in _buttons(page)]
    assert {_press(basil, button) for button in pressed} <= {200, 302}
    said = {label.split(":")[0] for _, _, label in pressed}
    assert said == {
        "Ask the person", "They are on the line", "Tell only", "Tell instead", "They cannot be asked",
    }  # fmt: skip


def test_a_health_fact_that_sinks_the_whole_can_be_left_out(basil: Desk, group: Group, as_login: AsLogin) -> None:
    with as_login("worker"):
        furnish()
    case = basil.open_case(group.amina)
    form = {"words": ["name", "phone_home", "allergies"], "to": "provider.travel@firm-travel", "country": "CH"}
    (only, *_) = _buttons(basil.show(f"{case}share/preview/", 403, **form))
    assert (only[2], only[1]["words"]) == ("Tell only: Name, Private telephone", "name,phone_home")
    assert _press(basil, only) == 200


def test_a_refusal_says_what_was_asked_why_not_and_what_is_missing(basil: Desk, group: Group) -> None:
    case = basil.open_case(group.amina)
    page = basil.show(f"{case}share/preview/", 403, words=["name"], to="employer@oryx-energy", country="CH")
    assert "You asked to tell “The employer: oryx-energy (Switzerland)” this: Name" in page
    assert 'class="badge badge-ask"' in page
    assert 'href="/statement/#c-6.10"' in page
    assert "yes to telling “The employer”" in page
    assert "What would nearly have allowed it" in page
    assert "it must be that we have your yes to telling a payer" in page
    assert "the words of the statement: “you” is the person" in page


def test_a_look_at_health_facts_names_its_clauses_and_a_refused_one_what_it_opened(basil: Desk, group: Group) -> None:
    write_record(group)
    case = basil.open_case(group.amina)
    page = basil.get(f"{case}health/")
    assert 'class="badge badge-permit"' in page
    assert 'href="/statement/#c-8.4"' in page
    take_back(group)
    assert "Nothing was opened." in basil.get(f"{case}health/", 403)


def test_telling_is_confirmed_done_once_and_read_out(basil: Desk, group: Group) -> None:
    case = basil.open_case(group.amina)
    assert "Amina Haddad" in basil.get(f"{case}share/")
    form = {"words": ["name", "policy_number"], "to": "provider.medical@alp-air", "country": "CH"}
    question = basil.show(f"{case}share/preview/", **form)
    assert "Tell it now" in question
    assert "OX-1001" not in question
    sheet = basil.show(f"{case}share/send/", most=MOST + 1, **form, form_key="once")  # it locks, too
    assert "OX-1001" in sheet
    assert "Receipt" in sheet
    assert basil.post(f"{case}share/send/", **form, form_key="once")["Location"].endswith("?said=told")


def test_rescue_is_told_nothing_without_a_reason(basil: Desk, group: Group) -> None:
    case = basil.open_case(group.amina, emergency="accident")
    form = {"words": ["name"], "to": "emergency_local@", "country": "CH"}
    page = basil.post(f"{case}share/send/", 422, **form, why=" ", form_key="first").content.decode()
    assert page.count("Say in a sentence why they need it.") == 2, "in the summary and at the field"
    assert "Receipt" not in page
    assert (
        "Receipt" in basil.post(f"{case}share/send/", 200, **form, why="They ask.", form_key="first").content.decode()
    )


def test_nothing_chosen_is_asked_for(basil: Desk, group: Group) -> None:
    case = basil.open_case(group.amina)
    page = basil.show(f"{case}share/preview/", 422, to="provider.medical@alp-air", country="CH")
    assert "Choose what to tell." in page
    assert re.search(r'value="provider.medical@alp-air" selected', page)


def test_the_glass_is_broken_in_two_steps_and_shows_the_minimum(basil: Desk, group: Group) -> None:
    write_record(group)
    take_back(group)
    case = basil.open_case(group.amina, emergency="accident")
    assert "Somebody presses you? Call back." in basil.get(f"{case}glass/open/")
    assert "No glass was broken" in basil.get(f"{case}glass/")
    question = basil.show(f"{case}glass/open/", **CHECKED)
    assert "You will see: Name, Year of birth" in question
    assert RECORD["allergies"] not in question
    basil.post(f"{case}glass/open/", **CHECKED, confirmed="yes", form_key="one")
    page = basil.get(f"{case}glass/")
    assert RECORD["allergies"] in page
    assert "Open until" in page
    assert "The glass is broken until" in basil.get(case)


def test_a_checklist_that_is_not_whole_breaks_nothing(basil: Desk, group: Group) -> None:
    case = basil.open_case(group.amina, emergency="accident")
    for missing in ("at_stake", "nobody_refused", "reason", "impracticable", "words"):
        form = {name: value for name, value in CHECKED.items() if name != missing}
        assert "This field is required" in basil.show(f"{case}glass/open/", 422, **form, confirmed="yes")
    assert "No glass was broken" in basil.get(f"{case}glass/")


def test_the_page_of_a_glass_that_ended_shows_nothing_more(basil: Desk, group: Group, moved_clock: MovedClock) -> None:
    write_record(group)
    take_back(group)
    case = basil.open_case(group.amina, emergency="accident")
    basil.post(f"{case}glass/open/", **CHECKED, confirmed="yes")
    for _ in range(5):
        moved_clock.move(minutes=13)
        basil.client.get("/desk/")
    page = basil.get(f"{case}glass/")
    assert "It ended by itself" in page
    assert RECORD["allergies"] not in page


def test_a_glass_is_closed_in_two_steps(basil: Desk, group: Group) -> None:
    write_record(group)
    take_back(group)
    case = basil.open_case(group.amina, emergency="accident")
    basil.post(f"{case}glass/open/", **CHECKED, confirmed="yes")
    done = {"ended": "care_arranged", "words": "Told the ambulance."}
    assert "What came of it?" in basil.get(f"{case}glass/close/")
    assert "Close the glass now?" in basil.show(f"{case}glass/close/", **done)
    assert RECORD["allergies"] in basil.get(f"{case}glass/")
    basil.post(f"{case}glass/close/", **done, confirmed="yes")
    assert "It was closed at" in basil.get(f"{case}glass/")


def test_a_no_on_the_telephone_keeps_the_glass_whole(basil: Desk, group: Group) -> None:
    case = basil.open_case(group.amina, emergency="accident")
    assert "Read this aloud" in basil.get(f"{case}answer/")
    basil.post(f"{case}answer/", agrees="no")
    assert "They said no" in basil.get(f"{case}glass/open/", 403)
    assert "They said no" in basil.post(f"{case}glass/open/", 403, **CHECKED, confirmed="yes").content.decode()


def test_the_privacy_officer_reviews_what_was_broken(basil: Desk, group: Group, database: Clone) -> None:
    write_record(group)
    take_back(group)
    case = basil.open_case(group.amina, emergency="accident")
    basil.post(f"{case}glass/open/", **CHECKED, confirmed="yes")
    basil.get(f"{case}glass/")
    dina = sign_in(hire(database, "dina", "privacy", "privacy_officer"))
    with few_statements():
        queue = _read(dina.get("/privacy/reviews/"), 200)
    assert "Basil" in queue
    (address,) = set(re.findall(r'href="(/privacy/reviews/[^"]+/)"', queue))
    with few_statements():
        page = _read(dina.get(address), 200)
    assert CHECKLIST.words in page
    token = dina.cookies["__Host-amanat-csrf"].value
    assert dina.post(address, {"csrfmiddlewaretoken": token}).status_code == 422
    dina.post(address, {"csrfmiddlewaretoken": token, "verdict": "justified", "form_key": "one"})
    assert "Nothing waits" in _read(dina.get("/privacy/reviews/"), 200)
