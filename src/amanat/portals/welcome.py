"""The first page after signing in, for an audience that has no first page of its own."""

from django.http import HttpResponse
from django.shortcuts import render

from amanat.portals.routes import PortalRequest


def welcome(request: PortalRequest) -> HttpResponse:
    return render(request, "sign_in/welcome.html", {"holder": request.signed_in})
