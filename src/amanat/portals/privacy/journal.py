"""The decision journal: what was decided, by whom, under which clauses; and any decision decided again."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from amanat.errors import MalformedError
from amanat.portals.routes import PortalRequest
from amanat.publication import journal as ledger
from amanat.statement import words


def journal(request: PortalRequest) -> HttpResponse:
    """Newest first, by pages that begin after an act: new decisions push nothing from one page to the next."""
    outcome = request.GET.get("outcome", "")
    if outcome not in ("", *ledger.OUTCOMES):
        raise MalformedError(f"there is no outcome `{outcome[:40]}`")
    page = ledger.journal(request.actor, outcome, _act(request.GET.get("after", "")))
    facts = {
        "page": page,
        "outcome": outcome,
        "outcomes": ledger.OUTCOMES,
        "first": not request.GET.get("after"),
        "say": _say,
    }
    return render(request, "privacy/journal/list.html", facts)


def act(request: PortalRequest, act: UUID) -> HttpResponse:
    return render(request, "privacy/journal/act.html", {"act": ledger.recorded(request.actor, act), "say": _say})


def replay(request: PortalRequest, act: UUID) -> HttpResponse:
    return render(request, "privacy/journal/replay.html", {"replay": ledger.replay(request.actor, act)})


def _act(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise MalformedError("the page begins after no decision") from None


def _say(part: str, word: str) -> str:
    """A word of an act in plain English; one that no glossary knows any more is printed as it stands."""
    try:
        return words.label(part, word)
    except KeyError:
        return word
