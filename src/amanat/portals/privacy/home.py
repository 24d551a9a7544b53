"""The privacy desk's first page: what waits for it, and how the last day went."""

from typing import Final

from django.http import HttpResponse
from django.shortcuts import render

from amanat.emergency import review
from amanat.portals.routes import PortalRequest
from amanat.publication import journal

# Who answers letters and reviews glasses; the others on this side of the house look on.
DESK: Final = frozenset({"privacy_officer", "group_dpo"})


def home(request: PortalRequest) -> HttpResponse:
    actor = request.actor
    waiting = review.to_review(actor) if actor.role in DESK else []
    facts = {
        "overview": journal.overview(actor), "at_desk": actor.role in DESK, "outcomes": journal.OUTCOMES,
        "reviews": len(waiting), "overdue": sum(one.overdue for one in waiting),
    }  # fmt: skip
    return render(request, "privacy/home.html", facts)
