"""What can go wrong with keys, apart from a broken seal."""

from amanat.errors import UnavailableError


class KeyUnavailableError(UnavailableError):
    """A key that this needs cannot be had; nothing was opened and nothing was written."""
