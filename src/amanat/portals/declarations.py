"""Start-up checks over the route table: what is not declared, or declared in unknown words, does not start.

They are Django system checks, so `manage check` shows them all at once, each naming the route and the mend.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.checks import CheckMessage, Error
from django.urls import URLPattern, URLResolver, get_resolver

from amanat.portals.door import Door
from amanat.portals.routes import (
    METHODS,
    SAFE,
    STRANGERS,
    UNSAFE_ACCESS,
    Access,
    Audience,
    Declaration,
    Route,
    needs_in,
)
from amanat.vocabulary.needs import Need, faults_of


def check_portals(**_: Any) -> list[CheckMessage]:
    """The check that Django runs, over the real table and the real addresses."""
    from amanat.portals.table import TABLE  # noqa: PLC0415  # views import models, which are ready by now

    return [*check_table(TABLE), *check_patterns(get_resolver().url_patterns, TABLE)]


def check_patterns(patterns: Iterable[URLPattern | URLResolver], table: Iterable[Route]) -> Iterator[CheckMessage]:
    """Every address leads to the door of a route in the table."""
    known = set(map(id, table))
    for pattern in _flatten(patterns):
        door = pattern.callback
        if not isinstance(door, Door) or id(door.route) not in known:
            yield Error(
                f"the address `{pattern.pattern}` leads to no declared route",
                hint="add a Route to the audience's routes.py instead of a URL pattern",
                id="amanat.E001",
            )


def check_table(table: Iterable[Route]) -> Iterator[CheckMessage]:
    routes = list(table)
    for route in routes:
        yield from _check_methods(route)
        yield from _check_words(route)
    names = Counter(route.full_name for route in routes) + Counter(_address(route) for route in routes)
    for name, times in names.items():
        if times > 1:
            yield Error(f"`{name}` is declared {times} times", hint="keep one of them", id="amanat.E006")


def _check_methods(route: Route) -> Iterator[CheckMessage]:
    known = {method: declared for method, declared in route.methods.items() if method in METHODS}
    if not known or len(known) != len(route.methods):
        yield _error(route, "declares no method, or one that is not known", f"use {sorted(METHODS)}", "E002")
    for method in sorted(_spoken_of(route) - known.keys()):
        yield _error(route, f"has a view that takes {method}, undeclared", f"declare what {method} needs", "E003")
    reading = {_main(declared) for method, declared in known.items() if method in SAFE}
    changing = {_main(declared) for method, declared in known.items() if method not in SAFE}
    if reading & changing:
        yield _error(route, "reads and changes under one declaration", "give the change a Need of its own", "E004")
    if any(declared in UNSAFE_ACCESS for declared in reading) or any(_is_reading(d) for d in changing):
        yield _error(route, "has an access that does not fit its method", "see routes.Access", "E004")
    if route.audience is Audience.PUBLIC and set(known.values()) - STRANGERS:
        yield _error(route, "asks for a sign-in in public", "move it to an audience that signs in", "E004")


def _check_words(route: Route) -> Iterator[CheckMessage]:
    for need in dict.fromkeys(need for declared in route.methods.values() for need in needs_in(declared)):
        for fault in faults_of(need):
            yield _error(route, f"declares {need}: {fault}", "use the words of amanat.vocabulary.terms", "E005")


def _main(declared: Declaration) -> Need | Access | None:
    """What a method is there for; nothing, if it declares an empty list."""
    return declared if isinstance(declared, Need | Access) else next(iter(declared), None)


def _is_reading(declared: Need | Access | None) -> bool:
    return not isinstance(declared, Need) and declared not in UNSAFE_ACCESS


def _spoken_of(route: Route) -> frozenset[str]:
    """The methods a view's own code names. The door refuses the undeclared anyway; this finds the forgotten."""
    code = getattr(route.view, "__code__", None)
    return METHODS & {*code.co_names, *code.co_consts} if code else frozenset()


def _address(route: Route) -> str:
    return route.audience.prefix + route.path


def _flatten(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _flatten(pattern.url_patterns)
        else:
            yield pattern


def _error(route: Route, fault: str, mend: str, number: str) -> Error:
    return Error(f"the route `{route.full_name}` {fault}", hint=mend, id=f"amanat.{number}")
