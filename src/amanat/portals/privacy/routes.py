"""What the privacy audience can reach."""

from amanat.portals.privacy import reviews
from amanat.portals.routes import SIGNED_IN, Audience, Need, Route
from amanat.portals.sign_in import routes_for
from amanat.portals.welcome import welcome

_QUEUE = Need("view", "rights_fulfilment", ("case_log",))
_JUDGE = Need("use", "rights_fulfilment", ("case_log",))

ROUTES: tuple[Route, ...] = (
    *routes_for(Audience.PRIVACY),
    Route("", welcome, "home", Audience.PRIVACY, {"GET": SIGNED_IN}),
    Route("reviews/", reviews.reviews, "reviews", Audience.PRIVACY, {"GET": _QUEUE}),
    Route("reviews/<uuid:glass>/", reviews.judge, "review", Audience.PRIVACY, {"GET": _QUEUE, "POST": _JUDGE}),
)
