"""The inventory of the shipped platform has no errors; a way in that hides what it does is found."""

import importlib
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from django.http import HttpRequest, HttpResponse

from amanat.cli.inventory import _callbacks, commands_in
from amanat.cli.inventory import inventory as command
from amanat.custody import letters
from amanat.inventory.collect import inventory_of_platform
from amanat.inventory.doors import opens_custody
from amanat.inventory.platform import duties_in, routes_in
from amanat.inventory.registers import EVIDENCE, MEASURES
from amanat.portals.routes import OPEN, SIGNED_IN, Audience, Declaration, Route
from amanat.portals.table import TABLE
from amanat.rights import service
from amanat.rosters.entering import _values
from amanat.rosters.rows import Relation, RosterRow
from amanat.rosters.service import LEAVES
from amanat.statement.compile import Statement, load_statement
from amanat.statement.coverage import uncovered, uncovered_entry_points
from amanat.statement.inventory import EntryPoint, Inventory, read_inventory, write_inventory
from amanat.vocabulary.needs import Need
from amanat.vocabulary.terms import ROOT_VERB
from amanat.worker.duties import DUTIES, Duty

ROOT = Path(__file__).parents[3]

COUNTING = ["diff", "statement publish"]


@pytest.fixture(scope="module")
def ama() -> Statement:
    return load_statement("ama")


@pytest.fixture(scope="module")
def shipped(ama: Statement) -> Inventory:
    return inventory_of_platform(ama, list(commands_in(ama)))


def _errors(statement: Statement, *entry_points: Iterable[EntryPoint]) -> list[str]:
    listed = tuple(one for group in entry_points for one in group)
    found = Inventory(1, statement.name, statement.version, statement.digest, listed)
    return [one.message for one in uncovered_entry_points(statement, found)]


def test_the_shipped_platform_has_no_errors(ama: Statement, shipped: Inventory) -> None:
    assert [one.message for one in uncovered(ama, shipped) if one.level == "error"] == []


def test_every_method_of_every_route_every_duty_and_command_is_told(shipped: Inventory) -> None:
    told = {(one.kind, one.name, one.method) for one in shipped.entry_points}
    assert {("route", route.full_name, method) for route in TABLE for method in route.methods} <= told
    assert {("duty", duty.name, "") for duty in DUTIES} <= told
    assert {("command", "roster load", ""), ("command", "decide", "")} <= told
    assert len(told) == len(shipped.entry_points)


@pytest.mark.clause("0.5")
def test_everything_that_touches_data_declares_one_root_verb(shipped: Inventory) -> None:
    acts = [(one.name, act) for one in shipped.entry_points for act in one.acts]
    assert len(acts) > 40
    for name, act in acts:
        assert act.root == ROOT_VERB[act.action], name
        assert act.root in {"collect", "hold", "use", "disclose"}, name
    for one in shipped.entry_points:
        assert one.acts or one.access or one.kind in {"command", "duty"}, one.name


def test_what_is_open_to_all_does_not_come_near_the_door(shipped: Inventory) -> None:
    """A page that anyone may read and that reaches custody would be the one to look at first."""
    reading = [one for one in shipped.entry_points if one.audience == "public" and one.method == "GET"]
    assert [one.name for one in reading if one.opens_custody] == ["public:feedback"], "its form posts a letter"


def test_equal_inventories_are_equal_bytes(ama: Statement, shipped: Inventory) -> None:
    again = inventory_of_platform(ama, list(commands_in(ama)))
    assert write_inventory(again) == write_inventory(shipped)
    assert read_inventory(write_inventory(shipped)) == shipped


def _hiding(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(service.board_of(request.actor)))  # type: ignore[attr-defined]


def _inner(request: HttpRequest) -> HttpResponse:
    def open_it() -> object:
        from amanat.rights.service import board_of  # noqa: PLC0415  # hidden one step deeper

        return board_of(request.actor)  # type: ignore[attr-defined]

    return HttpResponse(str(open_it()))


def _open_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.path)


def _route(view: Any, declared: Declaration, audience: Audience = Audience.DESK) -> Route:
    view.__module__ = "amanat.portals.planted"
    return Route("x/", view, "x", audience, {"GET": declared})


@pytest.mark.parametrize("view", [_hiding, _inner])
@pytest.mark.parametrize("declared", [OPEN, SIGNED_IN])
def test_a_page_that_reaches_personal_data_undeclared_is_found(
    view: Any, declared: Declaration, ama: Statement
) -> None:
    (told,) = _errors(ama, routes_in(ama.policy, [_route(view, declared)]))
    assert told == "route `desk:x` GET touches personal data and declares no action"


def test_a_page_that_reaches_nothing_needs_no_declaration(ama: Statement) -> None:
    assert _errors(ama, routes_in(ama.policy, [_route(_open_page, OPEN)])) == []


@pytest.mark.parametrize(
    ("need", "audience"),
    [
        (Need("use", "advertising_offsite", ("report",)), Audience.DESK),
        (Need("view", "treatment", ("report",)), Audience.CLIENT),
        (Need("view", "eligibility", ("name", "report")), Audience.PRIVACY),
    ],
)
def test_a_page_that_no_clause_permits_to_its_audience_is_found(need: Need, audience: Audience, ama: Statement) -> None:
    assert any("no clause could permit `report`" in one for one in _errors(
        ama, routes_in(ama.policy, [_route(_open_page, need, audience)])
    ))  # fmt: skip


def test_a_duty_that_hides_what_it_does_is_found(ama: Statement) -> None:
    hiding = Duty("hide", 1.0, lambda: 0)
    assert _errors(ama, duties_in(ama.policy, [hiding])) == []
    sending = next(one for one in DUTIES if one.name == "send")
    (told,) = _errors(ama, duties_in(ama.policy, [replace(sending, needs=())]))
    assert told == "duty `send` touches personal data and declares no action"


def test_the_walk_finds_the_door_where_it_is_and_only_there() -> None:
    assert opens_custody(service.board_of)
    assert opens_custody(letters.post_letter)
    assert [name for name, callback in _callbacks() if name in COUNTING and opens_custody(callback)] == COUNTING
    assert not opens_custody(load_statement)
    assert not opens_custody(json.dumps)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda one: one.clause)
def test_each_measure_names_code_and_a_test_that_exist(measure: Any) -> None:
    module, _, name = measure.control.partition(":")
    assert callable(getattr(importlib.import_module(module), name))
    assert (ROOT / measure.check).is_file()


def test_evidence_and_controls_name_pages_that_exist(shipped: Inventory) -> None:
    pages = {route.full_name for route in TABLE}
    named = [one.place for one in EVIDENCE]
    named += [place for one in shipped.choices for place in (one.given, one.withdrawn) if place]
    assert set(named) <= pages


def test_a_roster_declares_exactly_the_leaves_that_it_stores() -> None:
    day = date(2027, 1, 1)
    texts = dict.fromkeys(("given_name", "family_name", "country", "policy_number", "gender", "nationality", "email",
                           "phone_work", "phone_home", "language", "employee_number", "scheme", "mobility_status",
                           "industry_sector", "trip_country"), "CH")  # fmt: skip
    days: dict[str, Any] = dict.fromkeys(("birth_date", "cover_from", "trip_from", "trip_until"), day)
    rows = [RosterRow(line=1, relation=one, **texts, **days) for one in (Relation.EMPLOYEE, Relation.DEPENDANT)]
    owner: Any = SimpleNamespace(name="Oryx")
    assert {leaf for row in rows for leaf in _values(row, owner)} == set(LEAVES)


def test_the_command_writes_the_file_and_prints_a_table(tmp_path: Path, shipped: Inventory) -> None:
    out = tmp_path / "inventory.json"
    done = CliRunner().invoke(command, ["--out", str(out)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert read_inventory(out.read_text(encoding="utf-8")).entry_points == shipped.entry_points
    row = next(line for line in done.output.splitlines() if line.startswith("desk:share_send POST"))
    assert "disclose: disclose" in row
    assert "6.10" in row


def test_the_command_ends_with_1_where_something_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "planted_house.py").write_text(
        "from amanat.governed import governed\ngoverned(action='use', data=['report'], purpose='newsletter')\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)
    done = CliRunner().invoke(command, ["planted_house"], catch_exceptions=False)
    assert done.exit_code == 1
    assert "error L13: function `planted_house` cannot be read: no clause of ama" in done.output
    as_json = CliRunner().invoke(command, ["--json", "planted_house"], catch_exceptions=False)
    assert json.loads(as_json.output)["entry_points"][0]["fault"]


def test_a_version_that_drops_a_clause_is_found_before_it_is_in_force(ama: Statement, shipped: Inventory) -> None:
    rules = tuple(rule for rule in ama.policy.rules if rule.section != "C.2")
    found = uncovered_entry_points(replace(ama, policy=replace(ama.policy, rules=rules)), shipped)
    told = {one.message.split("`")[1] for one in found}
    assert told == {"public:feedback", "privacy:letter"}
