"""What the start-up checks refuse: each planted fault is found, and the real table has none."""

from collections.abc import Mapping

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path

from amanat.portals import table
from amanat.portals.declarations import check_patterns, check_table
from amanat.portals.routes import OPEN, SIGNED_IN, Access, Audience, Declaration, Route
from amanat.portals.table import TABLE, url_patterns
from amanat.vocabulary.needs import Need

READ = Need("view", "case_coordination", ("name",))
CHANGE = Need("collect", "case_coordination", ("case_log",))


def _page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.path)


def _form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.POST["name"] if request.method == "POST" else "")


def _route(methods: Mapping[str, Declaration], view=_page, audience: Audience = Audience.DESK) -> Route:  # noqa: ANN001
    return Route("x/", view, "x", audience, methods)


def _ids(*routes: Route) -> set[str]:
    return {str(fault.id) for fault in check_table(routes)}


def test_the_real_table_is_without_fault() -> None:
    call_command("check")


@pytest.mark.parametrize(("methods", "fault"), [
    ({}, "E002"),
    ({"BREW": READ}, "E002"),
    ({"GET": READ, "POST": READ}, "E004"),
    ({"POST": OPEN}, "E004"),
    ({"POST": SIGNED_IN}, "E004"),
    ({"GET": Access.SIGN_OUT}, "E004"),
    ({"GET": Need("peek", "case_coordination", ("name",))}, "E005"),
    ({"GET": Need("view", "curiosity", ("name",))}, "E005"),
    ({"GET": Need("view", "case_coordination", ("shoe_size",))}, "E005"),
    ({"GET": Need("view", "case_coordination", ())}, "E005"),
    ({"GET": Need("View", "case_coordination", ("name",))}, "E005"),
    ({"GET": Need("view", "case_coordination", ("name",), roles=("boss",))}, "E005"),
    ({"POST": Access.JOURNAL}, "E004"),
    ({"GET": READ, "POST": (READ, CHANGE)}, "E004"),
    ({"POST": ()}, "E004"),
    ({"GET": READ, "POST": (CHANGE, Need("peek", "case_coordination", ("name",)))}, "E005"),
])  # fmt: skip
def test_a_faulty_declaration_is_named(methods: Mapping[str, Declaration], fault: str) -> None:
    assert f"amanat.{fault}" in _ids(_route(methods))


def test_a_sound_declaration_passes() -> None:
    assert _ids(_route({"GET": READ, "POST": CHANGE}, _form)) == set()
    assert _ids(_route({"GET": READ, "POST": (CHANGE, READ)}, _form)) == set(), "it reads what it changed"
    assert _ids(_route({"GET": SIGNED_IN, "POST": READ}, _form)) == set(), "a search reads by POST"


def test_a_view_that_takes_a_form_has_to_declare_it() -> None:
    assert "amanat.E003" in _ids(_route({"GET": READ}, _form))


def test_a_public_page_asks_for_no_sign_in() -> None:
    assert "amanat.E004" in _ids(_route({"GET": READ}, audience=Audience.PUBLIC))


def test_one_name_or_address_stands_once() -> None:
    twice = _route({"GET": READ})
    assert "amanat.E006" in _ids(twice, twice)


def test_an_address_that_is_not_in_the_table_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    stray: list[URLPattern | URLResolver] = [path("stray/", _page)]
    assert [fault.id for fault in check_patterns(stray, TABLE)] == ["amanat.E001"]
    undeclared = url_patterns([_route({"GET": READ})])
    assert [fault.id for fault in check_patterns(undeclared, TABLE)] == ["amanat.E001"]


def test_an_undeclared_route_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    patterns = get_resolver().url_patterns
    monkeypatch.setattr(get_resolver(), "url_patterns", [*patterns, path("stray/", _page)])
    with pytest.raises(SystemCheckError, match=r"amanat\.E001"):
        call_command("check")


def test_an_unknown_word_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    faulty = _route({"GET": Need("peek", "case_coordination", ("name",))})
    monkeypatch.setattr(table, "TABLE", (*TABLE, faulty))
    with pytest.raises(SystemCheckError, match="peek"):
        call_command("check")
