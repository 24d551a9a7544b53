"""Dates, times, numbers and places as the reader's language writes them, from CLDR by way of Babel.

Times are shown in Django's current time zone and always name it: an assistance desk works across many.
"""

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from unicodedata import combining, normalize

from babel import Locale, dates, lists, numbers
from django.utils import timezone, translation

# The group writes international English: day before month, as most of its readers do.
_SPELLINGS = {"en": "en_GB"}


@lru_cache(maxsize=32)
def _locale(language: str) -> Locale:
    return Locale.parse(_SPELLINGS.get(language, language), sep="-" if "-" in language else "_")


def language() -> str:
    """The code of the language this page is written in."""
    return translation.get_language() or "en"


def direction() -> str:
    """`rtl` or `ltr`, for the page as a whole; single names carry their own `<bdi>`."""
    return "rtl" if translation.get_language_bidi() else "ltr"


def current_locale() -> Locale:
    return _locale(language())


def format_date(value: dt.date) -> str:
    """A day: 23 Nov 2026. A moment is first brought into the current time zone."""
    day = timezone.localtime(value).date() if isinstance(value, dt.datetime) else value
    return dates.format_date(day, "medium", locale=current_locale())


def format_month(value: dt.date) -> str:
    """A month: November 2026."""
    return str(dates.format_skeleton("yMMMM", value, locale=current_locale()))


def format_time(value: dt.datetime) -> str:
    """A time of day with its zone: 14:32 UTC."""
    local = timezone.localtime(value)
    clock = dates.format_time(local, "short", tzinfo=local.tzinfo, locale=current_locale())
    return f"{clock} {_zone(local)}"


def format_moment(value: dt.datetime) -> str:
    """A day and a time with its zone: 23 Nov 2026, 14:32 UTC."""
    local = timezone.localtime(value)
    moment = dates.format_datetime(local, "medium", tzinfo=local.tzinfo, locale=current_locale())
    clock = dates.format_time(local, "medium", tzinfo=local.tzinfo, locale=current_locale())
    short = dates.format_time(local, "short", tzinfo=local.tzinfo, locale=current_locale())
    return f"{moment.replace(clock, short)} {_zone(local)}"


def _zone(local: dt.datetime) -> str:
    """The distance from UTC, which no language spells differently: UTC, UTC+8, UTC-3:30."""
    minutes = int((local.utcoffset() or dt.timedelta()).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{hours}{f':{rest:02}' if rest else ''}" if minutes else "UTC"


def format_number(value: Decimal | float) -> str:
    return numbers.format_decimal(value, locale=current_locale())


def format_percent(value: Decimal | float) -> str:
    """A share between 0 and 1 as whole per cent."""
    return numbers.format_percent(value, locale=current_locale())


def country_name(code: str) -> str:
    """The name of an ISO 3166 country; a code CLDR does not know is printed as it is."""
    return str(current_locale().territories.get(code.upper(), code))


def alphabetical(name: str) -> str:
    """By what a list of names is sorted, as readers look for them: Égypte stands under E, not behind Z."""
    return "".join(letter for letter in normalize("NFD", name.casefold()) if not combining(letter))


def format_list(items: list[str]) -> str:
    """`a, b and c`, joined as the language joins."""
    return lists.format_list(items, locale=current_locale())
