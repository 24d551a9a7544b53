"""What operators do to keys: turns, escrow, index tokens anew, how things stand. Nobody's data is shown to them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

from amanat.accounts.keyring import ACCOUNTS, escrow_key, prove_key, restore_key
from amanat.database.keycopy import copy_keys, has_copy, renew_copy
from amanat.vault import escrowing
from amanat.vault.escrowing import Recovered, escrow_begun, open_escrow, recover
from amanat.vault.keys import companies, prove_keys
from amanat.vault.rotating import rotate_index
from amanat.vault.turning import Epoch, Turn, epochs, turn
from amanat.vocabulary import clock

__all__ = [
    "Epoch", "Recovered", "Turn", "deal_shares", "epochs", "escrow_begun", "recover_keys", "rotate_indexes", "turn_all",
    "turn_due",
]  # fmt: skip

OLDEST_ROOT: Final = timedelta(days=30)


def turn_all(named: Sequence[str], copy: Path | None = None) -> Iterator[Turn]:
    """Turn the epochs of these companies, or of all; `copy` is the folder with the copy of the keys, kept today's.

    Without it, the copy that was made last is kept so, where there is one.
    """
    for company in named or companies():
        yield turn(company, keep=lambda: copy_keys(settings.HOME, copy) if copy else renew_copy(settings.HOME))


def turn_due() -> int:
    """Turn every epoch that is due; how many turned. Does nothing where there is no copy of the keys.

    SECURITY: unattended, a root is destroyed only where the one that follows was read back from another place.
    """
    if not has_copy(settings.HOME):
        return 0
    due = [one.company for one in epochs() if _is_due(one, clock.now())]
    return sum(one.state == "done" for one in turn_all(due)) if due else 0


def _is_due(one: Epoch, now: datetime) -> bool:
    """A key was lost since the last turn, a turn was interrupted, or the root is too old."""
    last = one.turn
    return bool(one.since) or last is None or last.state != "done" or now - last.begun_at > OLDEST_ROOT


def deal_shares(*, anew: bool = False) -> list[str]:
    """Make the recovery key, seal every root and the accounts' key for it, and give its shares, this once.

    `anew` lets go of an earlier recovery key and all that was sealed for it: its shares open nothing any more.
    """
    shares = escrowing.renew_escrow() if anew else escrowing.begin_escrow()
    escrow_key()
    return shares


def recover_keys(shares: Sequence[str]) -> list[Recovered]:
    """Bring every company's root back under a new provider key, and prove that it opens the keys of this database."""
    kept = open_escrow(shares)
    accounts = kept.pop(ACCOUNTS, None)
    recovered = recover(kept)
    if accounts:
        restore_key(accounts.key)
    prove_key()
    prove_keys()
    return recovered


def rotate_indexes(named: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Rebuild these companies' index tokens, or all companies', under a new key; company and tokens made."""
    for company in list(named) or companies():
        yield company, rotate_index(company)
