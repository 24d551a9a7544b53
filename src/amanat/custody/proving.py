"""Checking a proof as anybody outside can, and saying in one word what is wrong with it.

A leaf that is not in the log either waits there to be folded, or what stands in the database was changed after it was
recorded. The log tells which: it holds other leaves of the same act, or it was signed long after the act.
"""

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection

from amanat.custody.unit import Unit
from amanat.errors import IntegrityError, NotFoundError
from amanat.ledger.proven import verify_file
from amanat.ledger.receipt import receipt_of
from amanat.ledger.signing import public_keys
from amanat.merkle.checkpoint import Checkpoint
from amanat.merkle.note import NoteError, VerifierKey
from amanat.merkle.proof import ProofError
from amanat.merkle.receipt import parse_receipt

# Longer than any fold may be late before the health page is red, and than two clocks may stand apart.
SURELY_FOLDED: Final = timedelta(minutes=10)
_ACT: Final = "SELECT company, at FROM ledger_act WHERE id = %(act)s::uuid"
_LOGGED: Final = """
    SELECT (SELECT max(at) FROM ledger_checkpoint WHERE company = %(company)s),
           EXISTS (SELECT FROM ledger_bundle b, unnest(b.leaves) leaf
                   WHERE b.company = %(company)s AND substr(leaf, 2, 16) = %(act)s::bytea
                     AND b.number >= COALESCE((
                         SELECT c.size FROM ledger_checkpoint c WHERE c.company = %(company)s AND c.at < %(before)s
                         ORDER BY c.at DESC, c.size DESC LIMIT 1), 0) / 256)
"""


class Verdict(enum.Enum):
    """What came of a check. All but the first two are red."""

    SOUND = "sound"
    WAITING = "waiting"
    CHANGED = "changed"
    FORM = "form"
    SIGNATURE = "signature"
    PATH = "path"


@dataclass(frozen=True, slots=True)
class Checked:
    """A verdict, with the proof it was found on and the key it was checked with. `index` counts from 0."""

    verdict: Verdict
    text: str = ""
    key: str = ""
    index: int = 0
    head: Checkpoint | None = None


def prove(one: Unit, subject: UUID, act: UUID) -> Checked:
    """Take the proof of an entry out of the log and check it. The unit must reach the person."""
    text = receipt_of(subject, act)
    company, at = _act(one, act)
    key = public_keys(settings.HOME).get(company)
    if text is None:
        return Checked(missing(company, act, at, one.now))
    return check(text, key)


def missing(company: str, act: UUID, at: datetime, now: datetime) -> Verdict:
    """Why the leaf that the rows make is not in the log."""
    with connection.cursor() as cursor:
        cursor.execute(_LOGGED, {"company": company, "act": act.bytes, "before": at - SURELY_FOLDED})
        signed, logged = cursor.fetchone() or (None, False)
    late = signed is not None and min(signed, now) - at > SURELY_FOLDED
    return Verdict.CHANGED if logged or late else Verdict.WAITING


def check(text: str, key: VerifierKey | None) -> Checked:
    """Check a receipt against the published key of the company's log."""
    if key is None:
        return Checked(Verdict.SIGNATURE, text)
    try:
        form = parse_receipt(text)
    except IntegrityError:
        return Checked(Verdict.FORM, text, str(key))
    try:
        proven = verify_file(text, [key])
    except NoteError:
        return Checked(Verdict.SIGNATURE, text, str(key))
    except ProofError:
        return Checked(Verdict.PATH, text, str(key))
    return Checked(Verdict.SOUND, text, str(key), form.index, proven.checkpoint)


def _act(one: Unit, act: UUID) -> tuple[str, datetime]:
    rows = one.rows(_ACT, {"act": act})
    if not rows:
        raise NotFoundError
    return rows[0][0], rows[0][1]
