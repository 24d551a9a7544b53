"""What the privacy audience can reach."""

from amanat.portals.privacy import health, home, journal, letters, oversight, reviews
from amanat.portals.routes import Access, Audience, Route
from amanat.portals.sign_in import routes_for
from amanat.vocabulary.needs import Need

_QUEUE = Need("view", "rights_fulfilment", ("case_log",))
_JUDGE = Need("view", "rights_fulfilment", ("case_log",), roles=("privacy_officer",))
_LETTER = tuple(Need("view", kind, (kind, "email")) for kind in ("enquiry", "complaint"))
_ANSWERED = tuple(Need("store", kind, (kind,)) for kind in ("enquiry", "complaint"))

ROUTES: tuple[Route, ...] = (
    *routes_for(Audience.PRIVACY),
    Route("", home.home, "home", Audience.PRIVACY, {"GET": Access.JOURNAL}),
    Route("journal/", journal.journal, "journal", Audience.PRIVACY, {"GET": Access.JOURNAL}),
    Route("journal/<uuid:act>/", journal.act, "act", Audience.PRIVACY, {"GET": Access.JOURNAL}),
    Route("journal/<uuid:act>/replay/", journal.replay, "replay", Audience.PRIVACY, {"GET": Access.JOURNAL}),
    Route("letters/", letters.letters, "letters", Audience.PRIVACY, {"GET": Access.LIST}),
    Route("letters/<uuid:letter>/", letters.letter, "letter", Audience.PRIVACY, {"GET": _LETTER, "POST": _ANSWERED}),
    Route("health/", health.health, "health", Audience.PRIVACY, {"GET": Access.JOURNAL}),
    Route("oversight/", oversight.flags, "oversight", Audience.PRIVACY, {"GET": Access.JOURNAL}),
    Route("oversight/<uuid:act>/", oversight.judge, "verdict", Audience.PRIVACY, {"POST": Access.VERDICT}),
    Route("reviews/", reviews.reviews, "reviews", Audience.PRIVACY, {"GET": _QUEUE}),
    Route("reviews/<uuid:glass>/", reviews.judge, "review", Audience.PRIVACY, {"GET": _QUEUE, "POST": _JUDGE}),
)
