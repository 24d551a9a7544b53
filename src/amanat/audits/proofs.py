"""Proofs that decisions stand in the signed log as the rows tell them, made for who may not know whom they are about.

A member's receipt tells what was recorded about them; an auditor's holds the log's own leaf and the way to the root.
That the rows make this leaf is checked here. What was made is checked by the verifier that shares no code with the log.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from amanat.audits.room import Room
from amanat.custody.proving import SURELY_FOLDED, Verdict
from amanat.errors import IntegrityError
from amanat.ledger import offline
from amanat.ledger.leaves import ACT_FACTS, leaf_of, public_facts
from amanat.ledger.signing import public_keys
from amanat.merkle.receipt import Receipt, parse_receipt, write_receipt
from amanat.merkle.tiles import TILE_WIDTH, Tile, TileHashes
from amanat.merkle.tree import HASH_LENGTH, inclusion_proof, leaf_hash
from amanat.vocabulary import clock

_LONG_AGO: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class LeafProof:
    """One leaf of an act, and the file that leads from it to a signed root."""

    leaf: bytes
    index: int
    text: str


@dataclass(frozen=True, slots=True)
class Proof:
    """An act, checked: all its leaves are in the log, and no other of its own."""

    act: UUID
    verdict: Verdict
    leaves: tuple[LeafProof, ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """The newest head that the log signed."""

    size: int
    note: str
    at: datetime


def log_key(company: str) -> str:
    """The published key of the company's log; empty before the log has begun."""
    key = public_keys(settings.HOME).get(company)
    return str(key) if key else ""


def head_of(here: Room) -> Head | None:
    found = here.rows("head")
    return Head(*found[0]) if found else None


def prove(here: Room, acts: Sequence[UUID]) -> list[Proof]:
    """Prove each act, in the order given; those that are not this company's are missing."""
    made: dict[UUID, tuple[datetime, list[bytes]]] = {}
    for *facts, committed in here.rows("rows", {"acts": list(acts)}):
        made.setdefault(facts[0], (facts[2], []))[1].append(_leaf(facts, committed))
    head = head_of(here)
    hashes = TileHashes(cache(lambda tile: _tile(here, tile)))
    return [_prove(here, act, at, leaves, head, hashes) for act, (at, leaves) in made.items()]


def _leaf(facts: list[Any], committed: bytes | None) -> bytes:
    act, entry = facts[: len(ACT_FACTS)], facts[len(ACT_FACTS) :]
    committed = committed or b""
    return leaf_of(act[0], committed, public_facts(committed, act, entry if entry[0] else None))


def _prove(here: Room, act: UUID, at: datetime, made: Iterable[bytes], head: Head | None, hashes: TileHashes) -> Proof:
    logged = {leaf: index for index, leaf in _logged(here, act, at)}
    if not logged or head is None:
        late = clock.now() - at > SURELY_FOLDED
        return Proof(act, Verdict.CHANGED if late else Verdict.WAITING)
    if set(logged) != set(made):
        return Proof(act, Verdict.CHANGED)
    read = hashes.at(head.size)
    proofs = tuple(
        LeafProof(leaf, index, write_receipt(Receipt(index, tuple(inclusion_proof(read, index, head.size)), head.note)))
        for leaf, index in logged.items()
    )
    return Proof(act, _checked(proofs, log_key(here.company)), proofs)


def _logged(here: Room, act: UUID, at: datetime) -> list[tuple[int, bytes]]:
    """The leaves of an act in the log, with their places."""
    bundles = here.rows("logged", {"act": act.bytes, "before": at - _LONG_AGO})
    return [
        (number * TILE_WIDTH + offset, bytes(leaf))
        for number, leaves in bundles
        for offset, leaf in enumerate(leaves)
        if bytes(leaf[1:17]) == act.bytes
    ]


def _tile(here: Room, tile: Tile) -> bytes:
    found = here.rows("tile", {"level": tile.level, "number": tile.number})
    return bytes(found[0][0])[: tile.width * HASH_LENGTH] if found else b""


def _checked(proofs: Iterable[LeafProof], key: str) -> Verdict:
    keys = offline.parse_keys(key)
    verdicts = {check_leaf(one.leaf, one.text, keys) for one in proofs}
    return next((one for one in (Verdict.FORM, Verdict.SIGNATURE, Verdict.PATH) if one in verdicts), Verdict.SOUND)


def check_leaf(leaf: bytes, text: str, keys: Iterable[offline.PublicKey]) -> Verdict:
    """Check a proof of a leaf that is known."""
    try:
        proof = parse_receipt(text)
    except IntegrityError:
        return Verdict.FORM
    try:
        head = offline.open_head(proof.checkpoint, keys)
    except offline.UnprovenError:
        return Verdict.SIGNATURE
    try:
        offline.check_inclusion(leaf_hash(leaf), proof.index, head.size, proof.proof, head.root)
    except offline.UnprovenError:
        return Verdict.PATH
    return Verdict.SOUND
