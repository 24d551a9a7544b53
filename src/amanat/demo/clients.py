"""The eight clients, one of every kind, and the people who look after each account.

A ninth, whose attestation has lapsed, is kept for tests alone: a feed of theirs must be refused (3.3).
"""

from datetime import date, timedelta
from typing import Final

from amanat.demo.parts import Attestation, Client, ClientAdmin, Contact, Scheme

_MEDICAL, _SECURITY = "service.medical_assistance", "service.security_assistance"
_TRAVEL, _ADVICE = "service.travel_support", "service.prevention_advice"
_MANAGED = "service.service_management"

_CONTRACT = "contract with its people, who were told of this sharing"
_STATUTE = "statute on the duty of care for public servants abroad"
_POLICY = "policy conditions agreed with each insured person"

# id, name, kind, payer, country, company, ground, (scheme, name, services) …
_CLIENTS: Final = (
    ("oryx-energy", "Oryx Energy", "business", "employer", "CH", "ama-ch", _CONTRACT,
     (("oryx-global", "Oryx Global Care", (_MEDICAL, _SECURITY, _TRAVEL, _ADVICE, _MANAGED)),
      ("oryx-travel", "Oryx Business Travel", (_MEDICAL, _TRAVEL, _ADVICE, _MANAGED)))),
    ("borealis-freight", "Borealis Freight", "business", "employer", "DE", "ama-de", _CONTRACT,
     (("borealis-crew", "Borealis Crew Cover", (_MEDICAL, _TRAVEL, _MANAGED)),)),
    ("northmark-service", "Northmark Foreign Service", "government", "employer", "AU", "ama-au", _STATUTE,
     (("northmark-posting", "Northmark Posting Cover", (_MEDICAL, _SECURITY, _TRAVEL, _MANAGED)),)),
    ("lantern-wells", "Lantern Wells Relief", "ngo", "employer", "FR", "ama-fr", _CONTRACT,
     (("lantern-field", "Lantern Field Workers", (_MEDICAL, _SECURITY, _MANAGED)),)),
    ("halcyon-assurance", "Halcyon Peak Assurance", "insurer", "insurer", "GB", "ama-gb", _POLICY,
     (("halcyon-traveller", "Halcyon Traveller", (_MEDICAL, _TRAVEL, _MANAGED)),
      ("halcyon-family", "Halcyon Family Abroad", (_MEDICAL, _ADVICE, _MANAGED)))),
    ("plum-card", "Plum Blossom Card", "card_issuer", "card_issuer", "SG", "ama-sg", _POLICY,
     (("plum-platinum", "Plum Platinum Travel Benefit", (_MEDICAL, _TRAVEL, _MANAGED)),)),
    ("summit-league", "League of Summit Walkers", "association", "membership_body", "JP", "ama-jp", _CONTRACT,
     (("summit-rescue", "Summit Rescue", (_MEDICAL, _ADVICE, _MANAGED)),)),
    ("harbourlight", "Harbourlight International University", "school", "membership_body", "US", "ama-us", _CONTRACT,
     (("harbourlight-abroad", "Harbourlight Study Abroad", (_MEDICAL, _SECURITY, _TRAVEL, _MANAGED)),)),
)  # fmt: skip

# client, name, mail name, language
_ADMINS: Final = (
    ("oryx-energy", "Petra Lindqvist", "petra.lindqvist", "en"),
    ("oryx-energy", "Samuel Aebischer", "samuel.aebischer", "de"),
    ("borealis-freight", "Jörn Hansen", "joern.hansen", "de"),
    ("northmark-service", "Margaret Oakes", "margaret.oakes", "en"),
    ("lantern-wells", "Solène Garnier", "solene.garnier", "fr"),
    ("halcyon-assurance", "Priyanka Mehta", "priyanka.mehta", "en"),
    ("plum-card", "Jasmine Lau", "jasmine.lau", "en"),
    ("summit-league", "前田 陽子", "yoko.maeda", "ja"),
    ("harbourlight", "Isabel Fuentes", "isabel.fuentes", "es"),
)


def clients(as_of: date) -> tuple[Client, ...]:
    return tuple(
        Client(
            id=client,
            name=name,
            kind=kind,
            payer=payer,
            country=country,
            company=company,
            contact=_contact(client),
            attestation=_attestation(client, ground, as_of - timedelta(days=200)),
            schemes=tuple(Scheme(*scheme) for scheme in schemes),
        )
        for client, name, kind, payer, country, company, ground, schemes in _CLIENTS
    )


def lapsed_client(as_of: date) -> Client:
    """A client whose attestation ran out a month ago. Not part of the world."""
    return Client(
        id="saltmarsh-mining",
        name="Saltmarsh Mining",
        kind="business",
        payer="employer",
        country="AU",
        company="ama-au",
        contact=Contact("Privacy lead", "privacy@saltmarsh-mining.example", "+61255500190"),
        attestation=_attestation("saltmarsh-mining", _CONTRACT, as_of - timedelta(days=395)),
        schemes=(Scheme("saltmarsh-site", "Saltmarsh Site Cover", (_MEDICAL, _MANAGED)),),
    )


def client_admins() -> tuple[ClientAdmin, ...]:
    return tuple(
        ClientAdmin(
            id=f"{client}-{mail}", client=client, name=name, email=f"{mail}@{client}.example", language=language
        )
        for client, name, mail, language in _ADMINS
    )


def _contact(client: str) -> Contact:
    admin = next(admin for admin in client_admins() if admin.client == client)
    return Contact(admin.name, f"privacy@{client}.example", "+41445550190")


def _attestation(client: str, ground: str, given_on: date) -> Attestation:
    """Good for a year."""
    return Attestation(ground, given_on, f"privacy@{client}.example", given_on + timedelta(days=365))
