"""Loading a client's roster: received, read, decided person by person under clause 3.2, and reported by line.

A file with a medical column is refused whole; of it stay header names, size and digest. People enrolled before are left
as they are, so sending a file again finishes an interrupted one and changes nothing else. What the statement does not
let this client tell is not stored, and counted by clause.
"""

import contextlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, LiteralString
from uuid import UUID, uuid4

from django.db import DatabaseError, connection

from amanat.custody.actor import Actor
from amanat.custody.answers import Key
from amanat.custody.enrolled import enrolled_by_policy_number
from amanat.custody.facts import Ask
from amanat.custody.sweep import Newcomer, Swept, enrol_people
from amanat.custody.unit import Unit, unit
from amanat.errors import ConflictError, NotFoundError
from amanat.organisations.models import Client
from amanat.rosters import cells
from amanat.rosters.columns import health_in, spending_in
from amanat.rosters.entering import in_order_of_entry
from amanat.rosters.models import RosterFile, State
from amanat.rosters.reading import Roster, Sheet, open_sheet
from amanat.rosters.report import Fault, NotAttestedError, QuarantinedRosterError, Rejection

PURPOSE = "eligibility"
# What a roster may bring about a person, as the statement calls it (3.2a).
LEAVES = (
    "name", "birth_date", "gender", "nationality", "email", "phone_work", "phone_home", "language", "member_id",
    "policy_number", "mobility_status", "industry_sector", "employer", "family_status", "scheme", "entitlement",
    "itinerary",
)  # fmt: skip
MOST_FAULTS = 1_000  # kept with a file; more than anybody mends by hand
QUIET = timedelta(minutes=2)  # after which a load that did not go on, and that nobody holds, is told as stopped
GATEWAY = "web_system"
_EMPLOYERS = ("employer", "employer_of_relative")
# Held by the connection that takes a file in, so that it ends with it, however it ends.
_HOLD = "SELECT pg_try_advisory_lock(hashtextextended('amanat.rosters:' || %s, 0))"
_FREE = "SELECT pg_advisory_unlock(hashtextextended('amanat.rosters:' || %s, 0))"
_LOOK = "SELECT pg_try_advisory_xact_lock(hashtextextended('amanat.rosters:' || %s, 0))"
Progress = Callable[[int, int], None]


class BusyError(ConflictError):
    """Another file of this client is being taken in; wait until it is done, then send this one."""


@dataclass(frozen=True)
class Received:
    """A file that was found fit to be read, and the record of it."""

    owner: Client
    account: UUID | None
    sheet: Sheet
    file: UUID


@dataclass(frozen=True)
class Loaded:
    """What came of one file: the record of it, and the faults by line."""

    file: RosterFile
    rejected: tuple[Rejection, ...]
    dropped: tuple[str, ...]


def client_of(code: str) -> Client:
    """The client with this code; an unknown one is not found."""
    client = Client.objects.select_related("company").filter(code=code).first()
    if client is None:
        raise NotFoundError(f"there is no client `{code[:48]}`", hint="see `amanat roster clients`")
    return client


def own_client(actor: Actor) -> Client:
    """The client that an administrator speaks for, if their company still serves it."""
    owner = client_of(actor.organisation or "")
    if owner.company_id != actor.company:
        raise NotFoundError
    return owner


def load_roster(data: bytes, *, client: str, account: UUID | None = None, progress: Progress | None = None) -> Loaded:
    """Receive and enrol a roster of `client`. Raises `QuarantinedRosterError` or another `RosterRefusedError`.

    `account` is the client administrator who sent it; None stands for the group's own gateway.
    """
    return take_in(receive(data, client_of(client), account=account), progress)


def receive(data: bytes, owner: Client, *, account: UUID | None = None, key: str = "") -> Received:
    """Judge a file by its header line and put it on record.

    Raises `RosterRefusedError`, `BusyError` if another file of this client is on its way, and with a `key` that was
    used before `AlreadyAnsweredError`, whose result names the first file.
    """
    repeat = Key.over(f"roster:{owner.code}:{key}"[:80], data) if key else None
    try:
        sheet = open_sheet(data)
    except QuarantinedRosterError as refused:
        refused.file = _note(
            owner, repeat, digest=refused.digest, size=refused.size, headers=list(refused.headers),
            state=State.REFUSED, clause=refused.clause,
        )  # fmt: skip
        raise
    columns = sheet.columns
    file = _note(
        owner, repeat, digest=sheet.digest, size=sheet.size, headers=list(columns.headers),
        dropped=list(columns.dropped), state=State.LOADING,
    )  # fmt: skip
    return Received(owner, account, sheet, file)


def _note(owner: Client, key: Key | None, *, state: State, **told: Any) -> UUID:
    with unit(_gateway(owner), PURPOSE, key=key) as one:
        if state is State.LOADING:
            _go_alone(owner, one)
        file = RosterFile.objects.create(
            id=uuid4(), company=owner.company_id, client=owner.code, at=one.now, moved=one.now, state=state, **told
        )
        one.result["file"] = str(file.id)
    return file.id


def _go_alone(owner: Client, one: Unit) -> None:
    """One file of a client at a time: two at once would enrol the same people twice. The dead make way."""
    if not _lock(_LOOK, owner):
        raise BusyError
    dead = RosterFile.objects.filter(client=owner.code, state=State.LOADING, moved__lte=one.now - QUIET)
    dead.update(state=State.STOPPED)


def _lock(statement: LiteralString, owner: Client) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, [owner.code])
        row = cursor.fetchone()
    return bool(row and row[0])


def take_in(received: Received, progress: Progress | None = None) -> Loaded:
    """Read the rows of a received file and enrol the people who are new. What goes wrong stops it between two units."""
    try:
        with _alone(received.owner):
            return _take_in(received, progress)
    except NotAttestedError as refused:
        refused.file = received.file
        _settle(received, state=State.REFUSED, clause=refused.clause, dropped=[], sweep=None)
        raise
    except BaseException:  # an interrupt, too, leaves a file that says where it stands
        with contextlib.suppress(DatabaseError):
            _settle(received, state=State.STOPPED)
        raise


@contextlib.contextmanager
def _alone(owner: Client) -> Iterator[None]:
    if not _lock(_HOLD, owner):
        raise BusyError
    try:
        yield
    finally:
        with contextlib.suppress(DatabaseError):  # a lost connection holds nothing any more
            _lock(_FREE, owner)


def _take_in(received: Received, progress: Progress | None) -> Loaded:
    owner, gateway = received.owner, _gateway(received.owner)

    def members(numbers: Collection[str]) -> Collection[str]:
        found = enrolled_by_policy_number(gateway, list(numbers))
        return [number for number, one in found.items() if one.relation != "dependant_of"]

    roster = received.sheet.read(client=owner.code, enrolled=members)
    numbers = {number for row in roster.rows for number in (row.policy_number, row.related_to) if number}
    known = {cells.key(number): one.subject for number, one in enrolled_by_policy_number(gateway, [*numbers]).items()}
    newcomers = in_order_of_entry(roster.rows, known, owner)
    swept = _enrol(received, roster, newcomers, progress)
    file = _settle(received, state=State.LOADED, taken=swept.taken, by_clause=dict(swept.by_clause))
    return Loaded(file, roster.rejected, roster.dropped)


def _enrol(received: Received, roster: Roster, newcomers: Sequence[Newcomer], progress: Progress | None) -> Swept:
    owner, act = received.owner, uuid4()
    _settle(
        received, state=State.LOADING, rows=len(roster.rows) + len(roster.rejected_lines),
        known=len(roster.rows) - len(newcomers), rejected=len(roster.rejected_lines),
        faults=[_told(one) for one in roster.rejected[:MOST_FAULTS]], sweep=act if newcomers else None,
    )  # fmt: skip
    if not newcomers:
        return Swept(act, 0)

    def go_on(done: int, total: int) -> None:
        _settle(received, state=State.LOADING)
        if progress is not None:
            progress(done, total)

    ask = Ask("receive", (), PURPOSE, "client_feed", source=owner.payer, source_organisation=owner.code)
    swept = enrol_people(
        _sender(received), ask, newcomers, organisation=owner.code, evidence=f"roster {roster.digest[:16]}", act=act,
        progress=go_on,
    )  # fmt: skip
    if not swept.taken and NotAttestedError.clause in swept.by_clause:
        raise NotAttestedError((), headers=roster.headers, size=roster.size, digest=roster.digest)
    return swept


def _settle(received: Received, *, state: State, **told: Any) -> RosterFile:
    """Write how far a file is."""
    with unit(_gateway(received.owner), PURPOSE) as one:
        mine = RosterFile.objects.filter(id=received.file)
        mine.update(state=state, moved=one.now, **told)
        return mine.get()


def _sender(received: Received) -> Actor:
    """An employer's administrator acts by their own role (3.2a); other clients' files come through our gateway."""
    owner = received.owner
    if owner.payer in _EMPLOYERS:
        return Actor(received.account, "client_admin", owner.company_id, owner.code, None, "")
    return _gateway(owner)


def _gateway(owner: Client) -> Actor:
    return Actor(None, GATEWAY, owner.company_id, owner.code, None, "")


def _told(one: Rejection) -> list[Any]:
    return [one.line, one.column, one.fault.name, list(one.others)]


def faults_of(file: RosterFile) -> list[Rejection]:
    """What was wrong with the rows of a file, by line: the first thousand faults."""
    return [Rejection(line, column, Fault[name], tuple(others)) for line, column, name, others in file.faults]


def offending(file: RosterFile) -> tuple[str, ...]:
    """The columns for which a file was refused, found again in the header names that were kept."""
    found = {"3.2a": health_in, "3.2d": spending_in}.get(file.clause)
    return found(file.headers) if found else ()


def recent_files(one: Unit, *, most: int = 20) -> list[RosterFile]:
    """The files of the actor's own client, newest first."""
    return list(RosterFile.objects.filter(client=one.actor.organisation).defer("faults").order_by("-at")[:most])


def file_of(one: Unit, file: UUID) -> RosterFile:
    """One file of the actor's own client; another client's is not found. A load that died is told as stopped."""
    found = RosterFile.objects.filter(client=one.actor.organisation, id=file).first()
    if found is None:
        raise NotFoundError
    if found.state == State.LOADING and found.moved <= one.now - QUIET:
        found.state = State.STOPPED
    return found
