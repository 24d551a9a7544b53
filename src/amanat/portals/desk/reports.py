"""Reports that others sent for a case: taking one in, reading the permitted ones, seeing that others wait sealed."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from amanat.cases import reports as service
from amanat.cases.forms import ReportForm
from amanat.cases.reports import ReportsPage
from amanat.custody.answers import AlreadyAnsweredError
from amanat.portals.desk import words
from amanat.portals.desk.shown import errors_of, to_case
from amanat.portals.form_key import key_of, new_key
from amanat.portals.routes import PortalRequest
from amanat.publication.service import reasons_of


def reports(request: PortalRequest, case: UUID) -> HttpResponse:
    """What may be read, what waits, and the form for another report."""
    page = service.reports_page(request.actor, case)
    form = ReportForm(request.POST if request.method == "POST" else None, senders=_senders(page))
    if request.method == "POST" and form.is_valid():
        return _take(request, case, form)
    facts = {
        "case": case,
        "page": page,
        "read": [one for one in page.read if isinstance(one, dict)],
        "form": form,
        "errors": errors_of(form),
        "form_key": new_key(),
    }
    return render(request, "desk/reports/reports.html", facts, status=422 if form.errors else 200)


def _take(request: PortalRequest, case: UUID, form: ReportForm) -> HttpResponse:
    typed = form.cleaned_data
    try:
        taken = service.take_report(request.actor, case, typed["sender"], typed["text"], key_of(request))
    except AlreadyAnsweredError as before:
        return to_case(case, "report_kept" if "kept" in before.result else "report_held")
    if taken.kept or taken.until:
        return to_case(case, "report_kept" if taken.kept else "report_held")
    facts = {
        "decision": taken.decision,
        "needs": [words.need_name(need) for need in taken.decision.needs],
        "told": reasons_of(taken.requests, taken.decision),
        "case": case,
        "typed": "",
    }
    return render(request, "desk/cases/not_kept.html", facts, status=403)


def _senders(page: ReportsPage) -> list[tuple[str, str]]:
    return [(one.key, words.option_name(one)) for one in page.senders]
