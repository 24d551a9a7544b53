"""What the demo world is made of: companies, places, clients, suppliers, agreements, transfer tools, people at work.

Plain values that know no table; the loader takes them through the same doors as real data.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Contact:
    name: str
    email: str
    phone: str


@dataclass(frozen=True)
class Node:
    """A place where a company's people work. `kind` is a recipient of the group: assistance_centre, clinic …"""

    id: str
    kind: str
    name: str
    city: str
    country: str


@dataclass(frozen=True)
class GroupCompany:
    """A company of the group. `bcr_since` is the day it bound itself to the group's rules; None if it has not."""

    id: str
    name: str
    country: str
    bcr_since: date | None
    contact: Contact
    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Scheme:
    """What a client has bought for its people: `services` are purposes or groups of purposes."""

    id: str
    name: str
    services: tuple[str, ...]


@dataclass(frozen=True)
class Attestation:
    """The client's word that it may share its people's data (3.3)."""

    ground: str
    given_on: date
    contact: str
    expires_on: date


@dataclass(frozen=True)
class Client:
    """A customer. `payer` is the recipient kind it would be under 6.10, `company` the one that manages it."""

    id: str
    name: str
    kind: str
    payer: str
    country: str
    company: str
    contact: Contact
    attestation: Attestation
    schemes: tuple[Scheme, ...]


@dataclass(frozen=True)
class Agreement:
    """What a supplier has promised one company of the group (6.7, 6.9)."""

    company: str
    terms: tuple[str, ...]
    since: date
    until: date


@dataclass(frozen=True)
class Provider:
    """A supplier. `kind` is a recipient such as `provider.medical`."""

    id: str
    name: str
    kind: str
    country: str
    city: str
    contact: Contact
    agreements: tuple[Agreement, ...]


@dataclass(frozen=True)
class TransferTool:
    """Why data may leave one country for another. An empty party means every one in its country."""

    tool: str
    from_country: str
    to_country: str
    since: date
    until: date | None = None
    from_company: str = ""
    to_party: str = ""


@dataclass(frozen=True)
class StaffMember:
    id: str
    company: str
    name: str
    email: str
    role: str
    language: str
    trained_on: date
    training_until: date


@dataclass(frozen=True)
class ClientAdmin:
    id: str
    client: str
    name: str
    email: str
    language: str
