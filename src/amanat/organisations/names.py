"""Names of group companies for the heads of pages, remembered by each process for ten minutes."""

import time
from typing import Final

from django.db import connection

from amanat.organisations.models import Company

LIFETIME_SECONDS: Final = 600.0
_known: dict[tuple[str, str], tuple[float, str]] = {}


def company_name(code: str) -> str:
    """The company's name; its code where it is not on record."""
    place = (str(connection.settings_dict["NAME"]), code)
    known = _known.get(place)
    if known is None or time.monotonic() - known[0] > LIFETIME_SECONDS:
        name = Company.objects.filter(code=code).values_list("name", flat=True).first()
        known = _known[place] = (time.monotonic(), name or code)
    return known[1]
