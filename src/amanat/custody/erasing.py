"""Erasing a person: decided and recorded like everything else, then their keys are dropped.

What was sealed for them is unreadable from the commit on, and so are the bodies and salts of their ledger entries,
while every proof still verifies. Coarse facts go in the same transaction.
"""

from uuid import UUID

from amanat.custody.facts import Ask
from amanat.custody.handle import Handle
from amanat.custody.unit import Unit, execute
from amanat.vault.keys import drop_keys
from amanat.vocabulary.terms import CATEGORY

EVERYTHING = tuple(CATEGORY.leaves_in(CATEGORY.mask_of("personal")))
_COARSE = ("drop_standing", "drop_relations", "drop_entitlements", "drop_stays")


def erase_person(unit: Unit, subject: UUID) -> Handle:
    """Erase all of a person in the open unit. Nothing happens unless the handle permits all of it."""
    handle = unit.ask(Ask("erase", EVERYTHING, "rights_fulfilment"), [subject])
    if handle.permits(subject):
        drop_keys(subject)
        for name in _COARSE:
            execute(name, {"subject": subject})
    return handle
