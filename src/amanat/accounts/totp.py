"""Time-based codes after RFC 6238: which step a code belongs to, and nothing about whether it was used.

Codes are compared as steps, never as strings: spaces, full-width digits and other spellings of a used code must not
count as new ones. The caller consumes the step in one statement.
"""

import hmac
import re
from datetime import datetime
from typing import Final

import pyotp

STEP_SECONDS: Final = 30
LEEWAY_STEPS: Final = 1

_CODE = re.compile(r"[0-9]{6}", re.ASCII)


def new_secret() -> str:
    return pyotp.random_base32()


def address_of(secret: str, email: str) -> str:
    """What an authenticator takes a secret from, typed or as a picture."""
    return pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(name=email, issuer_name="Amanat")


def step_at(moment: datetime) -> int:
    return int(moment.timestamp()) // STEP_SECONDS


def code_of(secret: str, step: int) -> str:
    return pyotp.TOTP(secret, interval=STEP_SECONDS).at(step * STEP_SECONDS)


def matching_step(secret: str, code: str, moment: datetime) -> int | None:
    """The step near `moment` that `code` belongs to, or None. Every candidate is computed, match or no match."""
    well_formed = _CODE.fullmatch(code) is not None
    given = code.encode() if well_formed else b""
    now = step_at(moment)
    near = range(now - LEEWAY_STEPS, now + LEEWAY_STEPS + 1)
    matches = [step for step in near if hmac.compare_digest(code_of(secret, step).encode(), given)]
    return max(matches, default=None)
