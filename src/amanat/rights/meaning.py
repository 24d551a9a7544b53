"""What each of the sixteen consents and choices covers: the clause that asks for it, verbs, data and aims.

A consent record states these (8.3a, ISO/IEC TS 27560); the board groups the choices by where they belong.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from amanat.vocabulary.choices import OPT_OUTS, ChoiceKind

GROUPS: Final = ("health", "emergency", "payers", "sources", "contact", "blocks", "withholding", "leaving")


@dataclass(frozen=True, slots=True)
class Meaning:
    """`verbs` are what a yes allows, `data` and `purposes` with what and for what. An opt-out forbids instead."""

    group: str
    clause: str
    verbs: tuple[str, ...]
    data: tuple[str, ...]
    purposes: tuple[str, ...]


_SENSITIVE = ("medical", "medical_derived", "security_profile", "religion_if_stated")
_ALL = ("collect", "store", "use", "disclose", "transfer")
_TOLD, _OWN = ("disclose", "transfer"), ("collect", "store", "use")

MEANING: Final[Mapping[ChoiceKind, Meaning]] = {
    ChoiceKind.MEDICAL_SERVICE: Meaning("health", "8.3", _ALL, _SENSITIVE, ("service",)),
    ChoiceKind.CALL_RECORDING: Meaning("health", "8.3", _OWN, ("call_recording",), ("service",)),
    ChoiceKind.EMERGENCY_RECORD: Meaning(
        "emergency", "8.4", _ALL, ("emergency_record",), ("emergency_record", "emergency_care")
    ),
    ChoiceKind.NOMINEE: Meaning("emergency", "E.1", _TOLD, ("ordinary",), ("emergency_care",)),
    ChoiceKind.LIVE_LOCATION: Meaning(
        "emergency", "6.4", (*_OWN, "track"), ("live_location",), ("security_assistance",)
    ),
    ChoiceKind.PAYER_DISCLOSURE: Meaning("payers", "6.10", _TOLD, ("personal",), ("service",)),
    ChoiceKind.THIRD_PARTY_SOURCE: Meaning("sources", "8.10", ("receive",), ("sensitive",), ("medical_assistance",)),
    ChoiceKind.OTHER_PURPOSE: Meaning("sources", "6.12", _ALL, ("personal",), ("other",)),
    ChoiceKind.NEWSLETTER: Meaning("contact", "8.8", (*_OWN, "contact"), ("email", "preference"), ("newsletter",)),
    ChoiceKind.COOKIES_ANALYTICS: Meaning(
        "contact", "5.7", ("use", "track"), ("web",), ("site_analytics", "site_improvement")
    ),
    ChoiceKind.COOKIES_SURVEY: Meaning("contact", "5.14", _TOLD, ("web",), ("survey",)),
    ChoiceKind.COOKIES_ADS: Meaning("contact", "8.1", ("use", *_TOLD), ("web",), ("advertising",)),
    ChoiceKind.BLOCK_RECIPIENT: Meaning("blocks", "8.12a", _TOLD, ("personal",), ()),
    ChoiceKind.BLOCK_PURPOSE: Meaning("blocks", "8.12b", ("any",), ("personal",), ()),
    ChoiceKind.WITHHOLD: Meaning("withholding", "8.13", _ALL, (), ()),
    ChoiceKind.OPT_OUT_SERVICE: Meaning("leaving", "8.7", ("any",), ("personal",), ("service",)),
}


def forbids(kind: ChoiceKind) -> bool:
    """Whether this choice narrows what may be done, instead of allowing something."""
    return kind in OPT_OUTS
