"""The privacy officer's queue of broken glasses: every one of them is looked at again, the most urgent first."""

import contextlib
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from amanat.accounts.service import display_names
from amanat.cases.forms import ENDED_LABELS, GLASS_REASON_LABELS, IMPRACTICABLE_LABELS
from amanat.custody.answers import AlreadyAnsweredError
from amanat.emergency import review
from amanat.emergency.forms import VerdictForm
from amanat.portals.desk import words
from amanat.portals.desk.shown import entries, errors_of
from amanat.portals.form_key import key_of, new_key
from amanat.portals.routes import PortalRequest
from amanat.vocabulary import clock


def reviews(request: PortalRequest) -> HttpResponse:
    """What waits to be looked at."""
    waiting = review.to_review(request.actor)
    names = display_names({one.holder for one in waiting}) if waiting else {}
    facts = {
        "waiting": [
            (one, names.get(one.holder, words.role_name(one.role)), GLASS_REASON_LABELS[one.reason]) for one in waiting
        ],
        "judged": request.GET.get("said") == "judged",
    }  # fmt: skip
    return render(request, "privacy/reviews/list.html", facts)


def judge(request: PortalRequest, glass: UUID) -> HttpResponse:
    """One glass with all that was seen through it, and the verdict."""
    form = VerdictForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with contextlib.suppress(AlreadyAnsweredError):
            review.review_glass(request.actor, glass, form.cleaned_data["verdict"], key_of(request))
        return HttpResponseRedirect(reverse("privacy:reviews") + "?said=judged")
    seen = review.review_of(request.actor, glass)
    due = seen.due
    facts = {
        "seen": seen,
        "due": due,
        "who": display_names([due.holder]).get(due.holder, words.role_name(due.role)),
        "role": words.role_name(due.role),
        "reason": GLASS_REASON_LABELS[due.reason],
        "impracticable": IMPRACTICABLE_LABELS[due.impracticable],
        "ended": ENDED_LABELS[seen.ended] if seen.ended else "",
        "looks": [
            {
                "line": look,
                "did": words.action_name(look.action) if look.opened else _("Asked for"),
                "what": [words.data_name(one) for one in look.opened or look.refused],
            }
            for look in seen.looks
        ],
        "said": entries(seen.words, None),
        "open": due.ended_at > clock.now(),
        "own": due.holder == request.actor.account,
        "form": form,
        "errors": errors_of(form),
        "form_key": new_key(),
    }
    return render(request, "privacy/reviews/review.html", facts, status=422 if form.errors else 200)
