"""New recovery codes, for whoever proves the account once more. They are shown this once and kept as hashes."""

from django.http import HttpResponse
from django.shortcuts import render

from amanat.accounts.recovery import issue_recovery_codes
from amanat.accounts.service import own_email
from amanat.accounts.sign_in import LONGEST_INPUT, authenticate
from amanat.errors import NotFoundError
from amanat.portals.routes import PortalRequest

_PAGE = "sign_in/recovery_codes.html"


def recovery_codes(request: PortalRequest) -> HttpResponse:
    return _renew(request) if request.method == "POST" else _form(request, refused=False)


def _renew(request: PortalRequest) -> HttpResponse:
    holder = request.actor.account
    if holder is None:
        raise NotFoundError
    password, code = request.POST.get("password", ""), request.POST.get("code", "")
    proven = authenticate(request.route.audience, own_email(holder), password, code)
    if proven is None or proven.id != holder:
        return _form(request, refused=True)
    return render(request, _PAGE, {"codes": issue_recovery_codes(proven), "refused": False})


def _form(request: PortalRequest, *, refused: bool) -> HttpResponse:
    facts = {"codes": (), "refused": refused, "action": request.path, "longest": LONGEST_INPUT}
    return render(request, _PAGE, facts, status=403 if refused else 200)
