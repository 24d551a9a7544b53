"""An installation's beginning: the top of the key tree, the accounts' key, the installed texts in force.

Repeating it changes nothing, except that an installed text with a higher number follows, if it fits.
"""

from functools import cache

from django.conf import settings

from amanat.accounts.keyring import ensure_key, prove_key
from amanat.custody.erasing import finish_erasures
from amanat.custody.publishing import begin
from amanat.statement.compile import Statement, load_statement
from amanat.statement.overlay_compile import installed_overlays, load_overlay
from amanat.statement.overlays import Overlay
from amanat.vault.keys import begin_provider, prove_keys

INSTALLED = "ama"


def found() -> None:
    """Make the keys that are missing, and put the installed texts in force. Run by the worker's log-in.

    A contract is its parties' own: it is put in force by `amanat statement overlay`, once it is signed.

    Raises `StatementError` with file, line and clause if the statement is faulty, and the error of `prove` if keys
    are lost, before anything is changed.
    """
    statement, overlays = _installed(INSTALLED)
    prove()
    begin_provider(settings.HOME.keys)
    ensure_key()
    begin(statement, overlays)


@cache
def _installed(name: str) -> tuple[Statement, tuple[Overlay, ...]]:
    statement = load_statement(name)
    ours = (one for one in installed_overlays() if not one.startswith("contract:"))
    return statement, tuple(load_overlay(one, statement) for one in ours)


def prove() -> None:
    """Open one key of each kind that this database holds, before anything starts on lost or foreign key files.

    And carry out each erasure that it does not know of: a copy put back to an earlier day does not start without its
    list of erased people.

    SECURITY: without this, fresh keys would be made beside rows that they cannot open, and all would look well.
    """
    prove_key()
    prove_keys()
    finish_erasures()
