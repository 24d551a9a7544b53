"""Telephone numbers of the right shape for a country: the library's example number with other last digits.

The demo never dials; the numbers only have to be accepted where real ones would be.
"""

import random
from functools import cache

import phonenumbers
from phonenumbers import PhoneNumberType

_TYPES = {"mobile": PhoneNumberType.MOBILE, "work": PhoneNumberType.FIXED_LINE}
_MOST_FREE_DIGITS = 5
_TRIES = 25


def some_phone(dice: random.Random, country: str, kind: str) -> str:
    """A number of `kind` (`mobile` or `work`) in E.164."""
    stem, free = _stem(country, kind)
    return f"{stem}{dice.randrange(10**free):0{free}d}" if free else stem


@cache
def _stem(country: str, kind: str) -> tuple[str, int]:
    """The example number without its last digits, as many as may vary and leave it valid."""
    example = phonenumbers.example_number_for_type(country, _TYPES[kind]) or phonenumbers.example_number(country)
    if example is None:
        raise LookupError(f"no example number for {country}")
    number = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    for free in range(_MOST_FREE_DIGITS, 0, -1):
        step = 10**free // _TRIES or 1
        if all(_is_valid(f"{number[:-free]}{tail:0{free}d}") for tail in range(0, 10**free, step)):
            return number[:-free], free
    return number, 0


def _is_valid(number: str) -> bool:
    return phonenumbers.is_valid_number(phonenumbers.parse(number))
