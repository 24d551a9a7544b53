"""Deciding a past decision again, under the statement of its day, from the ledger alone.

A decision of a person who was not erased replays byte for byte. Of an erased person the entry proves only that it was.
A replay opens the sealed records of decisions, which hold no personal value but facts about people, so each one is
recorded itself, as an act about nobody.
"""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from amanat.crypto.derive import commitment
from amanat.custody.facts import Ask
from amanat.custody.judging import record_of
from amanat.custody.matters import Matter, answer
from amanat.custody.reading import Line
from amanat.custody.unit import Unit
from amanat.custody.words import recorded_words, statement_of
from amanat.database.queries import queries
from amanat.errors import IntegrityError
from amanat.ledger.append import open_body, salt_of
from amanat.policy.canonical import stale_in, unpack
from amanat.policy.decision import Decision
from amanat.policy.request import Request
from amanat.vault.folders import Sealed, fetch_sealed

_LEDGER = queries("amanat.ledger")
_LOOK: Final = Ask("replay", (), "audit")
_CLAUSE: Final = "9.2"
MOST = 50


class Finding(enum.Enum):
    SAME = "same"
    DIFFERENT = "different"
    ERASED = "erased"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Replayed:
    """One entry, decided again. `decision` and `requests` are empty if there was nothing left to decide by."""

    subject: UUID
    finding: Finding
    recorded: dict[str, Any]
    requests: tuple[Request, ...]
    decision: Decision | None
    version: str


def replay(unit: Unit, line: Line) -> list[Replayed]:
    """Decide each entry of an act again and compare the canonical bytes.

    `line` is the act as `reading.act_of` gives it. Entries about other companies' people are not seen.
    """
    rows = unit.rows(_LEDGER["entries_of_act"], {"act": line.act, "most": MOST})
    sealed = fetch_sealed([row[0] for row in rows], ())
    _record(unit, line.act)
    return [_replay(line, row, sealed) for row in rows]


def _record(unit: Unit, act: UUID) -> None:
    looked = unit.act_of(_LOOK, unit.statement(), [])
    unit.record_bare(replace(looked, organisation=str(act), outcome="read", clauses=(_CLAUSE,)))


def _replay(line: Line, row: Sequence[Any], sealed: Mapping[UUID, Sealed]) -> Replayed:
    subject, *_, body = row
    known = sealed.get(subject)
    if known is None:
        return Replayed(subject, Finding.ERASED, {}, (), None, statement_of(line.statement).version)
    history = known.unwrap().history
    try:
        record = open_body(history, subject, line.act, bytes(body))
    except IntegrityError:
        return Replayed(subject, Finding.BROKEN, {}, (), None, statement_of(line.statement).version)
    requests, recorded = unpack(record)
    words = recorded_words(_in_force(recorded), [digest for _, digest in recorded.get("overlays", ())])
    matter = Matter(requests, words.clients, stale_in(recorded))
    decision = answer(words, matter)
    whole = commitment(salt_of(history, line.act), record) == bytes(row[-2]) and _agrees(line, row, requests, recorded)
    same = record_of(words, matter, decision) == record
    finding = Finding.BROKEN if not whole else Finding.SAME if same else Finding.DIFFERENT
    return Replayed(subject, finding, recorded, requests, decision, decision.version)


def _in_force(recorded: Mapping[str, Any]) -> str:
    """The statement that was in force; the one that decided is an older one if that held something back."""
    return str(recorded.get("in_force", recorded["statement"]))


def _agrees(line: Line, row: Sequence[Any], requests: Sequence[Request], recorded: Mapping[str, Any]) -> bool:
    """Whether what stands in the open beside the sealed record says the same."""
    main = requests[0]
    said = (line.statement, line.action, line.recipient, row[2], list(row[3]))
    meant = (_in_force(recorded), main.action, main.recipient or "", recorded["outcome"], recorded["clauses"])
    return said == meant
