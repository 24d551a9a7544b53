"""The health page: what `amanat doctor` says of rows, logs, keys and copies, for who answers for them."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from amanat.audits import condition
from amanat.audits.condition import Aspect
from amanat.errors import NotFoundError
from amanat.portals.formats import format_moment, format_number
from amanat.portals.routes import PortalRequest
from amanat.publication.journal import READERS
from amanat.vocabulary import clock

_ICONS: Final = {"fold": "clock", "log": "list", "watch": "eye", "keys": "seal", "copy": "download", "rows": "amanat"}


def health(request: PortalRequest) -> HttpResponse:
    if request.actor.role not in READERS - {"auditor"}:
        raise NotFoundError
    aspects = condition.examine(settings.HOME)
    ill = [one for one in aspects if not one.is_well]
    facts = {
        "aspects": [
            (one, _name(one), _ICONS[one.name], _said(one)) for one in sorted(aspects, key=lambda a: a.is_well)
        ],
        "ill": len(ill),
        "now": clock.now(),
        "limit": int(condition.LONGEST_WAIT / timedelta(seconds=1)),
    }
    return render(request, "privacy/health.html", facts)


def _name(aspect: Aspect) -> str:
    names = {
        "fold": _("Entries that wait for the log"),
        "log": _("The signed logs"),
        "watch": _("The watch over the ledger"),
        "keys": pgettext("health", "Keys"),
        "copy": _("The last copy"),
        "rows": _("Who may see which rows"),
    }
    return names[aspect.name]


def _said(aspect: Aspect) -> str:
    """How it is, in one sentence."""
    when = format_moment(aspect.moment) if aspect.moment else _("never")
    said = {
        "fold": ngettext("%(num)s entry waits.", "%(num)s entries wait.", aspect.number)
        % {"num": format_number(aspect.number)},
        "log": _("Last signed: %(when)s") % {"when": when},
        "watch": _("Everything was last compared: %(when)s") % {"when": when},
        "keys": _("The oldest key is from: %(when)s") % {"when": when},
        "copy": _("Rows and keys were last copied: %(when)s") % {"when": when},
        "rows": _("Settings, roles and row security are looked at each time this page is opened."),
    }
    return said[aspect.name]
