"""The invented group holds together, and what is broken in it is broken on purpose."""

from collections import Counter
from datetime import date, timedelta

import phonenumbers
import pytest

from amanat.demo.clients import lapsed_client
from amanat.demo.providers import EXPIRED, WITHOUT_DIRECTIONS
from amanat.demo.staff import UNTRAINED
from amanat.demo.transfers import WITHOUT_TOOL
from amanat.demo.world import Client, ClientAdmin, GroupCompany, Provider, StaffMember, World, the_world
from amanat.vocabulary.law import has_pack
from amanat.vocabulary.terms import PURPOSE, RECIPIENT, RECIPIENT_KIND, ROLE, TOOLS

TODAY = date(2026, 11, 23)
TERMS = {"secrecy", "purpose_bound", "our_directions"}


@pytest.fixture(scope="module")
def world() -> World:
    return the_world(TODAY)


def parties(world: World) -> list[GroupCompany | Client | Provider]:
    return [*world.companies, *world.clients, *world.providers]


def test_the_same_day_gives_the_same_world(world: World) -> None:
    assert the_world(TODAY) == world


def test_twelve_companies_act_in_ten_jurisdictions_with_law_packs(world: World) -> None:
    countries = {company.country for company in world.companies}
    assert (len(world.companies), len(countries)) == (12, 10)
    assert all(has_pack(country) for country in countries)
    assert sum(company.bcr_since is None for company in world.companies) == 2


def test_there_is_a_client_of_every_kind_with_a_live_attestation(world: World) -> None:
    assert Counter(client.kind for client in world.clients) == {
        "business": 2, "government": 1, "ngo": 1, "insurer": 1, "card_issuer": 1, "association": 1, "school": 1,
    }  # fmt: skip
    for client in world.clients:
        assert RECIPIENT_KIND[client.payer] == "payer"
        assert client.attestation.given_on <= TODAY < client.attestation.expires_on


def test_the_lapsed_client_is_not_of_this_world(world: World) -> None:
    client = lapsed_client(TODAY)
    assert client.attestation.expires_on < TODAY
    assert client.id not in {one.id for one in world.clients}


def test_ids_and_addresses_are_unique_and_addresses_are_reserved(world: World) -> None:
    nodes = [node for company in world.companies for node in company.nodes]
    firms = parties(world)
    people: list[StaffMember | ClientAdmin] = [*world.staff, *world.client_admins]
    ids = [one.id for one in firms] + [node.id for node in nodes] + [one.id for one in people]
    emails = [one.email for one in people]
    assert len(set(ids)) == len(ids)
    assert len(set(emails)) == len(emails)
    addresses = emails + [one.contact.email for one in firms]
    assert all(address.endswith(".example") and address.isascii() for address in addresses)


def test_every_word_is_in_the_vocabulary_and_every_company_exists(world: World) -> None:
    companies = {company.id for company in world.companies}
    assert {client.company for client in world.clients} <= companies
    assert {person.company for person in world.staff} == companies
    assert {agreement.company for one in world.providers for agreement in one.agreements} <= companies
    assert {tool.tool for tool in world.transfer_tools} <= set(TOOLS)
    for company in world.companies:
        assert all(RECIPIENT_KIND[node.kind] == "group" for node in company.nodes)
    for person in world.staff:
        ROLE.leaf(person.role)
    for provider in world.providers:
        RECIPIENT.leaf(provider.kind)
    for client in world.clients:
        assert all(PURPOSE.mask_of(service) for scheme in client.schemes for service in scheme.services)


def test_telephones_of_contacts_are_possible(world: World) -> None:
    contacts = [one.contact for one in parties(world)]
    assert all(phonenumbers.is_possible_number(phonenumbers.parse(contact.phone)) for contact in contacts)


def test_the_cast_is_at_work_where_amina_is_covered(world: World) -> None:
    roles = {person.id: person.role for person in world.staff if person.company == "ama-ch"}
    assert roles["basil"] == roles["chandra"] == "assistance_coordinator"
    assert roles["dina"] == "privacy_officer"
    assert roles["emil"] == "clinician"


def test_every_company_has_a_whole_desk(world: World) -> None:
    for company in world.companies:
        roles = Counter(person.role for person in world.staff if person.company == company.id)
        assert roles["assistance_coordinator"] == 2
        assert {"clinician", "security_specialist", "billing_clerk", "privacy_officer"} <= set(roles)


def test_one_person_alone_lacks_training(world: World) -> None:
    assert [person.id for person in world.staff if person.training_until < TODAY] == [UNTRAINED]


def test_one_agreement_has_run_out_and_one_lacks_a_term(world: World) -> None:
    assert {one.kind for one in world.providers} == {f"provider.{kind}" for kind in (
        "medical", "security", "travel", "logistics", "tech")}  # fmt: skip
    expired = {one.id for one in world.providers for agreement in one.agreements if agreement.until < TODAY}
    lacking = {one.id for one in world.providers for agreement in one.agreements if not set(agreement.terms) >= TERMS}
    assert (expired, lacking) == ({EXPIRED}, {WITHOUT_DIRECTIONS})


def has_tool(world: World, origin: str, country: str, party: str) -> bool:
    home = next(company.country for company in world.companies if company.id == origin)
    return home == country or any(
        (tool.from_country, tool.to_country) == (home, country)
        and tool.from_company in {"", origin}
        and tool.to_party in {"", party}
        and tool.since <= TODAY
        and (tool.until is None or tool.until > TODAY)
        for tool in world.transfer_tools
    )


def test_data_has_a_way_to_every_company_and_supplier_but_two(world: World) -> None:
    ways = [(a.id, b.country, b.id) for a in world.companies for b in world.companies]
    ways += [(agreement.company, one.country, one.id) for one in world.providers for agreement in one.agreements]
    closed = {
        party for origin, country, party in ways if origin != "ama-ae" and not has_tool(world, origin, country, party)
    }
    assert closed == WITHOUT_TOOL


def test_everything_moves_with_the_day() -> None:
    later = the_world(TODAY + timedelta(days=1000))
    assert all(client.attestation.expires_on > later.as_of for client in later.clients)
