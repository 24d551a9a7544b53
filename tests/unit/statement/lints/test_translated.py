"""L16: a translation differs from its base in words alone."""

import pytest

from amanat.statement.compile import Statement, compile_statement, load_statement
from amanat.statement.lints.lint import lint
from stage.planted import HEAD, edited, statement_of, told

ENGLISH = """
### 6.5 Bills
We, {company}, [use](do:use) [your name](data:name) to [send the bill](for:billing).
```rule
permit 6.5
  do    use
  data  name
  for   billing
```
```cases
permit  clinician use name for billing
deny    clinician use email for billing
```
> source 6.5
> note A-13: no more than a sum.

### T.1 How long
We destroy [what has served its time](every:aim_ended).
```rule
duty T.1
  owner      web_system
  for every  aim_ended
  within     always
  evidence   erasure_record
```
> added because G3: the old text does not say
"""
FRENCH = (
    ENGLISH.replace("Bills", "Factures").replace("How long", "Combien de temps")
    .replace("We, {company}, [use](do:use) [your name](data:name) to [send the bill](for:billing)",
             "Pour [facturer](for:billing), {company} [utilise](do:use) [votre nom](data:name)")
    .replace("We destroy [what has served its time]", "Nous détruisons [ce qui a fait son temps]")
    .replace("no more than a sum", "rien de plus qu'un montant")
    .replace("the old text does not say", "l'ancien texte se tait")
)  # fmt: skip


@pytest.fixture
def base() -> Statement:
    return statement_of(ENGLISH)


@pytest.fixture
def french() -> Statement:
    return statement_of(FRENCH, more="translates: small 1.0.0\nlanguage: fr\n")


def test_a_faithful_translation_is_told_nothing(base: Statement, french: Statement) -> None:
    assert told("L16", french, base) == []


def test_it_is_compiled_by_the_same_locks(french: Statement) -> None:
    assert french.policy.rules[0].id == "6.5"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("permit  clinician use name", "permit  escort use name", "6.5 error: its cases differ from the base"),
        ("  for   billing\n```", "  for   billing\n  who   staff\n```", "6.5 error: its rules differ from the base"),
        ("  owner      web_system", "  owner      group_dpo", "T.1 error: its declarations differ from the base"),
        ("> source 6.5", "> source 6.4a", "6.5 error: its sources differ from the base"),
        ("{company} [utilise]", "la maison [utilise]", "6.5 error: its words in braces differ from the base"),
    ],
)
def test_whatever_else_differs_is_an_error(
    base: Statement, french: Statement, old: str, new: str, message: str
) -> None:
    assert message in told("L16", edited(french, (old, new)), base)


def test_an_anchor_too_few_or_too_many_is_an_error(base: Statement, french: Statement) -> None:
    twice = edited(french, ("{company} [utilise]", "[utilisation](do:use) : {company} [utilise]"))
    found = told("L16", twice, base)
    assert found == ["6.5 error: the base links `do:use` less often"] * 2
    assert told("L16", base_with_two_links(base), compile_statement(base.text)) == []
    assert told("L16", french, base_with_two_links(base)) == ["6.5 error: the base links `data:name` more often"]


def base_with_two_links(base: Statement) -> Statement:
    return edited(base, ("We, {company},", "With [it](data:name) we, {company},"))


def test_a_clause_left_out_and_one_added_are_errors(base: Statement, french: Statement) -> None:
    left_out = statement_of(FRENCH.partition("### T.1")[0], more="translates: small 1.0.0\nlanguage: fr\n")
    assert told("L16", left_out, base) == ["error: clauses that are not translated: T.1"]
    added = statement_of(FRENCH, "### 6.2 Aide\nNous aidons.\n", more="translates: small 1.0.0\nlanguage: fr\n")
    assert told("L16", added, base) == ["6.2 error: small 1.0.0 has no such clause"]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("translates: small 0.9.0\nlanguage: fr\n", "it translates small 0.9.0, and is held against small 1.0.0"),
        ("translates: small 1.0.0\n", "the header names no language"),
        ("translates: small 1.0.0\nlanguage: French\n", "the header names no language"),
    ],
)
def test_the_header_names_the_very_base_and_the_language(base: Statement, more: str, message: str) -> None:
    assert told("L16", statement_of(FRENCH, more=more), base) == [f"error: {message}"]


def test_cases_start_from_the_same_world(base: Statement, french: Statement) -> None:
    elsewhere = edited(french, ("company(CH)", "company(FR)"))
    assert told("L16", elsewhere, base) == ["error: its cases start from another world"]
    assert "```world" in HEAD


def test_without_its_base_it_is_not_checked_and_may_not_be_published(base: Statement, french: Statement) -> None:
    report = lint(french)
    assert report.unchecked["L16"] == "the base, small 1.0.0, was not given"
    held = lint(french, base=base, strict=True), lint(french, strict=True)
    assert [sum(one.code == "L16" for one in report.errors) for report in held] == [0, 1]


def test_the_installed_statement_translates_itself(ama: Statement) -> None:
    copy = edited(ama, ("replaces: v0            # the undated source text", "translates: ama 1.0.0\nlanguage: en"))
    assert told("L16", copy, ama) == []
    assert told("L16", copy, load_statement("ama-1.1"))
