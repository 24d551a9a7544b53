"""The people who work in the group: the permanent cast, and a full desk for every company.

Training lasts a year; one coordinator's has run out, so that the desk can be seen to close for her (2.1b).
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from amanat.demo.names import mail_name, names_by_locale
from amanat.demo.parts import GroupCompany, StaffMember

UNTRAINED: Final = "ama-au-assistance-coordinator-1"

# id, company, name, mail name, role
_CAST: Final = (
    ("basil", "ama-ch", "Basil Fernando", "basil.fernando", "assistance_coordinator"),
    ("chandra", "ama-ch", "Chandra Pillai", "chandra.pillai", "assistance_coordinator"),
    ("dina", "ama-ch", "Dina Rahman", "dina.rahman", "privacy_officer"),
    ("emil", "ama-ch", "Emil Lindgren", "emil.lindgren", "clinician"),
    ("group-dpo", "ama-ch", "Greta Odermatt", "greta.odermatt", "group_dpo"),
    ("group-security", "ama-ch", "Tomas Keller", "tomas.keller", "security_officer"),
    ("group-auditor", "ama-ch", "Yvonne Picard", "yvonne.picard", "auditor"),
)
_DESK: Final = (
    "assistance_coordinator",
    "assistance_coordinator",
    "clinician",
    "escort",
    "security_specialist",
    "logistics_agent",
    "billing_clerk",
    "privacy_officer",
)
_LOCALES: Final = {
    "CH": "de-CH", "DE": "de-CH", "FR": "fr-FR", "HK": "zh-HK", "JP": "ja-JP", "AE": "ar-AE",
}  # fmt: skip


def staff(companies: tuple[GroupCompany, ...], as_of: date) -> tuple[StaffMember, ...]:
    cast = [_member(person, company, name, mail, role, "en", as_of) for person, company, name, mail, role in _CAST]
    taken = [(member.company, member.role) for member in cast]
    desks: list[StaffMember] = []
    for company in companies:
        vacant = list(_DESK)
        for place, role in taken:
            if place == company.id and role in vacant:
                vacant.remove(role)
        desks.extend(_desk(company, vacant, as_of))
    return (*cast, *desks)


def _desk(company: GroupCompany, roles: list[str], as_of: date) -> Iterator[StaffMember]:
    """The roles nobody of the cast fills. A desk is known by its Latin names: colleagues abroad must read them."""
    dice = random.Random(f"staff of {company.id}")  # noqa: S311 - names, not secrets
    locale = _LOCALES.get(company.country, "en-GB")
    names = names_by_locale()[locale]
    for at, role in enumerate(roles):
        gender = dice.choice(("female", "male"))
        given, family = names.pick_given(dice, gender), names.pick_family(dice)[gender]
        number = roles[: at + 1].count(role)
        person = f"{company.id}-{role.replace('_', '-')}-{number}"
        mail = f"{mail_name(given, family)}.{at + 1}"
        yield _member(person, company.id, f"{given.latin} {family.latin}", mail, role, locale[:2], as_of)


def _member(person: str, company: str, name: str, mail: str, role: str, language: str, as_of: date) -> StaffMember:
    trained_on = as_of - timedelta(days=400 if person == UNTRAINED else 90)
    email = f"{mail}@{company}.example"
    return StaffMember(person, company, name, email, role, language, trained_on, trained_on + timedelta(days=365))
