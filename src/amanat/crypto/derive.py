"""What is derived from a key: further keys, index tokens, and commitments for the ledger.

HKDF is RFC 5869 with SHA-256; tokens are HMAC-SHA256 cut to 16 bytes, enough to find a row and no more.
"""

import hashlib
import hmac
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from amanat.crypto.binding import bind
from amanat.crypto.secret import SecretKey
from amanat.errors import MalformedError

TOKEN_LENGTH = 16
SALT_LENGTH = 32


def hkdf(key: SecretKey, info: bytes, length: int = 32) -> bytes:
    """Derive `length` bytes for the one use that `info` names. Different `info`, unrelated bytes."""
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=info).derive(key.raw)


def part_key(data: SecretKey, period: SecretKey) -> SecretKey:
    """The key of a part: HKDF over the data key, salted with the period key. Without either one it is gone."""
    return _part_key(data.raw, period.raw)


# The two steps of RFC 5869 for one block, spelled out: OpenSSL's one-shot HMAC takes a quarter of the time that an
# HKDF object takes, and this stands in the path of every value. Like a cipher, what is kept opens nothing by itself.
@lru_cache(maxsize=4096)
def _part_key(data: bytes, period: bytes) -> SecretKey:
    return SecretKey(hmac.digest(hmac.digest(period, data, "sha256"), b"amanat part\x01", "sha256"))


def blind_token(key: SecretKey, field: str, value: str) -> bytes:
    """Give the index token of `value` in `field`: equal values meet, nobody without the key can guess.

    The caller brings `value` to its one agreed spelling first.
    """
    return hmac.digest(key.raw, bind(field, value), "sha256")[:TOKEN_LENGTH]


def commitment(salt: bytes, record: bytes) -> bytes:
    """Commit to `record`: checkable with `salt`, not guessable without it.

    The salt has exactly 32 bytes: a fixed length is what keeps salt and record from sliding into each other.
    """
    if len(salt) != SALT_LENGTH:
        raise MalformedError(f"a salt has {SALT_LENGTH} bytes; this one has {len(salt)}")
    return hashlib.sha256(salt + record).digest()
