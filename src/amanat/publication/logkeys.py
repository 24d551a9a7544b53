"""The public key of each company's log: whoever keeps a proof checks it with this line, and nothing else of ours."""

from amanat.database.home import find_home
from amanat.ledger.signing import public_keys


def keys_of_logs() -> dict[str, str]:
    """Company → its key in one line, as a proof is checked with. A company without a log has none yet."""
    return {company: str(key) for company, key in public_keys(find_home()).items()}
