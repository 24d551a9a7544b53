"""Which of a client's people are enrolled already, told by policy number and answered with pseudonyms.

A number counts only with the client who enrolled it: another client's file must neither find out who is here nor attach
somebody to them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from amanat.custody.actor import Actor
from amanat.custody.facts import SQL
from amanat.custody.unit import Unit
from amanat.vault.tokens import open_index


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Somebody enrolled before, and what they are to the organisation that enrolled them."""

    subject: UUID
    relation: str


def enrolled_by_policy_number(actor: Actor, numbers: Sequence[str]) -> Mapping[str, Enrolled]:
    """Policy number → who it was enrolled as by the actor's organisation. Two statements for all."""
    with transaction.atomic(durable=True):
        Unit(actor, "eligibility", "client_feed").reach([])
        found = open_index(actor.company).find_each("policy_number", numbers)
        with connection.cursor() as cursor:
            values = {"subjects": [subject for _, subject in found], "organisation": actor.organisation}
            cursor.execute(SQL["enrolled"], values)
            relations = dict(cursor.fetchall())
    return {number: Enrolled(subject, relations[subject]) for number, subject in found if subject in relations}


def known_by_policy_number(actor: Actor, numbers: Sequence[str]) -> Mapping[str, UUID]:
    """Policy number → subject, for those whom the actor's organisation enrolled."""
    return {number: one.subject for number, one in enrolled_by_policy_number(actor, numbers).items()}
