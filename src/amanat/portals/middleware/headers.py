"""The headers that every answer carries, errors and redirects included.

Django and django-csp set most of them (`settings`); this adds what they leave out. It stands outermost, so no answer
leaves without them.
"""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from amanat.portals.frame import audience_of

# Nothing here needs a sensor, a camera or a payment; a page that does will say so in a decision record. Only names
# that browsers know: each other one is a warning on every page, and forbids nothing.
_PERMISSIONS: Final = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "hid",
        "idle-detection", "magnetometer", "microphone", "midi", "payment", "screen-wake-lock", "serial", "usb",
        "xr-spatial-tracking",
    )
)  # fmt: skip


class Headers:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response["Permissions-Policy"] = _PERMISSIONS
        if audience_of(request.path) == "public":
            response.headers.setdefault("Cache-Control", "no-store")
        else:
            response["Cache-Control"] = "no-store"
            response["X-Robots-Tag"] = "noindex"
        return response
