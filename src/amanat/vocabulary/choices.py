"""The sixteen consents and choices a person can make, and how each is written down.

A choice in force is a string `kind` or `kind:parameter`. An opt-in names exactly one leaf, so a blanket consent
cannot be written (A-25); an opt-out may name a whole kind and reaches all below it.
"""

import difflib
import enum
from collections.abc import Callable, Iterable, Mapping
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


OPT_OUTS = frozenset({
    ChoiceKind.OPT_OUT_SERVICE, ChoiceKind.BLOCK_RECIPIENT, ChoiceKind.BLOCK_PURPOSE, ChoiceKind.WITHHOLD,
})  # fmt: skip
OPT_INS = frozenset(ChoiceKind) - OPT_OUTS

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
    word, colon, parameter = text.partition(":")
    kind = _KINDS.get(word)
    if kind is None:
        near = difflib.get_close_matches(word[:60], _KINDS, n=1)
        raise UnknownTermError(f"unknown choice `{word[:60]}`" + (f"; did you mean `{near[0]}`?" if near else ""))
    if not parameter and (colon or kind in _NEEDS_PARAMETER):
        raise UnknownTermError(f"choice `{text[:60]}` does not say what it is about")
    return Choice(kind, _PARAMETER[kind](parameter) if parameter else "")


def _no_parameter(parameter: str) -> str:
    raise UnknownTermError(f"`{parameter[:60]}` follows a choice that takes no parameter")


def _recipient(parameter: str) -> str:
    RECIPIENT.mask_of(parameter)
    return RECIPIENT.aliases.get(parameter, parameter)


def _purpose(parameter: str) -> str:
    if not parameter.startswith("other."):
        PURPOSE.mask_of(parameter)
    return parameter


def _datum(parameter: str) -> str:
    if parameter not in FIELD_LEAF:
        CATEGORY.mask_of(parameter)
    return parameter


_PARAMETER: Mapping[ChoiceKind, Callable[[str], str]] = dict.fromkeys(ChoiceKind, _no_parameter) | {
    ChoiceKind.THIRD_PARTY_SOURCE: _recipient,
    ChoiceKind.PAYER_DISCLOSURE: _recipient,
    ChoiceKind.OTHER_PURPOSE: lambda parameter: parameter.removeprefix("other."),
    ChoiceKind.BLOCK_RECIPIENT: _recipient,
    ChoiceKind.BLOCK_PURPOSE: _purpose,
    ChoiceKind.WITHHOLD: _datum,
}
# A blanket opt-in opens nothing and may be written; an opt-out that names nothing would silently block nothing.
_NEEDS_PARAMETER = frozenset({ChoiceKind.BLOCK_RECIPIENT, ChoiceKind.BLOCK_PURPOSE, ChoiceKind.WITHHOLD})

_LISTED: Mapping[ChoiceKind, Iterable[str]] = {
    ChoiceKind.THIRD_PARTY_SOURCE: RECIPIENT.mask,
    ChoiceKind.PAYER_DISCLOSURE: RECIPIENT.mask,
    ChoiceKind.BLOCK_RECIPIENT: RECIPIENT.mask,
    ChoiceKind.BLOCK_PURPOSE: PURPOSE.mask,
    ChoiceKind.WITHHOLD: [*CATEGORY.mask, *FIELD_LEAF],
}
# Every way to write a choice whose parameter is in the vocabulary → the canonical way.
WRITTEN: Mapping[str, str] = {kind.value: kind.value for kind in ChoiceKind if kind not in _NEEDS_PARAMETER} | {
    f"{kind.value}:{word}": str(parse_choice(f"{kind.value}:{word}"))
    for kind, words in _LISTED.items()
    for word in words
}
