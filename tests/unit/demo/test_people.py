"""The members are many, of many scripts, believable, and the same every time."""

import itertools
import time
import unicodedata
from collections import Counter
from datetime import date

import phonenumbers
import pytest

from amanat.demo.people import AMINA, AMINAS_CHILD, AMINAS_HUSBAND, Person, members
from amanat.demo.populations import POPULATIONS
from amanat.demo.world import the_world
from amanat.rosters.rows import Relation
from amanat.vocabulary.law import has_pack

TODAY = date(2026, 11, 23)
SCRIPTS = {
    "LATIN",
    "CYRILLIC",
    "GREEK",
    "ARABIC",
    "HEBREW",
    "DEVANAGARI",
    "THAI",
    "CJK",
    "HIRAGANA",
    "KATAKANA",
    "HANGUL",
}


@pytest.fixture(scope="module")
def people() -> list[Person]:
    return list(members(as_of=TODAY))


def age(person: Person) -> int:
    birthday_to_come = (TODAY.month, TODAY.day) < (person.birth_date.month, person.birth_date.day)
    return TODAY.year - person.birth_date.year - birthday_to_come


def test_twenty_thousand_are_made_in_under_six_seconds() -> None:
    begun = time.perf_counter()
    assert sum(1 for _ in members(as_of=TODAY)) == 20_000
    assert time.perf_counter() - begun < 6


def test_the_same_seed_gives_the_same_people_and_another_seed_others() -> None:
    first, again, other = (list(members(seed=seed, count=500, as_of=TODAY)) for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize("count", [0, 1, 8, 999])
def test_any_number_can_be_asked_for(count: int) -> None:
    assert len(list(members(count=count, as_of=TODAY))) == count


def test_amina_her_husband_and_her_child_come_first(people: list[Person]) -> None:
    amina, husband, child = people[:3]
    assert [one.policy_number for one in people[:3]] == [AMINA, AMINAS_HUSBAND, AMINAS_CHILD]
    assert (amina.client, amina.country, amina.relation) == ("oryx-energy", "CH", Relation.EMPLOYEE)
    assert husband.related_to == child.related_to == AMINA
    assert age(husband) >= 18 > age(child)
    managing = {client.id: client.company for client in the_world(TODAY).clients}
    assert managing[amina.client] == "ama-ch"


def test_twelve_locales_write_in_many_scripts(people: list[Person]) -> None:
    assert len({one.locale for one in people}) == 12
    letters = itertools.chain.from_iterable({one.given_name + one.family_name for one in people})
    assert {unicodedata.name(letter).split()[0] for letter in set(letters) if letter.isalpha()} >= SCRIPTS


def test_every_client_has_its_people_and_they_have_its_schemes(people: list[Person]) -> None:
    schemes = {client.id: {scheme.id for scheme in client.schemes} for client in the_world(TODAY).clients}
    assert {population.client for population in POPULATIONS} == set(schemes)
    assert sum(population.share for population in POPULATIONS) == 1000
    assert all(one.scheme in schemes[one.client] for one in people)


def test_numbers_and_addresses_are_unique_and_addresses_are_reserved(people: list[Person]) -> None:
    emails = [one.email for one in people if one.email]
    assert len({one.policy_number for one in people}) == len(people)
    assert len(set(emails)) == len(emails)
    assert all(email.endswith(".example") and email.isascii() for email in emails)


def test_cover_is_live_and_everybody_lives_where_a_law_pack_holds(people: list[Person]) -> None:
    assert all(one.cover_from <= TODAY and one.cover_until and one.cover_until > TODAY for one in people)
    assert all(has_pack(one.country) for one in people)


def test_dependants_are_adult_or_minor_and_belong_to_somebody_older_than_their_children(people: list[Person]) -> None:
    by_number = {one.policy_number: one for one in people}
    dependants = [one for one in people if one.relation is Relation.DEPENDANT]
    heads = [by_number[one.related_to or ""] for one in dependants]
    assert all(head.relation is not Relation.DEPENDANT and head.client == one.client
               for head, one in zip(heads, dependants, strict=True))  # fmt: skip
    minors = [(one, head) for one, head in zip(dependants, heads, strict=True) if age(one) < 18]
    assert 1000 < len(minors) < len(dependants) - 1000
    assert all(age(head) - age(one) >= 19 for one, head in minors)
    assert all(one.email is None and one.phone_home is None for one, _ in minors)
    assert all(18 <= age(one) <= 85 for one in people if one.relation is not Relation.DEPENDANT)


def test_telephones_are_valid(people: list[Person]) -> None:
    numbers = {phone for one in people[::40] for phone in (one.phone_home, one.phone_work) if phone}
    assert len(numbers) > 300
    assert [number for number in numbers if not phonenumbers.is_valid_number(phonenumbers.parse(number))] == []


def test_thirty_adults_have_an_emergency_record_and_a_trip(people: list[Person]) -> None:
    chosen = [one for one in people if one.emergency]
    assert len(chosen) == 30
    assert chosen[0].policy_number == AMINA
    assert len({one.client for one in chosen}) == 8
    for one in chosen:
        assert age(one) >= 18
        assert one.trip
        assert one.trip.ends_on >= max(TODAY, one.trip.starts_on)
        assert has_pack(one.trip.country)
    assert Counter(one.trip is None for one in people)[False] == 30
