"""What the client audience can reach."""

from amanat.portals.client import counts, home, rosters
from amanat.portals.routes import SIGNED_IN, Access, Audience, Route
from amanat.portals.sign_in import routes_for
from amanat.rosters.service import GATEWAY, LEAVES, PURPOSE
from amanat.vocabulary.needs import Need

_COUNTS = (
    Need("view", "client_reporting", ("aggregate",)),
    Need("aggregate", "client_reporting", ("entitlement", "itinerary"), (GATEWAY,)),
)
_SEND = Need("receive", PURPOSE, LEAVES, (GATEWAY,), channels=("client_feed",))

ROUTES: tuple[Route, ...] = (
    *routes_for(Audience.CLIENT),
    Route("", home.home, "home", Audience.CLIENT, {"GET": _COUNTS}),
    Route("rosters/", rosters.rosters, "rosters", Audience.CLIENT, {"GET": Access.LIST, "POST": _SEND}),
    Route("rosters/<uuid:file>/", rosters.roster, "roster", Audience.CLIENT, {"GET": Access.LIST}),
    Route("counts/", counts.counts, "counts", Audience.CLIENT, {"GET": _COUNTS}),
    Route("counts/method/", counts.method, "counts_method", Audience.CLIENT, {"GET": SIGNED_IN}),
)
