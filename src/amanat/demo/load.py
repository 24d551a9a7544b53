"""Loading the demo world through the same doors as real data: organisations, rosters, accounts, records, a trip each.

`ensure_demo` runs as the worker's log-in and does nothing if a world is loaded already. Accounts are opened as the web
log-in, which alone may. All people are invented; passwords and codes are printed for trying out.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import islice
from uuid import UUID, uuid4

from amanat.accounts.keyring import ensure_key
from amanat.accounts.models import ROLES_OF
from amanat.accounts.service import NewAccount, create_accounts
from amanat.choices.models import ConsentRecord, State
from amanat.custody.actor import Actor
from amanat.custody.choosing import Answer, Asked, choose
from amanat.custody.companies import begin_companies
from amanat.custody.enrolled import known_by_policy_number
from amanat.custody.facts import Ask
from amanat.custody.founding import found
from amanat.custody.unit import unit
from amanat.database.acting import connected_as
from amanat.demo.files import roster_files
from amanat.demo.parts import Provider, StaffMember
from amanat.demo.people import AMINA, AMINAS_HUSBAND, COUNT, Person, members
from amanat.demo.world import World, the_world
from amanat.emergency.service import KEEPING, RECIPIENTS
from amanat.organisations import models as on_record
from amanat.rosters.service import load_roster
from amanat.vocabulary import clock
from amanat.vocabulary.choices import Choice, ChoiceKind

PASSWORD = "a lantern over quiet water"  # noqa: S105  (of invented people, printed for trying out)
AUDIT_LASTS = timedelta(days=30)
Report = Callable[[str, int, int], None]
_MEMBER_ROLE = "member"
_ADMIN_ROLE = "client_admin"


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who can be tried out, and how. The code comes from `amanat demo code NAME`."""

    audience: str
    name: str
    email: str
    about: str

    def __str__(self) -> str:
        return f"{self.audience:<8} {self.email:<40} {self.about}; code: amanat demo code {self.name}"


def ensure_demo(report: Report, *, count: int = COUNT) -> bool:
    """Load the demo world with `count` members, or what an interrupted load left undone. True if it loaded anything.

    The last thing loaded are the emergency records, so the last of them tells that nothing is missing.
    """
    found()
    world = the_world()
    people = list(members(count=count, as_of=_as_of(world)))
    if on_record.Company.objects.exists() and not _unfinished(people):
        return False
    if not on_record.Company.objects.exists():
        load_organisations(world)
    begin_companies(company.id for company in world.companies)
    load_rosters(world, people, report)
    with connected_as("owner"):
        ensure_key()
    if not on_record.StaffRole.objects.exists():
        load_accounts(world, people, report)
    load_records(people, report)
    return True


def _as_of(world: World) -> date:
    """The day the world was made for: that of the first load, so that later days know the same people."""
    clients = on_record.Attestation.objects.filter(source__in=[client.id for client in world.clients])
    first = clients.order_by("since").values_list("since", flat=True).first()
    if first is None:
        return world.as_of
    return first + (world.as_of - min(client.attestation.given_on for client in world.clients))


def load_organisations(world: World) -> None:
    """Group companies with their nodes and contacts, clients with their word, providers with their agreements."""
    for company in world.companies:
        on_record.Company.objects.create(
            code=company.id, name=company.name, country=company.country, bound_since=company.bcr_since
        )
        on_record.Contact.objects.create(company_id=company.id, kind="privacy", value=company.contact.email)
        on_record.Node.objects.bulk_create(
            [
                on_record.Node(
                    code=node.id, company_id=company.id, kind=node.kind, name=node.name, country=node.country
                )
                for node in company.nodes
            ]
        )
    for client in world.clients:
        on_record.Client.objects.create(
            code=client.id, company_id=client.company, kind=client.kind, payer=client.payer, name=client.name,
            country=client.country,
        )  # fmt: skip
        word = client.attestation
        on_record.Attestation.objects.create(
            source=client.id, ground=word.ground, contact=word.contact, since=word.given_on, until=word.expires_on
        )
    for provider in world.providers:
        _load_provider(provider)
    on_record.TransferTool.objects.bulk_create(_tools(world))


def _load_provider(provider: Provider) -> None:
    kind = f"provider.{provider.kind}" if "." not in provider.kind else provider.kind
    classes = ["ordinary", "medical"] if kind == "provider.medical" else ["ordinary"]
    on_record.Provider.objects.create(
        code=provider.id, name=provider.name, kind=kind, country=provider.country, comparable=classes
    )
    if kind == "provider.medical" and provider.agreements:
        ours = provider.agreements[0]
        on_record.Attestation.objects.create(
            source=provider.id, ground="contract", contact=f"privacy@{provider.id}.example", since=ours.since,
            until=ours.until,
        )  # fmt: skip
    on_record.Agreement.objects.bulk_create(
        [
            on_record.Agreement(
                provider_id=provider.id, company_id=one.company, terms=list(one.terms), since=one.since, until=one.until
            )
            for one in provider.agreements
        ]
    )


def _tools(world: World) -> list[on_record.TransferTool]:
    """One tool a route: the first named wins."""
    routes: dict[tuple[str, str], on_record.TransferTool] = {}
    for tool in world.transfer_tools:
        routes.setdefault(
            (tool.from_country, tool.to_country),
            on_record.TransferTool(
                origin=tool.from_country,
                destination=tool.to_country,
                tool=tool.tool,
                since=tool.since,
                until=tool.until,
            ),
        )
    return list(routes.values())


def load_rosters(world: World, people: Iterable[Person], report: Report) -> None:
    for file in roster_files(world, people):
        load_roster(file.data, client=file.client, progress=partial(report, file.client))


def load_accounts(world: World, people: Iterable[Person], report: Report) -> None:
    """Accounts for staff, client administrators, and the members who keep a record."""
    company_of = {client.id: client.company for client in world.clients}
    keepers = [person for person in people if person.emergency or person.policy_number in (AMINA, AMINAS_HUSBAND)]
    subjects = _subjects(keepers, company_of)
    desk = [_staff_account(one) for one in world.staff]
    admins = [
        NewAccount(
            "client", company_of[one.client], _ADMIN_ROLE, one.name, one.email, PASSWORD, organisation=one.client
        )
        for one in world.client_admins
    ]
    own = [
        NewAccount(
            "member", company_of[one.client], _MEMBER_ROLE, f"{one.given_name} {one.family_name}", one.email or "",
            PASSWORD, subject=subjects[one.policy_number],
        )
        for one in keepers
        if one.email and one.policy_number in subjects
    ]  # fmt: skip
    with connected_as("web"):  # all or none, so that an interrupted load opens nobody's account twice
        ids = create_accounts(_counted([*desk, *admins, *own], partial(report, "accounts")))
    _load_staff_roles(world.staff, ids)


def _counted(wanted: Sequence[NewAccount], progress: Callable[[int, int], None]) -> Iterator[NewAccount]:
    for position, one in enumerate(wanted, 1):
        yield one
        progress(position, len(wanted))


def _staff_account(one: StaffMember) -> NewAccount:
    audience = next(audience for audience in ("audit", "privacy", "desk") if one.role in ROLES_OF[audience])
    ends_at = clock.now() + AUDIT_LASTS if audience == "audit" else None
    return NewAccount(audience, one.company, one.role, one.name, one.email, PASSWORD, ends_at=ends_at)


def _load_staff_roles(staff: Iterable[StaffMember], ids: Iterable[UUID]) -> None:
    on_record.StaffRole.objects.bulk_create([
        on_record.StaffRole(
            account=account, company_id=one.company, role=one.role, trained=["ordinary", "medical"],
            trained_until=one.training_until,
        )
        for one, account in zip(staff, ids, strict=False)
    ])  # fmt: skip


def _subjects(people: Iterable[Person], company_of: dict[str, str]) -> dict[str, UUID]:
    by_client: dict[str, list[str]] = {}
    for person in people:
        by_client.setdefault(person.client, []).append(person.policy_number)
    found_by: dict[str, UUID] = {}
    for client, numbers in by_client.items():
        found_by |= known_by_policy_number(Actor(None, "web_system", company_of[client], client, None, ""), numbers)
    return found_by


def load_records(people: Iterable[Person], report: Report) -> None:
    """The emergency record and the trip of those who keep one, written by themselves after their own opt-in."""
    waiting = _unwritten(people)
    for position, (person, actor) in enumerate(waiting, 1):
        write_own_record(person, actor)
        report("emergency records", position, len(waiting))


def _unfinished(people: Iterable[Person]) -> bool:
    """Whether somebody who keeps a record is not enrolled yet, or has not been asked for it."""
    keepers = sum(1 for person in people if person.emergency)
    enrolled = _keepers(people)
    return len(enrolled) < keepers or not all(_has_chosen(actor) for _, actor in enrolled)


def _unwritten(people: Iterable[Person]) -> list[tuple[Person, Actor]]:
    """Those who keep a record and have not been asked for it yet."""
    return [(one, actor) for one, actor in _keepers(people) if not _has_chosen(actor)]


def _keepers(people: Iterable[Person]) -> list[tuple[Person, Actor]]:
    """Those who keep a record, and are enrolled, as they act for themselves."""
    company_of = {client.id: client.company for client in the_world().clients}
    keepers = [person for person in people if person.emergency]
    subjects = _subjects(keepers, company_of)
    return [
        (one, Actor(uuid4(), _MEMBER_ROLE, company_of[one.client], None, subjects[one.policy_number], "demo"))
        for one in keepers
        if one.policy_number in subjects
    ]


def _has_chosen(actor: Actor) -> bool:
    if actor.subject is None:
        return True
    with unit(actor, "emergency_record"):
        return ConsentRecord.objects.filter(subject=actor.subject).exists()


_WORDING = "I agree that you use my emergency record and share it with those who care for me."


def write_own_record(person: Person, actor: Actor) -> None:
    """One member's emergency record and trip, entered online by themselves."""
    if person.emergency is None or actor.subject is None:
        return
    record = {
        "allergies": person.emergency.allergies,
        "blood_type": person.emergency.blood_type,
        "current_medicines": person.emergency.current_medicines,
        "critical_conditions": person.emergency.critical_conditions,
        "treating_doctor_phone": person.emergency.treating_doctor_phone,
    }
    ask = Ask("collect", ("emergency_record",), "emergency_record", "web_account")
    with unit(actor, "emergency_record", channel="web_account") as one:
        opt_in = Choice(ChoiceKind.EMERGENCY_RECORD)
        answers = [Answer(opt_in, State.GIVEN, towards) for towards in (KEEPING, *RECIPIENTS)]
        choose(one, actor.subject, answers, Asked(_WORDING, "demo-1", person.language or "en"))
        one.keep(ask, actor.subject, {"emergency_record": record}, version_read=0)
    if person.trip is not None:
        _note_trip(person, actor)


def _note_trip(person: Person, actor: Actor) -> None:
    """A trip told to the desk by phone, as most are."""
    trip = person.trip
    if trip is None or actor.subject is None:
        return
    ask = Ask("collect", ("itinerary", "accommodation"), "travel_information", "phone", record=uuid4())
    desk = Actor(None, "assistance_coordinator", actor.company, None, None, "")
    told = {"country": trip.country, "from": trip.starts_on.isoformat(), "until": trip.ends_on.isoformat()}
    with unit(desk, "travel_information", channel="phone") as one:
        one.keep(ask, actor.subject, {"itinerary": told, "accommodation": trip.accommodation}, version_read=0)
        one.note_stay(actor.subject, trip.country, trip.starts_on, trip.ends_on, record=ask.record)


def sign_ins() -> list[SignIn]:
    """Whom to try out, one for each audience and a few more."""
    return [
        SignIn("member", "amina", _cast_email("amina"), "Amina Haddad, who keeps an emergency record"),
        SignIn("desk", "basil", _cast_email("basil"), "Basil, assistance coordinator"),
        SignIn("desk", "emil", _cast_email("emil"), "Emil, clinician"),
        SignIn("client", "petra", _cast_email("petra"), "Petra Lindqvist, administrator of Oryx Energy"),
        SignIn("privacy", "dina", _cast_email("dina"), "Dina, privacy officer"),
        SignIn("audit", "yvonne", _cast_email("group-auditor"), "Yvonne Picard, auditor; her room closes in 30 days"),
    ]


def _cast_email(name: str) -> str:
    world = the_world()
    staff = {one.id: one.email for one in world.staff}
    admins = {one.id.rsplit("-", 1)[-1].split(".")[0]: one.email for one in world.client_admins}
    if name == "amina":
        return next(one.email or "" for one in islice(members(as_of=world.as_of), 50) if one.policy_number == AMINA)
    return staff.get(name) or admins[name]
