"""Evidence to take away: a sample with the proofs of its decisions in one file, and the check of such a file.

The check needs no database and no key but the log's public one. It shows that the sample is in the order of its seed,
and that each leaf stands in the signed log. Which person a leaf is about, and what it commits to, it does not tell:
that the rows make these leaves was checked in the room, and a person's own receipt shows it of theirs.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from amanat.errors import IntegrityError
from amanat.ledger import offline
from amanat.merkle.receipt import parse_receipt

FORMAT: Final = "amanat-evidence/1"


class EvidenceError(IntegrityError):
    """The file does not show what it claims to show."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a file of evidence shows: so many decisions, by so many leaves, under the log of this origin.

    Those that are `unproven` it only tells of: when it was written they waited to be sealed, or had been changed.
    """

    origin: str
    decisions: int
    leaves: int
    unproven: tuple[str, ...]


def write_evidence(company: str, key: str, sample: Mapping[str, Any], acts: Sequence[Mapping[str, Any]]) -> str:
    told = {"format": FORMAT, "company": company, "key": key, "sample": dict(sample), "decisions": list(acts)}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def place_of(seed: str, act: UUID) -> bytes:
    """Where the seed puts an act: a sample are the first of its population in this order."""
    return hashlib.sha256(f"{seed}:{act}".encode()).digest()


def check_evidence(text: str, keys: Sequence[offline.PublicKey]) -> Shown:
    """Say what a file of evidence shows. Raises `EvidenceError`.

    1. It has the agreed form, and its decisions stand in the order of the seed.
    2. Each decision has a leaf for each person it was about, or one if it was about nobody; or it is not proven.
    3. Each leaf is of its decision, and stands in a log that signed for itself with a key that is trusted here.
    """
    told = _read(text)
    acts = [UUID(one["act"]) for one in told["decisions"]]
    if sorted(set(acts), key=lambda act: place_of(told["sample"]["seed"], act)) != acts:
        raise EvidenceError("the decisions are not in the order that the seed gives them")  # 1
    proven = [one for one in told["decisions"] if one["leaves"]]
    origins = {head.origin for one in proven for head in _heads(one, keys)}
    if any(one.rpartition("/")[2] != told["company"] for one in origins):
        raise EvidenceError("the decisions are not all in the log of the company that is named")
    unproven = tuple(one["act"] for one in told["decisions"] if not one["leaves"])
    leaves = sum(len(one["leaves"]) for one in proven)
    return Shown(min(origins, default=""), len(acts), leaves, unproven)


def _read(text: str) -> dict[str, Any]:
    try:
        told: dict[str, Any] = json.loads(text)
        whole = told["format"] == FORMAT and isinstance(told["sample"]["seed"], str) and told["company"]
        for one in told["decisions"]:
            UUID(one["act"]), int(one["people"]), list(one["leaves"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        whole = None
    if not whole:
        raise EvidenceError(f"this is no evidence in the form {FORMAT}")
    return told


def _heads(act: Mapping[str, Any], keys: Sequence[offline.PublicKey]) -> Iterator[offline.Head]:
    leaves = act["leaves"]
    if len(leaves) != max(1, act["people"]) or len({one["leaf"] for one in leaves}) != len(leaves):
        raise EvidenceError(f"decision {act['act']} has {len(leaves)} leaves and was about {act['people']} people")  # 2
    for one in leaves:
        try:
            leaf = base64.b64decode(one["leaf"], validate=True)
            proof = parse_receipt(one["proof"])
            head = offline.open_head(proof.checkpoint, keys)
            hashed = hashlib.sha256(b"\x00" + leaf).digest()
            offline.check_inclusion(hashed, proof.index, head.size, proof.proof, head.root)  # 3
        except (offline.UnprovenError, IntegrityError, binascii.Error, KeyError, TypeError, AttributeError) as error:
            raise EvidenceError(f"decision {act['act']}: {error}") from error
        if leaf[1:17] != UUID(act["act"]).bytes:
            raise EvidenceError(f"a leaf is shown for decision {act['act']} that is of another")
        yield head
