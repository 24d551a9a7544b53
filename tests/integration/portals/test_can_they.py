"""The box "Can they …?": the whole vocabulary, the answers of the decider, and no trace of the question."""

import random
import re
from collections.abc import Mapping
from dataclasses import replace
from html import unescape

import psycopg
import pytest
from django.http import QueryDict
from django.test import Client
from psycopg import sql

from amanat.policy.decision import Outcome
from amanat.policy.interpreter import decide
from amanat.publication import questions, service
from amanat.statement.compile import load_statement
from amanat.vocabulary.terms import ACTION, CATEGORY, CHANNEL, FIELD_LEAF, PURPOSE, RECIPIENT, RELATION, ROLE
from stage.accounts import plain_browser
from stage.group import Group
from stage.statements import few_statements

HEALTH_CHECK = "who=clinician&do=disclose&data=health_assessment&to=employer&for=billing"
STATEMENT = load_statement("ama")


@pytest.fixture
def browser(group: Group) -> Client:
    return plain_browser()


def ask(browser: Client, query: str, status: int = 200) -> str:
    with few_statements():
        answer = browser.get(f"/can-they/?{query}")
    assert answer.status_code == status
    return answer.content.decode()


def head_of(page: str) -> str:
    found = re.search(r'<h2 id="answer-title">.*?</svg>(.*?)</h2>', page, re.DOTALL)
    return unescape(found[1]).strip() if found else ""


def answer_to(query: str) -> questions.Answer:
    form: Mapping[str, list[str]] = dict(QueryDict(query).lists())
    question = questions.read_question(form)
    assert question is not None
    return questions.ask(STATEMENT, question, "Amanat")


def test_a_question_about_nothing_is_told_where_the_answer_would_stand(browser: Client) -> None:
    page = ask(browser, "who=clinician&do=view&data=&for=treatment")
    assert "Choose which data you ask about" in page.partition('id="answer"')[2]
    assert "{}" not in page


@pytest.mark.parametrize(("query", "head"), [
    ("who=clinician&do=view&data=report&for=treatment&choice=medical_service", "Yes"),
    (HEALTH_CHECK, "Only if you agree"),
    ("who=clinician&do=view&data=allergies&for=emergency_care&in=incapacity", "Only in an emergency"),
    ("who=marketing_editor&do=use&data=itinerary&for=newsletter", "No"),
    ("who=web_system&do=track&data=browse&for=survey&elsewhere=yes", "Not our site"),
])  # fmt: skip
def test_the_answer_is_one_of_five(browser: Client, query: str, head: str) -> None:
    assert head_of(ask(browser, query)) == head


@pytest.mark.clause("4.4")
def test_on_another_site_nothing_is_ours_to_allow() -> None:
    dice = random.Random(9)  # noqa: S311 - questions, not secrets
    for _ in range(50):
        elsewhere = replace(any_question(dice), elsewhere=True)
        assert questions.ask(STATEMENT, elsewhere, "Amanat").outcome is Outcome.OUT_OF_SCOPE


def test_the_answer_cites_its_clauses_and_shows_their_words(browser: Client) -> None:
    page = ask(browser, HEALTH_CHECK)
    assert 'href="/statement/#c-6.10"' in page
    assert "Telling whoever pays" in page
    assert "Version 1.0.0" in page


def test_a_question_opens_with_nothing_answered_and_some_to_start_from(browser: Client) -> None:
    page = ask(browser, "")
    assert head_of(page) == ""
    examples = re.findall(r'href="/can-they/\?([^"]+)"', page)
    assert len(examples) == 8
    heads = {head_of(ask(browser, unescape(query))) for query in examples}
    assert heads == {"Yes", "Only if you agree", "Only in an emergency", "No", "Not our site"}


def test_a_question_without_data_says_what_is_missing(browser: Client) -> None:
    page = ask(browser, "who=clinician&do=view&data=&for=treatment")
    assert "Error:" in page
    assert 'href="#field-data"' in page
    assert head_of(page) == ""


def test_what_was_asked_stays_in_the_form(browser: Client) -> None:
    page = ask(browser, HEALTH_CHECK + "&choice=payer_disclosure&holds=order&abroad=yes")
    chosen = re.findall(r'value="([^"]+)" selected', page)
    assert chosen[:5] == ["clinician", "disclose", "health_assessment", "billing", "employer"]
    for box in ("choice-payer_disclosure", "holds-order", "field-abroad"):
        assert re.search(rf'id="{box}" name="[^"]+" value="[^"]+" checked', page), box
    assert not re.search(r'id="holds-entitlement"[^>]* checked', page)


@pytest.mark.parametrize(("name", "word"), [
    ("who", "shaman"), ("do", "peek"), ("data", "shoe_size"), ("for", "curiosity"), ("choice", "everything"),
    ("holds", "luck"), ("to", "mallory"), ("in", "doubt"), ("via", "telepathy"), ("of", "unknown_to_all"),
])  # fmt: skip
def test_an_unknown_word_is_named_and_never_answered(browser: Client, name: str, word: str) -> None:
    asked = QueryDict(HEALTH_CHECK, mutable=True)
    asked[name] = word
    page = ask(browser, asked.urlencode(), 400)
    assert word in page.partition('role="alert"')[2]
    assert 'id="answer-title"' not in page
    assert 'name="who"' in page, "the form is there, to ask again"


def test_a_question_without_any_word_is_none_yet(browser: Client) -> None:
    page = ask(browser, "who=&do=&data=&for=")
    assert 'role="alert"' not in page
    assert "Or start from one of these" in page


def test_a_question_leaves_no_row_anywhere(browser: Client, owner_connection: psycopg.Connection) -> None:
    def rows() -> dict[str, int]:
        names = owner_connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        count = sql.SQL("SELECT count(*) FROM {}")
        found = {name: owner_connection.execute(count.format(sql.Identifier(name))).fetchone() for (name,) in names}
        return {name: row[0] for name, row in found.items() if row}

    before = rows()
    assert before["ledger_act"] > 0
    for query in ("", HEALTH_CHECK, "who=clinician&do=view&data=name&data=report&for=treatment"):
        ask(browser, query)
    assert rows() == before


def test_the_whole_vocabulary_can_be_chosen() -> None:
    known = service.vocabulary()
    axes = ("who", "do", "data", "to", "for", "via", "of")
    offered = {axis: {word for _, words in known[axis] for word, _ in words} for axis in axes}
    assert offered["who"] == set(ROLE.leaves)
    assert offered["do"] == set(ACTION.leaves)
    assert offered["data"] == set(CATEGORY.leaves) | set(FIELD_LEAF)
    assert offered["to"] == set(RECIPIENT.leaves)
    assert offered["for"] == (set(PURPOSE.leaves) - {"other"}) | {questions.ANOTHER_AIM}
    assert offered["via"] == set(CHANNEL.leaves)
    assert offered["of"] == set(RELATION.leaves)
    assert len(known["yes"]) + len(known["no"]) == 16


def any_question(dice: random.Random) -> questions.Question:
    return questions.Question(
        dice.choice(ROLE.leaves), dice.choice(ACTION.leaves),
        tuple(dice.sample([*CATEGORY.leaves, *FIELD_LEAF], dice.choice((1, 1, 2)))),
        dice.choice([*(one for one in PURPOSE.leaves if one != "other"), questions.ANOTHER_AIM]),
        dice.choice(RECIPIENT.leaves), dice.choice(RECIPIENT.leaves), dice.choice(questions.SITUATIONS),
        dice.choice(CHANNEL.leaves), dice.choice(RELATION.leaves),
        choices=frozenset(dice.sample(["medical_service", "payer_disclosure", "withhold", "block_recipient"], 1)),
        holding=frozenset(dice.sample(list(questions.HOLDING), 5)),
    )  # fmt: skip


def test_any_question_is_answered_in_words_and_survives_its_own_address() -> None:
    dice = random.Random(7)  # noqa: S311 - questions, not secrets
    for _ in range(400):
        question = any_question(dice)
        answer = questions.ask(STATEMENT, question, "Amanat")
        assert answer.outcome is decide(STATEMENT.policy, questions.request_of(STATEMENT, question)).outcome
        assert answer.clauses, question
        assert answer.says.endswith("."), question
        assert questions.read_question(dict(QueryDict(question.query).lists())) == question


def test_whatever_would_change_the_answer_gives_a_yes_when_asked() -> None:
    dice = random.Random(8)  # noqa: S311 - questions, not secrets
    offered = [change for _ in range(1500) for change in questions.ask(STATEMENT, any_question(dice), "Amanat").changes]
    assert len(offered) > 50
    assert {answer_to(change.question.query).outcome for change in offered} == {Outcome.PERMIT}


def test_an_answer_for_several_data_tells_each_apart() -> None:
    answer = answer_to("who=clinician&do=view&data=name&data=report&for=treatment")
    assert [outcome for _, outcome, _ in answer.parts] == [Outcome.PERMIT, Outcome.ASK]
    assert [change.says for change in answer.changes][-1].startswith("Only your name")
