"""Plain http is answered to this machine alone; anything further away has to come by https.

A redirect would be kinder and too late: the request has already crossed the network in clear.
"""

from collections.abc import Callable
from ipaddress import ip_address

from django.http import HttpRequest, HttpResponse

from amanat.errors import MalformedError
from amanat.portals import problems


class PlainTransportError(MalformedError):
    """Over the network this site answers https only."""


class Transport:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.is_secure() or _is_loopback(request.get_host()):
            return self._get_response(request)
        return problems.answer(request, PlainTransportError())


def _is_loopback(host: str) -> bool:
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False
