"""What the public audience can reach."""

from amanat.portals.languages import switch_language
from amanat.portals.public import health, home, letters, log, questions, statement, versions
from amanat.portals.routes import OPEN, Access, Audience, Route

_READ = {"GET": OPEN}
_WRITE = {"GET": OPEN, "POST": Access.LETTER}

ROUTES: tuple[Route, ...] = (
    Route("", home.home, "home", Audience.PUBLIC, _READ),
    Route("statement/", statement.page, "statement", Audience.PUBLIC, _READ),
    Route("statement/words/", statement.words, "words", Audience.PUBLIC, _READ),
    Route("statement/words/<str:kind>/<str:term>/", statement.word, "word", Audience.PUBLIC, _READ),
    Route("statement/versions/", versions.versions, "versions", Audience.PUBLIC, _READ),
    Route("statement/versions/<str:digest>/", statement.page, "version", Audience.PUBLIC, _READ),
    Route("statement/versions/<str:digest>/changes/", versions.changes, "changes", Audience.PUBLIC, _READ),
    Route("statement/proofs/", versions.proofs, "proofs", Audience.PUBLIC, _READ),
    Route("can-they/", questions.can_they, "can_they", Audience.PUBLIC, _READ),
    Route("contacts/", home.contacts, "contacts", Audience.PUBLIC, _READ),
    Route("health/", health.health, "health", Audience.PUBLIC, _READ),
    Route("ledger/keys", log.keys, "log_keys", Audience.PUBLIC, _READ),
    Route("ledger/<str:company>/checkpoint", log.checkpoint, "checkpoint", Audience.PUBLIC, _READ),
    Route("ledger/<str:company>/tile/entries/<tile:place>", log.entries, "bundle", Audience.PUBLIC, _READ),
    Route("ledger/<str:company>/tile/<int:level>/<tile:place>", log.tile, "tile", Audience.PUBLIC, _READ),
    Route("feedback/", letters.write, "feedback", Audience.PUBLIC, _WRITE),
    Route("feedback/received/", letters.received, "received", Audience.PUBLIC, _READ),
    Route("language/<str:code>/", switch_language, "language", Audience.PUBLIC, _READ),
)
