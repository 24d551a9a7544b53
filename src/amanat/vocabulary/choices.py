"""The sixteen consents and choices a person can make, and how each is written down.

A choice in force is a string `kind` or `kind:parameter`. An opt-in names exactly one leaf, so a blanket consent
cannot be written (A-25); an opt-out may name a whole kind and reaches all below it.
"""

import enum
from dataclasses import dataclass

from amanat.vocabulary.terms import CATEGORY, FIELD_LEAF, PURPOSE, RECIPIENT, UnknownTermError


class ChoiceKind(enum.Enum):
    MEDICAL_SERVICE = "medical_service"
    EMERGENCY_RECORD = "emergency_record"
    THIRD_PARTY_SOURCE = "third_party_source"
    PAYER_DISCLOSURE = "payer_disclosure"
    OTHER_PURPOSE = "other_purpose"
    NEWSLETTER = "newsletter"
    COOKIES_ANALYTICS = "cookies_analytics"
    COOKIES_SURVEY = "cookies_survey"
    COOKIES_ADS = "cookies_ads"
    LIVE_LOCATION = "live_location"
    CALL_RECORDING = "call_recording"
    NOMINEE = "nominee"
    OPT_OUT_SERVICE = "opt_out_service"
    BLOCK_RECIPIENT = "block_recipient"
    BLOCK_PURPOSE = "block_purpose"
    WITHHOLD = "withhold"


_OPT_OUTS = {
    ChoiceKind.OPT_OUT_SERVICE, ChoiceKind.BLOCK_RECIPIENT, ChoiceKind.BLOCK_PURPOSE, ChoiceKind.WITHHOLD,
}  # fmt: skip
OPT_INS = frozenset(kind for kind in ChoiceKind if kind not in _OPT_OUTS)
OPT_OUTS = frozenset(_OPT_OUTS)

PARAMETRISED = frozenset({
    ChoiceKind.THIRD_PARTY_SOURCE, ChoiceKind.PAYER_DISCLOSURE, ChoiceKind.OTHER_PURPOSE,
    ChoiceKind.BLOCK_RECIPIENT, ChoiceKind.BLOCK_PURPOSE, ChoiceKind.WITHHOLD,
})  # fmt: skip

_KINDS = {kind.value: kind for kind in ChoiceKind}


@dataclass(frozen=True)
class Choice:
    """A choice in force. `parameter` is a leaf for opt-ins, a leaf or a group for opt-outs, or empty."""

    kind: ChoiceKind
    parameter: str = ""

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.parameter}" if self.parameter else self.kind.value


def parse_choice(text: str) -> Choice:
    """Read `kind` or `kind:parameter`; unknown kinds and parameters are errors that name them."""
    word, _, parameter = text.partition(":")
    kind = _KINDS.get(word)
    if kind is None:
        raise UnknownTermError(f"unknown choice `{word[:60]}`")
    return Choice(kind, _checked(kind, parameter))


def _checked(kind: ChoiceKind, parameter: str) -> str:
    if not parameter:
        return ""
    if kind in (ChoiceKind.THIRD_PARTY_SOURCE, ChoiceKind.PAYER_DISCLOSURE, ChoiceKind.BLOCK_RECIPIENT):
        RECIPIENT.mask_of(parameter)
        return RECIPIENT.aliases.get(parameter, parameter)
    if kind is ChoiceKind.BLOCK_PURPOSE:
        if not parameter.startswith("other."):
            PURPOSE.mask_of(parameter)
        return parameter
    if kind is ChoiceKind.WITHHOLD:
        if parameter not in FIELD_LEAF:
            CATEGORY.mask_of(parameter)
        return parameter
    if kind is ChoiceKind.OTHER_PURPOSE:
        return parameter.removeprefix("other.")
    raise UnknownTermError(f"choice `{kind.value}` takes no parameter, but has `{parameter[:60]}`")
