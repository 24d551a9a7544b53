"""The member's first page: who answers for me, my cover, my record, who looked last."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from amanat.emergency.service import KEEPING, told_to
from amanat.portals.member import entries, words
from amanat.portals.routes import PortalRequest
from amanat.rights.home import Cover, home_of


def home(request: PortalRequest) -> HttpResponse:
    found = home_of(request.actor)
    told = told_to(found.choices)
    facts = {
        "name": _person_name(found.values.get("name")) or request.signed_in.label,
        "policy_number": found.values.get("policy_number", ""),
        "company": found.company,
        "covers": [(cover, _through(cover)) for cover in found.covers],
        "kept": KEEPING in told,
        "shown_to": [words.recipient(kind) for kind in sorted(told - {KEEPING})],
        "in_force": len(found.choices),
        "latest": [entries.shown(entry) for entry in found.latest],
    }
    return render(request, "member/home/home.html", facts)


def _person_name(value: Any) -> str:
    """A member's own name, given name first."""
    parts = value if isinstance(value, dict) else {}
    return " ".join(str(parts[part]) for part in ("given", "family") if parts.get(part))


def _through(cover: Cover) -> str:
    """How somebody comes to their cover."""
    through = {
        "direct": _("You bought it yourself"),
        "employee_of": _("You work for %(name)s"),
        "dependant_of": _("A relative of yours works for %(name)s"),
        "beneficiary_under": _("It comes with %(name)s"),
        "member_of": _("You belong to %(name)s"),
    }
    return through.get(cover.relation, _("Through %(name)s")) % {"name": cover.organisation}
