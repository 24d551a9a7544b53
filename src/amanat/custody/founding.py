"""An installation's beginning: the top of the key tree, the accounts' key, and the installed statement in force.

Repeating it changes nothing, except that a newer installed statement comes into force.
"""

from django.conf import settings

from amanat.accounts.keyring import ensure_key, prove_key
from amanat.custody.words import put_in_force
from amanat.statement.compile import load_statement
from amanat.vault.keys import begin_provider, prove_keys

INSTALLED = "ama"


def found() -> None:
    """Make the keys that are missing, and put the installed statement in force. Run by the worker's log-in.

    Raises `StatementError` with file, line and clause if the statement is faulty, and the error of `prove` if keys
    are lost, before anything is changed.
    """
    statement = load_statement(INSTALLED)
    prove()
    begin_provider(settings.HOME.keys)
    ensure_key()
    put_in_force(statement)


def prove() -> None:
    """Open one key of each kind that this database holds, before anything starts on lost or foreign key files.

    SECURITY: without this, fresh keys would be made beside rows that they cannot open, and all would look well.
    """
    prove_key()
    prove_keys()
