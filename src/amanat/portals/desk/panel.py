"""A refusal that explains itself: what was asked, why not, and the ways that work, each one press away."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from amanat.cases.sharing import Refusal, Way
from amanat.portals.desk import words
from amanat.portals.form_key import FIELD, new_key
from amanat.publication.reasons import Reasons
from amanat.publication.service import reasons_of


def panel(case: UUID, refusal: Refusal, country: str = "") -> dict[str, Any]:
    """The parts of the `why` component. Every button posts its own key, so that pressing twice does it once."""
    decision = refusal.decision
    return {
        "outcome": decision.outcome,
        "summary": _summary(refusal),
        "numbers": decision.clauses,
        "needs": [words.need_name(need) for need in decision.needs],
        "obligations": words.duty_names(decision.obligations),
        "told": _told(refusal),
        "alternatives": [_button(case, refusal, way, country) for way in refusal.ways],
    }


def _told(refusal: Refusal) -> Reasons:
    """The reasons. What would unlock it stands there in words only where no button does it."""
    reasons = reasons_of(refusal.requests, refusal.decision)
    return replace(reasons, unlocks=()) if refusal.ways else reasons


def _summary(refusal: Refusal) -> str:
    what = ", ".join(words.data_name(word) for word in refusal.words)
    if refusal.option is None:
        return _("You asked to see: %(what)s") % {"what": what}
    return _("You asked to tell “%(who)s” this: %(what)s") % {"who": words.option_name(refusal.option), "what": what}


def _button(case: UUID, refusal: Refusal, way: Way, country: str) -> Mapping[str, Any]:
    """An alternative as the component prints it."""
    if way.kind == "glass":
        return {"label": _("They cannot be asked: break the glass"), "address": _at("glass_open", case)}
    if way.kind == "answer":
        return {"label": _("They are on the line: note their answer"), "address": _at("answer", case)}
    option = way.option or refusal.option
    fields = {
        "words": ",".join(way.words or refusal.words), "to": option.key if option else "", "country": country,
        FIELD: new_key(),
    }  # fmt: skip
    return {"label": _label(way), "address": _at(_PRESS[way.kind], case), "post": True, "fields": fields}


_PRESS = {"ask": "ask", "subset": "share_preview", "other": "share_preview"}


def _label(way: Way) -> str:
    if way.kind == "ask":
        return _("Ask the person")
    if way.option is not None:
        return _("Tell instead: %(who)s") % {"who": words.option_name(way.option)}
    return _("Tell only: %(what)s") % {"what": ", ".join(words.data_name(word) for word in way.words)}


def _at(name: str, case: UUID) -> str:
    return reverse(f"desk:{name}", kwargs={"case": case})
