"""All routes of all audiences, and the URL patterns made from them and from nothing else."""

from collections.abc import Iterable
from typing import Final

from django.urls import URLResolver, include, path

from amanat.portals.audit.routes import ROUTES as AUDIT
from amanat.portals.client.routes import ROUTES as CLIENT
from amanat.portals.desk.routes import ROUTES as DESK
from amanat.portals.door import Door
from amanat.portals.member.routes import ROUTES as MEMBER
from amanat.portals.privacy.routes import ROUTES as PRIVACY
from amanat.portals.public.routes import ROUTES as PUBLIC
from amanat.portals.routes import Audience, Route

TABLE: Final[tuple[Route, ...]] = (*PUBLIC, *MEMBER, *DESK, *CLIENT, *PRIVACY, *AUDIT)


def url_patterns(table: Iterable[Route]) -> list[URLResolver]:
    """One namespace for each audience, under its prefix, so a page is named `desk:case`."""
    routes = list(table)
    return [_space(audience, [route for route in routes if route.audience is audience]) for audience in Audience]


def _space(audience: Audience, routes: Iterable[Route]) -> URLResolver:
    patterns = [path(route.path, Door(route), name=route.name) for route in routes]
    return path(audience.prefix.lstrip("/"), include((patterns, audience.value)))
