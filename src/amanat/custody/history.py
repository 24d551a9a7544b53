"""A person's own history in full: each entry about them, opened with their history key, as only they may read it.

`reading` lists what happened from the ledger's columns alone; this also says where data went, by which lawful way, and
whether a glass was broken, which stand in the sealed record and nowhere else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from amanat.crypto.secret import SecretKey
from amanat.custody.handle import Handle
from amanat.custody.unit import Unit
from amanat.errors import NotFoundError
from amanat.ledger.append import open_body
from amanat.policy.canonical import unpack
from amanat.policy.request import Request
from amanat.vocabulary.terms import CATEGORY

_ENTRIES: Final = """
    SELECT e.act, e.at, a.company, a.account, a.role, a.action, a.purpose, a.channel, a.recipient, a.organisation,
           a.statement, a.state, e.outcome, e.clauses, e.opened, e.refused, e.body, acting.name,
           COALESCE(client.name, firm.name, sister.name, '')
    FROM ledger_entry e
    JOIN ledger_act a ON a.id = e.act
    JOIN organisations_company acting ON acting.code = a.company
    LEFT JOIN organisations_client client ON client.code = a.organisation
    LEFT JOIN organisations_provider firm ON firm.code = a.organisation
    LEFT JOIN organisations_company sister ON sister.code = a.organisation
    WHERE e.subject = %(subject)s::uuid AND e.at < %(before)s
      AND (%(act)s::uuid IS NULL OR e.act = %(act)s::uuid)
      AND (%(outcome)s = '' OR e.outcome = %(outcome)s)
      AND (%(unless_by)s::uuid IS NULL OR a.account IS DISTINCT FROM %(unless_by)s::uuid)
      AND (NOT %(moved)s OR a.action IN ('disclose', 'transfer') OR a.company <> e.company)
    ORDER BY e.at DESC, e.act LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: of one outcome, before a moment, without those of an account, only those that left the company."""

    outcome: str = ""
    before: datetime | None = None
    unless_by: UUID | None = None
    moved: bool = False
    act: UUID | None = None
    most: int = 25


@dataclass(frozen=True, slots=True)
class Move:
    """Data going from one country to another. `tool` is the lawful way on record, or `none`."""

    origin: str
    destination: str
    recipient: str
    tool: str


@dataclass(frozen=True, slots=True)
class Told:
    """One act as it touched the person. `words` were asked for; `opened` and `refused` are the categories of them.

    `acting` and `other` are the names of the acting company and of the organisation on the other side, if there is one.
    `requests` were decided under the statement and the overlays with the digests `decided_under` and `overlays`.
    """

    act: UUID
    at: datetime
    company: str
    account: UUID | None
    role: str
    action: str
    purpose: str
    channel: str
    recipient: str
    organisation: str
    statement: str
    state: str
    outcome: str
    clauses: tuple[str, ...]
    opened: tuple[str, ...]
    refused: tuple[str, ...]
    acting: str
    other: str
    words: tuple[str, ...]
    needs: tuple[str, ...]
    obligations: tuple[str, ...]
    glass: bool
    moves: tuple[Move, ...]
    requests: tuple[Request, ...]
    decided_under: str
    overlays: tuple[str, ...]


def told_of(unit: Unit, handle: Handle, subject: UUID, wanted: Wanted) -> list[Told]:
    """What happened with one person's data, newest first. `handle` is the decision under which they read it."""
    sealed = handle._sealed.get(subject)  # noqa: SLF001  (one mechanism: the keys were read under this handle)
    if sealed is None:
        raise NotFoundError
    values = {
        "subject": subject, "before": wanted.before or unit.now.replace(year=unit.now.year + 1), "act": wanted.act,
        "outcome": wanted.outcome, "unless_by": wanted.unless_by, "moved": wanted.moved, "most": wanted.most,
    }  # fmt: skip
    history = sealed.unwrap().history
    return [_told(history, subject, row) for row in unit.rows(_ENTRIES, values)]


_COLUMNS = (
    "act", "at", "company", "account", "role", "action", "purpose", "channel", "recipient", "organisation", "statement",
    "state", "outcome", "clauses", "opened", "refused", "body", "acting", "other",
)  # fmt: skip


def _told(history: SecretKey, subject: UUID, row: Sequence[Any]) -> Told:
    facts = dict(zip(_COLUMNS, row, strict=True))
    requests, record = unpack(open_body(history, subject, facts["act"], bytes(facts.pop("body"))))
    facts["clauses"] = tuple(facts["clauses"])
    facts |= {name: tuple(CATEGORY.leaves_in(facts[name])) for name in ("opened", "refused")}
    return Told(
        **facts,
        words=tuple(one.word for one in requests[0].items),
        needs=tuple(record["needs"]),
        obligations=tuple(record["obligations"]),
        glass=_by_glass(requests, record),
        moves=tuple(_move(one) for one in requests if one.cross_border),
        requests=tuple(requests),
        decided_under=record["statement"],
        overlays=tuple(digest for _, digest in record.get("overlays", ())),
    )


def _by_glass(requests: Sequence[Request], record: dict[str, Any]) -> bool:
    """Whether the glass was what opened it: it was broken, and the rules made its user say why."""
    broken = any(one.facts.glass is not None for one in requests)
    return broken and record["outcome"] == "permit" and "record_reason" in record["obligations"]


def _move(request: Request) -> Move:
    return Move(request.company or "", request.recipient_country or "", request.recipient or "", request.facts.tool)
