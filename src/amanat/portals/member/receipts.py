"""The receipt of a choice, to print and keep, and the same as a consent receipt of ISO/IEC TS 27560."""

import json
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from amanat.choices.models import State
from amanat.portals.formats import current_locale
from amanat.portals.member import words
from amanat.portals.routes import PortalRequest
from amanat.rights.receipts import Answered, Receipt, as_record, receipt_of


def receipt(request: PortalRequest, record: UUID) -> HttpResponse:
    found = receipt_of(request.actor, record)
    facts = {
        "receipt": found,
        "record": record,
        "answers": [(one, *_answer(one)) for one in found.answers],
        "pairs": _pairs(found),
        "saved": request.GET.get("saved", ""),
        "lifted": all(one.state == State.WITHDRAWN for one in found.answers),
    }
    return render(request, "member/receipts/receipt.html", facts)


def as_file(request: PortalRequest, record: UUID) -> HttpResponse:
    found = receipt_of(request.actor, record)
    text = json.dumps(as_record(found), ensure_ascii=False, indent=2)
    name = f"amanat-receipt-{record}.json"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="application/json; charset=utf-8", headers=disposition)


def _answer(one: Answered) -> tuple[str, list[tuple[str, str]]]:
    """What was answered, and what it covers (8.3a)."""
    states = {
        State.GIVEN: _("Given"),
        State.REFUSED: _("Refused"),
        State.WITHDRAWN: _("Taken back"),
        State.EXPIRED: _("Ended"),
    }
    covers = [
        (_("What may be done"), ", ".join(words.verb(verb) for verb in one.verbs)),
        (_("With what"), ", ".join(words.all_data(one.data))),
        (_("What for"), ", ".join(words.purpose(aim) for aim in one.option.meaning.purposes)),
        (_("Who is told"), ", ".join(words.recipient(who) for who in one.recipients)),
    ]
    return states[one.state], [(label, text) for label, text in covers if text]


def _pairs(found: Receipt) -> list[tuple[str, str]]:
    language = str(current_locale().languages.get(found.language, found.language))
    return [
        (_("Answered through"), words.channel(found.channel)),
        (_("Language"), language),
        (_("Statement"), _("version %(version)s") % {"version": found.version}),
    ]
