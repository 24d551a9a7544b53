"""The one door: what it decides, records and reveals, and in which order."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from amanat.custody.facts import Ask, Recipient
from amanat.custody.unit import AlreadyAnsweredError, Key, NotCommittedError, unit
from amanat.errors import ConflictError, NotFoundError
from amanat.vocabulary import clock
from stage.group import Group

CARD = Ask("view", ("name", "birth_year", "cover_status"), "eligibility")


def test_values_come_out_only_after_the_commit(group: Group) -> None:
    with unit(group.actor("basil"), "eligibility") as one:
        handle = one.ask(CARD, [group.amina])
        with pytest.raises(NotCommittedError):
            handle.values(group.amina)
    assert handle.values(group.amina)["name"] == {"given": "Amina", "family": "Haddad"}
    assert set(handle.values(group.amina)) == {"name", "birth_year", "cover_status"}
