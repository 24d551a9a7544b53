"""Erase everything about me: what goes, what stays, and, for whoever proves the account once more, the erasure."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from amanat.accounts.service import own_email
from amanat.accounts.sign_in import LONGEST_INPUT, authenticate
from amanat.errors import NotFoundError
from amanat.portals.routes import PortalRequest
from amanat.rights.erasing import erase_me

_PAGE = "member/erasing/erase.html"


def erase(request: PortalRequest) -> HttpResponse:
    return _erase(request) if request.method == "POST" else _form(request)


def _erase(request: PortalRequest) -> HttpResponse:
    holder = request.actor.account
    if holder is None:
        raise NotFoundError
    if request.POST.get("agree") != "yes":
        return _form(request, errors=[("field-agree", _("Nothing was erased: tick the box first, or go back."))])
    password, code = request.POST.get("password", ""), request.POST.get("code", "")
    proven = authenticate(request.route.audience, own_email(holder), password, code)
    if proven is None or proven.id != holder:
        return _form(request, refused=True)
    return render(request, _PAGE, {"proof": erase_me(request.actor)})


def _form(
    request: PortalRequest, *, refused: bool = False, errors: list[tuple[str, str]] | None = None
) -> HttpResponse:
    facts = {"proof": "", "refused": refused, "errors": errors or [], "action": request.path, "longest": LONGEST_INPUT}
    return render(request, _PAGE, facts, status=403 if refused else 422 if errors else 200)
