"""The versions of the statement, what changed from one to another, and what is proven of them."""

from collections import Counter

from django.http import HttpResponse
from django.shortcuts import render

from amanat.portals.routes import PortalRequest
from amanat.publication import service
from amanat.publication.service import Edition


def versions(request: PortalRequest) -> HttpResponse:
    """Every version that was in force for a company, and what follows."""
    return render(request, "public/statement/versions.html", {"edition": _edition(request)})


def changes(request: PortalRequest, digest: str) -> HttpResponse:
    """What changed with a version, against the one before it or the one that was chosen."""
    found = service.comparison(request.GET.get("company", ""), digest, request.GET.get("from", ""))
    tally = Counter(kind for one in found.changed or () for kind in one.kinds)
    facts = {"found": found, "edition": found.edition, "tally": tally}
    return render(request, "public/statement/changes.html", facts)


def proofs(request: PortalRequest) -> HttpResponse:
    """What holds of every request. It is worked out beside this page, which says so until it is done."""
    edition = _edition(request)
    return render(request, "public/statement/proofs.html", {"edition": edition, "proofs": service.proofs_of(edition)})


def _edition(request: PortalRequest) -> Edition:
    return service.edition(request.GET.get("company", ""), request.GET.get("version", ""))
