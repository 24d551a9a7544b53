"""Every act of every page in these tests is one that its route declares: what is declared is what is done.

The inventory, and the search for a clause behind each way in, stand on the declarations; here they are held to the
acts that custody records while a request is answered.
"""

from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse

from amanat.custody.facts import Ask
from amanat.custody.unit import Unit
from amanat.portals.door import Door
from amanat.portals.routes import Route, needs_in
from amanat.vocabulary.needs import Need, data_in
from amanat.vocabulary.terms import ACTION, FIELD_LEAF

_here: ContextVar[tuple[Route, str] | None] = ContextVar("the route that is being answered", default=None)


def _covers(needs: Iterable[Need], ask: Ask) -> bool:
    """Whether the needs for this action and purpose name all data, or the leaves these are in. Counts name no datum."""
    fitting = [need for need in needs if (need.action, need.purpose) == (ask.action, ask.purpose)]
    named = {part for need in fitting for word in need.categories for pair in data_in(word) for part in pair}
    return bool(fitting) and (
        ask.action == "aggregate" or all({word, FIELD_LEAF.get(word)} & named for word in ask.words)
    )


def _undeclared(ask: Ask) -> str:
    """What is wrong with an act on this page. A search or a replay is no action of the vocabulary and opens nothing."""
    here = _here.get()
    if here is None or ask.action not in ACTION.bit:
        return ""
    route, method = here
    if _covers(needs_in(route.methods["GET" if method == "HEAD" else method]), ask):
        return ""
    return f"{route.full_name} {method} does {ask.action} {', '.join(ask.words)} for {ask.purpose}, undeclared"


@pytest.fixture(autouse=True)
def what_is_done_is_declared(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    found: set[str] = set()
    answer, act_of = Door.__call__, Unit.act_of

    def watched(door: Door, request: HttpRequest, **path: Any) -> HttpResponse:
        token = _here.set((door.route, str(request.method)))
        try:
            return answer(door, request, **path)
        finally:
            _here.reset(token)

    def noted(unit: Unit, ask: Ask, *rest: Any) -> Any:
        found.add(_undeclared(ask))
        return act_of(unit, ask, *rest)

    monkeypatch.setattr(Door, "__call__", watched)
    monkeypatch.setattr(Unit, "act_of", noted)
    yield
    assert sorted(found - {""}) == []


@pytest.fixture
def undeclared() -> Callable[[Route, str, Ask], str]:
    """What the guard says of an act on a route."""

    def told(route: Route, method: str, ask: Ask) -> str:
        token = _here.set((route, method))
        try:
            return _undeclared(ask)
        finally:
            _here.reset(token)

    return told
