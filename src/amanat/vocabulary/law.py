"""Law packs: which jurisdictions the decider knows, and what each may tighten.

A country without a pack cannot act (clause 0.4). A country takes every pack below it (EEA members take `EU`); a value
whose status is not `verified` may only tighten the house floor, never relax it. Seed data: `docs/reference/law.md`.
"""

from typing import Final

_EEA = [
    "AT",
    "BE",
    "BG",
    "HR",
    "CY",
    "CZ",
    "DK",
    "EE",
    "FI",
    "FR",
    "DE",
    "GR",
    "HU",
    "IE",
    "IT",
    "LV",
    "LT",
    "LU",
    "MT",
    "NL",
    "PL",
    "PT",
    "RO",
    "SK",
    "SI",
    "ES",
    "SE",
    "IS",
    "LI",
    "NO",
]
_OWN = [
    "GB",
    "CH",
    "SG",
    "AU",
    "HK",
    "JP",
    "CN",
    "IN",
    "US",
    "BR",
    "ZA",
    "AE",
    "CA",
    "KR",
    "NZ",
    "TH",
    "MY",
    "ID",
    "PH",
    "VN",
    "TW",
    "SA",
    "TR",
    "IL",
    "KE",
    "NG",
    "MX",
    "AR",
]

EEA: Final = frozenset(_EEA)
COUNTRIES_WITH_PACK: Final = frozenset(_EEA) | frozenset(_OWN)

_SUB_PACKS = {"US": ("US-HIPAA", "US-CA"), "AE": ("AE", "AE-DIFC", "AE-ADGM"), "CA": ("CA", "CA-QC")}


def packs_of(country: str | None) -> tuple[str, ...]:
    """The packs that hold in a country, strictest values to be combined; empty if there is none."""
    if country is None or country not in COUNTRIES_WITH_PACK:
        return ()
    return ("EU",) if country in EEA else _SUB_PACKS.get(country, (country,))


def has_pack(country: str | None) -> bool:
    return country in COUNTRIES_WITH_PACK


# BCR apply to data of European origin: the EEA, the United Kingdom and Switzerland are handled apart.
EUROPEAN_ORIGIN: Final = EEA | {"GB", "CH"}
