"""A key is a type of its own, so that no log line, traceback or template prints one by accident."""

import secrets
from dataclasses import dataclass, field

from amanat.errors import MalformedError

KEY_LENGTH = 32


@dataclass(frozen=True, slots=True)
class SecretKey:
    """Thirty-two secret bytes. To use them, say `.raw`; nothing shows them unasked."""

    raw: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.raw) != KEY_LENGTH:
            raise MalformedError(f"a key has {KEY_LENGTH} bytes; this one has {len(self.raw)}")


def new_key() -> SecretKey:
    return SecretKey(secrets.token_bytes(KEY_LENGTH))
