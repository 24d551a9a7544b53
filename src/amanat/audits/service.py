"""What an auditor does in the room: draw a sample, look at its decisions, check them, take evidence away.

A sample is drawn by the auditor's own word, the seed, so neither side could have chosen what is looked at; each draw
and each replay is recorded. Decisions are shown by role and organisation: nobody of the staff and no member is named.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from amanat.audits.evidence import write_evidence
from amanat.audits.models import Sample
from amanat.audits.proofs import Head, Proof, head_of, log_key, prove
from amanat.audits.room import Room, room
from amanat.custody.actor import Actor
from amanat.custody.answers import Key
from amanat.custody.facts import Ask
from amanat.custody.unit import unit
from amanat.errors import MalformedError, NotFoundError
from amanat.policy.decision import Outcome
from amanat.vocabulary import clock
from amanat.vocabulary.terms import RECIPIENT

PURPOSE: Final = "audit"
OUTCOMES: Final = tuple(outcome.value for outcome in Outcome if outcome is not Outcome.OUT_OF_SCOPE)
RECIPIENTS: Final = tuple(RECIPIENT.groups)
SIZES: Final = (5, 10, 25)
SPANS: Final = (1, 30, 365)
LONGEST_SEED: Final = 64
_DRAW: Final = Ask("sample", (), PURPOSE)
_CLAUSE: Final = "9.2"
_LISTED: Final = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a sample is drawn from, and by which seed. Empty parts leave the choice open."""

    seed: str
    outcome: str = ""
    recipient: str = ""
    country: str = ""
    days: int = 30
    size: int = 10


@dataclass(frozen=True, slots=True)
class Deed:
    """A decision as a room shows it."""

    act: UUID
    at: datetime
    role: str
    action: str
    purpose: str
    channel: str
    recipient: str
    organisation: str
    outcome: str
    clauses: tuple[str, ...]
    people: int
    state: str
    statement: str


@dataclass(frozen=True, slots=True)
class Front:
    """The room as one enters it: the samples drawn so far, the log's signed head, the countries to choose from."""

    samples: tuple[Sample, ...]
    head: Head | None
    countries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sample with its decisions. `repeats`: drawn again now, it comes out the same."""

    sample: Sample
    deeds: tuple[Deed, ...]
    repeats: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """One decision with its proof."""

    deed: Deed
    proof: Proof
    key: str


def enter(actor: Actor) -> Front:
    account = _account(actor)
    with unit(actor, PURPOSE):
        samples = tuple(Sample.objects.filter(account=account).order_by("-at")[:_LISTED])
    with room(actor.company) as here:
        return Front(samples, head_of(here), tuple(country for (country,) in here.rows("countries") if country))


def draw(actor: Actor, wanted: Wanted, key: Key | None = None) -> UUID:
    """Draw a sample and record it. Raises `AlreadyAnsweredError` for a message that comes again."""
    account = _account(actor)
    _check(wanted)
    now = clock.now()
    since = now - timedelta(days=wanted.days)
    with room(actor.company) as here:
        rows = _draw(here, wanted, since, now, wanted.size)
    drawn, sample = [act for act, _ in rows], uuid4()
    with unit(actor, PURPOSE, key=key) as one:
        Sample.objects.create(
            id=sample, company=actor.company, account=account, at=now, seed=wanted.seed, outcome=wanted.outcome,
            recipient=wanted.recipient, country=wanted.country, since=since, acts=drawn,
            population=rows[0][1] if rows else 0,
        )  # fmt: skip
        act = one.act_of(_DRAW, one.statement(), [])
        one.record_bare(replace(act, organisation=str(sample), outcome="read", clauses=(_CLAUSE,)))
        one.result = {"sample": str(sample)}
    return sample


def sample_of(actor: Actor, sample: UUID) -> Drawn:
    """A sample of this room, with its decisions, drawn once more to compare."""
    found = _sample(actor, sample)
    wanted = Wanted(found.seed, found.outcome, found.recipient, found.country)
    with room(actor.company) as here:
        deeds = _deeds(here, found.acts)
        again = [act for act, _ in _draw(here, wanted, found.since, found.at, max(1, len(found.acts)))]
    return Drawn(found, tuple(deeds), again == found.acts)


def deed_of(actor: Actor, act: UUID) -> Judged:
    """Any decision of the company, and whether the log still holds it as it was recorded."""
    _account(actor)
    with room(actor.company) as here:
        deeds = _deeds(here, [act])
        if not deeds:
            raise NotFoundError
        (proof,) = prove(here, [act])
    return Judged(deeds[0], proof, log_key(actor.company))


def evidence_of(actor: Actor, sample: UUID) -> str:
    """A sample with the proofs of its decisions, to check elsewhere: `amanat audit verify FILE`."""
    found = _sample(actor, sample)
    with room(actor.company) as here:
        proofs = {one.act: one for one in prove(here, found.acts)}
        told = [_told(deed, proofs[deed.act]) for deed in _deeds(here, found.acts)]
    drawn = {
        "id": str(found.id), "at": found.at.isoformat(), "seed": found.seed, "outcome": found.outcome,
        "recipient": found.recipient, "country": found.country, "since": found.since.isoformat(),
        "population": found.population,
    }  # fmt: skip
    return write_evidence(actor.company, log_key(actor.company), drawn, told)


def _told(deed: Deed, proof: Proof) -> dict[str, Any]:
    facts = {name: getattr(deed, name) for name in Deed.__slots__}
    leaves = [{"leaf": b64encode(one.leaf).decode(), "proof": one.text} for one in proof.leaves]
    return facts | {
        "act": str(deed.act), "at": deed.at.isoformat(), "clauses": list(deed.clauses),
        "verdict": proof.verdict.value, "leaves": leaves,
    }  # fmt: skip


def _draw(here: Room, wanted: Wanted, since: datetime, until: datetime, most: int) -> list[tuple[Any, ...]]:
    known = RECIPIENT.leaves_in(RECIPIENT.mask_of(wanted.recipient)) if wanted.recipient else ()
    values = {
        "seed": wanted.seed, "outcome": wanted.outcome, "recipient": wanted.recipient, "recipients": list(known),
        "country": wanted.country, "since": since, "until": until, "most": most,
    }  # fmt: skip
    return here.rows("draw", values)


def _deeds(here: Room, acts: Sequence[UUID]) -> list[Deed]:
    rows = here.rows("acts", {"acts": list(acts)})
    return [replace(Deed(*row), clauses=tuple(row[9])) for row in rows]


def _sample(actor: Actor, sample: UUID) -> Sample:
    account = _account(actor)
    with unit(actor, PURPOSE):
        found = Sample.objects.filter(account=account, id=sample).first()
    if found is None:
        raise NotFoundError
    return found


def _account(actor: Actor) -> UUID:
    """Whose room it is; for nobody else there is none."""
    if actor.role != "auditor" or actor.account is None:
        raise NotFoundError
    return actor.account


def _check(wanted: Wanted) -> None:
    known = wanted.outcome in ("", *OUTCOMES) and wanted.recipient in ("", *RECIPIENTS)
    if not known or wanted.size not in SIZES or wanted.days not in SPANS:
        raise MalformedError("there is nothing to draw a sample from in these words")
    if not 0 < len(wanted.seed) <= LONGEST_SEED or "\x00" in wanted.seed:
        raise MalformedError(f"a seed has 1 to {LONGEST_SEED} characters")
