"""What the desk audience can reach."""

from amanat.cases.lookup import PURPOSES
from amanat.portals.desk import cases, glass, intake, reports, sharing
from amanat.portals.routes import SIGNED_IN, Audience, Route
from amanat.portals.sign_in import routes_for
from amanat.vocabulary.needs import Need


def _in_case(action: str, *words: str) -> tuple[Need, ...]:
    """The same for whatever a case can be about."""
    return tuple(Need(action, purpose, words) for purpose in PURPOSES)


_CARD = ("name", "birth_year", "cover_status")
_FIND = Need("view", "eligibility", _CARD)
_CHOICE = Need("collect", "rights_fulfilment", ("consent_choice",))
_SEE = _in_case("view", "name", "contact", "event_location", "case_log")
_OPEN = (Need("use", "eligibility", _CARD), _FIND, _CHOICE, *_in_case("collect", "call_recording"))
_NOTE = (*_in_case("collect", "case_log", "event_location"), *_SEE)
_STEER = (*_in_case("collect", "case_log"), *_SEE)
_ANSWER = (_CHOICE, *_SEE)
_HEALTH = _in_case("view", "emergency_record")
_FORESEE = (Need("use", "case_coordination", ("personal",)), *_SEE)
_TELL = (
    Need("disclose", "case_coordination", ("personal",)),
    Need("disclose", "treatment", ("personal",)),
    *_in_case("disclose", "personal"),
    *_STEER,
)
_ASK = (Need("contact", "service_message", ("contact",)), *_HEALTH, *_SEE)
_MINIMUM = Need("view", "emergency_care", ("emergency_minimum",))
_LOOK = (_MINIMUM, *_SEE)
_BREAK = (*_in_case("collect", "case_log"), _MINIMUM, *_SEE)
_ABOUT_HEALTH = ("patient_support", "medical_advice", "emergency_care")
_REPORTS = tuple(Need("view", purpose, ("report",)) for purpose in _ABOUT_HEALTH)
_SENDERS = ("provider.medical", "medical_insurer")
_TAKE = (*(Need("receive", purpose, ("report",), sources=_SENDERS) for purpose in _ABOUT_HEALTH), *_REPORTS, *_SEE)
_CASE = "cases/<uuid:case>/"

ROUTES: tuple[Route, ...] = (
    *routes_for(Audience.DESK),
    Route("", cases.home, "home", Audience.DESK, {"GET": Need("view", "case_coordination", ("name",))}),
    Route("intake/", intake.intake, "intake", Audience.DESK, {"GET": SIGNED_IN, "POST": _FIND}),
    Route("intake/caller/", intake.caller, "caller", Audience.DESK, {"POST": _FIND}),
    Route("cases/open/", intake.open_case, "case_open", Audience.DESK, {"POST": _OPEN}),
    Route(_CASE, cases.case, "case", Audience.DESK, {"GET": _SEE, "POST": _NOTE}),
    Route(f"{_CASE}emergency/", cases.emergency, "emergency", Audience.DESK, {"GET": _SEE, "POST": _STEER}),
    Route(f"{_CASE}close/", cases.close, "case_close", Audience.DESK, {"GET": _SEE, "POST": _STEER}),
    Route(f"{_CASE}answer/", cases.answer, "answer", Audience.DESK, {"GET": _SEE, "POST": _ANSWER}),
    Route(f"{_CASE}health/", sharing.health, "health", Audience.DESK, {"GET": _HEALTH}),
    Route(f"{_CASE}reports/", reports.reports, "reports", Audience.DESK, {"GET": _REPORTS, "POST": _TAKE}),
    Route(f"{_CASE}share/", sharing.share, "share", Audience.DESK, {"GET": _SEE}),
    Route(f"{_CASE}share/preview/", sharing.preview, "share_preview", Audience.DESK, {"POST": _FORESEE}),
    Route(f"{_CASE}share/send/", sharing.send, "share_send", Audience.DESK, {"POST": _TELL}),
    Route(f"{_CASE}ask/", sharing.ask, "ask", Audience.DESK, {"POST": _ASK}),
    Route(f"{_CASE}glass/", glass.glass, "glass", Audience.DESK, {"GET": _LOOK}),
    Route(f"{_CASE}glass/open/", glass.open_glass, "glass_open", Audience.DESK, {"GET": _SEE, "POST": _BREAK}),
    Route(f"{_CASE}glass/close/", glass.close_glass, "glass_close", Audience.DESK, {"GET": _SEE, "POST": _STEER}),
)
