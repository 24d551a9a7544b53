"""Which of a client's people are enrolled already, told by policy number and answered with pseudonyms."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction

from amanat.custody.actor import Actor
from amanat.custody.unit import Unit
from amanat.vault.tokens import open_index


def known_by_policy_number(actor: Actor, numbers: Sequence[str]) -> Mapping[str, UUID]:
    """Policy number → subject, for those enrolled at the acting company. One statement for all."""
    with transaction.atomic(durable=True):
        Unit(actor, "eligibility", "client_feed").reach([])
        return open_index(actor.company).find_each("policy_number", numbers)
