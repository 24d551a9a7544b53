"""C1: a client's administrator sends a roster and sees, line by line, what came of it. No member is looked up here."""

from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from amanat.custody.answers import AlreadyAnsweredError
from amanat.custody.progress import progress_of
from amanat.custody.unit import unit
from amanat.portals.client import loading, words
from amanat.portals.form_key import FIELD, new_key
from amanat.portals.routes import PortalRequest
from amanat.rosters import service
from amanat.rosters.forms import RosterForm
from amanat.rosters.report import QuarantinedRosterError, RosterRefusedError

_FAULTS_A_PAGE: Final = 50


def rosters(request: PortalRequest) -> HttpResponse:
    """The form, what may stand in a file, and the files sent so far."""
    return _receive(request) if request.method == "POST" else _show(request, RosterForm())


def _receive(request: PortalRequest) -> HttpResponse:
    form = RosterForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, form, status=422)
    upload, owner = form.cleaned_data["roster"], service.own_client(request.actor)
    upload.seek(0)  # the door may carry a message out again
    data = upload.read()
    try:
        received = service.receive(data, owner, account=request.actor.account, key=request.POST.get(FIELD, ""))
    except AlreadyAnsweredError as before:
        return _to_file(before.result["file"])
    except QuarantinedRosterError as refused:
        return _to_file(refused.file)
    except RosterRefusedError as refused:
        form.add_error("roster", words.refusal(refused))
        return _show(request, form, status=422)
    except service.BusyError:
        form.add_error(
            "roster", _("Another file of yours is being taken in. Wait until it is done, then send this one.")
        )
        return _show(request, form, status=409)
    loading.begin(received)
    return _to_file(received.file)


def _to_file(file: UUID | str | None) -> HttpResponse:
    return HttpResponseRedirect(reverse("client:roster", kwargs={"file": file}))


def _show(request: PortalRequest, form: RosterForm, *, status: int = 200) -> HttpResponse:
    with unit(request.actor, service.PURPOSE) as one:
        files = service.recent_files(one)
    facts = {
        "form": form,
        "errors": [(f"id_{name}", str(wrong)) for name, listed in form.errors.items() for wrong in listed],
        "files": [(file, words.state(file.state)) for file in files],
        "columns": words.columns(),
        "form_key": new_key(),
    }
    return render(request, "client/rosters/list.html", facts, status=status)


def roster(request: PortalRequest, file: UUID) -> HttpResponse:
    """How far one file is, or what came of it. Another client's file is not there."""
    with unit(request.actor, service.PURPOSE) as one:
        found = service.file_of(one, file)
        progress = progress_of(found.sweep) if found.state == "loading" else None
    if found.state != "loading" and "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Refresh": "true"})
    page = Paginator(service.faults_of(found), _FAULTS_A_PAGE).get_page(request.GET.get("page"))
    facts = {
        "file": found,
        "state": words.state(found.state),
        "progress": progress,
        "refused": found.rows - found.rejected - found.known - found.taken,
        "offending": service.offending(found),
        "faults": [words.fault(one) for one in page],
        "page": page,
        "not_kept": words.not_kept(found.by_clause),
    }
    return render(request, "client/rosters/file.html", facts)
