"""The published statement: in short, then clause by clause, each word that carries weight opening its meaning."""

from django.http import HttpResponse
from django.shortcuts import render

from amanat.portals.routes import PortalRequest
from amanat.publication import service
from amanat.publication.service import Edition


def page(request: PortalRequest, digest: str = "") -> HttpResponse:
    facts = {"edition": _edition(request, digest), "dated": digest, "full": request.GET.get("view") == "full"}
    return render(request, "public/statement/page.html", facts)


def words(request: PortalRequest) -> HttpResponse:
    return render(request, "public/statement/words.html", {"words": _edition(request).words})


def word(request: PortalRequest, kind: str, term: str) -> HttpResponse:
    return render(request, "public/statement/word.html", {"word": _edition(request).word(kind, term)})


def versions(request: PortalRequest) -> HttpResponse:
    return render(request, "public/statement/versions.html", {"versions": service.all_versions()})


def _edition(request: PortalRequest, digest: str = "") -> Edition:
    return service.edition(request.GET.get("company", ""), digest or request.GET.get("version", ""))
