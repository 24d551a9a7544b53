"""What a person sees when something goes wrong: one table from kind of error to status and page.

An error page looks the same whoever asks: it shows no account, no path and no token, so absent and foreign things give
the same bytes. Whatever the table does not know is opaque and carries an incident number.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string

from amanat.errors import AmanatError, Effect, Kind
from amanat.portals import incidents
from amanat.portals.frame import Frame, audience_of


@dataclass(frozen=True)
class Problem:
    """A status and its page. `detail`: the error's own words are fit for people. `incident`: it is our fault."""

    status: int
    page: str
    detail: bool = False
    incident: bool = False


PROBLEMS: Final[Mapping[Kind, Problem]] = {
    Kind.MALFORMED: Problem(400, "errors/400.html", detail=True),
    Kind.UNAUTHENTICATED: Problem(403, "errors/403.html"),
    Kind.REFUSED: Problem(403, "errors/refused.html", detail=True),
    Kind.UNDECIDABLE: Problem(403, "errors/refused.html", detail=True),
    Kind.NOT_FOUND: Problem(404, "errors/404.html"),
    Kind.CONFLICT: Problem(409, "errors/409.html", detail=True),
    Kind.GONE: Problem(404, "errors/404.html"),
    Kind.RATE_LIMITED: Problem(429, "errors/429.html", detail=True),
    Kind.INTEGRITY: Problem(500, "errors/500.html", incident=True),
    Kind.UNAVAILABLE: Problem(503, "errors/503.html", incident=True),
}

# Errors of the framework that have a kind of ours; everything else is opaque.
_FOREIGN: Final[tuple[tuple[type[Exception], Kind], ...]] = (
    (Http404, Kind.NOT_FOUND),
    (PermissionDenied, Kind.UNAUTHENTICATED),
    (SuspiciousOperation, Kind.MALFORMED),
    (BadRequest, Kind.MALFORMED),
    (MultiPartParserError, Kind.MALFORMED),
    (OperationalError, Kind.UNAVAILABLE),
    (InterfaceError, Kind.UNAVAILABLE),
)
_BEFORE_THE_VIEW: Final = (Http404, PermissionDenied, SuspiciousOperation, BadRequest, MultiPartParserError)
_OPAQUE: Final = PROBLEMS[Kind.INTEGRITY]
_METHOD: Final = Problem(405, "errors/405.html")
_TOO_LARGE: Final = Problem(413, "errors/413.html")


def answer(request: HttpRequest, error: Exception) -> HttpResponse:
    """The page for `error`. Notes an incident when the fault is ours."""
    problem = _problem_of(error)
    facts: dict[str, Any] = {"retry_after": getattr(error, "retry_after", None)}
    if problem.detail and isinstance(error, AmanatError):
        facts["detail"] = str(error)
    if problem.incident:
        facts["incident"] = incidents.note(error)
    changing = request.method not in {"GET", "HEAD", "OPTIONS"}
    facts["ask_again"] = changing and effect_of(error) is Effect.ASK
    response = _page(request, problem, facts)
    if changing:
        response["Amanat-Effect"] = effect_of(error).value
    return response


def effect_of(error: Exception) -> Effect:
    """What an error says of the change that was asked for.

    The framework refuses before a view begins. Anything else may have come after a commit, or instead of its answer.
    """
    if isinstance(error, AmanatError):
        return error.effect
    return Effect.NOT_DONE if isinstance(error, (RequestDataTooBig, *_BEFORE_THE_VIEW)) else Effect.ASK


def method_not_allowed(request: HttpRequest, allowed: list[str]) -> HttpResponse:
    response = _page(request, _METHOD, {})
    response["Allow"] = ", ".join(allowed)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's `handler400`."""
    return answer(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's `handler404`."""
    return answer(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's `handler500`, for what breaks outside every view."""
    error = sys.exc_info()[1]
    return answer(request, error if isinstance(error, Exception) else RuntimeError())


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django's signature
    """Django's `CSRF_FAILURE_VIEW` and `handler403`: why a token failed is nobody's business."""
    return _page(request, PROBLEMS[Kind.UNAUTHENTICATED], {})


def _problem_of(error: Exception) -> Problem:
    if isinstance(error, AmanatError):
        return PROBLEMS[error.kind]
    if isinstance(error, RequestDataTooBig):
        return _TOO_LARGE
    return next((PROBLEMS[kind] for foreign, kind in _FOREIGN if isinstance(error, foreign)), _OPAQUE)


def _page(request: HttpRequest, problem: Problem, facts: dict[str, Any]) -> HttpResponse:
    frame = Frame(audience_of(request.path))
    content = render_to_string(problem.page, {"frame": Frame(frame.audience, frame.home), **facts})
    response = HttpResponse(content, status=problem.status)
    if retry_after := facts.get("retry_after"):
        response["Retry-After"] = str(retry_after)
    return response
