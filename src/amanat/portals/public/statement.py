"""The published statement: in short, then clause by clause, each word that carries weight opening its meaning."""

from django.http import HttpResponse
from django.shortcuts import render

from amanat.portals.formats import language
from amanat.portals.routes import PortalRequest
from amanat.publication import service
from amanat.publication.reading import Reading, read_in
from amanat.publication.service import Edition


def page(request: PortalRequest, digest: str = "") -> HttpResponse:
    edition = _edition(request, digest)
    facts = {
        "edition": edition, "reading": _reading(edition),
        "dated": digest, "full": request.GET.get("view") == "full", "coming": edition.shelf.coming,
    }  # fmt: skip
    return render(request, "public/statement/page.html", facts)


def words(request: PortalRequest) -> HttpResponse:
    return render(request, "public/statement/words.html", {"reading": _reading(_edition(request))})


def word(request: PortalRequest, kind: str, term: str) -> HttpResponse:
    reading = _reading(_edition(request))
    return render(request, "public/statement/word.html", {"word": reading.word(kind, term), "reading": reading})


def _edition(request: PortalRequest, digest: str = "") -> Edition:
    return service.edition(request.GET.get("company", ""), digest or request.GET.get("version", ""))


def _reading(edition: Edition) -> Reading:
    return read_in(language(), edition.statement, edition.named)
