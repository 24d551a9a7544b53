"""The suppliers, of five kinds, and what each has promised which company.

Two are there to be refused: one whose agreement has run out (6.7) and one that never promised to follow the group's
directions (6.9c).
"""

from datetime import date, timedelta
from typing import Final

from amanat.demo.parts import Agreement, Contact, Provider
from amanat.vocabulary.terms import AGREEMENT_TERMS

EXPIRED: Final = "gulf-lantern-medical"
WITHOUT_DIRECTIONS: Final = "red-gum-medevac"

_ASIA, _EUROPE = "ama-sg ama-sg-clinics ama-hk ama-jp ama-au", "ama-ch ama-fr ama-de ama-gb"
_EVERYONE = f"{_ASIA} {_EUROPE} ama-gb-security ama-us ama-ae"

# id, name, kind, country, city, companies it serves
_PROVIDERS: Final = (
    ("asia-air-rescue", "Asia Air Rescue", "medical", "TH", "Bangkok", _ASIA),
    ("weisstal-clinic", "Klinik Weisstal", "medical", "CH", "Bern", _EUROPE),
    ("tanjong-lights-hospital", "Tanjong Lights Hospital", "medical", "SG", "Singapore", _ASIA),
    ("casa-clara-hospital", "Hospital Casa Clara", "medical", "BR", "Recife", "ama-us ama-ch"),
    (EXPIRED, "Gulf Lantern Medical", "medical", "AE", "Sharjah", "ama-ae ama-ch ama-sg"),
    (WITHOUT_DIRECTIONS, "Red Gum Medevac", "medical", "AU", "Darwin", "ama-au ama-sg"),
    ("stonewatch-security", "Stonewatch Security", "security", "GB", "Bristol", f"{_EUROPE} ama-gb-security"),
    ("umbra-guard", "Umbra Guard", "security", "ZA", "Durban", "ama-gb-security ama-ch ama-sg"),
    ("kitefin-travel", "Kitefin Travel", "travel", "FR", "Nantes", _EUROPE),
    ("cedar-route-travel", "Cedar Route Travel", "travel", "US", "Portland", "ama-us ama-ch ama-sg"),
    ("northpier-couriers", "Northpier Couriers", "logistics", "DE", "Bremen", _EUROPE),
    ("lotus-road-transfers", "Lotus Road Transfers", "logistics", "IN", "Pune", "ama-sg ama-ch ama-au"),
    ("clearbell-telephony", "Clearbell Telephony", "tech", "CH", "Basel", _EVERYONE),
    ("quiet-pond-hosting", "Quiet Pond Hosting", "tech", "FR", "Rennes", _EVERYONE),
)


def providers(as_of: date) -> tuple[Provider, ...]:
    return tuple(
        Provider(
            id=provider,
            name=name,
            kind=f"provider.{kind}",
            country=country,
            city=city,
            contact=Contact(f"Duty desk of {name}", f"desk@{provider}.example", f"+4144555{2000 + at}"),
            agreements=tuple(_agreement(provider, company, as_of) for company in companies.split()),
        )
        for at, (provider, name, kind, country, city, companies) in enumerate(_PROVIDERS)
    )


def _agreement(provider: str, company: str, as_of: date) -> Agreement:
    terms = tuple(term for term in AGREEMENT_TERMS if provider != WITHOUT_DIRECTIONS or term != "our_directions")
    since, until = as_of - timedelta(days=700), as_of + timedelta(days=395)
    return Agreement(company, terms, since, as_of - timedelta(days=40) if provider == EXPIRED else until)
