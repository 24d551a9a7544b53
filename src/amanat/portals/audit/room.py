"""The auditor's room: draw a sample, open any decision, decide it again, check its proof, take evidence away."""

import base64
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from amanat.audits import service
from amanat.audits.service import Wanted
from amanat.custody.answers import AlreadyAnsweredError
from amanat.errors import MalformedError, NotFoundError
from amanat.portals.form_key import key_of, new_key
from amanat.portals.routes import PortalRequest
from amanat.publication import journal
from amanat.statement import words

_FILE = 'attachment; filename="{}"'


def home(request: PortalRequest) -> HttpResponse:
    """The samples so far, and the form that draws another. The seed is the auditor's: we suggest none."""
    seed = request.POST.get("seed", "").strip()
    if request.method == "POST" and seed:
        return HttpResponseRedirect(reverse("audit:sample", kwargs={"sample": _drawn(request, seed)}))
    front = service.enter(request.actor)
    facts = {
        "front": front, "say": _say, "form_key": new_key(), "longest": service.LONGEST_SEED,
        "outcomes": service.OUTCOMES, "recipients": service.RECIPIENTS, "sizes": service.SIZES,
        "offered": service.SPANS, "typed": request.POST, "lacking": request.method == "POST",
    }  # fmt: skip
    return render(request, "audit/home.html", facts, status=422 if request.method == "POST" else 200)


def _drawn(request: PortalRequest, seed: str) -> UUID:
    asked = request.POST
    wanted = Wanted(
        seed, asked.get("outcome", ""), asked.get("recipient", ""), asked.get("country", ""),
        _number(asked.get("days", "30")), _number(asked.get("size", "10")),
    )  # fmt: skip
    try:
        return service.draw(request.actor, wanted, key_of(request))
    except AlreadyAnsweredError as answered:
        return UUID(answered.result["sample"])


def sample(request: PortalRequest, sample: UUID) -> HttpResponse:
    return render(request, "audit/sample.html", {"drawn": service.sample_of(request.actor, sample), "say": _say})


def evidence(request: PortalRequest, sample: UUID) -> HttpResponse:
    text = service.evidence_of(request.actor, sample)
    headers = {"Content-Disposition": _FILE.format(f"amanat-evidence-{sample}.json")}
    return HttpResponse(text, content_type="application/json; charset=utf-8", headers=headers)


def find(request: PortalRequest) -> HttpResponse:
    """Any decision, by the number that a receipt, a complaint or a member names."""
    try:
        act = UUID(request.GET.get("number", "").strip())
    except ValueError:
        raise NotFoundError from None
    return HttpResponseRedirect(reverse("audit:decision", kwargs={"act": act}))


def decision(request: PortalRequest, act: UUID) -> HttpResponse:
    judged = service.deed_of(request.actor, act)
    leaves = [_Leaf(one.index, one.text, base64.b64encode(one.leaf).decode()) for one in judged.proof.leaves]
    recorded = journal.recorded(request.actor, act)
    facts = {"judged": judged, "leaves": leaves, "recorded": recorded, "say": _say}
    return render(request, "audit/decision.html", facts)


@dataclass(frozen=True)
class _Leaf:
    """A proof as the page gives it to the browser's verifier."""

    index: int
    text: str
    leaf: str


def proof(request: PortalRequest, act: UUID, leaf: int) -> HttpResponse:
    """The proof of one leaf of a decision, as a file."""
    leaves = service.deed_of(request.actor, act).proof.leaves
    if leaf >= len(leaves):
        raise NotFoundError
    headers = {"Content-Disposition": _FILE.format(f"amanat-{act}-{leaf}.tlog-proof")}
    return HttpResponse(leaves[leaf].text, content_type="text/plain; charset=utf-8", headers=headers)


def replay(request: PortalRequest, act: UUID) -> HttpResponse:
    """The decision decided again. It tells the people apart by nothing but their order."""
    facts: dict[str, Any] = {"replay": journal.replay(request.actor, act), "say": _say}
    return render(request, "audit/replay.html", facts)


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise MalformedError("there is something that is not a number where a number should be") from None


def _say(part: str, word: str) -> str:
    """A word of an act in plain English; one that no glossary knows any more is printed as it stands."""
    try:
        return words.label(part, word)
    except KeyError:
        return word
