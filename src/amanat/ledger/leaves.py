"""What the log holds for an entry, and what that commits to.

A leaf is `version ‖ act ‖ SHA-256(commitment ‖ facts)`. The facts are the columns of the act and of the entry, so a
change to any of them is found without a key; the commitment, which only the row and the receipt hold, keeps everybody
else from guessing them. Who acted stands in the facts as a digest salted the same way: a receipt names no employee.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec

LEAF_VERSION = b"\x01"
COMMITMENT_LENGTH = 32
# In the order in which rows bring them.
ACT_FACTS = (
    "act", "company", "at", "account", "role", "action", "purpose", "channel", "recipient", "organisation",
    "statement", "outcome", "clauses", "people", "state",
)  # fmt: skip
ENTRY_FACTS = ("subject", "company", "at", "outcome", "clauses", "opened", "refused", "sealed")


def public_facts(committed: bytes, act: Sequence[Any], entry: Sequence[Any] | None = None) -> bytes:
    """The canonical JSON of the facts named above. `entry` is None for an act that names nobody."""
    told: dict[str, Any] = dict(zip(ACT_FACTS, map(_plain, act), strict=True))
    told["account"] = _salted(committed, act[ACT_FACTS.index("account")])
    if entry is not None:
        told["entry"] = dict(zip(ENTRY_FACTS, map(_plain, entry), strict=True))
    return msgspec.json.encode(told, order="sorted")


def leaf_of(act: UUID, committed: bytes, facts: bytes) -> bytes:
    return LEAF_VERSION + act.bytes + sha256(committed + facts).digest()


def act_in(leaf: bytes) -> bytes:
    """The bytes that say which act a leaf belongs to."""
    return leaf[1:17]


def _salted(committed: bytes, account: UUID | None) -> str | None:
    return sha256(committed + account.bytes).hexdigest() if account else None


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return value.hex() if isinstance(value, bytes) else value
