"""Finding a caller at the desk."""

from dataclasses import replace
from typing import Any

import psycopg
import pytest

from amanat.custody import budgets
from amanat.custody.searching import SearchBudgetError, search
from amanat.custody.unit import unit
from amanat.errors import MalformedError
from stage.group import Group


@pytest.mark.parametrize(
    ("field", "typed"),
    [("policy_number", "ox 1001"), ("email", " AMINA@example.org"), ("surname_birth_date", "hADDAD|{born}")],
)
def test_a_caller_is_found_by_exactly_one_value_however_it_is_spelled(group: Group, field: str, typed: str) -> None:
    from amanat.vocabulary import clock  # noqa: PLC0415

    with unit(group.actor("basil"), "eligibility") as one:
        assert search(one, field, typed.format(born=f"{clock.now().year - 38}-03-14")) == [group.amina]


def test_a_search_by_a_name_alone_does_not_exist(group: Group) -> None:
    with pytest.raises(MalformedError, match="no search by"), unit(group.actor("basil"), "eligibility") as one:
        search(one, "surname", "Haddad")


def test_not_found_and_not_yours_are_one_answer_and_each_search_is_recorded(
    group: Group, owner_connection: psycopg.Connection[Any]
) -> None:
    with unit(group.actor("wei"), "eligibility") as one:
        assert search(one, "policy_number", "OX-1001") == search(one, "policy_number", "NO-SUCH") == []
    recorded = owner_connection.execute(
        "SELECT outcome, organisation, people FROM ledger_act WHERE action = 'search'"
    ).fetchall()
    assert recorded == [("none", "policy_number", 0)] * 2


def test_the_budget_ends_and_says_so(group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "SEARCHES", replace(budgets.SEARCHES, an_hour=3))
    for _ in range(3):
        with unit(group.actor("basil"), "eligibility") as one:
            search(one, "policy_number", "NO-SUCH")
    with pytest.raises(SearchBudgetError), unit(group.actor("basil"), "eligibility") as one:
        search(one, "policy_number", "NO-SUCH")
    with unit(group.actor("chandra"), "eligibility") as one:
        assert search(one, "policy_number", "OX-1001") == [group.amina]
