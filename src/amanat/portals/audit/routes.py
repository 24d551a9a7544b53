"""What the audit audience can reach."""

from amanat.portals.audit import room
from amanat.portals.routes import Access, Audience, Route
from amanat.portals.sign_in import routes_for

_SAMPLE = "samples/<uuid:sample>/"
_DECISION = "decisions/<uuid:act>/"

ROUTES: tuple[Route, ...] = (
    *routes_for(Audience.AUDIT),
    Route("", room.home, "home", Audience.AUDIT, {"GET": Access.JOURNAL, "POST": Access.SAMPLE}),
    Route(_SAMPLE, room.sample, "sample", Audience.AUDIT, {"GET": Access.JOURNAL}),
    Route(f"{_SAMPLE}evidence.json", room.evidence, "evidence", Audience.AUDIT, {"GET": Access.JOURNAL}),
    Route("decisions/", room.find, "find", Audience.AUDIT, {"GET": Access.JOURNAL}),
    Route(_DECISION, room.decision, "decision", Audience.AUDIT, {"GET": Access.JOURNAL}),
    Route(f"{_DECISION}proof/<int:leaf>/", room.proof, "proof", Audience.AUDIT, {"GET": Access.JOURNAL}),
    Route(f"{_DECISION}replay/", room.replay, "replay", Audience.AUDIT, {"GET": Access.JOURNAL}),
)
