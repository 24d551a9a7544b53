"""The demo world goes through the doors of real data, the same each time, and stays as it is when loaded again."""

import pytest

from amanat.accounts.service import current_code
from amanat.custody.actor import Actor
from amanat.custody.enrolled import known_by_policy_number
from amanat.custody.facts import Ask
from amanat.custody.unit import unit
from amanat.demo import load
from amanat.demo.load import sign_ins
from amanat.demo.people import AMINA, AMINAS_CHILD, RECORDS
from stage.databases import installed
from stage.demo import FEW, load_demo
from stage.server import Clone, Server

WEB = Actor(None, "web_system", "ama-ch", "oryx-energy", None, "")
Row = tuple[object, ...]


def rows(clone: Clone, query: str) -> list[Row]:
    with clone.connect("owner") as owner:
        return owner.execute(query).fetchall()  # type: ignore[arg-type]


EVERYTHING = "SELECT relname, n_live_tup FROM pg_stat_user_tables"


def counts(clone: Clone) -> dict[str, int]:
    tables = [str(name) for (name,) in rows(clone, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    every = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in tables)  # noqa: S608
    return dict(rows(clone, every))  # type: ignore[arg-type]


def test_the_group_its_clients_and_its_people_are_there(demo: Clone) -> None:
    found = counts(demo)
    assert (found["organisations_company"], found["organisations_client"]) == (12, 8)
    assert found["people_standing"] == found["keys_subject"] == FEW
    assert rows(demo, "SELECT DISTINCT company FROM organisations_client c JOIN organisations_company o"
                      " ON o.code = c.company WHERE o.country = c.country") != []  # fmt: skip


def test_every_roster_came_through_the_gateway_and_three_rows_were_sent_back(demo: Clone) -> None:
    told = rows(
        demo, "SELECT client, state, rejected, rows - rejected - known - taken FROM rosters_file ORDER BY client"
    )
    assert {state for _, state, *_ in told} == {"loaded"}
    assert [client for client, _, rejected, _ in told if rejected] == ["borealis-freight"]
    assert {refused for *_, refused in told} == {0}
    assert rows(demo, "SELECT count(*) FROM custody_sweep WHERE state <> 'done' OR cursor <> total") == [(0,)]


def test_every_dependant_belongs_to_somebody_who_is_here(demo: Clone) -> None:
    assert (
        rows(
            demo,
            "SELECT count(*), count(head.subject) FROM people_relation r LEFT JOIN people_standing head"
            " ON head.subject = r.other WHERE r.kind = 'dependant_of' HAVING count(*) <> count(head.subject)",
        )
        == []
    )


def test_those_who_keep_a_record_chose_to(demo: Clone) -> None:
    assert rows(demo, "SELECT count(DISTINCT subject) FROM choices_consentrecord") == [(RECORDS,)]
    assert rows(demo, "SELECT count(DISTINCT subject) FROM vault_folder WHERE folder = 'emergency'") == [(RECORDS,)]


def test_amina_is_found_and_read_by_the_desk(demo: Clone) -> None:
    amina = known_by_policy_number(WEB, [AMINA])[AMINA]
    desk = Actor(None, "assistance_coordinator", "ama-ch", None, None, "")
    with unit(desk, "eligibility") as one:
        handle = one.ask(Ask("view", ("name", "cover_status"), "eligibility"), [amina])
    assert handle.values(amina)["name"] == {"given": "Amina", "family": "Haddad"}


def test_a_childs_data_beyond_cover_and_identity_is_not_there(demo: Clone) -> None:
    """A client's word lets in no more of a minor (7.1)."""
    child = known_by_policy_number(WEB, [AMINAS_CHILD])[AMINAS_CHILD]
    told = rows(demo, f"SELECT count(*) FROM vault_folder WHERE subject = '{child}'")  # noqa: S608
    assert told == [(1,)]


def test_everybody_of_the_cast_can_sign_in(demo: Clone) -> None:
    for one in sign_ins():
        assert current_code(one.audience, one.email).digits.isdigit(), one.name


def test_loading_again_changes_nothing(demo: Clone) -> None:
    before = counts(demo)
    assert load_demo(demo) is False
    assert counts(demo) == before


def test_an_interrupted_load_is_finished_by_the_next(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    clone = server.clone()
    try:
        with installed(clone):
            with monkeypatch.context() as patch:
                patch.setattr(load, "load_accounts", _stop)
                with pytest.raises(KeyboardInterrupt):
                    load_demo(clone)
            assert counts(clone)["accounts_account"] == 0
            assert load_demo(clone) is True
            found = counts(clone)
    finally:
        server.drop(clone)
    assert (found["people_standing"], found["choices_consentrecord"] >= RECORDS) == (FEW, True)


def _stop(*_: object) -> None:
    raise KeyboardInterrupt
