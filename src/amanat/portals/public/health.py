"""One word for whoever watches over this installation from outside: green, or red. It says nothing of why.

Red while an incident of the ledger is open, or if nobody has compared it when it was due: an alarm that cannot ring is
one itself. What it is about, an officer reads on the privacy officer's page, and `amanat doctor` says.
"""

from django.http import HttpResponse

from amanat.ledger import incidents
from amanat.portals.routes import PortalRequest


def health(_request: PortalRequest) -> HttpResponse:
    look = incidents.last_look()
    red = bool(incidents.open_incidents()) or (look is not None and look.is_late)
    return HttpResponse("red\n" if red else "green\n", "text/plain; charset=utf-8", status=503 if red else 200)
