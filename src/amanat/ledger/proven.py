"""Checking a receipt offline: what it says was recorded, stands in a log that a known key speaks for.

Needs no database and nothing of ours but the log's public key.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from amanat.ledger.leaves import COMMITMENT_LENGTH, leaf_of
from amanat.merkle.checkpoint import Checkpoint
from amanat.merkle.note import VerifierKey
from amanat.merkle.proof import ProofError
from amanat.merkle.receipt import parse_receipt, verify_receipt


@dataclass(frozen=True, slots=True)
class Proven:
    """What a receipt proves: these facts, under this checkpoint."""

    facts: Mapping[str, Any]
    checkpoint: Checkpoint


def verify_file(text: str, keys: Iterable[VerifierKey]) -> Proven:
    """Check the text of a receipt file. Raises an `IntegrityError` unless all of it holds.

    1. Its extra line is a commitment and facts about one act.
    2. The leaf made of them stands in the log (`merkle.receipt` says how that is shown).
    3. That log is the acting company's own: no company can speak for another.
    """
    extra = parse_receipt(text).extra or b""
    committed, told = extra[:COMMITMENT_LENGTH], extra[COMMITMENT_LENGTH:]
    try:
        facts = msgspec.json.decode(told)  # 1
        leaf = leaf_of(UUID(facts["act"]), committed, told)
    except (msgspec.DecodeError, KeyError, TypeError, ValueError, AttributeError):
        raise ProofError("the receipt does not say what was recorded") from None
    checkpoint = verify_receipt(text, leaf, keys)  # 2
    if checkpoint.origin.rpartition("/")[2] != facts["company"]:  # 3
        raise ProofError("the receipt is of another company's log")
    return Proven(facts, checkpoint)
