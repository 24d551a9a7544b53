"""What the public audience can reach."""

from amanat.portals.languages import switch_language
from amanat.portals.routes import OPEN, Audience, Route

ROUTES: tuple[Route, ...] = (
    Route("language/<str:code>/", switch_language, "language", Audience.PUBLIC, {"GET": OPEN}),
)
