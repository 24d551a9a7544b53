"""Plain words: every term has a meaning, and every rule reads back as a sentence."""

import pytest

from amanat.policy.literals import ATOMS, PARAMETERS
from amanat.policy.rule import Literal, RuleKind
from amanat.statement import words
from amanat.statement.compile import Statement
from amanat.statement.words import ENGLISH, SPOKEN, Entry, duty_words, label, literal_words, sentence, term_words
from amanat.vocabulary.choices import WRITTEN, ChoiceKind
from amanat.vocabulary.terms import (
    ACTION,
    AGREEMENT_TERMS,
    CATEGORY,
    CHANNEL,
    CONTEXT,
    FIELD_LEAF,
    OBLIGATIONS,
    PLATFORM_FACTS,
    PROFILE,
    PURPOSE,
    RECIPIENT,
    RELATION,
    ROLE,
    TOOLS,
)
from stage.rules import policy_of

TERMS = {
    "do": [*ACTION.mask],
    "who": [*ROLE.mask],
    "to": [*RECIPIENT.mask],
    "from": [*RECIPIENT.mask],
    "data": [*CATEGORY.mask, *FIELD_LEAF, *PROFILE],
    "for": [*PURPOSE.mask, "other.film"],
    "ctx": [*CONTEXT.mask],
    "ch": [*CHANNEL.mask],
    "of": [*RELATION.mask],
    "then": [*OBLIGATIONS],
    "term": [*AGREEMENT_TERMS],
    "choice": [*(kind.value for kind in ChoiceKind), *WRITTEN, "other_purpose:film"],
    "tool": [*TOOLS],
    "platform": [*PLATFORM_FACTS],
    "need": [
        "agreement", *(f"agreement_terms:{term}" for term in AGREEMENT_TERMS), "tool", "entitlement", "order",
        "identity:claimed", "identity:proven", "guardian_for", "attested_source", "k>=10", "glass",
        "payer_disclosure:employer", "other_purpose:film", "medical_service",
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", TERMS)
def test_every_term_has_a_name_and_a_meaning(kind: str) -> None:
    for term in TERMS[kind]:
        assert label(kind, term).strip(), term
        meaning = term_words(kind, term)
        assert 5 < len(meaning) < 140, term
        assert "\n" not in meaning


@pytest.mark.parametrize("atom", ATOMS)
def test_a_condition_by_itself_has_no_hole_in_its_name(atom: str) -> None:
    assert "{" not in label("condition", atom)


def test_every_anchor_of_the_installed_statement_is_explained(ama: Statement) -> None:
    for section in ama.sections:
        for anchor in section.anchors:
            assert term_words(anchor.kind, anchor.term), (section.id, anchor)


@pytest.mark.parametrize("wanted", [True, False])
def test_every_condition_is_said_in_words_and_so_is_its_opposite(wanted: bool) -> None:  # noqa: FBT001  # a row
    for atom in ATOMS:
        for parameter in PARAMETERS[atom] or {""}:
            said = literal_words(Literal(atom, parameter, wanted))
            assert said
            assert "{" not in said
            assert said != literal_words(Literal(atom, parameter, not wanted))


def test_every_rule_reads_back_as_one_sentence(ama: Statement) -> None:
    for rule in ama.policy.rules:
        said = sentence(rule)
        assert said[0].isupper()
        assert said.endswith(".")
        assert "_" not in said, said
        lead = {RuleKind.PERMIT: "may", RuleKind.REQUIRE: "unless", RuleKind.CONTROL: "unless", RuleKind.REACH: "but"}
        assert f" {lead.get(rule.kind, 'may')} " in said, said


def test_rules_that_mean_different_things_read_differently(ama: Statement) -> None:
    meanings: dict[str, set[object]] = {}
    for rule in ama.policy.rules:
        meaning = (rule.kind, rule.box, rule.when, rule.need, rule.unless, rule.then)
        meanings.setdefault(sentence(rule), set()).add(meaning)
    assert [said for said, found in meanings.items() if len(found) > 1] == []


READINGS = """
permit 6.7
  who   staff
  do    telling
  data  ordinary
  to    provider
  for   service
  then  minimise
= Our staff may tell or pass on everyday data to firms that work for us, for our services;
  then we send no more than the job needs.

permit 6.10
  do    disclose
  data  fitness_flag
  to    employer, insurer
  if    consent payer_disclosure per recipient
  and   law
= Anyone may tell whether you are fit to your employer or your insurer, only if we have your yes to telling a payer,
  for this recipient and the law where you are and where we act allows it.

forbid 7.1
  do    taking
  data  personal
  ch    online
  ctx   minor
= Nobody may collect or receive your data, on our site and apps, for someone under eighteen.

require 6.9
  who   provider_user
  do    any
  data  personal
  if    agreement
  need  term secrecy
= If the firm's agreement is live, a provider's staff may not do anything with your data, unless the firm signed to
  keep it safe and secret.

reach 9.3a
  who   caring
  do    any
  data  medical
= Nobody but those who care for you may do anything with health data.

choice 8.12a
  do      telling
  data    personal
  if      blocked_recipient
  unless  lawful_order
= Nobody may tell or pass on your data, if you forbade telling this one, unless a lawful order stands behind it.
"""


@pytest.mark.parametrize("reading", READINGS.strip().split("\n\n"))
def test_a_rule_reads_as_written(reading: str) -> None:
    rule, _, said = reading.partition("\n= ")
    assert sentence(policy_of(rule).rules[0]) == " ".join(said.split())


def test_a_duty_tells_its_time() -> None:
    (rule,) = policy_of("permit 6.7\n  do any\n  data personal\n  then review 72h\n").rules
    assert duty_words(rule.then[0]) == "we look at it again (72h)"


def _entries(language: str) -> dict[tuple[str, str], Entry]:
    return words._glossary(language)


@pytest.mark.parametrize("language", [one for one in SPOKEN if one != ENGLISH])
def test_a_glossary_of_another_language_is_whole(language: str) -> None:
    assert list(_entries(language)) == list(_entries(ENGLISH))
    assert [term for term, entry in _entries(language).items() if not entry.label or not entry.meaning] == []


def test_every_word_has_a_french_name_and_a_french_meaning() -> None:
    assert [term for term, entry in _entries("fr").items() if entry.meaning == _entries(ENGLISH)[term].meaning] == []
    straight = [entry for entry in _entries("fr").values() if "'" in entry.label + entry.meaning]
    assert straight == []


@pytest.mark.parametrize("kind", TERMS)
def test_every_term_has_a_french_name(kind: str) -> None:
    for term in TERMS[kind]:
        assert "{" not in label(kind, term, "fr") + term_words(kind, term, "fr"), term


def test_conditions_stand_alone_in_french() -> None:
    assert [atom for atom in ATOMS if "{" in label("condition", atom, "fr")] == []
