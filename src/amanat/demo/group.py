"""The twelve companies of the group, in ten jurisdictions, and the places where their people work.

Two companies have not bound themselves to the group's rules (BCR): what may reach them rests on another tool, or on
none.
"""

from datetime import date
from typing import Final

from amanat.demo.parts import Contact, GroupCompany, Node

_CENTRE, _CLINIC, _SITE, _SECURITY = "assistance_centre", "clinic", "remote_site", "security_centre"

# id, name, country, bound to the BCR since, telephone, places: kind, city
_COMPANIES: Final[tuple[tuple[str, str, str, date | None, str, tuple[tuple[str, str], ...]], ...]] = (
    ("ama-ch", "Amanat Medical Assistance (Switzerland) AG", "CH", date(2015, 4, 1), "+41445550100",
     ((_CENTRE, "Zürich"), (_CLINIC, "Genève"))),
    ("ama-gb", "Amanat Medical Assistance (UK) Ltd", "GB", date(2015, 4, 1), "+442079460100",
     ((_CENTRE, "London"), (_CLINIC, "Aberdeen"), (_SITE, "North Sea platform Kittiwake"))),
    ("ama-gb-security", "Amanat Security Assistance Ltd", "GB", date(2017, 9, 15), "+442079460150",
     ((_SECURITY, "London"),)),
    ("ama-fr", "Amanat Assistance Médicale SAS", "FR", date(2015, 4, 1), "+33155500100",
     ((_CENTRE, "Lyon"), (_CLINIC, "Marseille"))),
    ("ama-de", "Amanat Medizinische Assistance GmbH", "DE", date(2015, 4, 1), "+49305550100",
     ((_CENTRE, "Hamburg"),)),
    ("ama-sg", "Amanat Medical Assistance Pte. Ltd.", "SG", date(2016, 1, 1), "+6565550100",
     ((_CENTRE, "Singapore"), (_SECURITY, "Singapore"))),
    ("ama-sg-clinics", "Amanat Clinics Asia Pte. Ltd.", "SG", date(2018, 6, 1), "+6565550150",
     ((_CLINIC, "Singapore"), (_SITE, "Batam shipyard"))),
    ("ama-au", "Amanat Medical Assistance Pty Ltd", "AU", date(2016, 1, 1), "+61255500100",
     ((_CENTRE, "Sydney"), (_SITE, "Pilbara camp Spinifex"))),
    ("ama-hk", "Amanat Medical Assistance (Hong Kong) Limited", "HK", date(2019, 3, 1), "+85225550100",
     ((_CENTRE, "Hong Kong"), (_CLINIC, "Hong Kong"))),
    ("ama-jp", "Amanat Medical Assistance K.K.", "JP", date(2019, 3, 1), "+81355500100",
     ((_CENTRE, "Tokyo"),)),
    ("ama-us", "Amanat Medical Assistance, Inc.", "US", None, "+12155550100",
     ((_CENTRE, "Philadelphia"), (_SECURITY, "Philadelphia"))),
    ("ama-ae", "Amanat Medical Assistance FZ-LLC", "AE", None, "+97145550100",
     ((_CENTRE, "Dubai"), (_CLINIC, "Abu Dhabi"))),
)  # fmt: skip
_KIND_NAMES: Final = {
    _CENTRE: "Assistance centre",
    _CLINIC: "Clinic",
    _SITE: "Remote site",
    _SECURITY: "Security centre",
}


def companies() -> tuple[GroupCompany, ...]:
    return tuple(
        GroupCompany(
            id=company,
            name=name,
            country=country,
            bcr_since=bound,
            contact=Contact(f"Privacy office of {name}", f"privacy@{company}.example", phone),
            nodes=tuple(_node(company, country, kind, city) for kind, city in places),
        )
        for company, name, country, bound, phone, places in _COMPANIES
    )


def _node(company: str, country: str, kind: str, city: str) -> Node:
    # Batam lies across the strait: a place can stand in another country than its company.
    place = "ID" if city.startswith("Batam") else country
    return Node(f"{company}-{kind.replace('_', '-')}", kind, f"{_KIND_NAMES[kind]} {city}", city, place)
