"""What the public audience can reach."""

from amanat.portals.routes import Route

ROUTES: tuple[Route, ...] = ()
