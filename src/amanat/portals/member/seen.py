"""Who saw or received my data: every act about me, clause by clause, the refused ones too, each with its proof."""

from collections import Counter
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from amanat.custody.history import Move
from amanat.custody.proving import Verdict
from amanat.portals.formats import country_name
from amanat.portals.member import entries, words
from amanat.portals.member.entries import Shown
from amanat.portals.routes import PortalRequest
from amanat.publication.prose import clause_of
from amanat.publication.reasons import reasons_of
from amanat.rights import history
from amanat.rights.history import Seen


def seen(request: PortalRequest) -> HttpResponse:
    outcome = request.GET.get("outcome", "")
    outcome = outcome if outcome in history.OUTCOMES else ""
    own, told = (request.GET.get(name) == "yes" for name in ("own", "told"))
    before = _moment(request.GET.get("before", ""))
    page = history.seen_by(request.actor, outcome=outcome, own=own, told=told, before=before)
    chosen = {"outcome": outcome, "own": "yes" if own else "", "told": "yes" if told else ""}
    facts = {
        "days": _by_day(page),
        "chosen": chosen,
        "filters": _filters(),
        "older": "?" + urlencode({**chosen, "before": page.older.isoformat()}) if page.older else "",
        "newest": "before" not in request.GET,
    }
    return render(request, "member/seen/seen.html", facts)


def entry(request: PortalRequest, act: UUID) -> HttpResponse:
    """One entry, with the clauses that answered: their words, and their rules in plain words."""
    opened = history.entry_of(request.actor, act)
    told = opened.entry
    clauses = [clause_of(opened.statement, number, told.acting) for number in told.clauses]
    facts = {
        "entry": entries.shown(told),
        "company": told.company,
        "opened": words.all_data(told.opened),
        "refused": words.all_data(told.refused),
        "clauses": list({clause.id: clause for clause in clauses if clause}.values()),
        "told": reasons_of(told.requests, told.decided_under, told.overlays),
        "version": opened.statement.version,
        "digest": told.statement,
    }
    return render(request, "member/seen/entry.html", facts)


def proof(request: PortalRequest, act: UUID) -> HttpResponse:
    """The proof of an entry as a file, or word that it is being sealed into the log, or that it can not be any more."""
    found = history.proof_of(request.actor, act)
    if found.verdict is Verdict.WAITING:
        return render(request, "member/seen/waiting.html", {"act": act}, status=202)
    if not found.text:
        return HttpResponseRedirect(reverse("member:check", kwargs={"act": act}))
    name = f"amanat-{act}.tlog-proof"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(found.text, content_type="text/plain; charset=utf-8", headers=disposition)


def check(request: PortalRequest, act: UUID) -> HttpResponse:
    """The proof checked: here by us, and again by the reader's own browser where it runs scripts."""
    found = history.proof_of(request.actor, act)
    return render(request, "member/seen/check.html", {"act": act, "found": found, "verdict": found.verdict.value})


def borders(request: PortalRequest) -> HttpResponse:
    """Where my data went: each border it crossed, what carried it over lawfully, and why it went."""
    page = history.moves_of(request.actor)
    shown = [(one, entries.shown(one)) for one in page.entries]
    rows = [(entry, _way(move)) for one, entry in shown for move in one.moves]
    routes = Counter(way for _entry, way in rows)
    return render(request, "member/seen/borders.html", {"rows": rows, "routes": sorted(routes.items())})


def _way(move: Move) -> tuple[str, str, str]:
    """From where, to where, carried by what."""
    there = country_name(move.destination) if move.destination else _("an unknown country")
    return country_name(move.origin), there, words.tool(move.tool)


def _by_day(page: Seen) -> list[tuple[date, list[Shown]]]:
    listed = [entries.shown(one) for one in page.entries]
    return [(day, list(alike)) for day, alike in groupby(listed, key=lambda one: timezone.localtime(one.when).date())]


def _filters() -> list[tuple[str, str]]:
    return [
        ("", _("All")),
        ("permit", _("Allowed")),
        ("deny", _("Not allowed")),
        ("ask", _("Waiting for my yes")),
        ("glass", _("Emergency only")),
    ]


def _moment(text: str) -> datetime | None:
    """Where a page of the history begins; anything unreadable is the newest."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is None or moment.tzinfo else None
