"""The public key of each company's log: whoever keeps a proof checks it with this line, and nothing else of ours."""

from amanat.database.home import find_home
from amanat.ledger.signing import public_keys
from amanat.ledger.witness import witness_keys


def keys_of_logs() -> dict[str, str]:
    """Company → its key in one line, as a proof is checked with. A company without a log has none yet."""
    return {company: str(key) for company, key in public_keys(find_home()).items()}


def keys_of_witnesses() -> list[str]:
    """The key of each company as a witness of the others, in one line each."""
    return list(witness_keys(find_home()).values())
