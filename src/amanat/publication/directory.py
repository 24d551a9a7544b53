"""Which company answers, how to reach it, and the authority that watches over it (0.7, 0.10g, C.1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from amanat.errors import NotFoundError
from amanat.organisations.models import Company

_ORDER: Final = ("privacy", "e_mail", "phone", "post")

# Supervisory authorities of the countries where the group has companies, with their own addresses.
_AUTHORITIES: Final[Mapping[str, tuple[str, str]]] = {
    "AU": ("Office of the Australian Information Commissioner", "https://www.oaic.gov.au/"),
    "CH": ("Federal Data Protection and Information Commissioner", "https://www.edoeb.admin.ch/"),
    "DE": ("Federal Commissioner for Data Protection and Freedom of Information", "https://www.bfdi.bund.de/"),
    "FR": ("Commission nationale de l'informatique et des libertés", "https://www.cnil.fr/"),
    "GB": ("Information Commissioner's Office", "https://ico.org.uk/"),
    "HK": ("Office of the Privacy Commissioner for Personal Data", "https://www.pcpd.org.hk/"),
    "JP": ("Personal Information Protection Commission", "https://www.ppc.go.jp/"),
    "SG": ("Personal Data Protection Commission", "https://www.pdpc.gov.sg/"),
    "US": ("Federal Trade Commission", "https://www.ftc.gov/"),
}


@dataclass(frozen=True, slots=True)
class Authority:
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Responsible:
    """A group company as the public sees it. `contacts` are (kind, value), the privacy desk first."""

    code: str
    name: str
    country: str
    contacts: tuple[tuple[str, str], ...] = ()

    @property
    def authority(self) -> Authority | None:
        known = _AUTHORITIES.get(self.country)
        return Authority(*known) if known else None


def companies() -> list[Responsible]:
    """Every group company with its contacts, in two statements."""
    rows = Company.objects.order_by("code").prefetch_related("contact_set")
    return [
        Responsible(row.code, row.name, row.country, _contacts((one.kind, one.value) for one in row.contact_set.all()))
        for row in rows
    ]


def choose(listed: list[Responsible], code: str) -> Responsible | None:
    """The company named by `code`, the first one if none is named; None if the group has no company yet."""
    if not code:
        return listed[0] if listed else None
    chosen = next((one for one in listed if one.code == code), None)
    if chosen is None:
        raise NotFoundError
    return chosen


def companies_without_contact(listed: Iterable[Responsible]) -> list[str]:
    """The companies that break the promise of 0.10g: nobody could reach them."""
    return [one.code for one in listed if not one.contacts]


def _contacts(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    def place(pair: tuple[str, str]) -> tuple[int, str]:
        kind = pair[0]
        return (_ORDER.index(kind) if kind in _ORDER else len(_ORDER), kind)

    return tuple(sorted(pairs, key=place))
