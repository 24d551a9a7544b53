"""The door of every route: which session is read, who may pass, and what a stranger is told.

Each audience has a cookie of its own and its URL space reads that one alone, so a member's session is nothing at the
desk. What a route does not declare is refused before its view is asked.
"""

import time
from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from amanat.accounts import sessions
from amanat.accounts.sessions import SignedIn
from amanat.custody.actor import Actor
from amanat.custody.unit import run
from amanat.errors import AmanatError
from amanat.organisations.names import company_name
from amanat.portals import frame, problems
from amanat.portals.evening import even_out
from amanat.portals.routes import STRANGERS, Audience, PortalRequest, Route


def cookie_name(audience: Audience) -> str:
    return f"__Host-amanat-{audience}"


def session_secret(request: HttpRequest, audience: Audience) -> str:
    """The secret in this audience's cookie, empty when there is none."""
    return request.COOKIES.get(cookie_name(audience), "")


class Door:
    """The callable behind a URL pattern. It carries its route, so that checks can see what stands behind it.

    A view that lost against another's lock is asked again: its unit was rolled back whole, so nothing is done twice.
    """

    def __init__(self, route: Route) -> None:
        self.route = route

    def __call__(self, request: HttpRequest, **path: Any) -> HttpResponse:
        began = time.monotonic()
        declared = self.route.methods.get("GET" if request.method == "HEAD" else str(request.method))
        if declared is None:
            return problems.method_not_allowed(request, sorted(self.route.methods))
        holder = _holder(request, self.route.audience)
        if holder is None and declared not in STRANGERS:
            return _to_sign_in(request, self.route.audience)
        admitted = cast("PortalRequest", request)
        admitted.route, admitted.declared = self.route, declared
        if holder is not None:
            admitted.actor = _actor(holder)
            admitted.signed_in = frame.SignedIn(holder.name, company_name(holder.company), holder.ends_at)
        try:
            return run(lambda: self.route.view(admitted, **path))
        except AmanatError as error:
            if holder is not None:
                even_out(error, began)
            raise


def _holder(request: HttpRequest, audience: Audience) -> SignedIn | None:
    if audience is Audience.PUBLIC:
        return None
    secret = session_secret(request, audience)
    return sessions.read_session(audience, secret) if secret else None


def _actor(holder: SignedIn) -> Actor:
    return Actor(holder.account, holder.role, holder.company, holder.organisation, holder.subject, str(holder.session))


def _to_sign_in(request: HttpRequest, audience: Audience) -> HttpResponse:
    """Send a stranger to sign in, and back to what was to be read. A change is not repeated, and they are told."""
    asked = {"next": request.get_full_path()}
    if request.method not in {"GET", "HEAD"}:
        asked["lost"] = "yes"
    return HttpResponseRedirect(f"{audience.prefix}sign-in/?" + urlencode(asked))
