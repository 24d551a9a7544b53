"""The front door: what Amanat is, for whom, and how to reach the company that answers."""

from django.http import HttpResponse
from django.shortcuts import render

from amanat.portals.routes import PortalRequest
from amanat.publication import service
from amanat.publication.logkeys import keys_of_logs


def home(request: PortalRequest) -> HttpResponse:
    return render(request, "public/home.html")


def contacts(request: PortalRequest) -> HttpResponse:
    return render(request, "public/contacts.html", {"companies": service.companies(), "keys": keys_of_logs()})
