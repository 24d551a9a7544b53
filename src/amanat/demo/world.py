"""The invented world of the demo: an assistance group, its clients, its suppliers and the people who work there.

Nothing here exists: names are made up and addresses lie under the reserved domain `.example`. Every date hangs on
one day, `as_of`, so that cover, agreements and training are live, expired or missing as told whenever it is loaded.
"""

from dataclasses import dataclass
from datetime import date

from amanat.demo.clients import client_admins, clients
from amanat.demo.group import companies
from amanat.demo.parts import (
    Agreement,
    Attestation,
    Client,
    ClientAdmin,
    Contact,
    GroupCompany,
    Node,
    Provider,
    Scheme,
    StaffMember,
    TransferTool,
)
from amanat.demo.providers import providers
from amanat.demo.staff import staff
from amanat.demo.transfers import transfer_tools
from amanat.vocabulary import clock

__all__ = [
    "Agreement",
    "Attestation",
    "Client",
    "ClientAdmin",
    "Contact",
    "GroupCompany",
    "Node",
    "Provider",
    "Scheme",
    "StaffMember",
    "TransferTool",
    "World",
    "the_world",
]


@dataclass(frozen=True)
class World:
    as_of: date
    companies: tuple[GroupCompany, ...]
    clients: tuple[Client, ...]
    providers: tuple[Provider, ...]
    transfer_tools: tuple[TransferTool, ...]
    staff: tuple[StaffMember, ...]
    client_admins: tuple[ClientAdmin, ...]


def the_world(as_of: date | None = None) -> World:
    """The world as it stands on a day (today, if none is named). The same day gives the same world."""
    day = as_of or clock.now().date()
    group, suppliers = companies(), providers(day)
    return World(
        as_of=day,
        companies=group,
        clients=clients(day),
        providers=suppliers,
        transfer_tools=transfer_tools(group, suppliers, day),
        staff=staff(group, day),
        client_admins=client_admins(),
    )
