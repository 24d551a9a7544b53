"""A small assistance group for tests: two companies, one client, the permanent cast. Everything through the doors.

Amina is a member of `ama-ch` through Oryx Energy; Basil and Chandra coordinate at `ama-ch`, Emil is a clinician there,
Dina its privacy officer; Wei coordinates at `ama-sg`. Mallory belongs to another client.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from amanat.custody.actor import Actor
from amanat.vocabulary import clock
from stage.accounts import Holder, make_account
from stage.databases import acting_as
from stage.server import Clone
from stage.site import Site

ORYX, CEDAR = "oryx-energy", "cedar-school"


@dataclass
class Group:
    """The people of the cast as subjects, and as actors."""

    amina: UUID
    mallory: UUID
    child: UUID
    actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        return self.actors[name]

    def as_member(self, subject: UUID) -> Actor:
        return Actor(uuid4(), "member", "ama-ch", None, subject, "session-member")


Enrol = Callable[..., UUID]


@pytest.fixture
def group(database: Clone) -> Group:
    """The group, in force: statement, keys, organisations, people."""
    return found_group(database)


@pytest.fixture(scope="module")
def town(site: Site) -> Group:
    """The same group behind a running site, for a module of journeys."""
    return found_group(site.clone)


def hire(clone: Clone, name: str, audience: str, role: str, *, company: str = "ama-ch") -> Holder:
    """Somebody of the staff who can sign in, on record in their role."""
    from amanat.organisations.models import StaffRole  # noqa: PLC0415

    holder = make_account(name, audience, role, company=company)
    trained = {"trained": ["ordinary", "medical"], "trained_until": clock.now().date() + timedelta(days=400)}
    with acting_as(clone, "worker"):
        StaffRole.objects.create(account=holder.account, company_id=company, role=role, **trained)
    return holder


def found_group(clone: Clone) -> Group:
    """Build the group in the database that Django is connected to."""
    staff = {name: uuid4() for name in ("basil", "chandra", "emil", "dina", "wei", "sam")}
    with acting_as(clone, "worker"):
        _organisations(staff)
        _keys_and_words()
    people = {name: uuid4() for name in ("amina", "mallory", "child")}
    _enrol(people["amina"], ORYX, "Haddad", "Amina", "amina@example.org", "OX-1001")
    _enrol(people["mallory"], CEDAR, "Mallory", "Mal", "mallory@example.org", "CS-2001")
    _enrol(people["child"], ORYX, "Haddad", "Noor", "", "OX-1003", minor=True, other=people["amina"])
    group = Group(people["amina"], people["mallory"], people["child"])
    roles = {"basil": "assistance_coordinator", "chandra": "assistance_coordinator", "emil": "clinician",
             "dina": "privacy_officer", "sam": "security_specialist"}  # fmt: skip
    for name, role in roles.items():
        group.actors[name] = Actor(staff[name], role, "ama-ch", None, None, f"session-{name}")
    group.actors["wei"] = Actor(staff["wei"], "assistance_coordinator", "ama-sg", None, None, "session-wei")
    group.actors["amina"] = Actor(uuid4(), "member", "ama-ch", None, people["amina"], "session-amina")
    group.actors["oryx"] = Actor(uuid4(), "client_admin", "ama-ch", ORYX, None, "session-oryx")
    return group


def _organisations(staff: dict[str, UUID]) -> None:
    from amanat.organisations import models as on_record  # noqa: PLC0415

    today = clock.now().date()
    long_ago, far = today - timedelta(days=400), today + timedelta(days=400)
    for code, country in (("ama-ch", "CH"), ("ama-sg", "SG")):
        on_record.Company.objects.create(code=code, name=f"Amanat {country}", country=country, bound_since=long_ago)
        on_record.Contact.objects.create(company_id=code, kind="privacy", value=f"privacy@{code}.example")
    for code, kind, payer in ((ORYX, "business", "employer"), (CEDAR, "school", "membership_body")):
        on_record.Client.objects.create(code=code, company_id="ama-ch", kind=kind, payer=payer, name=code, country="CH")
        on_record.Attestation.objects.create(
            source=code, ground="contract", contact="hr@example.org", since=long_ago, until=far
        )
    on_record.Provider.objects.create(
        code="alp-air", name="Alp Air", kind="provider.medical", country="CH", comparable=["ordinary", "medical"]
    )
    on_record.Agreement.objects.create(
        provider_id="alp-air", company_id="ama-ch", terms=["secrecy", "purpose_bound", "our_directions"],
        since=long_ago, until=far,
    )  # fmt: skip
    on_record.TransferTool.objects.create(origin="CH", destination="SG", tool="bcr", since=long_ago)
    roles = {"emil": "clinician", "dina": "privacy_officer", "sam": "security_specialist"}
    for name, account in staff.items():
        on_record.StaffRole.objects.create(
            account=account, company_id="ama-sg" if name == "wei" else "ama-ch",
            role=roles.get(name, "assistance_coordinator"), trained=["ordinary", "medical"], trained_until=far,
        )  # fmt: skip


def _keys_and_words() -> None:
    from amanat.custody.companies import begin_companies  # noqa: PLC0415
    from amanat.custody.founding import found  # noqa: PLC0415

    found()
    begin_companies(["ama-ch", "ama-sg"])


def _enrol(
    subject: UUID, client: str, family: str, given: str, email: str, policy: str, *, minor: bool = False,
    other: UUID | None = None,
) -> None:  # fmt: skip
    from amanat.custody.facts import Ask  # noqa: PLC0415
    from amanat.custody.sweep import Newcomer, enrol_people  # noqa: PLC0415

    today = clock.now().date()
    born = date(today.year - (9 if minor else 38), 3, 14)
    values: dict[str, Any] = {
        "name": {"given": given, "family": family}, "birth_date": born.isoformat(), "policy_number": policy,
        "entitlement": {"status": "covered"}, **({"email": email} if email else {}),
    }  # fmt: skip
    newcomer = Newcomer(
        subject=subject, residence="CH", minor_until=date(today.year + 9, 4, 1) if minor else None,
        relation="dependant_of" if other else "employee_of", scheme="standard", since=today - timedelta(days=30),
        until=None, values=values, other=other,
        findable=(("policy_number", policy), ("email", email), ("surname_birth_date", f"{family}|{born.isoformat()}")),
    )  # fmt: skip
    source = "employer" if client == ORYX else "membership_body"
    ask = Ask("receive", (), "eligibility", "client_feed", source=source, source_organisation=client)
    actor = Actor(None, "client_admin" if client == ORYX else "web_system", "ama-ch", client, None, "")
    swept = enrol_people(actor, ask, [newcomer], organisation=client, evidence="test roster")
    assert swept.taken == 1, swept
