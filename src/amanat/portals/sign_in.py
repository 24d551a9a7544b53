"""Signing in to an audience and out of it: e-mail, password and code on one page, and one answer to all that is wrong.

The same two views serve every audience; the route says which.
"""

from typing import Literal
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from amanat.accounts import sessions
from amanat.accounts.sign_in import LONGEST_INPUT, authenticate
from amanat.portals.door import Door, cookie_name, session_secret
from amanat.portals.recovery import recovery_codes
from amanat.portals.routes import OPEN, SIGNED_IN, Access, Audience, PortalRequest, Route


def routes_for(audience: Audience) -> tuple[Route, ...]:
    """The way in, the way out, and the way back in of `audience`."""
    return (
        Route("sign-in/", sign_in, "sign_in", audience, {"GET": OPEN, "POST": Access.SIGN_IN}),
        Route("sign-out/", sign_out, "sign_out", audience, {"POST": Access.SIGN_OUT}),
        Route(
            "recovery-codes/",
            recovery_codes,
            "recovery_codes",
            audience,
            {"GET": SIGNED_IN, "POST": Access.RENEW_RECOVERY},
        ),
    )


def sign_in(request: PortalRequest) -> HttpResponse:
    if request.method == "POST":
        return _try(request, request.route.audience)
    return _form(request)


def sign_out(request: PortalRequest) -> HttpResponse:
    """End the session here, not only in the browser, and have the browser forget what it saw."""
    audience = request.route.audience
    sessions.end_session(audience, session_secret(request, audience))
    response = HttpResponseRedirect(f"{audience.prefix}sign-in/?" + urlencode({"left": "yes"}))
    response.delete_cookie(cookie_name(audience), samesite=_same_site(audience))
    response["Clear-Site-Data"] = '"cache", "storage"'  # cookies would end the other audiences' sessions too
    return response


def _try(request: PortalRequest, audience: Audience) -> HttpResponse:
    email, password, code = (request.POST.get(name, "") for name in ("email", "password", "code"))
    account = authenticate(audience, email, password, code)
    if account is None:
        return _form(request, email=email, refused=True)
    sessions.end_session(audience, session_secret(request, audience))
    response = HttpResponseRedirect(_destination(request, audience))
    response.set_cookie(
        cookie_name(audience), sessions.open_session(account),
        secure=True, httponly=True, samesite=_same_site(audience),
    )  # fmt: skip
    rotate_token(request)
    return response


def _form(request: PortalRequest, *, email: str = "", refused: bool = False) -> HttpResponse:
    facts = {
        "email": email,
        "refused": refused,
        "left": "left" in request.GET,
        "lost": "lost" in request.GET,
        "action": request.get_full_path(),
        "longest": LONGEST_INPUT,
    }
    return render(request, "sign_in/sign_in.html", facts, status=403 if refused else 200)


def _destination(request: HttpRequest, audience: Audience) -> str:
    """Where the stranger wanted to go, if that is a page of this audience that can be read; else its first page."""
    wish = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(wish, allowed_hosts=None) and _is_readable(wish, audience):
        return wish
    return audience.prefix


def _is_readable(address: str, audience: Audience) -> bool:
    try:
        door = resolve(address.partition("?")[0]).func
    except Resolver404:
        return False
    return isinstance(door, Door) and door.route.audience is audience and "GET" in door.route.methods


def _same_site(audience: Audience) -> Literal["Lax", "Strict"]:
    """The links in a member's mail lead in from outside; nobody else is sent any."""
    return "Lax" if audience is Audience.MEMBER else "Strict"
