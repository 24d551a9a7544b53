"""Emergency records and trips of invented people: what they would enter themselves, never what a client sends."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from amanat.demo.phones import some_phone


@dataclass(frozen=True)
class EmergencyRecord:
    allergies: str
    blood_type: str
    current_medicines: str
    critical_conditions: str
    treating_doctor_phone: str


@dataclass(frozen=True)
class Trip:
    country: str
    starts_on: date
    ends_on: date
    accommodation: str


_ALLERGIES: Final = (
    "None known",
    "Penicillin: swelling of the throat",
    "Peanuts: anaphylaxis, carries an auto-injector",
    "Latex: rash",
    "Bee stings: anaphylaxis",
    "Iodine contrast: hives",
    "Shellfish: vomiting, rash",
)
_BLOOD_TYPES: Final = ("O+", "O-", "A+", "A-", "B+", "B-", "AB+", "AB-")
# Condition and the medicine that goes with it.
_CONDITIONS: Final = (
    ("None", "None"),
    ("Asthma", "Salbutamol inhaler, as needed"),
    ("Type 1 diabetes", "Insulin glargine 18 units at night, insulin lispro with meals"),
    ("Epilepsy", "Levetiracetam 500 mg twice a day"),
    ("High blood pressure", "Ramipril 5 mg once a day"),
    ("Artificial heart valve", "Warfarin, by INR"),
    ("Underactive thyroid", "Levothyroxine 75 micrograms in the morning"),
)
_STAYS: Final = (
    ("TH", "Kingfisher House, Bangkok"),
    ("SG", "The Paper Lantern Hotel, Singapore"),
    ("AE", "Tamarisk Court, Dubai"),
    ("BR", "Pousada Maré Mansa, Recife"),
    ("KE", "Acacia Ridge Lodge, Nairobi"),
    ("JP", "Hotel Shirakaba, Sapporo"),
    ("IN", "Monsoon Garden, Pune"),
    ("ZA", "Harbour Steps Inn, Durban"),
)

AMINAS_RECORD: Final = EmergencyRecord(
    allergies="Penicillin: swelling of the throat",
    blood_type="O-",
    current_medicines="Salbutamol inhaler, as needed",
    critical_conditions="Asthma",
    treating_doctor_phone="+41445550117",
)


def some_record(dice: random.Random, country: str) -> EmergencyRecord:
    condition, medicine = dice.choice(_CONDITIONS)
    return EmergencyRecord(
        allergies=dice.choice(_ALLERGIES),
        blood_type=dice.choice(_BLOOD_TYPES),
        current_medicines=medicine,
        critical_conditions=condition,
        treating_doctor_phone=some_phone(dice, country, "work"),
    )


def some_trip(dice: random.Random, as_of: date, home: str) -> Trip:
    """Abroad now, or leaving within three weeks."""
    country, stay = dice.choice([(country, stay) for country, stay in _STAYS if country != home])
    starts_on = as_of + timedelta(days=dice.randrange(-6, 21))
    return Trip(country, starts_on, max(starts_on, as_of) + timedelta(days=dice.randrange(4, 20)), stay)


def aminas_trip(as_of: date) -> Trip:
    return Trip("TH", as_of - timedelta(days=2), as_of + timedelta(days=9), "Kingfisher House, Bangkok")
