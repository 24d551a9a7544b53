"""Loading a client's roster: read, decided person by person under clause 3.2, and reported by line.

A file with a medical column is refused whole; of it stay header names, size and digest. People enrolled before are left
as they are. What the statement does not let this client tell is not stored, and counted by clause.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from amanat.custody.actor import Actor
from amanat.custody.enrolled import known_by_policy_number
from amanat.custody.facts import Ask
from amanat.custody.sweep import Newcomer, Swept, enrol_people
from amanat.custody.unit import unit
from amanat.errors import MalformedError, NotFoundError
from amanat.organisations.models import Client
from amanat.rosters.models import RosterFile
from amanat.rosters.reading import Roster, read_roster
from amanat.rosters.report import QuarantinedRosterError, Rejection
from amanat.rosters.rows import Relation, RosterRow
from amanat.vocabulary import clock

PURPOSE = "eligibility"
_GATEWAY = "web_system"
_EMPLOYERS = ("employer", "employer_of_relative")
_RELATIONS = {
    Relation.EMPLOYEE: "employee_of",
    Relation.DEPENDANT: "dependant_of",
    Relation.MEMBER_OF: "member_of",
    Relation.BENEFICIARY: "beneficiary_under",
}
_REMEMBERED_AS_MINOR_UNTIL = 21
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Loaded:
    """What came of one file: the record of it, and the faults by line (which are shown and not kept)."""

    file: RosterFile
    rejected: tuple[Rejection, ...]
    dropped: tuple[str, ...]


def client_of(code: str) -> Client:
    """The client with this code; an unknown one is not found."""
    client = Client.objects.select_related("company").filter(code=code).first()
    if client is None:
        raise NotFoundError(f"there is no client `{code[:48]}`", hint="see `amanat roster clients`")
    return client


def load_roster(data: bytes, *, client: str, account: UUID | None = None, progress: Progress | None = None) -> Loaded:
    """Read and enrol a roster of `client`. Raises `QuarantinedRosterError` or another `RosterRefusedError`.

    `account` is the client administrator who sent it; None stands for the group's own gateway.
    """
    owner = client_of(client)
    try:
        roster = read_roster(data, client=client)
    except QuarantinedRosterError as refused:
        _keep_refusal(owner, refused)
        raise
    known = known_by_policy_number(_gateway(owner), [row.policy_number for row in roster.rows])
    new = [row for row in roster.rows if row.policy_number not in known]
    subjects = {**known, **{row.policy_number: uuid4() for row in new}}
    newcomers = [_newcomer(row, subjects, owner) for row in new]
    ask = Ask("receive", (), PURPOSE, "client_feed", source=owner.payer, source_organisation=owner.code)
    evidence = f"roster {roster.digest[:16]}"
    swept = enrol_people(
        _sender(owner, account), ask, newcomers, organisation=owner.code, evidence=evidence, progress=progress
    )
    return Loaded(_keep_report(owner, roster, swept, len(known)), roster.rejected, roster.dropped)


def _sender(owner: Client, account: UUID | None) -> Actor:
    """An employer's administrator acts by their own role (3.2a); other clients' files come through our gateway."""
    if owner.payer in _EMPLOYERS:
        return Actor(account, "client_admin", owner.company_id, owner.code, None, "")
    return _gateway(owner)


def _gateway(owner: Client) -> Actor:
    return Actor(None, _GATEWAY, owner.company_id, owner.code, None, "")


def _newcomer(row: RosterRow, subjects: Mapping[str, UUID], owner: Client) -> Newcomer:
    return Newcomer(
        subject=subjects[row.policy_number],
        residence=row.country,
        minor_until=minor_until(row.birth_date),
        relation=_RELATIONS[row.relation],
        scheme=row.scheme or "standard",
        since=row.cover_from,
        until=row.cover_until,
        values=_values(row, owner),
        findable=_findable(row),
        other=subjects.get(row.related_to or "") if row.relation is Relation.DEPENDANT else None,
        stay=(row.trip_country, row.trip_from, row.trip_until)
        if row.trip_country and row.trip_from and row.trip_until
        else None,
    )


def minor_until(born: date) -> date | None:
    """The first of the month after the 18th birthday, for those under 21; older people need no such date."""
    today = clock.now().date()
    if (today.year - born.year) - ((today.month, today.day) < (born.month, born.day)) >= _REMEMBERED_AS_MINOR_UNTIL:
        return None
    year, month = born.year + 18, born.month + 1
    return date(year + (month > 12), (month - 1) % 12 + 1, 1)


def _values(row: RosterRow, owner: Client) -> dict[str, Any]:
    """Leaf → value, for the leaves that the row fills."""
    until = row.cover_until.isoformat() if row.cover_until else None
    values: dict[str, Any] = {
        "name": {"given": row.given_name, "family": row.family_name},
        "birth_date": row.birth_date.isoformat(),
        "gender": row.gender,
        "nationality": row.nationality,
        "email": row.email,
        "phone_work": row.phone_work,
        "phone_home": row.phone_home,
        "language": row.language,
        "member_id": row.employee_number,
        "policy_number": row.policy_number,
        "mobility_status": row.mobility_status,
        "industry_sector": row.industry_sector,
        "employer": owner.name if row.relation is Relation.EMPLOYEE else None,
        "family_status": "dependant" if row.relation is Relation.DEPENDANT else None,
        "scheme": row.scheme,
        "entitlement": {"status": "covered", "since": row.cover_from.isoformat(), "until": until},
    }
    if row.trip_country and row.trip_from and row.trip_until:
        values["itinerary"] = {
            "country": row.trip_country, "from": row.trip_from.isoformat(), "until": row.trip_until.isoformat(),
        }  # fmt: skip
    return {leaf: value for leaf, value in values.items() if value}


def _findable(row: RosterRow) -> tuple[tuple[str, str], ...]:
    return (
        ("policy_number", row.policy_number),
        ("email", row.email or ""),
        ("phone_work", row.phone_work or ""),
        ("phone_home", row.phone_home or ""),
        ("surname_birth_date", f"{row.family_name}|{row.birth_date.isoformat()}"),
    )


def _keep_refusal(owner: Client, refused: QuarantinedRosterError) -> None:
    _keep(
        owner, digest=refused.digest, size=refused.size, headers=list(refused.headers), state="refused",
        reason=refused.detail[:200],
    )  # fmt: skip


def _keep_report(owner: Client, roster: Roster, swept: Swept, known: int) -> RosterFile:
    return _keep(
        owner, digest=roster.digest, size=roster.size, headers=list(roster.headers), state="loaded",
        rows=len(roster.rows), taken=swept.taken, known=known, rejected=len(roster.rejected_lines),
        by_clause=dict(swept.by_clause), sweep=swept.act,
    )  # fmt: skip


def _keep(owner: Client, **told: Any) -> RosterFile:
    with unit(_gateway(owner), PURPOSE) as one:
        return RosterFile.objects.create(id=uuid4(), company=owner.company_id, client=owner.code, at=one.now, **told)


def recent_files(actor: Actor, *, most: int = 20) -> Sequence[RosterFile]:
    """The files of the actor's own client, newest first."""
    if actor.organisation is None:
        raise MalformedError("only a client's administrator has roster files")
    with unit(actor, PURPOSE):
        return list(RosterFile.objects.filter(client=actor.organisation).order_by("-at")[:most])
