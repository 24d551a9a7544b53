"""What the desk audience can reach."""

from amanat.portals.routes import SIGNED_IN, Audience, Route
from amanat.portals.sign_in import routes_for
from amanat.portals.welcome import welcome

ROUTES: tuple[Route, ...] = (
    *routes_for(Audience.DESK),
    Route("", welcome, "home", Audience.DESK, {"GET": SIGNED_IN}),
)
