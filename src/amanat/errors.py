"""One closed list of error kinds, and the base of every error that may reach a person.

Each edge owns exactly one table from kind to its own answer (an HTTP status, an exit code). What one may not
know of is `NOT_FOUND`; anything unmapped is opaque outside.
"""

import enum


class Kind(enum.Enum):
    MALFORMED = "malformed"
    UNAUTHENTICATED = "unauthenticated"
    REFUSED = "refused"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    GONE = "gone"
    RATE_LIMITED = "rate_limited"
    UNDECIDABLE = "undecidable"
    INTEGRITY = "integrity"
    UNAVAILABLE = "unavailable"


class Effect(enum.Enum):
    """What an error says of the change that was asked for. After `ASK`, the same message with the same key tells."""

    DONE = "done"
    NOT_DONE = "not-done"
    ASK = "ask-with-this-key"


class AmanatError(Exception):
    """Something went wrong."""

    kind = Kind.UNAVAILABLE
    effect = Effect.NOT_DONE

    def __init__(self, detail: str | None = None, *, hint: str | None = None) -> None:
        self.detail = detail or (type(self).__doc__ or "").strip().splitlines()[0]
        self.hint = hint
        super().__init__(self.detail)

    def __str__(self) -> str:
        return f"{self.detail} ({self.hint})" if self.hint else self.detail


class MalformedError(AmanatError):
    """The input does not have the agreed form."""

    kind = Kind.MALFORMED


class NotFoundError(AmanatError):
    """There is nothing here for you."""

    kind = Kind.NOT_FOUND


class ConflictError(AmanatError):
    """Somebody else changed this in the meantime."""

    kind = Kind.CONFLICT


class UndecidableError(AmanatError):
    """A fact that the decision needs is missing."""

    kind = Kind.UNDECIDABLE


class UnavailableError(AmanatError):
    """A part that this needs is not available; nothing was done."""

    kind = Kind.UNAVAILABLE


class IntegrityError(AmanatError):
    """A seal or a proof is broken."""

    kind = Kind.INTEGRITY
    effect = Effect.ASK  # what was kept may be what does not open


class RateLimitedError(AmanatError):
    """The budget for this kind of look-up is used up."""

    kind = Kind.RATE_LIMITED

    def __init__(self, detail: str | None = None, *, hint: str | None = None, retry_after: int | None = None) -> None:
        super().__init__(detail, hint=hint)
        self.retry_after = retry_after
