"""Twenty thousand invented members: employees and their families, insured people, card holders, walkers, students.

The same seed and day give the same people, in the order of their clients' rosters. Amina, her husband and her child
come first. Names are common ones put together by chance; telephone numbers only have the right shape.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from typing import Final

from amanat.demo.names import Name, Names, mail_name, names_by_locale
from amanat.demo.phones import some_phone
from amanat.demo.populations import HOME, POPULATIONS, Population
from amanat.demo.records import AMINAS_RECORD, EmergencyRecord, Trip, aminas_trip, some_record, some_trip
from amanat.rosters.rows import Enrolment, Relation
from amanat.vocabulary import clock

SEED: Final = 20_261_123
COUNT: Final = 20_000
AMINA: Final = "ORX-100001"
AMINAS_HUSBAND: Final = "ORX-100002"
AMINAS_CHILD: Final = "ORX-100003"

RECORDS: Final = 30  # people with an emergency record and a trip, Amina among them
_RECORDS_PER_CLIENT: Final = 4
_DAYS_OF_A_YEAR: Final = 365.25
_PRIVATE_MAIL: Final = ("mail.example", "post.example", "letters.example")
_TRAVELLING_CLIENT: Final = "oryx-energy"  # the one whose roster tells of business trips


@dataclass(frozen=True, kw_only=True)
class Person(Enrolment):
    """Somebody as their client enrols them, and what they add themselves by their own choice."""

    client: str
    locale: str
    emergency: EmergencyRecord | None = None
    trip: Trip | None = None


def members(seed: int = SEED, count: int = COUNT, as_of: date | None = None) -> Iterator[Person]:
    """`count` people over all clients, in proportion to the clients' sizes."""
    day = as_of or clock.now().date()
    due = RECORDS
    for population, size in _sizes(count):
        crowd = _Crowd(population, random.Random(f"{seed} {population.client}"), day)  # noqa: S311 - no secret
        here = min(_RECORDS_PER_CLIENT, due)
        due -= here
        for person in islice(crowd.people(), size):
            if here and person.relation is not Relation.DEPENDANT and person.trip_country is None:
                here -= 1
                yield crowd.with_record(person)
            else:
                yield person


def _sizes(count: int) -> Iterator[tuple[Population, int]]:
    """By shares, the first client taking what rounding leaves."""
    sizes = [count * population.share // 1000 for population in POPULATIONS]
    sizes[0] += count - sum(sizes)
    return zip(POPULATIONS, sizes, strict=True)


class _Crowd:
    """The people of one client, drawn one household after the other, without end."""

    def __init__(self, population: Population, dice: random.Random, as_of: date) -> None:
        self._of = population
        self._dice = dice
        self._as_of = as_of
        # Steps through all numbers of six digits in a scattered order; below 200,000 lies the permanent cast.
        self._step, self._at = 354_791, dice.randrange(800_000)

    def people(self) -> Iterator[Person]:
        if self._of.client == _TRAVELLING_CLIENT:
            yield from _aminas_household(self._as_of)
        while True:
            yield from self._household()

    def with_record(self, person: Person) -> Person:
        if person.policy_number == AMINA:
            return replace(person, emergency=AMINAS_RECORD, trip=aminas_trip(self._as_of))
        record, trip = some_record(self._dice, person.country), some_trip(self._dice, self._as_of, person.country)
        return replace(person, emergency=record, trip=trip)

    def _household(self) -> Iterator[Person]:
        locale = self._dice.choice(self._of.locales)
        names = names_by_locale()[locale]
        family = names.pick_family(self._dice)
        age = self._dice.triangular(*self._of.ages)
        head = self._head(locale, names, family, age)
        yield head
        if not self._of.families:
            return
        if self._dice.random() < 0.22:
            yield self._partner(head, names, family, age)
        if age >= 24 and self._dice.random() < 0.28:
            for _ in range(self._dice.choice((1, 1, 2, 2, 3))):
                yield self._child(head, names, family, age)

    def _head(self, locale: str, names: Names, family: Mapping[str, Name], age: float) -> Person:
        """Somebody covered in their own right."""
        gender = self._dice.choice(("female", "male"))
        given, number, home = names.pick_given(self._dice, gender), self._number(), HOME[locale]
        country = home.country if self._dice.random() < 0.7 else self._dice.choice(self._of.postings)
        employed = self._of.relation is Relation.EMPLOYEE
        mail = f"{mail_name(given, family[gender])}.{number}"
        person = Person(
            client=self._of.client,
            locale=locale,
            given_name=given.native,
            family_name=family[gender].native,
            birth_date=self._born(age),
            gender=gender,
            nationality=home.country,
            email=f"{mail}@{self._of.client}.example" if employed else self._private(mail),
            phone_work=some_phone(self._dice, country, "work") if employed else None,
            phone_home=some_phone(self._dice, country, "mobile"),
            language=home.language,
            country=country,
            relation=self._of.relation,
            employee_number=f"E{number}" if employed else None,
            policy_number=f"{self._of.prefix}-{number}",
            scheme=self._dice.choice(self._of.schemes),
            cover_from=self._as_of - timedelta(days=self._dice.randrange(30, 900)),
            cover_until=self._as_of + timedelta(days=self._dice.randrange(90, 700)),
            mobility_status=self._mobility(abroad=country != home.country),
            industry_sector=self._of.sector,
        )
        return self._on_business(person)

    def _partner(self, head: Person, names: Names, family: Mapping[str, Name], age: float) -> Person:
        """An adult dependant: signs in alone, with an address the employer does not run."""
        gender = "male" if head.gender == "female" else "female"
        given = names.pick_given(self._dice, gender)
        own_age = min(max(age + self._dice.uniform(-7, 7), 19), 80)
        partner = self._dependant(head, given, family[gender], gender, own_age)
        mail = mail_name(given, family[gender])
        return replace(
            partner,
            email=self._private(f"{mail}.{partner.policy_number[-6:]}"),
            phone_home=some_phone(self._dice, head.country, "mobile"),
        )

    def _child(self, head: Person, names: Names, family: Mapping[str, Name], age: float) -> Person:
        """A minor dependant, for a year to come at least; no address and no telephone of its own (7.1)."""
        gender = self._dice.choice(("female", "male"))
        own_age = self._dice.uniform(0.1, min(17.0, age - 20))
        return self._dependant(head, names.pick_given(self._dice, gender), family[gender], gender, own_age)

    def _dependant(self, head: Person, given: Name, family: Name, gender: str, age: float) -> Person:
        born = self._born(age)
        return replace(
            head,
            given_name=given.native,
            family_name=family.native,
            birth_date=born,
            cover_from=max(head.cover_from, born),
            gender=gender,
            email=None,
            phone_work=None,
            phone_home=None,
            relation=Relation.DEPENDANT,
            employee_number=None,
            policy_number=f"{self._of.prefix}-{self._number()}",
            related_to=head.policy_number,
            industry_sector=None,
            trip_country=None,
            trip_from=None,
            trip_until=None,
        )

    def _on_business(self, person: Person) -> Person:
        if self._of.client != _TRAVELLING_CLIENT or self._dice.random() >= 0.03:
            return person
        trip = some_trip(self._dice, self._as_of, person.country)
        return replace(person, trip_country=trip.country, trip_from=trip.starts_on, trip_until=trip.ends_on)

    def _mobility(self, *, abroad: bool) -> str:
        if abroad:
            return "expatriate"
        return "traveller" if self._dice.random() < 0.3 else "local"

    def _private(self, mail: str) -> str:
        return f"{mail}@{self._dice.choice(_PRIVATE_MAIL)}"

    def _number(self) -> int:
        self._at = (self._at + self._step) % 800_000
        return 200_000 + self._at

    def _born(self, age: float) -> date:
        return self._as_of - timedelta(days=round(age * _DAYS_OF_A_YEAR))


def _aminas_household(as_of: date) -> Iterator[Person]:
    amina = Person(
        client="oryx-energy",
        locale="ar-AE",
        given_name="Amina",
        family_name="Haddad",
        birth_date=as_of - timedelta(days=round(36.4 * _DAYS_OF_A_YEAR)),
        gender="female",
        nationality="CH",
        email="amina.haddad@oryx-energy.example",
        phone_work="+41445550142",
        phone_home="+41785550142",
        language="en",
        country="CH",
        relation=Relation.EMPLOYEE,
        employee_number="E100001",
        policy_number=AMINA,
        scheme="oryx-global",
        cover_from=as_of - timedelta(days=420),
        cover_until=as_of + timedelta(days=310),
        mobility_status="traveller",
        industry_sector="energy",
    )
    family = replace(
        amina, email=None, phone_work=None, relation=Relation.DEPENDANT, employee_number=None, related_to=AMINA,
        industry_sector=None, mobility_status="local",
    )  # fmt: skip
    yield amina
    yield replace(
        family,
        given_name="Karim",
        birth_date=as_of - timedelta(days=round(38.1 * _DAYS_OF_A_YEAR)),
        gender="male",
        email="karim.haddad@mail.example",
        phone_home="+41785550143",
        policy_number=AMINAS_HUSBAND,
    )
    yield replace(
        family,
        given_name="Lina",
        birth_date=as_of - timedelta(days=round(9.3 * _DAYS_OF_A_YEAR)),
        phone_home=None,
        policy_number=AMINAS_CHILD,
    )
